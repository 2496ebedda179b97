import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const SCREEN = ".o_triage[data-busy='0']";

/** The lead is on the screen, and the screen listens to the keyboard. */
function onScreen(name, more = "") {
    return {
        content: `${name} is on the screen`,
        trigger: `${SCREEN}:has(.o_triage_name:contains(${name})) ${more}`,
    };
}

function press(content, key) {
    return { content, trigger: SCREEN, run: `press ${key}` };
}

function said(words) {
    return {
        content: `It says ${words}`,
        trigger: `.o_triage_said:contains(${words})`,
    };
}

registry.category("web_tour.tours").add("crm_lead_scoring_triage", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the app",
            trigger:
                ".o_app[data-menu-xmlid='crm_lead_scoring.crm_lead_scoring_menu_root']",
            run: "click",
        },
        {
            trigger:
                "[data-menu-xmlid='crm_lead_scoring.crm_lead_scoring_menu_triage']",
            run: "click",
        },
        onScreen("Tour ready"),
        {
            content: "Why its score is what it is",
            trigger: ".o_triage_for:contains(+60):contains(Tour budget)",
        },
        press("Accept", "a"),
        said("Accepted as an opportunity. 3 left."),
        onScreen("Tour large"),
        press("Nurture", "n"),
        {
            trigger: ".o_triage_panel[data-panel=nurture]",
        },
        press("In a week", "w"),
        press("Now", "n"),
        said("Nurtured"),
        onScreen("Tour medium"),
        press("Skip", "Space"),
        onScreen("Tour small"),
        press("Discard", "d"),
        {
            trigger: ".o_triage_reason:first:contains(Tour too small)",
        },
        press("Write a note", "t"),
        {
            trigger: ".o_triage_note:focus",
            run: "edit Two desks and a dad",
        },
        {
            content: "Letters were only typed",
            trigger: ".o_triage_panel[data-panel=discard] .o_triage_note:focus",
            run: "press Enter",
        },
        press("It is too small", "1"),
        said("Discarded: Tour too small. 1 left."),
        {
            content: "Only the skipped one is left",
            trigger: ".o_triage_empty .o_triage_again",
        },
        press("Undo", "u"),
        said("Undone"),
        onScreen("Tour small"),
        press("Discard again", "d"),
        {
            trigger: ".o_triage_reason:first",
            run: "click",
        },
        {
            trigger: ".o_triage_again",
            run: "click",
        },
        onScreen("Tour medium"),
        {
            content: "The button does what the key does",
            trigger: ".o_triage_accept",
            run: "click",
        },
        {
            content: "Glad",
            trigger: ".o_triage_empty:contains(Well done)",
        },
        {
            trigger: ".o_triage_count:contains(4 done today, 0 left)",
        },
        press("The keys", "Shift+?"),
        {
            trigger: ".modal .o_triage_keys",
        },
    ],
});
