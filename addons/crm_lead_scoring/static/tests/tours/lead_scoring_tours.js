import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("crm_lead_scoring_salesperson", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the CRM",
            trigger: ".o_app[data-menu-xmlid='crm.crm_menu_root']",
            run: "click",
        },
        {
            content: "The card shows the grade in words, not in colour alone",
            trigger:
                ".o_kanban_record:contains(Tour tea factory) .o_lead_grade_badge:contains(A3)[aria-label='Grade A3, score 65']",
        },
        {
            content: "Open the lead",
            trigger: ".o_kanban_record:contains(Tour tea factory)",
            run: "click",
        },
        {
            content: "The score stands beside the probability",
            trigger: "[name='lead_score'] .o_lead_grade_badge:contains(A3)",
        },
        {
            content: "Open what it is made of",
            trigger: ".nav-link[name='lead_score']",
            run: "click",
        },
        {
            content: "A rule that gives",
            trigger:
                ".o_lead_score_step:contains(Tour budget):contains(+80):contains(Expected Revenue)",
        },
        {
            content: "A rule that takes",
            trigger: ".o_lead_score_step:contains(Tour silence):contains(\u221215)",
        },
        stepUtils.showAppsMenuItem(),
        {
            content: "Open Lead Scoring",
            trigger:
                ".o_app[data-menu-xmlid='crm_lead_scoring.crm_lead_scoring_menu_root']",
            run: "click",
        },
        {
            content: "The list says how old the scores are",
            trigger: ".o_lead_score_freshness",
        },
        {
            content: "The lead is in the list",
            trigger: ".o_data_row:contains(Tour tea factory) .o_lead_grade_badge",
        },
    ],
});

registry.category("web_tour.tours").add("crm_lead_scoring_manager", {
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
            trigger: "[data-menu-xmlid='crm_lead_scoring.crm_lead_score_model_menu']",
            run: "click",
        },
        {
            content: "Open the scoring model",
            trigger: ".o_data_row td:contains(Tour model)",
            run: "click",
        },
        {
            content: "Add a rule",
            trigger: ".o_field_x2many_list_row_add a:contains(Add a rule)",
            run: "click",
        },
        {
            trigger: ".o_selected_row [name='name'] input",
            run: "edit Tour large",
        },
        {
            trigger: ".o_selected_row [name='points'] input",
            run: "edit 25",
        },
        {
            content: "Write its conditions",
            trigger: ".o_selected_row .o_list_record_open_form_view button",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='domain'] a:contains(New Rule)",
            run: "click",
        },
        {
            content: "Choose the field",
            trigger: ".o_field_widget[name='domain'] .o_model_field_selector",
            run: "click",
        },
        {
            trigger: ".o_model_field_selector_popover_search input",
            run: "edit Expected Revenue",
        },
        {
            trigger:
                ".o_model_field_selector_popover_item[data-name='expected_revenue'] button",
            run: "click",
        },
        {
            content: "The sentence follows the conditions",
            trigger: ".o_lead_score_sentence:contains(Expected Revenue is 1)",
        },
        {
            content: "Choose the value",
            trigger:
                ".o_field_widget[name='domain'] .o_tree_editor_condition > .o_tree_editor_editor:last input",
            run: "edit 5000 && press Tab",
        },
        {
            content: "The rule as a sentence",
            trigger:
                ".o_lead_score_sentence:contains(this holds):contains(Expected Revenue is 5,000):contains(+25)",
        },
        {
            content: "How many leads match",
            trigger: ".o_lead_score_sentence [name='matching_count']:contains(/^1$/)",
        },
        {
            content: "Test it on a lead, before it is saved",
            trigger: ".o_rule_test .o_record_selector input",
            run: "edit Tour tea",
        },
        {
            trigger:
                ".o_rule_test .o-autocomplete--dropdown-item:contains(Tour tea factory)",
            run: "click",
        },
        {
            content: "What the rule gives to it, and why",
            trigger:
                ".o_rule_test_result:contains(+25):has(.o_rule_test_holds:contains(Expected Revenue is 5,000):contains(5,000))",
        },
        {
            content: "Change the condition",
            trigger:
                ".o_field_widget[name='domain'] .o_tree_editor_condition > .o_tree_editor_editor:last input",
            run: "edit 6000 && press Tab",
        },
        {
            content: "The answer follows",
            trigger:
                ".o_rule_test_result:contains(gets no points):has(.o_rule_test_node:not(.o_rule_test_holds):contains(this lead: 5,000))",
        },
        {
            trigger:
                ".o_field_widget[name='domain'] .o_tree_editor_condition > .o_tree_editor_editor:last input",
            run: "edit 5000 && press Tab",
        },
        {
            trigger: ".o_rule_test_result .o_rule_test_holds",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Back to the scoring model",
            trigger: ".breadcrumb-item a:contains(Tour model)",
            run: "click",
        },
        {
            content: "The model shows the sentence and the count",
            trigger:
                ".o_data_row:contains(Tour large):contains(+25):contains(Expected Revenue)",
        },
        {
            content: "Refresh the scores",
            trigger: "button[name='action_recompute']",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(up to date)",
        },
    ],
});
