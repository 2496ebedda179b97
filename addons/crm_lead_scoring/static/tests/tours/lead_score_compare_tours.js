import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("crm_lead_scoring_compare", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open Lead Scoring",
            trigger:
                ".o_app[data-menu-xmlid='crm_lead_scoring.crm_lead_scoring_menu_root']",
            run: "click",
        },
        {
            content: "Open the configuration",
            trigger:
                "[data-menu-xmlid='crm_lead_scoring.crm_lead_scoring_menu_config']",
            run: "click",
        },
        {
            content: "Open the scoring models",
            trigger: "[data-menu-xmlid='crm_lead_scoring.crm_lead_score_model_menu']",
            run: "click",
        },
        {
            content: "Open the model",
            trigger: ".o_data_row:contains(Tour model) td[name='name']",
            run: "click",
        },
        {
            content: "Open the menu of the form",
            trigger:
                ".o_form_view:has(button[name='action_export']) .o_cp_action_menus button",
            run: "click",
        },
        {
            content: "Duplicate it",
            trigger: ".o-dropdown--menu .o_menu_item:contains(Duplicate)",
            run: "click",
        },
        {
            content: "The copy says what comes next",
            trigger: "div[name='copy']:contains(This copy scores no leads yet)",
        },
        {
            content: "Change the points of a rule",
            trigger: ".o_data_row:contains(Tour budget) td[name='points']",
            run: "click",
        },
        {
            content: "It gives less",
            trigger: ".o_data_row.o_selected_row td[name='points'] input",
            run: "edit 20",
        },
        {
            content: "Compare, which saves the copy",
            trigger: "button.o_lead_score_compare_copy",
            run: "click",
        },
        {
            content: "One lead gets a worse grade",
            trigger: ".o_lead_score_compare_down:contains(1)",
        },
        {
            content: "The matrix says from which grade to which",
            trigger: ".o_lead_compare_down button[aria-label='From A3 down to C3: 1']",
        },
        {
            content: "What is different between the models",
            trigger: ".o_notebook .nav-link[name='rules']",
            run: "click",
        },
        {
            content: "The rule that was changed",
            trigger:
                ".o_data_row:contains(Changed):contains(Tour budget):contains(+80):contains(+20)",
        },
        {
            content: "Back to the matrix",
            trigger: ".o_notebook .nav-link[name='grades']",
            run: "click",
        },
        {
            content: "Open the lead that goes down",
            trigger: ".o_lead_compare_down button",
            run: "click",
        },
        {
            content: "The list says why",
            trigger:
                ".o_list_view .o_data_row:contains(Tour tea factory) td[name='explanation']:contains(Tour budget: +80 → +20)",
            run: "click",
        },
        {
            content: "Rule by rule, and it adds up",
            trigger: "div[name='explanation_table']:contains(-60)",
        },
    ],
});
