import "@crm_segmentation/segment_expression/segment_expression";
import "@crm_segmentation/segment_overlap/segment_overlap";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { animationFrame, expect, runAllTimers, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    getService,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { router } from "@web/core/browser/router";
import { WebClient } from "@web/webclient/webclient";

class Segment extends models.Model {
    _name = "crm.segment";
    name = fields.Char();
    target = fields.Char();
    expression = fields.Char();
    _records = [{ id: 1, name: "Made", target: "lead", expression: "a and b" }];
}
defineMailModels();
defineModels([Segment]);

const arch = `
    <form>
        <field name="target" invisible="1"/>
        <field name="expression" widget="segment_expression"/>
    </form>`;
const INPUT = ".o_field_widget[name=expression] input";

test("what is typed is read once, when the typing stops", async () => {
    onRpc("crm.segment", "check_expression", ({ args }) => {
        expect.step(args);
        return { problem: false, position: false, sentence: "in “A” or in “B”" };
    });
    await mountView({ resModel: "crm.segment", type: "form", resId: 1, arch });
    expect.verifySteps([["a and b", "lead", 1, null]]);
    await contains(INPUT).edit("a o", { confirm: false });
    await contains(INPUT).edit("a or b", { confirm: false });
    await runAllTimers();
    await animationFrame();
    expect.verifySteps([["a or b", "lead", 1, null]]);
    expect(".o_segment_expression_sentence").toHaveText("in “A” or in “B”");
    expect(".o_segment_expression_problem").toHaveCount(0);
});

test("a problem is told in place of the sentence", async () => {
    onRpc("crm.segment", "check_expression", () => ({
        problem: "No segment is called “x” (character 7).",
        position: 7,
        sentence: false,
    }));
    await mountView({ resModel: "crm.segment", type: "form", resId: 1, arch });
    await contains(INPUT).edit("a and x", { confirm: false });
    await runAllTimers();
    await animationFrame();
    expect(".o_segment_expression_problem").toHaveText(/character 7/);
    expect(".o_segment_expression_sentence").toHaveCount(0);
});

test("each cell of the overlap tells its share and opens its members", async () => {
    onRpc("crm.segment", "overlap", ({ args }) => {
        expect.step(args);
        return {
            model: "res.partner",
            segments: [
                { id: 5, name: "One", count: 4 },
                { id: 6, name: "Two", count: 0 },
                { id: 7, name: "Three", count: 2 },
            ],
            counts: [
                [4, 0, 1],
                [0, 0, 0],
                [1, 0, 2],
            ],
        };
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "crm_segmentation.overlap",
        params: { segment_ids: [5, 6, 7] },
    });
    patchWithCleanup(getService("action"), {
        doAction: (action) => expect.step([action.res_model, action.domain]),
    });
    expect.verifySteps([[[5, 6, 7]]]);
    expect(queryAllTexts(".o_segment_overlap_cell")).toEqual([
        "4",
        "0\n0 %",
        "1\n25 %",
        "0\n0 %",
        "0",
        "0\n0 %",
        "1\n50 %",
        "0\n0 %",
        "2",
    ]);
    const cell = ".o_segment_overlap tbody tr:eq(2) .o_segment_overlap_cell:eq(0)";
    expect(cell).toHaveAttribute("title", "1 of “Three” are in “One”");
    await contains(cell).click();
    expect.verifySteps([
        [
            "res.partner",
            [
                ["segment_ids", "in", [7]],
                ["segment_ids", "in", [5]],
            ],
        ],
    ]);
    expect(router.current.segment_ids).toBe("5,6,7");
    await contains(".o_segment_overlap_cell:first").click();
    expect.verifySteps([["res.partner", [["segment_ids", "in", [5]]]]]);
});

test("without segments the overlap says how to get there", async () => {
    onRpc("crm.segment", "overlap", () => expect.step("asked"));
    await mountWithCleanup(WebClient);
    await getService("action").doAction("crm_segmentation.overlap");
    expect(".o_segment_overlap_empty").toHaveText(/^Select segments in the list/);
    expect(".o_segment_overlap table").toHaveCount(0);
    expect.verifySteps([]);
});
