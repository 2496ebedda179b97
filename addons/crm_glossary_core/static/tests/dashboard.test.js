import { beforeEach, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    getService,
    makeMockEnv,
    mockService,
    mountWithCleanup,
    onRpc,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { browser } from "@web/core/browser/browser";
import { WebClient } from "@web/webclient/webclient";
import {
    getBreaks,
    getPath,
    getPoints,
} from "@crm_glossary_core/dashboard/sparkline/sparkline";
import { formatShare, formatValue } from "@crm_glossary_core/dashboard/core/format";

defineMailModels();
preloadBundle("web.chartjs_lib");

const SERIES = [
    { date: "2026-09-01", value: 4 },
    { date: "2026-10-01", value: null },
    { date: "2026-11-01", value: 12 },
];

function makeTile(values = {}) {
    return {
        id: 1,
        code: "new_leads",
        name: "New Leads",
        unit: "count",
        direction: "up",
        value: 12,
        previous: 4,
        numerator: 12,
        denominator: null,
        count: 12,
        target: null,
        pace: null,
        series: SERIES,
        error: null,
        note: null,
        currency_id: 1,
        term_code: "lead",
        version_breaks: [],
        as_of_now: false,
        fixed_period: false,
        ...values,
    };
}

function makeData(values = {}) {
    return {
        role: "manager",
        roles: [
            { code: "salesperson", name: "Salesperson" },
            { code: "manager", name: "Sales manager" },
        ],
        filters: {
            period: "this_month",
            date_from: "2026-11-01",
            date_to: "2026-11-30",
            user_id: false,
            team_id: false,
            company_id: false,
        },
        options: {
            periods: [
                { code: "this_month", name: "This month" },
                { code: "custom", name: "From … to …" },
            ],
            users: [{ id: 7, name: "Ann" }],
            teams: [{ id: 3, name: "Sales" }],
            companies: [],
        },
        scope: "Records of all salespeople",
        as_of: "2026-11-22 12:05:00",
        currency: { id: 1, note: false },
        can_set_targets: true,
        tiles: [makeTile()],
        more_tiles: 0,
        funnel: [
            {
                stage_id: 1,
                stage: "New",
                is_won: false,
                count: 40,
                amount: 500,
                conversion: null,
                median_days: 2.5,
            },
            {
                stage_id: 4,
                stage: "Won",
                is_won: true,
                count: 12,
                amount: 90,
                conversion: 0.3,
                median_days: null,
            },
        ],
        win_rate_by_source: {
            rows: [
                {
                    source_id: 5,
                    label: "Fair",
                    value: 0.3,
                    numerator: 12,
                    denominator: 40,
                },
            ],
            more: 0,
            error: null,
        },
        forecast: {
            months: [
                { month: "2026-10-01", won: 100, won_count: 2 },
                {
                    month: "2026-11-01",
                    won: 50,
                    won_count: 1,
                    open_count: 3,
                    expected: 900,
                    prorated: 300,
                    low: 100,
                    high: 500,
                },
            ],
        },
        attention: [
            { code: "slipped_deals", label: "Slipped Deals", count: 3, error: null },
            { code: "rotting_deals", label: "Rotting Deals", count: 0, error: null },
        ],
        ...values,
    };
}

let data;
beforeEach(() => {
    data = makeData();
    onRpc("crm.dashboard", "get_dashboard", ({ args }) => {
        expect.step(["get", ...args]);
        return data;
    });
    onRpc("crm.dashboard", "open_records", ({ args }) => {
        expect.step(["open", args[0], args[1], args[3]]);
        return { type: "ir.actions.act_window_close" };
    });
});

async function openDashboard() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "crm_glossary_core.dashboard",
    });
    await animationFrame();
}

test("no data is not zero, and a gap in the series is a gap", async () => {
    await makeMockEnv();
    expect(String(formatValue(null, "percent", 1))).toBe("No data");
    expect(String(formatValue(0, "percent", 1))).toBe("0 %");
    expect(String(formatShare(0.124))).toBe("12 %");
    const points = getPoints(SERIES, 100, 30, 0);
    expect(points.map((point) => point.y)).toEqual([20, null, 0]);
    expect(getPath(points)).toBe("M0.0 20.0h0M100.0 0.0h0");
});

test("a change of the definition is marked where it happened", () => {
    const points = getPoints(SERIES, 100, 30, 0);
    expect(getBreaks(points, ["2026-10-01", "2026-12-24"])).toEqual([50, 100]);
});

test("the dashboard shows tiles, funnel and what needs attention", async () => {
    await openDashboard();
    expect.verifySteps([["get", null, null]]);
    expect(".o_crm_tile_value").toHaveText("12");
    expect(".o_crm_tile_change").toHaveText(/200 %\s*better/);
    expect(".o_crm_tile_change .fa-arrow-up").toHaveCount(1);
    const [count, , conversion, days] = queryAllTexts(
        ".o_crm_funnel tbody tr:last-child td"
    );
    expect([count, conversion, days]).toEqual(["12", "30 %", "–"]);
    expect(".o_crm_attention_row").toHaveCount(1);
    expect(".o_crm_hint button[name=set_targets]").toHaveCount(1);
    expect(".o_crm_forecast canvas").toHaveCount(1);
});

test("each number opens its records", async () => {
    await openDashboard();
    await contains(".o_crm_tile_open").click();
    await contains(".o_crm_funnel_stage[data-stage='4']").click();
    await contains(".o_crm_attention_row").click();
    await contains(".o_crm_panel_win_rate button[data-source='5']", {
        visible: false,
    }).click();
    await contains(".o_crm_forecast button[data-part='open']", {
        visible: false,
    }).click();
    expect.verifySteps([
        ["get", null, null],
        ["open", "tile", 1, null],
        ["open", "funnel", 4, null],
        ["open", "attention", "slipped_deals", null],
        ["open", "source", 5, "denominator"],
        ["open", "forecast", "2026-11-01", "open"],
    ]);
});

test("filters and role are sent, and remembered", async () => {
    await openDashboard();
    await contains("select[name=user_id]").select("7");
    await contains("select[name=role]").select("salesperson");
    const filters = { ...data.filters, user_id: 7 };
    expect.verifySteps([
        ["get", null, null],
        ["get", "manager", filters],
        ["get", "salesperson", null],
    ]);
    const [key] = Object.keys(browser.localStorage).filter((name) =>
        name.startsWith("crm_dashboard/")
    );
    expect(JSON.parse(browser.localStorage.getItem(key)).role).toBe("manager");
});

test("a broken KPI says why, the others live on", async () => {
    data.tiles = [
        makeTile({ error: "New Leads: no such field", value: null }),
        makeTile({ id: 2, value: null, unit: "percent", series: [] }),
        makeTile({ id: 3, note: "Cannot be shown for a single person.", value: null }),
        makeTile({
            id: 4,
            unit: "percent",
            value: 0.3,
            numerator: 12,
            denominator: 40,
            direction: "down",
            previous: 0.2,
        }),
    ];
    await openDashboard();
    expect(".o_crm_tile:eq(0) [role=alert]").toHaveText("New Leads: no such field");
    expect(".o_crm_tile:eq(1) .o_crm_tile_value").toHaveText("No data");
    expect(".o_crm_tile:eq(2) .o_crm_tile_reason").toHaveText(
        "Cannot be shown for a single person."
    );
    expect(".o_crm_tile:eq(3) .o_crm_tile_parts").toHaveText("12 of 40");
    expect(".o_crm_tile:eq(3) .o_crm_tile_change").toHaveText(/10 pp\s*worse/);
    expect(".o_crm_tile:eq(3) .text-danger .fa-arrow-up").toHaveCount(1);
    expect.verifySteps([["get", null, null]]);
});

test("the word of a tile opens its card", async () => {
    mockService("crm_glossary", {
        openCard: (code) => expect.step(["card", code]),
    });
    await openDashboard();
    await contains(".o_crm_tile_word").click();
    expect.verifySteps([
        ["get", null, null],
        ["card", "lead"],
    ]);
});

test("targets show how far and whether on pace", async () => {
    data.tiles = [makeTile({ target: 20, pace: { expected: 15, status: "behind" } })];
    await openDashboard();
    expect(".o_crm_tile_target").toHaveText(/Target 20\s*behind/);
    expect(".o_crm_hint").toHaveCount(0);
    expect.verifySteps([["get", null, null]]);
});

test("a stored filter that works no longer is forgotten", async () => {
    browser.localStorage.setItem(
        "crm_dashboard/7",
        JSON.stringify({ role: "manager", filters: { team_id: 99 } })
    );
    onRpc("crm.dashboard", "get_dashboard", ({ args }) => {
        expect.step(["get", ...args]);
        if (args[1]) {
            throw new Error("gone");
        }
        return data;
    });
    await openDashboard();
    expect(".o_crm_tile").toHaveCount(1);
    expect.verifySteps([
        ["get", "manager", { team_id: 99 }],
        ["get", "manager", null],
    ]);
});
