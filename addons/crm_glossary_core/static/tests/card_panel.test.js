import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { pointerDown, press, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    getService,
    mockService,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { user } from "@web/core/user";
import { defineGlossaryModels, getCard, mockGlossary } from "./glossary_test_helpers";

defineMailModels();
defineModels(defineGlossaryModels());
beforeEach(() => {
    onRpc("has_group", () => true);
});

/** Open the card of a term over a form. */
async function openCard(code, extra) {
    const calls = mockGlossary(
        extra && { get_cards: (_args, { codes }) => [getCard(codes[0], extra)] }
    );
    await mountView({
        type: "form",
        resModel: "deal",
        resId: 1,
        arch: `<form><field name="name"/><field name="stage"/></form>`,
    });
    await contains(".o_field_widget[name=stage] input").focus();
    getService("crm_glossary").openCard(code);
    await animationFrame();
    await animationFrame();
    return calls;
}

function mockAction() {
    mockService("action", {
        doAction(action, options) {
            expect.step(action.tag || action.res_model || action);
            if (options?.props) {
                expect.step(options.props);
            }
        },
    });
}

describe("what it says", () => {
    test("everything that is known, and nothing that is not", async () => {
        await openCard("win_rate");
        expect(".o_glossary_panel h2").toHaveText("Win Rate");
        expect(".o_glossary_definition").toHaveText(
            "Share of closed deals that were won."
        );
        expect(".o_glossary_value").toHaveText("25 %");
        expect(".o_glossary_truth").toHaveText(/12 deals were closed here/);
        expect(".o_glossary_words").toHaveText(/Also called\s*success rate/);
        expect(queryAllTexts(".o_glossary_places li")).toEqual(["Menu: Reporting"]);
        expect(".o_glossary_fallback").toHaveCount(0);
        expect(".o_glossary_module").toHaveCount(0);
        expect(".o_glossary_edit").toHaveCount(0);
    });

    test("what a user wrote is text, not HTML", async () => {
        await openCard("win_rate");
        expect(".o_glossary_pitfall p").toHaveText(
            "Lost deals are archived: <b>look</b> for them."
        );
        expect(".o_glossary_pitfall p b").toHaveCount(0);
    });

    test("a term that is shown in English says so", async () => {
        await openCard("win_rate", { language: { fallback: true } });
        expect(".o_glossary_fallback").toHaveCount(1);
    });

    test("without a number there is no number", async () => {
        await openCard("win_rate", { kpi: false });
        expect(".o_glossary_number").toHaveCount(0);
    });

    test("a term that is gone says so", async () => {
        await openCard("win_rate");
        getService("crm_glossary").closeCard();
        await animationFrame();
        onRpc("crm.glossary.term", "get_cards", () => []);
        getService("crm_glossary").openCard("gone");
        await animationFrame();
        await animationFrame();
        expect(".o_glossary_panel_body").toHaveText(/not in the glossary any more/);
    });
});

describe("what it does", () => {
    test("its number leads to exactly the records counted", async () => {
        mockAction();
        onRpc("crm.kpi", "action_open_records", ({ args, kwargs }) => {
            expect.step([args[0], kwargs.date_from, kwargs.date_to]);
            return { res_model: "crm.lead" };
        });
        await openCard("win_rate");
        await contains(".o_glossary_records").click();
        await animationFrame();
        expect.verifySteps([[[5], "2019-03-01", "2019-03-31"], "crm.lead"]);
        expect(".o_glossary_panel").toHaveCount(0);
    });

    test("it opens the thing, and the glossary", async () => {
        mockAction();
        onRpc("crm.glossary.term", "action_open", () => ({ res_model: "crm.stage" }));
        await openCard("win_rate");
        await contains(".o_glossary_open").click();
        expect.verifySteps(["crm.stage"]);
        getService("crm_glossary").openCard("win_rate");
        await contains(".o_glossary_browse").click();
        expect.verifySteps([
            "crm_glossary_core.crm_glossary_browser_action",
            { term: "win_rate" },
        ]);
    });

    test("an editor gets to the form", async () => {
        mockAction();
        await openCard("win_rate", { can_edit: true });
        await contains(".o_glossary_edit").click();
        expect.verifySteps(["crm.glossary.term"]);
    });

    test("an administrator installs what is missing, others are told", async () => {
        const module = {
            name: "sale",
            label: "Sales",
            state: "uninstalled",
            installable: true,
        };
        mockAction();
        onRpc("crm.glossary.term", "action_install_module", () => {
            expect.step("install");
            return false;
        });
        patchWithCleanup(user, { isSystem: false });
        await openCard("win_rate", { module });
        expect(".o_glossary_module").toHaveText(/Sales is not installed/);
        expect(".o_glossary_install").toHaveCount(0);
        getService("crm_glossary").closeCard();
        await animationFrame();
        patchWithCleanup(user, { isSystem: true });
        getService("crm_glossary").openCard("win_rate");
        await contains(".o_glossary_install").click();
        await contains(".modal .btn-primary").click();
        await animationFrame();
        expect.verifySteps(["install", "reload"]);
    });

    test("a term named in a text is opened, and left again", async () => {
        const calls = await openCard("win_rate");
        await contains(".o_glossary_panel .o_glossary_link").click();
        await animationFrame();
        expect(".o_glossary_panel h2").toHaveText("Probability");
        expect(".o_glossary_panel h2").toBeFocused();
        await contains(".o_glossary_back").click();
        await animationFrame();
        expect(".o_glossary_panel h2").toHaveText("Win Rate");
        expect(".o_glossary_back").toHaveCount(0);
        expect(calls.filter((call) => call.startsWith("get_cards"))).toEqual([
            "get_cards:win_rate",
            "get_cards:probability",
            "get_cards:win_rate",
        ]);
    });
});

describe("how it behaves", () => {
    test("a dialog with a name, which keeps the focus and gives it back", async () => {
        await openCard("win_rate");
        expect(".o_glossary_panel").toHaveAttribute("role", "dialog");
        expect(".o_glossary_panel h2").toHaveAttribute(
            "id",
            document.querySelector(".o_glossary_panel").getAttribute("aria-labelledby")
        );
        expect(".o_glossary_panel h2").toBeFocused();
        await press(["shift", "Tab"]);
        for (let i = 0; i < 20; i++) {
            await press("Tab");
            expect(document.activeElement.closest(".o_glossary_panel")).not.toBe(null);
        }
        await press("Escape");
        await animationFrame();
        expect(".o_glossary_panel").toHaveCount(0);
        expect(".o_field_widget[name=stage] input").toBeFocused();
    });

    test("a click beside it closes it, a click in it does not", async () => {
        await openCard("win_rate");
        await pointerDown(".o_glossary_definition");
        await animationFrame();
        expect(".o_glossary_panel").toHaveCount(1);
        await pointerDown(".o_form_view");
        await animationFrame();
        expect(".o_glossary_panel").toHaveCount(0);
    });

    test("a second term opens in the same card", async () => {
        await openCard("win_rate");
        getService("crm_glossary").openCard("opportunity");
        await animationFrame();
        await animationFrame();
        expect(".o_glossary_panel").toHaveCount(1);
        expect(".o_glossary_panel h2").toHaveText("Opportunity");
    });
});
