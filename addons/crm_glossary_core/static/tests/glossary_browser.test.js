import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    getService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { router } from "@web/core/browser/router";
import { WebClient } from "@web/webclient/webclient";
import { defineGlossaryModels, mockGlossary, TERMS } from "./glossary_test_helpers";

defineMailModels();
defineModels(defineGlossaryModels());
beforeEach(() => {
    onRpc("has_group", () => true);
});

async function openBrowser(results, params) {
    const calls = mockGlossary(results);
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "crm_glossary_core.browser",
        params,
    });
    await animationFrame();
    calls.length = 0;
    return calls;
}

const names = () => queryAllTexts(".o_glossary_item b");

async function search(value) {
    await contains(".o_glossary_tools input").edit(value, { confirm: false });
    await advanceTime(250);
    await animationFrame();
}

describe("the index", () => {
    test("terms by letter, letters without terms are off", async () => {
        await openBrowser();
        expect(names()).toEqual(["Opportunity", "Probability", "Win Rate"]);
        expect(queryAllTexts(".o_glossary_group h2")).toEqual(["O", "P", "W"]);
        expect(".o_glossary_letters button").toHaveCount(26);
        expect(".o_glossary_letters button:enabled").toHaveCount(3);
    });

    test("by category and by audience; no audience is everyone", async () => {
        await openBrowser();
        await contains("select[name=audience]").select("7");
        expect(names()).toEqual(["Probability", "Win Rate"]);
        await contains("select[name=category]").select("2");
        expect(names()).toEqual(["Win Rate"]);
        await contains("select[name=audience]").select("8");
        expect(names()).toEqual([]);
        await contains(".o_glossary_clear").click();
        expect(names()).toHaveLength(3);
    });
});

describe("the search", () => {
    test("names first, then other words, then what the server knows", async () => {
        await openBrowser({
            search_terms: () => [
                { ...TERMS[1], matched: "процент печалби" },
                { ...TERMS[2], matched: "deal" },
            ],
        });
        await contains(".o_glossary_tools input").edit("deal", { confirm: false });
        await animationFrame();
        expect(names()).toEqual(["Opportunity"]); // as typed, without the server
        await advanceTime(250);
        await animationFrame();
        expect(queryAllTexts(".o_glossary_item_name")).toEqual([
            "Opportunity (deal)",
            "Win Rate (процент печалби)",
        ]);
    });

    test("in vain: it says so and counts once", async () => {
        const calls = await openBrowser();
        await search("xyz");
        expect(".o_glossary_nothing").toHaveText(/No term found/);
        expect(".o_glossary_create").toHaveCount(0);
        await advanceTime(1500);
        expect(calls).toEqual(["search_terms:xyz", "log_search_miss:xyz"]);
    });

    test("a filter that hides the term is no miss", async () => {
        const calls = await openBrowser();
        await contains("select[name=category]").select("1");
        await search("win");
        await advanceTime(5000);
        expect(calls).toEqual(["search_terms:win"]);
    });
});

describe("the page of a term", () => {
    test("opens beside the list, its words lead to other terms", async () => {
        await openBrowser();
        await contains(".o_glossary_item[data-code=win_rate]").click();
        await animationFrame();
        expect(".o_glossary_pane h2").toHaveText("Win Rate");
        expect(".o_glossary_item.active").toHaveText(/Win Rate/);
        expect(queryAllTexts(".o_glossary_pane .o_glossary_link")).toEqual([
            "deals",
            "Probability",
        ]);
        await contains(".o_glossary_link[data-code=probability]").click();
        await animationFrame();
        expect(".o_glossary_pane h2").toHaveText("Probability");
        expect(".o_glossary_browse").toHaveCount(0);
    });

    test("is in the address, so that it can be shared", async () => {
        await openBrowser();
        await contains(".o_glossary_item[data-code=win_rate]").click();
        await advanceTime(10);
        expect(router.current.term).toBe("win_rate");
        expect(router.stateToUrl(router.current)).toBe(
            "/odoo/crm-glossary?term=win_rate"
        );
        await contains(".o_glossary_back").click();
        await advanceTime(10);
        expect(router.current.term).toBe(undefined);
    });

    test("is opened by an address", async () => {
        await openBrowser({}, { term: "probability" });
        expect(".o_glossary_pane h2").toHaveText("Probability");
        await advanceTime(10);
        expect(router.current.term).toBe("probability");
    });

    test("is printed", async () => {
        patchWithCleanup(window, { print: () => expect.step("print") });
        await openBrowser();
        await contains(".o_glossary_print").click();
        expect.verifySteps(["print"]);
    });
});

test("all of it with the keyboard", async () => {
    await openBrowser();
    await press("/");
    expect(".o_glossary_tools input").toBeFocused();
    await press("ArrowDown");
    expect(".o_glossary_item[data-code=opportunity]").toBeFocused();
    await press("ArrowDown");
    expect(".o_glossary_item[data-code=probability]").toBeFocused();
    await press("ArrowUp");
    await press("ArrowUp");
    expect(".o_glossary_tools input").toBeFocused();
    await press("ArrowDown");
    await press("w");
    expect(".o_glossary_item[data-code=win_rate]").toBeFocused();
    await press("Enter");
    await animationFrame();
    expect(".o_glossary_pane h2").toHaveText("Win Rate");
    await press("Escape");
    await animationFrame();
    expect(".o_glossary_pane").toHaveCount(0);
    expect(".o_glossary_item[data-code=win_rate]").toBeFocused();
    await press("/");
    await search("opp");
    await press("Enter");
    await animationFrame();
    expect(".o_glossary_pane h2").toHaveText("Opportunity");
    await press("/");
    await press("Escape");
    await animationFrame();
    expect(".o_glossary_tools input").toHaveValue("");
});
