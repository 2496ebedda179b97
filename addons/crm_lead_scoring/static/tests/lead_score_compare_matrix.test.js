import { expect, test } from "@odoo/hoot";
import {
    contains,
    defineModels,
    fields,
    models,
    mockService,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class Compare extends models.Model {
    _name = "crm.lead.score.compare";
    matrix = fields.Json();
    _records = [
        {
            id: 1,
            matrix: {
                old: [
                    { id: 11, name: "A", color: 10 },
                    { id: 12, name: "B", color: 0 },
                ],
                new: [
                    { id: 21, name: "A", color: 10 },
                    { id: 22, name: "B", color: 0 },
                    { id: 0, name: "–", color: 0 },
                ],
                cells: [
                    [4, 3, 0],
                    [2, 0, 1],
                ],
            },
        },
        { id: 2, matrix: false },
    ];
}

defineMailModels();
defineModels([Compare]);
onRpc("has_group", () => true);

const ARCH = `<form><field name="matrix" widget="lead_score_compare_matrix"/></form>`;

test("numbers, sums, and in words who goes where", async () => {
    await mountView({ resModel: Compare._name, resId: 1, type: "form", arch: ARCH });
    expect(".o_lead_compare_matrix tbody tr").toHaveCount(2);
    expect(".o_lead_compare_matrix tbody tr:first td").toHaveCount(4);
    expect(".o_lead_compare_some").toHaveCount(4);
    expect(".o_lead_compare_up.o_lead_compare_some").toHaveText("↑ 2");
    expect(".o_lead_compare_same.o_lead_compare_some").toHaveText("4");
    expect("button[aria-label='From A down to B: 3']").toHaveText("↓ 3");
    expect("button[aria-label='Still A: 4']").toHaveCount(1);
    expect("tbody tr:first td:last").toHaveText("7");
    expect("tfoot td:last").toHaveText("10");
});

test("a number opens its leads", async () => {
    onRpc(Compare._name, "action_view_cell", ({ args }) => {
        expect.step(JSON.stringify(args));
        return { type: "ir.actions.act_window", res_model: "crm.lead" };
    });
    mockService("action", { doAction: (action) => expect.step(action.res_model) });
    await mountView({ resModel: Compare._name, resId: 1, type: "form", arch: ARCH });
    await contains(".o_lead_compare_up button").click();
    expect.verifySteps(["[[1],12,21]", "crm.lead"]);
    await contains("tbody tr:first td:last button").click();
    expect.verifySteps(["[[1],11,null]", "crm.lead"]);
});

test("nothing compared yet", async () => {
    await mountView({ resModel: Compare._name, resId: 2, type: "form", arch: ARCH });
    expect(".o_lead_compare_matrix tbody tr").toHaveCount(0);
});
