import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, runAllTimers } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    getService,
    mockService,
    mountView,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { registry } from "@web/core/registry";
import { GlossarySystray } from "@crm_glossary_core/components/systray/glossary_systray";
import { defineGlossaryModels, mockGlossary } from "./glossary_test_helpers";

defineMailModels();
defineModels(defineGlossaryModels());
beforeEach(() => {
    onRpc("has_group", () => true);
});

function mockScreen(model) {
    mockService("action", {
        currentController: model && { props: { resModel: model } },
        doAction: (action) => expect.step(action),
    });
}

async function openMenu(model) {
    mockScreen(model);
    await mountWithCleanup(GlossarySystray);
    await contains(".o_glossary_systray").click();
    await animationFrame();
}

const names = () => queryAllTexts(".o_glossary_menu [data-code] .fw-bold");

describe("the book", () => {
    test("the terms of the screen, those of its fields first", async () => {
        mockGlossary();
        await openMenu("deal");
        expect(names()).toEqual(["Probability", "Win Rate"]);
        expect(".o_glossary_menu input").toBeFocused();
        await contains(".o_glossary_menu [data-code=win_rate]").click();
        await runAllTimers();
        await animationFrame();
        expect(".o_glossary_panel h2").toHaveText("Win Rate");
    });

    test("a screen without terms says what to do", async () => {
        mockGlossary();
        await openMenu("other");
        expect(".o_glossary_menu_terms").toHaveText(/No term belongs to this screen/);
        await contains(".o_glossary_all").click();
        expect.verifySteps(["crm_glossary_core.crm_glossary_browser_action"]);
    });

    test("it searches, and Enter opens the first", async () => {
        const calls = mockGlossary();
        await openMenu(null);
        await contains(".o_glossary_menu input").edit("win", { confirm: false });
        await advanceTime(250);
        await animationFrame();
        expect(names()).toEqual(["Win Rate"]);
        await press("Enter");
        await runAllTimers();
        await animationFrame();
        expect(".o_glossary_panel h2").toHaveText("Win Rate");
        expect(calls).toEqual(["search_terms:win", "get_cards:win_rate"]);
    });

    test("a search in vain counts once", async () => {
        const calls = mockGlossary();
        await openMenu(null);
        await contains(".o_glossary_menu input").edit("xyz", { confirm: false });
        await advanceTime(250);
        await animationFrame();
        expect(".o_glossary_menu_terms").toHaveText(/No term found/);
        await press("Escape");
        await advanceTime(3000);
        expect(calls).toEqual(["search_terms:xyz", "log_search_miss:xyz"]);
    });

    test("it is there for readers alone", async () => {
        const { isDisplayed } = registry
            .category("systray")
            .get("crm_glossary_core.glossary");
        expect(isDisplayed({ services: { crm_glossary: { enabled: false } } })).toBe(
            false
        );
    });
});

describe("the field under the cursor", () => {
    async function mountScreen() {
        mockGlossary();
        await mountWithCleanup(GlossarySystray);
        await mountView({
            type: "form",
            resModel: "deal",
            resId: 1,
            arch: `<form><group>
                <field name="chance"/>
                <field name="stage"/>
                <field name="child_ids" colspan="2">
                    <list editable="bottom"><field name="name"/></list>
                </field>
            </group></form>`,
        });
        await animationFrame();
    }

    test("the card of the field that is being filled in", async () => {
        await mountScreen();
        await contains(".o_field_widget[name=chance] input").focus();
        await press(["alt", "shift", "g"]);
        await animationFrame();
        await animationFrame();
        expect(".o_glossary_panel h2").toHaveText("Probability");
    });

    test("of the column of a list's cell", async () => {
        await mountScreen();
        await contains(".o_data_row td[name=name]").click();
        await press(["alt", "shift", "g"]);
        await animationFrame();
        await animationFrame();
        expect(".o_glossary_panel h2").toHaveText("Opportunity");
    });

    test("a field without a term leads to the search", async () => {
        await mountScreen();
        await contains(".o_field_widget[name=stage] input").focus();
        await press(["alt", "shift", "g"]);
        await animationFrame();
        await animationFrame();
        expect(".o_glossary_panel").toHaveCount(0);
        expect(".o_command_palette_search .o_namespace").toHaveText("?");
        expect(getService("crm_glossary").enabled).toBe(true);
    });
});
