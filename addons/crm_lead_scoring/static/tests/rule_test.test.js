import { expect, test } from "@odoo/hoot";
import {
    advanceTime,
    animationFrame,
    click,
    edit,
    queryAllTexts,
} from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { RuleTestResult } from "@crm_lead_scoring/rule_test/rule_test_result";
import { RulesOfLead } from "@crm_lead_scoring/rule_test/rules_of_lead";

class Lead extends models.Model {
    _name = "crm.lead";
    name = fields.Char();
    _records = [{ id: 7, name: "Tea factory" }];
}

class Rule extends models.Model {
    _name = "crm.lead.score.rule";
    name = fields.Char();
    points = fields.Integer();
    _records = [{ id: 1, name: "Large", points: 10 }];
}

class Wizard extends models.Model {
    _name = "crm.lead.score.from.template";
    template = fields.Selection({
        selection: [
            ["b2b", "B2B"],
            ["saas", "SaaS"],
        ],
        onChange: (record) => {
            record.preview = preview(record.template);
        },
    });
    cards = fields.Json();
    preview = fields.Json();
    _records = [
        {
            id: 1,
            template: "b2b",
            cards: [
                { code: "b2b", name: "B2B", summary: "For companies", rules: 17 },
                { code: "saas", name: "SaaS", summary: "For software", rules: 18 },
            ],
            preview: preview("b2b"),
        },
    ];
}

function preview(code) {
    return {
        name: code,
        ready_score: 90,
        grades: [{ name: "A1", fit_min: 60, engagement_min: 45 }],
        rules: [
            { name: `Company (${code})`, axis: "fit", points: 15, sentence: "S1" },
            { name: "Bounced", axis: "engagement", points: -20, sentence: "S2" },
        ],
        left_out: [{ name: "Visits", reason: "needs the app “Website”" }],
    };
}

function answer(values = {}) {
    return {
        lead: "Tea factory",
        problem: false,
        is_match: true,
        points: 10,
        axis: "Fit",
        notes: [],
        conditions: false,
        events: false,
        sums: [],
        change: false,
        ...values,
    };
}

defineMailModels();
defineModels([Lead, Rule, Wizard]);

test("conditions are drawn as a tree, each with the lead's value", async () => {
    const leaf = (text, holds, value) => ({
        kind: "leaf",
        text,
        holds,
        value,
        children: [],
    });
    await mountWithCleanup(RuleTestResult, {
        props: {
            result: answer({
                conditions: {
                    kind: "all",
                    text: "",
                    value: false,
                    holds: false,
                    children: [
                        leaf("Phone is set", true, "+359 2"),
                        {
                            kind: "any",
                            text: "",
                            value: false,
                            holds: false,
                            children: [leaf("Country is Bulgaria", false, "–")],
                        },
                    ],
                },
            }),
        },
    });
    expect(".o_rule_test_node").toHaveCount(4);
    expect(".o_rule_test_node .o_rule_test_node .o_rule_test_node").toHaveCount(1);
    expect(".o_rule_test_node.o_rule_test_holds").toHaveCount(1);
    expect(queryAllTexts(".o_rule_test_value")).toEqual([
        "this lead: +359 2",
        "this lead: –",
    ]);
    expect(".o_rule_test_points").toHaveText("+10 Fit");
});

test("events say why they do not count, and what is left after the limits", async () => {
    await mountWithCleanup(RuleTestResult, {
        props: {
            result: answer({
                points: -15,
                events: {
                    total: 5,
                    counted: 1,
                    more: 3,
                    lines: [
                        {
                            id: 1,
                            date: "03/30/2026",
                            value: "/pricing",
                            counts: true,
                            points: -7.5,
                            reason: "75% left",
                        },
                        {
                            id: 2,
                            date: "03/01/2026",
                            value: "/blog",
                            counts: false,
                            points: 0,
                            reason: "older than 20 days",
                        },
                    ],
                },
                sums: [{ label: "All that counts together", points: -18 }],
                change: "If nothing happens, it gives 0 on 04/04/2026.",
            }),
        },
    });
    expect(".o_rule_test_points").toHaveText("\u221215 Fit");
    expect("tr").toHaveCount(2);
    expect("tr:eq(0) td:last").toHaveText("\u22127.5");
    expect("tr:eq(1) .o_rule_test_reason").toHaveText("(older than 20 days)");
    expect(".o_rule_test_result").toHaveText(/not listed: 3/);
    expect(".o_rule_test_sums li").toHaveText(/All that counts together\s*\u221218/);
    expect(".o_rule_test_change").toHaveText(/it gives 0 on/);
});

test("the panel tests what stands in the form, also before it is saved", async () => {
    const asked = [];
    onRpc("crm.lead.score.rule", "test_on_lead", ({ args }) => {
        asked.push(args);
        return answer({ points: args[2].points ?? 10 });
    });
    await mountView({
        resModel: "crm.lead.score.rule",
        resId: 1,
        type: "form",
        arch: `<form>
            <field name="name"/><field name="points"/>
            <widget name="lead_score_rule_test"/>
        </form>`,
    });
    expect(".o_rule_test_result").toHaveCount(0);
    await click(".o_rule_test input");
    await edit("Tea");
    await advanceTime(1000);
    await contains(".o-autocomplete--dropdown-item:contains(Tea factory)").click();
    await animationFrame();
    expect(".o_rule_test_points").toHaveText("+10 Fit");
    await contains("[name='points'] input").edit("-25");
    await advanceTime(1000);
    await animationFrame();
    expect(".o_rule_test_points").toHaveText("\u221225 Fit");
    expect(asked.at(-1)).toEqual([7, 1, { points: -25 }]);
});

test("from a lead: rules that count first, and why one does not", async () => {
    onRpc("crm.lead.score.rule", "get_results_of_lead", ({ args }) => {
        expect.step(`lead ${args[0]}`);
        return {
            lead: "Tea factory",
            model: "B2B",
            rules: [
                { id: 1, name: "No", axis: "fit", points: 0, sentence: "S" },
                { id: 2, name: "Yes", axis: "fit", points: 10, sentence: "S" },
            ],
        };
    });
    onRpc("crm.lead.score.rule", "test_on_lead", ({ args }) => {
        expect.step(`test ${args}`);
        return answer({ is_match: false, points: 0, notes: ["Not today."] });
    });
    await mountWithCleanup(RulesOfLead, {
        props: { action: { context: { active_id: 7 } }, actionId: 1 },
    });
    expect(queryAllTexts(".o_rules_of_lead_points")).toEqual(["+10", "0"]);
    await contains(".o_rules_of_lead_rule:contains(No)").click();
    await animationFrame();
    expect(".o_rule_test_note").toHaveText("Not today.");
    expect.verifySteps(["lead 7", "test 7,1"]);
    await contains(".o_rules_of_lead_rule:contains(No)").click();
    expect(".o_rule_test_result").toHaveCount(0);
});

test("templates are chosen by cards; the preview follows", async () => {
    await mountView({
        resModel: "crm.lead.score.from.template",
        resId: 1,
        type: "form",
        arch: `<form><field name="template" widget="lead_score_template"/></form>`,
    });
    expect(".o_template_picker_card").toHaveCount(2);
    expect(".o_template_picker_card[aria-checked='true']").toHaveAttribute(
        "data-code",
        "b2b"
    );
    expect(".o_template_picker_rules").toHaveText(/Company \(b2b\)/);
    expect(".o_template_picker_left_out").toHaveText("Visits: needs the app “Website”");
    await contains(".o_template_picker_card[data-code='saas']").click();
    await animationFrame();
    expect(".o_template_picker_rules").toHaveText(/Company \(saas\)/);
    expect(".o_template_picker_card[aria-checked='true']").toHaveAttribute(
        "data-code",
        "saas"
    );
});
