module.exports = {
    // resolved here, so that it is found wherever the tools are installed
    plugins: [require.resolve("@prettier/plugin-xml")],
    printWidth: 88,
    semi: true,
    trailingComma: "es5",
    xmlWhitespaceSensitivity: "preserve",
};
