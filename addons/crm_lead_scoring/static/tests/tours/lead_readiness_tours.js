import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("crm_lead_scoring_readiness", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the CRM",
            trigger: ".o_app[data-menu-xmlid='crm.crm_menu_root']",
            run: "click",
        },
        {
            content: "Open a lead that is not ready yet",
            trigger: ".o_kanban_record:contains(Tour bakery)",
            run: "click",
        },
        {
            trigger: ".nav-link[name='lead_score']",
            run: "click",
        },
        {
            content: "What would make it ready, in words",
            trigger: "[name='readiness']:contains(60 more points: it has 0 of 60)",
        },
        {
            content: "Somebody tells the budget",
            trigger: ".o_field_widget[name='expected_revenue'] input",
            run: "edit 5000",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The lead is ready, and handed over",
            trigger: ".o_lead_ready_badge:contains(Ready since)",
        },
        {
            content: "Accept it",
            trigger: "button[name='action_accept_handover']",
            run: "click",
        },
        {
            content: "It is answered",
            trigger: ".o_form_view:not(:has(button[name='action_accept_handover']))",
        },
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the inbox",
            trigger:
                ".o_app[data-menu-xmlid='crm_lead_scoring.crm_lead_scoring_menu_root']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='crm_lead_scoring.crm_lead_scoring_menu_ready']",
            run: "click",
        },
        {
            content: "The accepted lead does not wait any more",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(Tour bakery)))",
        },
        {
            content: "Return another lead",
            trigger: ".o_data_row:contains(Tour hotel) button:contains(Return)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='reason_id'] input",
            run: "edit Tour no budget",
        },
        {
            trigger: ".dropdown-item:contains(Tour no budget)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit Asks again in May",
        },
        {
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            content: "The inbox is empty and says what it is for",
            trigger: ".o_view_nocontent:contains(Nothing waits for your answer)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_lead_scoring_go_live", {
    steps: () => [
        {
            content: "Open the scoring model",
            trigger: ".o_data_row td:contains(Tour model)",
            run: "click",
        },
        {
            trigger: ".nav-link[name='readiness']",
            run: "click",
        },
        {
            content: "A threshold in the wrong order",
            trigger: ".o_field_widget[name='unready_score'] input",
            run: "edit 70",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "is refused in words",
            trigger: ".modal:contains(The second number cannot be the greater one)",
        },
        {
            trigger: ".modal .modal-footer button",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='unready_score'] input",
            run: "edit 40",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Go live",
            trigger: "button[name='action_go_live']",
            run: "click",
        },
        {
            content: "One lead is ready already",
            trigger: ".modal [name='ready_lead_count']:contains(1)",
        },
        {
            content: "Act on it too",
            trigger: ".modal [name='scope'] input[data-value='all']",
            run: "click",
        },
        {
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            content: "The model is live",
            trigger: "button[name='action_observe']",
        },
    ],
});
