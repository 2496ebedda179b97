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

const FILE = [
    "Name,Telephone",
    "Anna Tour,+1 202-555-0170",
    "Anna Tour again,001 202 555 0170",
    "Boris Tour,12",
].join("\n");

function figure(name, count) {
    return {
        content: `Checked: ${name}`,
        trigger: `.modal .o_field_widget[name=${name}]:contains(/^${count}$/)`,
    };
}

registry.category("web_tour.tours").add("crm_call_center_import", {
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
            content: "Open the list",
            trigger: ".o_data_row:contains(Tour list) .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "Import a file",
            trigger: ".o_form_statusbar button[name=action_import]",
            run: "click",
        },
        {
            content: "Choose the file",
            trigger: ".modal .o_field_widget[name=file] .o_select_file_button",
            run() {
                const chosen = new DataTransfer();
                chosen.items.add(new File([FILE], "tour.csv", { type: "text/csv" }));
                const input = document.querySelector(".modal .o_input_file");
                input.files = chosen.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "The column of the numbers is recognised",
            trigger:
                ".modal .o_data_row:contains(Telephone) .o_data_cell[name=target]:contains(Phone)",
        },
        {
            content: "Check it",
            trigger: ".modal button[name=action_check]",
            run: "click",
        },
        figure("taken_count", 1),
        figure("duplicate_count", 1),
        figure("unreadable_count", 1),
        {
            content: "Import it",
            trigger: ".modal button[name=action_import]",
            run: "click",
        },
        {
            content: "It is done: close",
            trigger: ".modal button[name=action_close]",
            run: "click",
        },
        {
            content: "The list has one call more",
            trigger:
                "body:not(:has(.modal)) button[name=action_view_calls]:contains(1)",
            run: "click",
        },
        {
            content: "The call is there",
            trigger: ".o_list_view .o_data_row:contains(Anna Tour)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_call_center_report", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the call center",
            trigger:
                ".o_app[data-menu-xmlid='crm_call_center.crm_call_center_menu_root']",
            run: "click",
        },
        {
            content: "Open the reports",
            trigger: "[data-menu-xmlid='crm_call_center.crm_call_report_menu']",
            run: "click",
        },
        {
            content: "Open the calls by operator",
            trigger:
                "[data-menu-xmlid='crm_call_center.crm_call_report_menu_operators']",
            run: "click",
        },
        {
            content: "The operator has a row: group it further",
            trigger: ".o_pivot tbody th:contains(Tour Reporter)",
            run: "click",
        },
        {
            content: "By outcome",
            trigger: ".o-dropdown--menu .dropdown-item:contains(/^Outcome$/)",
            run: "click",
        },
        {
            content: "Two calls of the operator were not answered: which?",
            trigger:
                ".o_pivot tbody tr:has(th:contains(No answer)) .o_pivot_cell_value:contains(/^2$/)",
            run: "click",
        },
        {
            content: "Both are listed, and no other",
            trigger: ".o_list_view:has(.o_data_row:eq(1)):not(:has(.o_data_row:eq(2)))",
        },
        {
            content: "One of them",
            trigger: ".o_list_view .o_data_row:contains(Lead 1)",
        },
    ],
});
