import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const DESK = ".o_call_desk[data-phase=card]";

/** The card of a lead is on the desk, and the desk listens to the keyboard. */
function onDesk(name) {
    return {
        content: `The card of ${name} is on the desk`,
        trigger: `${DESK}:has(.o_call_person:contains(${name})) .o_call_held:enabled`,
    };
}

function press(content, key, trigger = DESK) {
    return { content, trigger, run: `press ${key}` };
}

registry.category("web_tour.tours").add("crm_call_center_desk", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the call center",
            trigger:
                ".o_app[data-menu-xmlid='crm_call_center.crm_call_center_menu_root']",
            run: "click",
        },
        {
            content: "The desk comes first",
            trigger: ".o_call_desk[data-phase=ready] .o_call_start",
        },
        press("Start", "Space", "body"),
        onDesk("Lead 0"),
        {
            content: "The notes of the list are shown",
            trigger: ".o_call_script:contains(Say hello first)",
        },
        press("It was held", "h", "body"),
        {
            content: "The note has the focus",
            trigger: ".o_call_outcomes[data-pending=held]",
        },
        {
            content: "Write a note",
            trigger: ".o_call_note:focus",
            run: "edit Wants two of them",
        },
        press("Save and next", "Alt+Enter", ".o_call_note"),
        onDesk("Lead 1"),
        {
            content: "What became of the call is told",
            trigger: ".o_call_last[data-state=held]:contains(Lead 0)",
        },
        press("Busy", "2", "body"),
        onDesk("Lead 2"),
        press("Cancel", "x", "body"),
        {
            content: "The reasons are shown",
            trigger: ".o_call_outcomes[data-pending=cancelled] .o_call_reason",
        },
        press("It is a duplicate", "3", "body"),
        onDesk("Lead 3"),
        press("Skip", "n", "body"),
        onDesk("Lead 4"),
        press("Wrong number", "4", "body"),
        {
            content: "It asks once",
            trigger: ".o_call_outcomes[data-pending=not_held] .o_call_final",
        },
        press("Back", "Escape", "body"),
        onDesk("Lead 4"),
        press("Wrong number", "4", "body"),
        {
            content: "It asks again",
            trigger: ".o_call_outcomes[data-pending=not_held] .o_call_final",
        },
        press("Wrong number, really", "4", "body"),
        {
            content: "No call is due: the skipped one and the busy one come later",
            trigger: ".o_call_desk[data-phase=empty] .o_call_empty",
        },
        {
            content: "Progress is shown",
            trigger: ".o_call_counts:contains(3):contains(2)",
        },
    ],
});
