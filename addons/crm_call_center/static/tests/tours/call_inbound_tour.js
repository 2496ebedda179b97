import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

function click(content, trigger) {
    return { content, trigger, run: "click" };
}

function openMenu(content, xmlid) {
    return [
        click("Open the calls", "[data-menu-xmlid='crm_call_center.crm_call_menu']"),
        click(content, `.dropdown-item[data-menu-xmlid='crm_call_center.${xmlid}']`),
    ];
}

/** The number rings: look up whose it is. */
function receive(number) {
    return [
        ...openMenu("A call comes in", "crm_call_receive_menu"),
        {
            content: "Its number",
            trigger: ".modal .o_field_widget[name=phone] input",
            run: `edit ${number}`,
        },
        click("Look it up", ".modal button[name=action_look_up]"),
    ];
}

/** How the call on the form went. */
function wrapUp(kind, outcome) {
    return [
        click(
            `The call was: ${kind}`,
            `.o_form_statusbar button[name=action_wrap_up]:contains(/^${kind}$/)`
        ),
        click(
            `What came of it: ${outcome}`,
            `.modal .o_radio_item:has(label:contains(/^${outcome}$/)) input`
        ),
        {
            content: `${outcome} is chosen`,
            trigger: `.modal .o_radio_item:has(label:contains(/^${outcome}$/)) input:checked`,
        },
        click("Save it", ".modal button[name=action_confirm]"),
    ];
}

function isState(state) {
    return {
        content: `The call is ${state}`,
        trigger:
            "body:not(:has(.modal)) .o_statusbar_status" +
            ` .o_arrow_button_current[data-value=${state}]`,
    };
}

registry.category("web_tour.tours").add("crm_call_center_inbound", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        click(
            "Open the call center",
            ".o_app[data-menu-xmlid='crm_call_center.crm_call_center_menu_root']"
        ),
        // Somebody known
        ...receive("00 1 (202) 555-0175"),
        {
            content: "It is said who calls, however the number is written",
            trigger: ".modal div[name=found] .o_data_row:contains(Tour caller)",
        },
        click(
            "Take the call",
            ".modal .o_data_row:contains(Tour caller) button[name=action_take]"
        ),
        {
            content: "The call is of the contact",
            trigger:
                ".o_form_view .o_field_widget[name=partner_id] input:value(Tour caller)",
        },
        ...wrapUp("Held", "Held"),
        isState("held"),
        // Somebody new, whose call nobody took
        ...receive("+1 202-555-0176"),
        {
            content: "Nobody is known",
            trigger: ".modal div[name=unknown]",
        },
        {
            content: "They leave their name",
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Somebody unknown",
        },
        click(
            "Note the call",
            ".modal footer button[name=action_take]:contains(Take the Call)"
        ),
        {
            content: "The call is of a name and a number",
            trigger:
                ".o_form_view .o_field_widget[name=name] :value(Call from Somebody unknown)",
        },
        ...wrapUp("Not Held", "Missed by us"),
        isState("not_held"),
        // Call back
        ...openMenu("Open the calls that came in", "crm_call_menu_inbound"),
        click(
            "The missed one",
            ".o_list_view .o_data_row:contains(Somebody unknown) .o_data_cell[name=name]"
        ),
        click(
            "Call back",
            ".o_form_statusbar button[name=action_schedule_call]:contains(Call Back)"
        ),
        {
            content: "A new call to the same number",
            trigger:
                ".o_form_view:has(.o_field_widget[name=phone] input:value(202-555-0176))",
        },
        ...stepUtils.saveForm(),
        {
            content: "It can be dialled",
            trigger: ".o_form_statusbar button[name=action_dial]",
        },
    ],
});
