import { beforeEach, expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    getService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { browser } from "@web/core/browser/browser";
import { WebClient } from "@web/webclient/webclient";

defineMailModels();

const FILTERS = {
    model_id: 1,
    team_id: false,
    owner: "all",
    type: "all",
    period: "any",
};

function makeBand(name, label, count) {
    return { name, label, count, amount: 10 * count, ready: 0 };
}

function makeCell(grade, count, ready = 0) {
    return { grade, color: 10, count, amount: 10 * count, ready };
}

function makeData(values = {}) {
    return {
        filters: FILTERS,
        options: {
            models: [{ id: 1, name: "B2B" }],
            teams: [{ id: 3, name: "Sales" }],
            owner: [
                { code: "all", name: "All leads" },
                { code: "mine", name: "My leads" },
            ],
            type: [
                { code: "all", name: "Leads and opportunities" },
                { code: "lead", name: "Leads" },
            ],
            period: [
                { code: "any", name: "Any time" },
                { code: "this_month", name: "This month" },
            ],
        },
        currency: { id: 1, note: false },
        can_manage: true,
        model: { id: 1, name: "B2B", state: "live" },
        rows: [makeBand("A", "70 or more", 9), makeBand("B", "below 70", 2)],
        columns: [makeBand("1", "50 or more", 8), makeBand("2", "below 50", 3)],
        cells: [
            [makeCell("A1", 8, 3), makeCell("A2", 1)],
            [makeCell("B1", 0), makeCell("B2", 2)],
        ],
        total: { count: 11, amount: 110, ready: 3 },
        ungraded: { count: 0, amount: 0, ready: 0 },
        ...values,
    };
}

let data;
beforeEach(() => {
    data = makeData();
    onRpc("crm.lead.score.heat.map", "get_heat_map", ({ args }) => {
        expect.step(["get", args[0]]);
        return { ...data, filters: { ...FILTERS, ...args[0] } };
    });
    onRpc("crm.lead.score.heat.map", "open_leads", ({ args }) => {
        expect.step(["open", ...args.slice(0, 3)]);
        return { type: "ir.actions.act_window_close" };
    });
});

async function openHeatMap() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "crm_lead_scoring.heat_map",
    });
    await animationFrame();
}

test("the matrix with its numbers, totals and colours", async () => {
    await openHeatMap();
    expect(queryAllTexts(".o_heat_map_cell .o_heat_map_count")).toEqual([
        "8",
        "1",
        "0",
        "2",
    ]);
    expect(queryAllTexts(".o_heat_map_total .o_heat_map_count")).toEqual([
        "9",
        "2",
        "8",
        "3",
        "11",
    ]);
    expect(queryAllTexts(".o_heat_map_head")).toEqual([
        "1\n50 or more",
        "2\nbelow 50",
        "A\n70 or more",
        "B\nbelow 70",
    ]);
    expect("[data-place='1-1'] .badge").toHaveClass("o_badge_color_10");
    expect("[data-place='1-1'] .o_heat_map_ready").toHaveText("3 ready");
    expect(".o_heat_map_cell:first").toHaveStyle({ "--heat": "1.000" });
    expect(".o_heat_map_cell:eq(2)").toHaveStyle({ "--heat": "0.000" });
    expect("[data-place='1-1']").toHaveAttribute(
        "aria-label",
        /^A1, fit 70 or more, engagement 50 or more: 8 open leads \(73 %\)/
    );
    expect(".o_heat_map_ungraded").toHaveCount(0);
    // One scoring model is no choice.
    expect("select[name='model_id']").toHaveCount(0);
    expect.verifySteps([["get", null]]);
});

test("each number opens its leads, an empty cell opens nothing", async () => {
    data.ungraded = { count: 4, amount: 0, ready: 0 };
    await openHeatMap();
    for (const place of ["1-1", "2-2", "2-1", "2-0", "0-1", "1-3", "3-2", "3-3"]) {
        await contains(`[data-place='${place}']`).click();
    }
    expect(".o_heat_map_ungraded").toHaveText("Leads without a grade: 4");
    await contains(".o_heat_map_ungraded").click();
    expect.verifySteps([
        ["get", null],
        ["open", "cell", 0, 0],
        ["open", "cell", 1, 1],
        ["open", "row", 1, null],
        ["open", "column", null, 0],
        ["open", "row", 0, null],
        ["open", "column", null, 1],
        ["open", "all", null, null],
        ["open", "ungraded", null, null],
    ]);
});

test("arrow keys go from cell to cell, Enter opens", async () => {
    await openHeatMap();
    expect(".o_heat_map_grid [tabindex='0']").toHaveCount(1);
    await contains("[data-place='1-1']").focus();
    const keys = [
        ["ArrowRight", "1-2"],
        ["ArrowDown", "2-2"],
        ["ArrowLeft", "2-1"],
        ["Home", "2-0"],
        ["ArrowLeft", "2-0"],
        ["End", "2-3"],
        ["ArrowDown", "3-3"],
        ["Home", "3-1"],
        ["ArrowRight", "3-2"],
        ["ArrowUp", "2-2"],
    ];
    for (const [key, place] of keys) {
        await press(key);
        await animationFrame();
        expect(queryFirst(":focus").dataset.place).toBe(place, { message: key });
    }
    expect(".o_heat_map_grid [tabindex='0']").toHaveAttribute("data-place", "2-2");
    await press("Enter");
    await animationFrame();
    expect.verifySteps([
        ["get", null],
        ["open", "cell", 1, 1],
    ]);
});

test("filters are sent, remembered and cleared", async () => {
    await openHeatMap();
    await contains("select[name=team_id]").select("3");
    data.total = { count: 0, amount: 0, ready: 0 };
    await contains("select[name=owner]").select("mine");
    expect(".o_heat_map_grid").toHaveCount(0);
    await contains("button[name=clear_filters]").click();
    expect.verifySteps([
        ["get", null],
        ["get", { ...FILTERS, team_id: 3 }],
        ["get", { ...FILTERS, team_id: 3, owner: "mine" }],
        ["get", { model_id: 1 }],
    ]);
    const [key] = Object.keys(browser.localStorage).filter((name) =>
        name.startsWith("crm_lead_heat_map/")
    );
    expect(JSON.parse(browser.localStorage.getItem(key))).toEqual(FILTERS);
});

test("a stored filter that works no longer is forgotten", async () => {
    browser.localStorage.setItem(
        "crm_lead_heat_map/7",
        JSON.stringify({ model_id: 99 })
    );
    onRpc("crm.lead.score.heat.map", "get_heat_map", ({ args }) => {
        expect.step(["get", args[0]]);
        if (args[0]) {
            throw new Error("gone");
        }
        return data;
    });
    await openHeatMap();
    expect(".o_heat_map_grid").toHaveCount(1);
    expect.verifySteps([
        ["get", { model_id: 99 }],
        ["get", null],
    ]);
});

test("without a model or its grades it says what to do", async () => {
    Object.assign(data, { model: false, rows: [], columns: [], cells: [] });
    await openHeatMap();
    expect(".o_heat_map_empty button").toHaveText("Scoring Models");
    expect(".o_heat_map_filters").toHaveCount(0);
    data.can_manage = false;
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "crm_lead_scoring.heat_map",
    });
    await animationFrame();
    expect(".o_heat_map_empty button").toHaveCount(0);
    expect.verifySteps([
        ["get", null],
        ["get", { ...FILTERS }],
    ]);
});

test("without leads a button leads to where they are made", async () => {
    data.total = { count: 0, amount: 0, ready: 0 };
    onRpc("/web/action/load", async (request) => {
        const { params } = await request.json();
        expect.step(params.action_id);
        return { type: "ir.actions.act_window_close" };
    });
    await openHeatMap();
    await contains("button[name=open_pipeline]").click();
    expect.verifySteps([["get", null], "crm.crm_lead_action_pipeline"]);
});
