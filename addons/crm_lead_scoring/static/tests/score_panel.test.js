import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
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
import { LeadScoreGauge } from "@crm_lead_scoring/score_gauge/score_gauge";
import { LeadScoreWaterfall } from "@crm_lead_scoring/score_waterfall/score_waterfall";

class Lead extends models.Model {
    _name = "crm.lead";
    name = fields.Char();
    _records = [{ id: 7, name: "Tea" }];
}

class Event extends models.Model {
    _name = "crm.lead.score.event";
    value = fields.Char();
    _records = [{ id: 3, value: "Spring offer" }];
    _views = { form: `<form><field name="value"/></form>` };
}

defineMailModels();
defineModels([Lead, Event]);
onRpc("has_group", () => true);

const FIT = {
    name: "fit",
    label: "Fit",
    value: 65,
    lowest: -20,
    highest: 100,
    bands: [
        { name: "C", from: -20, to: 40, is_current: false },
        { name: "B", from: 40, to: 70, is_current: true },
        { name: "A", from: 70, to: 100, is_current: false },
    ],
    next: { grade: "A3", missing: 5 },
    reach: "The rules allow -20 to 100 points.",
};
const ENGAGEMENT = {
    ...FIT,
    name: "engagement",
    label: "Engagement",
    value: -5,
    next: false,
};
const LINES = [
    {
        rule_id: 1,
        rule: "Budget",
        sentence: "Expected Revenue is at least 10",
        axis: "fit",
        points: 70,
        start: 0,
        end: 70,
        evidence: [{ text: "Expected Revenue: 500" }],
        more: 0,
    },
    {
        rule_id: 2,
        rule: "Private address",
        sentence: "",
        axis: "fit",
        points: -5,
        start: 70,
        end: 65,
        evidence: [],
        more: 0,
    },
    {
        rule_id: 3,
        rule: "Opens",
        sentence: "Opened a mailing: +6 each",
        axis: "engagement",
        points: -5,
        start: 65,
        end: 60,
        evidence: [
            {
                text: "Opened “Spring offer” 3 days ago",
                document: { model: "crm.lead.score.event", id: 3 },
            },
            { text: "Opened “Autumn offer” 90 days ago", document: false },
        ],
        more: 4,
    },
];
const PANEL = {
    lead_id: 7,
    total: 60,
    grade: { name: "B3", color: 3 },
    model: { id: 1, name: "B2B", state: "observe", rule_count: 3 },
    can_configure: false,
    is_refresh_pending: false,
    axes: [FIT, ENGAGEMENT],
    lines: LINES,
    readiness: {
        is_ready: false,
        sentences: ["20 more points: it has 60 of 80."],
        suggestions: [
            { rule_id: 4, rule: "Meeting", sentence: "Held a meeting", points: 15 },
        ],
    },
    changes: {
        before: 66,
        lines: [{ rule_id: 3, rule: "Opens", before: 1, after: -5, reason: "Older." }],
        fields: [],
        summary: "66 points yesterday, 60 now.",
        note: "",
    },
    probability: {
        value: "33 %",
        predicted: "97 %",
        is_automated: false,
        won: 1,
        lost: 3,
        minimum: 40,
        is_meaningful: false,
        notes: ["Set by hand to 33 %.", "Too little history."],
    },
};

async function mountPanel(panel = {}) {
    let calls = 0;
    onRpc("crm.lead.score", "get_panel", ({ args }) => {
        expect(args).toEqual([7]);
        calls++;
        return { ...PANEL, ...panel };
    });
    await mountView({
        resModel: "crm.lead",
        resId: 7,
        type: "form",
        arch: `<form><field name="name"/><widget name="lead_score_panel"/></form>`,
    });
    return () => calls;
}

test("the gauge says where the lead stands, also without eyes", async () => {
    await mountWithCleanup(LeadScoreGauge, { props: { axis: FIT } });
    expect("[role='meter']").toHaveAttribute("aria-valuenow", "65");
    expect("[role='meter']").toHaveAttribute("aria-valuemin", "-20");
    expect("[role='meter']").toHaveAttribute("aria-valuemax", "100");
    expect("[role='meter']").toHaveAttribute(
        "aria-valuetext",
        "65 points, in the range of B. 5 points to A3"
    );
    expect(".o_lead_score_gauge_band").toHaveCount(3);
    expect(".o_lead_score_gauge_current").toHaveText("B");
    // From -20 to 100: 40 lies in the middle, 70 after three quarters.
    expect(".o_lead_score_gauge_band:eq(0)").toHaveAttribute("style", "width: 50%");
    expect(".o_lead_score_gauge_ticks span:eq(1)").toHaveText("70");
    expect(".o_lead_score_gauge_ticks span:eq(1)").toHaveAttribute(
        "style",
        "inset-inline-start: 75%"
    );
    expect(".o_lead_score_gauge_advice").toHaveText("5 points to A3");
});

test("the gauge of the best grade, and one point away from it", async () => {
    await mountWithCleanup(LeadScoreGauge, { props: { axis: ENGAGEMENT } });
    expect(".o_lead_score_gauge_value").toHaveText("\u22125");
    expect(".o_lead_score_gauge_advice").toHaveText(
        "More points here do not raise the grade."
    );
    await mountWithCleanup(LeadScoreGauge, {
        props: { axis: { ...FIT, next: { grade: "A3", missing: 1 } } },
    });
    expect(".o_lead_score_gauge_advice:last").toHaveText("1 point to A3");
});

test("each step of the waterfall starts where the last one ended", async () => {
    await mountWithCleanup(LeadScoreWaterfall, {
        props: {
            lines: LINES,
            axes: [FIT, ENGAGEMENT],
            total: 60,
            openDocument: () => {},
        },
    });
    expect(".o_lead_score_step").toHaveCount(3);
    // The scale ends at 70, the highest running total.
    expect(".o_lead_score_step_bar:eq(0)").toHaveAttribute(
        "style",
        "inset-inline-start: 0%; width: 100%"
    );
    expect(".o_lead_score_step_bar:eq(1)").toHaveAttribute(
        "style",
        /inset-inline-start: 92\.8\d*%; width: 7\.1\d*%/
    );
    expect(".o_lead_score_step_bar:eq(1)").toHaveClass("bg-danger");
    expect(".o_lead_score_step_bar:eq(2)").toHaveAttribute(
        "style",
        /inset-inline-start: 85\.7\d*%; width: 7\.1\d*%/
    );
    expect(".o_lead_score_step_points:eq(0)").toHaveText("+70");
    expect(".o_lead_score_step_points:eq(2)").toHaveText("\u22125");
    expect(".o_lead_score_subtotal:eq(0)").toHaveText("Fit\n65");
    expect(".o_lead_score_subtotal:eq(1)").toHaveText("Engagement\n\u22125");
    expect(".o_lead_score_total").toHaveText("Score\n60");
    expect(".o_lead_score_step:eq(2) .o_lead_score_step_why").toHaveText(
        /and 4 more before that$/
    );
});

test("a score below zero", async () => {
    const line = { ...LINES[1], start: 0, end: -5 };
    await mountWithCleanup(LeadScoreWaterfall, {
        props: { lines: [line], axes: [FIT], total: -5, openDocument: () => {} },
    });
    expect(".o_lead_score_step_bar").toHaveAttribute(
        "style",
        "inset-inline-start: 0%; width: 100%"
    );
    expect(".o_lead_score_step_zero").toHaveAttribute(
        "style",
        "inset-inline-start: 100%"
    );
    expect(".o_lead_score_total").toHaveText("Score\n\u22125");
});

test("the conditions are shown on request", async () => {
    await mountPanel();
    expect(".o_lead_score_step:contains(Expected Revenue is)").toHaveCount(0);
    expect(".o_lead_score_conditions").toHaveAttribute("aria-pressed", "false");
    await contains(".o_lead_score_conditions").click();
    expect(".o_lead_score_step:contains(Expected Revenue is)").toHaveCount(1);
    expect(".o_lead_score_conditions").toHaveAttribute("aria-pressed", "true");
});

test("the panel: total, readiness, changes, prediction", async () => {
    await mountPanel();
    expect(".o_lead_score_number").toHaveText("60");
    expect(".o_lead_grade_badge").toHaveText("B3");
    expect(".o_lead_score_sum").toHaveText(/= Fit 65 \+ Engagement \u22125/);
    expect(".o_lead_score_sum .badge:last").toHaveText("Observe");
    expect("[name='readiness']").toHaveText(/20 more points: it has 60 of 80/);
    expect(".o_lead_score_suggestions li").toHaveText("Meeting: +15");
    expect("[name='changes']").toHaveText(/66 points yesterday, 60 now/);
    expect(".o_lead_score_difference").toHaveText("\u22126");
    expect(".o_lead_score_predicted").toHaveText("97 %");
    expect(".o_lead_score_predicted").toHaveClass("text-muted");
    expect(".o_lead_score_history").toHaveCount(2);
});

test("evidence opens without leaving the lead", async () => {
    await mountPanel();
    expect(".o_lead_score_document").toHaveCount(1);
    await contains(".o_lead_score_document").click();
    await animationFrame();
    expect(".modal .o_field_widget[name='value']").toHaveText("Spring offer");
});

test("only who may change rules opens them", async () => {
    await mountPanel();
    expect(".o_lead_score_step_rule button").toHaveCount(0);
});

test("a manager opens the rule", async () => {
    await mountPanel({ can_configure: true });
    expect(".o_lead_score_step_rule button").toHaveCount(3);
});

test("it is read again when the form is saved", async () => {
    const calls = await mountPanel();
    expect(calls()).toBe(1);
    await contains(".o_field_widget[name='name'] input").edit("Coffee");
    expect(calls()).toBe(1);
    await contains(".o_form_button_save").click();
    await animationFrame();
    await animationFrame();
    expect(calls()).toBe(2);
});

test("no model, no rules, no lines", async () => {
    await mountPanel({
        model: false,
        grade: false,
        lines: [],
        changes: { ...PANEL.changes, summary: "" },
    });
    expect(".o_lead_score_notice").toHaveText(/No scoring model scores this lead/);
    expect(".o_lead_score_notice button").toHaveCount(0);
    expect(".o_lead_score_gauge").toHaveCount(0);
    expect("[name='readiness']").toHaveCount(0);
    expect("[name='probability']").toHaveCount(1);
});

test("a model without rules", async () => {
    await mountPanel({
        model: { ...PANEL.model, rule_count: 0 },
        can_configure: true,
        lines: [],
        is_refresh_pending: true,
    });
    expect(".o_lead_score_notice").toHaveText(/has no rules yet/);
    expect(".o_lead_score_notice button").toHaveText("Write the first rule");
    expect(".o_lead_score_waterfall").toHaveText(/No rule matches this lead yet/);
    expect(".o_lead_score_pending").toHaveCount(1);
});

test("the form stays usable when the score cannot be read", async () => {
    onRpc("crm.lead.score", "get_panel", () => {
        throw new Error("No");
    });
    await mountView({
        resModel: "crm.lead",
        resId: 7,
        type: "form",
        arch: `<form><field name="name"/><widget name="lead_score_panel"/></form>`,
    });
    expect(".o_field_widget[name='name'] input").toHaveValue("Tea");
    expect(".o_form_view .alert-warning").toHaveCount(1);
});
