import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const DESK = ".o_call_desk[data-phase=card][data-busy='0']";

/** The card of a lead is on the desk, and the desk listens to the keyboard. */
function onDesk(name) {
    return {
        content: `The card of ${name} is on the desk`,
        trigger: `${DESK}:has(.o_call_person:contains(${name})) .o_call_held:enabled`,
    };
}

/** The next card is there before it is needed. */
const PREFETCHED = {
    content: "The next card was fetched ahead",
    trigger: `${DESK}[data-next='1']`,
};

function press(content, key, trigger = ".o_call_desk[data-busy='0']") {
    return { content, trigger, run: `press ${key}` };
}

function pending(kind) {
    return {
        content: `It asks for more: ${kind}`,
        trigger: `.o_call_outcomes[data-pending=${kind}]`,
    };
}

function told(person, state) {
    return {
        content: `What became of the call of ${person} is told`,
        trigger: `.o_call_last[data-state=${state}]:contains(${person})`,
    };
}

const OPEN = [
    stepUtils.showAppsMenuItem(),
    {
        content: "Open the call center",
        trigger: ".o_app[data-menu-xmlid='crm_call_center.crm_call_center_menu_root']",
        run: "click",
    },
];

registry.category("web_tour.tours").add("crm_call_center_desk", {
    steps: () => [
        ...OPEN,
        {
            content: "The desk comes first",
            trigger: ".o_call_desk[data-phase=ready] .o_call_start",
        },
        press("Start", "Space"),
        onDesk("Lead 0"),
        PREFETCHED,
        {
            content: "The notes of the list are shown",
            trigger: ".o_call_script:contains(Say hello first)",
        },
        {
            content: "Whether it may be called is said in words",
            trigger: ".o_call_permission[data-word=call] b:contains(May be called)",
        },
        press("It was held", "h"),
        {
            content: "Write a note",
            trigger: ".o_call_note:focus",
            run: "edit Wants two of them",
        },
        press("Save and next", "Alt+Enter", ".o_call_note"),
        onDesk("Lead 1"),
        told("Lead 0", "held"),
        press("No answer", "1"),
        onDesk("Lead 2"),
        told("Lead 1", "not_held"),
        press("That was wrong", "Control+z"),
        onDesk("Lead 1"),
        press("Busy", "2"),
        onDesk("Lead 2"),
        press("Call back", "c"),
        pending("callback"),
        {
            content: "When, in both times",
            trigger: ".o_call_choice:eq(2) .o_call_when small",
        },
        press("The third moment", "3"),
        onDesk("Lead 3"),
        told("Lead 2", "not_held"),
        press("Never again", "d"),
        pending("do_not_call"),
        press("Really", "d"),
        onDesk("Lead 4"),
        told("Lead 3", "cancelled"),
        press("Skip", "s"),
        pending("skip"),
        press("For the second reason", "2"),
        onDesk("Lead 5"),
        press("Wrong number", "4"),
        pending("final"),
        press("No", "Escape"),
        onDesk("Lead 5"),
        press("A break", "p"),
        pending("pause"),
        press("For the first reason", "1"),
        {
            content: "Paused",
            trigger:
                ".o_call_desk[data-phase=paused][data-busy='0'] .o_call_pause_clock",
        },
        press("Go on", "Space"),
        onDesk("Lead 5"),
        press("Wrong number", "4"),
        pending("final"),
        press("Wrong number, really", "4"),
        {
            content: "No call is due: the others come later",
            trigger: ".o_call_desk[data-phase=empty] .o_call_empty",
        },
        {
            content: "Progress is shown",
            trigger: ".o_call_counts:contains(3):contains(3)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_call_center_desk_reload", {
    steps: () => [
        ...OPEN,
        press("Start", "Space"),
        onDesk("Lead 0"),
        PREFETCHED,
        press("To the note", "n"),
        {
            content: "Begin a note",
            trigger: ".o_call_note:focus",
            run: "edit Half a sentence",
        },
        {
            content: "The page is loaded anew",
            trigger: DESK,
            run: () => window.location.reload(),
            expectUnloadPage: true,
        },
        onDesk("Lead 0"),
        {
            content: "The note is still there",
            trigger: ".o_call_note:value(Half a sentence)",
        },
        press("No answer", "1"),
        onDesk("Lead 1"),
    ],
});

const { open } = XMLHttpRequest.prototype;

/** Cut the connection of the desk, or mend it. */
function setConnection(isUp) {
    XMLHttpRequest.prototype.open = isUp
        ? open
        : function (method, url, ...rest) {
              if (String(url).includes("/crm.call")) {
                  this.send = () =>
                      setTimeout(() => this.dispatchEvent(new ProgressEvent("error")));
              }
              return open.call(this, method, url, ...rest);
          };
    if (isUp) {
        window.dispatchEvent(new Event("online"));
    }
}

registry.category("web_tour.tours").add("crm_call_center_desk_offline", {
    steps: () => [
        ...OPEN,
        press("Start", "Space"),
        onDesk("Lead 0"),
        PREFETCHED,
        {
            content: "The connection is lost",
            trigger: DESK,
            run: () => setConnection(false),
        },
        press("No answer", "1"),
        onDesk("Lead 1"),
        {
            content: "The outcome waits",
            trigger: ".o_call_waiting b:contains(1)",
        },
        {
            content: "The connection is back",
            trigger: DESK,
            run: () => setConnection(true),
        },
        {
            content: "The outcome was sent",
            trigger: ".o_call_desk:not(:has(.o_call_waiting))",
        },
        told("Lead 0", "not_held"),
        press("Busy", "2"),
        onDesk("Lead 2"),
    ],
});

registry.category("web_tour.tours").add("crm_call_center_desk_convert", {
    steps: () => [
        ...OPEN,
        press("Start", "Space"),
        onDesk("Lead 0"),
        press("Make it an opportunity", "o"),
        {
            content: "It is one now",
            trigger: `${DESK} .o_call_open`,
        },
        press("Open it", "o"),
        {
            content: "The opportunity is open, and it is no lead any more",
            trigger:
                ".o_lead_opportunity_form .o_statusbar_status .o_arrow_button_current",
        },
        {
            content: "Back to the desk",
            trigger: ".o_breadcrumb a:contains(My Desk), .o_back_button",
            run: "click",
        },
        onDesk("Lead 0"),
        press("It was held", "h"),
        pending("held"),
        press("Save and next", "Alt+Enter", ".o_call_note"),
        onDesk("Lead 1"),
        told("Lead 0", "held"),
    ],
});

registry.category("web_tour.tours").add("crm_call_center_desk_hand_over", {
    steps: () => [
        ...OPEN,
        press("Start", "Space"),
        onDesk("Lead 0"),
        press("Make it an opportunity", "o"),
        {
            content: "Whoever may not see opportunities is told where it went",
            trigger: ".o_notification:contains(is with the sales team)",
        },
        {
            content: "The call is still on the desk",
            trigger: `${DESK}:not(:has(.o_call_convert)) .o_call_person:contains(Lead 0)`,
        },
    ],
});
