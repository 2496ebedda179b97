import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("crm_call_center_list", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the call center",
            trigger:
                ".o_app[data-menu-xmlid='crm_call_center.crm_call_center_menu_root']",
            run: "click",
        },
        {
            content: "Open the lists",
            trigger: "[data-menu-xmlid='crm_call_center.crm_call_list_menu']",
            run: "click",
        },
        {
            content: "Make a list",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".o_field_widget[name=name] input",
            run: "edit Made in the tour",
        },
        {
            content: "Look for an operator",
            trigger: ".o_field_widget[name=operator_ids] input",
            run: "edit Tour Operator",
        },
        {
            content: "Take the operator",
            trigger: ".o-autocomplete--dropdown-item:contains(Tour Operator)",
            run: "click",
        },
        {
            content: "The criterion counts its matches",
            trigger: ".o_field_widget[name=domain]:contains(2)",
        },
        {
            content: "Start the list",
            trigger: "button[name=action_start]",
            run: "click",
        },
        {
            content: "It runs",
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value=running]",
        },
        {
            content: "One call was made of the lead with a number",
            trigger: ".oe_stat_button[name=action_view_calls]:contains(1)",
        },
        {
            content: "The other is counted as left out",
            trigger: "div[name=left_out] span[name=no_phone]:contains(1)",
        },
        {
            content: "Open the calls",
            trigger: ".oe_stat_button[name=action_view_calls]",
            run: "click",
        },
        {
            content: "The call is there",
            trigger: ".o_list_view .o_data_cell:contains(Tour lead)",
        },
    ],
});
