import { SegmentFlowGraph } from "@crm_segmentation/segment_flow_graph/segment_flow_graph";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

class Segment extends models.Model {
    _name = "crm.segment";
    name = fields.Char();
    flow_graph = fields.Text();
    _records = [
        {
            id: 1,
            name: "Moving",
            flow_graph: JSON.stringify({
                labels: ["1 May", "2 May"],
                entered: [3, 0],
                left: [0, 2],
                size: [4, 2],
            }),
        },
        {
            id: 2,
            name: "Still",
            flow_graph: JSON.stringify({
                labels: ["1 May", "2 May"],
                entered: [0, 0],
                left: [0, 0],
                size: [2, 2],
            }),
        },
    ];
}
defineMailModels();
defineModels([Segment]);

const arch = `
    <form>
        <field name="name"/>
        <field name="flow_graph" widget="segment_flow_graph"/>
    </form>`;

test("entries point up and exits point down", async () => {
    const configs = [];
    patchWithCleanup(SegmentFlowGraph.prototype, {
        getConfig() {
            const config = super.getConfig();
            configs.push(config);
            return config;
        },
    });
    await mountView({ resModel: "crm.segment", type: "form", resId: 1, arch });
    expect(".o_segment_flow_graph canvas").toHaveCount(1);
    expect(configs[0].data.labels).toEqual(["1 May", "2 May"]);
    expect(configs[0].data.datasets.map((dataset) => dataset.data)).toEqual([
        [4, 2],
        [3, 0],
        [0, -2],
    ]);
});

test("longer times are asked for", async () => {
    const configs = [];
    patchWithCleanup(SegmentFlowGraph.prototype, {
        getConfig() {
            const config = super.getConfig();
            configs.push(config);
            return config;
        },
    });
    onRpc("get_growth", ({ args }) => {
        expect.step(args);
        return { labels: ["1 Jan"], entered: [9], left: [1], size: [12] };
    });
    await mountView({ resModel: "crm.segment", type: "form", resId: 1, arch });
    await contains(".o_segment_flow_graph_ranges button:contains(90)").click();
    expect.verifySteps([[1, 90]]);
    expect(configs.at(-1).data.datasets[0].data).toEqual([12]);
    await contains(".o_segment_flow_graph_ranges button:contains(30)").click();
    expect.verifySteps([]);
    expect(configs.at(-1).data.datasets[0].data).toEqual([4, 2]);
});

test("says so when nothing moved", async () => {
    await mountView({ resModel: "crm.segment", type: "form", resId: 2, arch });
    expect(".o_segment_flow_graph canvas").toHaveCount(0);
    expect(".o_segment_flow_graph_empty").toHaveText(
        "Nobody entered or left in this time."
    );
});

test.tags("desktop");
test("follows the record that is shown", async () => {
    await mountView({
        resModel: "crm.segment",
        type: "form",
        resId: 1,
        resIds: [1, 2],
        arch,
    });
    expect(".o_segment_flow_graph canvas").toHaveCount(1);
    await contains(".o_pager_next").click();
    expect(".o_segment_flow_graph canvas").toHaveCount(0);
    await contains(".o_pager_previous").click();
    expect(".o_segment_flow_graph canvas").toHaveCount(1);
});
