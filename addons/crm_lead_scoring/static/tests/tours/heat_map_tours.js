import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("crm_lead_scoring_heat_map", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open Lead Scoring",
            trigger:
                ".o_app[data-menu-xmlid='crm_lead_scoring.crm_lead_scoring_menu_root']",
            run: "click",
        },
        {
            content: "The leads are there",
            trigger: ".o_list_view .o_data_row:contains(Tour 0)",
        },
        {
            content: "Open the matrix",
            trigger:
                "[data-menu-xmlid='crm_lead_scoring.crm_lead_score_heat_map_menu']",
            run: "click",
        },
        {
            content: "Two leads are graded A1, all four are in the total",
            trigger:
                ".o_heat_map_grid:has([data-place='4-4'] .o_heat_map_count:contains(4)) [data-place='1-1']:contains(A1) .o_heat_map_count:contains(2)",
            run: "click",
        },
        {
            content: "The list holds as many leads as the cell said",
            trigger:
                ".o_list_view .o_control_panel:contains(Leads graded A1) ~ .o_content",
            run: () => {
                const rows = document.querySelectorAll(".o_data_row").length;
                if (rows !== 2) {
                    throw new Error(`2 leads in the cell, ${rows} in the list`);
                }
            },
        },
        {
            content: "Back to the matrix",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "A row opens its leads",
            trigger: ".o_heat_map_grid [data-place='1-0']:contains(A)",
            run: "click",
        },
        {
            content: "Three leads fit well",
            trigger: ".o_list_view .o_pager:contains(1-3)",
        },
    ],
});
