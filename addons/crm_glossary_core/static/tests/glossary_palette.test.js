import { beforeEach, expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, runAllTimers } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    getService,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { registry } from "@web/core/registry";
import { defineGlossaryModels, mockGlossary } from "./glossary_test_helpers";

defineMailModels();
defineModels(defineGlossaryModels());
beforeEach(() => {
    onRpc("has_group", () => true);
});

async function openPalette(searchValue) {
    await mountView({
        type: "form",
        resModel: "deal",
        resId: 1,
        arch: `<form><field name="name"/></form>`,
    });
    getService("command").openMainPalette({ searchValue });
    await animationFrame();
    await animationFrame();
}

/** Type a query after the "?" and wait for the answer. */
async function type(value) {
    await contains(".o_command_palette input").edit(value, { confirm: false });
    await advanceTime(200);
    await animationFrame();
}

const misses = (calls) => calls.filter((call) => call.startsWith("log_search_miss"));

test("a term is found, shown with its meaning, and opened", async () => {
    mockGlossary();
    await openPalette("?win");
    expect(queryAllTexts(".o_command .o_command_name")).toEqual(["Win Rate"]);
    expect(".o_command").toHaveText(/Share of closed deals/);
    await press("Enter");
    await runAllTimers();
    await animationFrame();
    expect(".o_command_palette").toHaveCount(0);
    expect(".o_glossary_panel h2").toHaveText("Win Rate");
});

test("a search in vain counts once, when the reader stops typing", async () => {
    const calls = mockGlossary();
    await openPalette("?");
    await type("x");
    await type("xy");
    await advanceTime(1000);
    await type("xyz");
    expect(".o_command_palette_listbox_empty").toHaveText(/No term found/);
    expect(misses(calls)).toEqual([]);
    await advanceTime(1500);
    expect(misses(calls)).toEqual(["log_search_miss:xyz"]);
    await type("xyzz");
    await type("xyz");
    await advanceTime(1500);
    expect(misses(calls)).toEqual(["log_search_miss:xyz"]);
});

test("a search in vain counts when the palette is closed", async () => {
    const calls = mockGlossary();
    await openPalette("?");
    await type("xyz");
    await press("Escape");
    await animationFrame();
    expect(misses(calls)).toEqual(["log_search_miss:xyz"]);
});

test("what is found on the way does not count", async () => {
    const calls = mockGlossary();
    await openPalette("?");
    await type("wix");
    await type("wi");
    await advanceTime(5000);
    await press("Escape");
    await animationFrame();
    expect(misses(calls)).toEqual([]);
});

test("the tip names the terms", async () => {
    mockGlossary();
    await openPalette("");
    expect(".o_command_palette_footer").toHaveText(/\?terms/);
});

test("without access there is no such search", async () => {
    await openPalette("");
    expect(registry.category("command_provider").contains("crm_glossary")).toBe(false);
    expect(".o_command_palette_footer").not.toHaveText(/terms/);
});
