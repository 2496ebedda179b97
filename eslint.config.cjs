// Odoo 19 treats every file under static/ as an ES module.
const js = require("@eslint/js");
const globals = require("globals");

const translated = (callee, argument = "first-child") => ({
    selector: `CallExpression[callee.name="${callee}"] > :${argument}:not(Literal)`,
    message: "Only a literal string can be found and translated.",
});

module.exports = [
    { ignores: [".suite/**", "**/static/lib/**", "**/node_modules/**"] },
    js.configs.recommended,
    {
        files: ["**/*.js"],
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: { ...globals.browser, odoo: "readonly", luxon: "readonly" },
        },
        linterOptions: { reportUnusedDisableDirectives: "error" },
        rules: {
            curly: "error",
            eqeqeq: "error",
            "no-console": ["error", { allow: ["warn", "error"] }],
            "no-duplicate-imports": "error",
            "no-eval": "error",
            "no-implied-eval": "error",
            "no-new-func": "error",
            "no-restricted-globals": ["error", "event", "self", "name", "status"],
            "no-restricted-syntax": [
                "error",
                "PrivateIdentifier",
                translated("_t"),
                {
                    selector:
                        "ClassDeclaration[superClass.name='Component']:not(:has(ClassBody.body > PropertyDefinition[key.name='props'][static='true']))",
                    message: "A component declares static props.",
                },
                {
                    selector:
                        "ClassDeclaration[superClass.name='Component']:not(:has(ClassBody.body > PropertyDefinition[key.name='template'][static='true']))",
                    message: "A component declares its static template.",
                },
                {
                    selector:
                        "CallExpression[callee.object.property.name='notification'][callee.property.name='add'] > Literal:first-child",
                    message: "A text that a user reads is translated: _t().",
                },
            ],
            "no-shadow": "error",
            "no-throw-literal": "error",
            "no-unused-vars": [
                "error",
                { args: "after-used", argsIgnorePattern: "^_" },
            ],
            "no-useless-return": "error",
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
            "prefer-template": "error",
        },
    },
    {
        files: ["**/*.cjs"],
        languageOptions: { sourceType: "commonjs", globals: globals.node },
    },
];
