import { expect, test } from "@odoo/hoot";
import {
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class Lead extends models.Model {
    _name = "crm.lead";
    name = fields.Char();
    lead_grade_id = fields.Many2one({ relation: "crm.lead.score.grade" });
    lead_grade_color = fields.Integer();
    lead_score = fields.Integer();
    _records = [
        { id: 1, name: "Good", lead_grade_id: 1, lead_grade_color: 10, lead_score: 85 },
        { id: 2, name: "Bad", lead_grade_id: 2, lead_grade_color: 0, lead_score: -5 },
        { id: 3, name: "Not scored", lead_grade_id: false },
    ];
}

class Grade extends models.Model {
    _name = "crm.lead.score.grade";
    name = fields.Char();
    _records = [
        { id: 1, name: "A1" },
        { id: 2, name: "C3" },
    ];
}

defineMailModels();
defineModels([Lead, Grade]);
onRpc("has_group", () => true);
onRpc("crm.lead.score.health", "get_health", () => []);
onRpc("crm.lead.score.onboarding", "get_onboarding", () => []);

test("the badge shows the grade as text and reads out the score", async () => {
    await mountView({
        resModel: "crm.lead",
        type: "list",
        arch: `<list>
            <field name="name"/>
            <field name="lead_grade_id" widget="lead_grade_badge"/>
        </list>`,
    });
    expect(".o_lead_grade_badge").toHaveCount(2);
    expect(".o_lead_grade_badge:first").toHaveText("A1");
    expect(".o_lead_grade_badge:first").toHaveClass("o_badge_color_10");
    expect(".o_lead_grade_badge:first").toHaveAttribute(
        "aria-label",
        "Grade A1, score 85"
    );
    expect(".o_lead_grade_badge:last").toHaveText("C3");
    expect(".o_lead_grade_badge:last").toHaveAttribute("title", "Grade C3, score -5");
});

test("the badge of a kanban card", async () => {
    await mountView({
        resModel: "crm.lead",
        type: "kanban",
        arch: `<kanban><templates><t t-name="card">
            <field name="name"/>
            <field name="lead_grade_id" widget="lead_grade_badge" options="{'size': 'large'}"/>
        </t></templates></kanban>`,
    });
    expect(".o_kanban_record:first .o_lead_grade_badge").toHaveText("A1");
    expect(".o_kanban_record:first .o_lead_grade_badge").toHaveClass("fs-3");
    expect(".o_kanban_record:nth-child(3) .o_lead_grade_badge").toHaveCount(0);
});

test("points have a sign; bars compare the lines", async () => {
    await mountView({
        resModel: "crm.lead",
        type: "list",
        arch: `<list>
            <field name="lead_score" widget="lead_score_points" options="{'bar': true}"/>
        </list>`,
    });
    expect(".o_lead_score_points_value:eq(0)").toHaveText("+85");
    expect(".o_lead_score_points_value:eq(0)").toHaveClass("text-success");
    expect(".o_lead_score_points_value:eq(1)").toHaveText("\u22125");
    expect(".o_lead_score_points_value:eq(1)").toHaveClass("text-danger");
    // The longest line fills its half; the others are measured against it.
    expect(".o_lead_score_points_bar:eq(0) > div").toHaveAttribute(
        "style",
        /margin-inline-start: 50%; width: 50%/
    );
    expect(".o_lead_score_points_bar:eq(1) > div").toHaveAttribute(
        "style",
        /margin-inline-start: 47\.0\d*%; width: 2\.9\d*%/
    );
});

test("points are edited as a plain number", async () => {
    await mountView({
        resModel: "crm.lead",
        resId: 1,
        type: "form",
        arch: `<form><field name="lead_score" widget="lead_score_points"/></form>`,
    });
    expect(".o_field_widget[name='lead_score'] input").toHaveValue("85");
});

test("the list says how old the scores are", async () => {
    onRpc("crm.lead.score.model", "get_freshness", () => ({
        refreshed_at: "2026-01-02 03:04:05",
        pending: true,
    }));
    await mountView({
        resModel: "crm.lead",
        type: "list",
        arch: `<list js_class="lead_score_list"><field name="name"/></list>`,
    });
    expect(".o_lead_score_freshness").toHaveCount(1);
    expect(".o_lead_score_freshness:contains(Scores as of)").toHaveCount(1);
    expect(".o_lead_score_freshness:contains(A refresh is on its way)").toHaveCount(1);
});

test("scores that were never computed", async () => {
    onRpc("crm.lead.score.model", "get_freshness", () => ({
        refreshed_at: false,
        pending: false,
    }));
    await mountView({
        resModel: "crm.lead",
        type: "list",
        arch: `<list js_class="lead_score_list"><field name="name"/></list>`,
    });
    expect(".o_lead_score_freshness").toHaveText(
        "The scores have not been computed yet."
    );
});
