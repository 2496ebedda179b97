import {
    models,
    fields,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { session } from "@web/session";

export const TERMS = [
    {
        id: 1,
        code: "probability",
        name: "Probability",
        english_name: "",
        definition: "How likely the deal is won.",
        letter: "P",
        words: ["chance"],
        category: 1,
        audiences: [],
        state: "approved",
    },
    {
        id: 2,
        code: "win_rate",
        name: "Win Rate",
        english_name: "",
        definition: "Share of closed deals that were won.",
        letter: "W",
        words: ["success rate"],
        category: 2,
        audiences: [7],
        state: "approved",
    },
    {
        id: 3,
        code: "opportunity",
        name: "Opportunity",
        english_name: "",
        definition: "A deal that somebody works on.",
        letter: "O",
        words: ["deal"],
        category: 1,
        audiences: [8],
        state: "approved",
    },
];

const FULL = {
    practice: "",
    pitfall: "",
    edition: "community",
    edition_label: "Odoo Community",
    category: "Pipeline",
    synonyms: [],
    former_names: [],
    false_friends: [],
    related: [],
    bindings: [],
    truth: [],
    module: false,
    verified_on: false,
    owner: false,
    can_edit: false,
    kpi: false,
    language: { lang: "en_US", state: "complete", fallback: false },
};

export const CARDS = {
    probability: { related: [{ code: "win_rate", name: "Win Rate" }] },
    win_rate: {
        practice: "Probability is no win rate.",
        pitfall: "Lost deals are archived: <b>look</b> for them.",
        truth: ["12 deals were closed here."],
        synonyms: ["success rate"],
        related: [{ code: "probability", name: "Probability" }],
        bindings: [
            {
                kind: "menu",
                reference: "crm.menu",
                state: "ok",
                ui_label: "Reporting",
                can_open: true,
            },
            {
                kind: "field",
                reference: "crm.lead.gone",
                state: "missing",
                ui_label: "Gone",
                can_open: false,
            },
        ],
        kpi: {
            id: 5,
            code: "win_rate",
            name: "Win rate",
            value: 0.25,
            display: "25 %",
            period_label: "This month",
            date_from: "2019-03-01",
            date_to: "2019-03-31",
        },
    },
    opportunity: {},
};

export function getCard(code, extra = {}) {
    const term = TERMS.find((t) => t.code === code);
    return { ...FULL, ...term, ...CARDS[code], ...extra };
}

/** A document of which two fields are explained, and a list in it. */
class Deal extends models.Model {
    _name = "deal";
    name = fields.Char();
    chance = fields.Float({ string: "Chance", help: "In percent." });
    stage = fields.Char({ string: "Stage" });
    child_ids = fields.One2many({ relation: "deal", string: "Parts" });
    _records = [
        { id: 1, name: "Big", chance: 10, child_ids: [2] },
        { id: 2, name: "Small", chance: 20 },
    ];
}

class Term extends models.Model {
    _name = "crm.glossary.term";
}

export function defineGlossaryModels() {
    return { Deal, Term };
}

/**
 * A user who may read the glossary, and a server that notes what it is asked.
 *
 * @param {Object} [results] of methods that shall answer otherwise
 * @returns {string[]} the calls as "method:argument"
 */
export function mockGlossary(results = {}) {
    const calls = [];
    patchWithCleanup(session, { crm_glossary: true });
    const answers = {
        get_bound_fields: () => ({
            deal: { chance: TERMS[0], name: TERMS[2] },
        }),
        get_cards: (_args, { codes, model }) =>
            codes
                ? codes.map((code) => getCard(code))
                : model === "deal"
                  ? [
                        { ...TERMS[1], fields: [], model_bound: true },
                        { ...TERMS[0], fields: ["chance"], model_bound: false },
                    ]
                  : [],
        search_terms: ([query]) =>
            TERMS.filter(({ name }) => name.toLowerCase().includes(query)).map((t) => ({
                ...t,
                matched: t.name,
            })),
        log_search_miss: () => true,
        get_index: () => ({
            terms: TERMS,
            categories: [
                { id: 1, name: "Pipeline" },
                { id: 2, name: "Numbers" },
            ],
            audiences: [
                { id: 7, name: "Marketer" },
                { id: 8, name: "Salesperson" },
            ],
            can_create: false,
        }),
        ...results,
    };
    for (const [method, answer] of Object.entries(answers)) {
        onRpc("crm.glossary.term", method, ({ args, kwargs }) => {
            const what = args[0] ?? kwargs.codes ?? kwargs.model ?? "";
            calls.push(what === "" ? method : `${method}:${what}`);
            return answer(args, kwargs);
        });
    }
    return calls;
}
