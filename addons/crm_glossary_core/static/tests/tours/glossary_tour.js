import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

function openGlossary() {
    return [
        stepUtils.showAppsMenuItem(),
        {
            content: "open the app",
            trigger:
                ".o_app[data-menu-xmlid='crm_glossary_core.crm_glossary_menu_root']",
            run: "click",
        },
        {
            content: "go to the list",
            trigger:
                ".o_menu_sections [data-menu-xmlid='crm_glossary_core.crm_glossary_term_menu']",
            run: "click",
        },
        {
            content: "terms are listed",
            trigger: ".o_list_view .o_data_row td[name=name]:contains('Activity')",
        },
    ];
}

registry.category("web_tour.tours").add("crm_glossary_look_up", {
    steps: () => [
        ...openGlossary(),
        {
            content: "look for a word",
            trigger: ".o_searchview_input",
            run: "edit win",
        },
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains('win')",
            run: "click",
        },
        {
            content: "open the term",
            trigger: ".o_searchview_facet:contains('win')",
        },
        {
            trigger: ".o_data_row td[name=name]:contains('Win Rate')",
            run: "click",
        },
        {
            content: "read it",
            trigger: ".o_glossary_form div[name=definition]:contains('won')",
        },
        {
            trigger: ".o_glossary_pitfall:contains('archived')",
        },
        {
            content: "readers cannot write",
            trigger: ".o_glossary_form:not(:has(textarea)):not(:has(.o_notebook))",
        },
        {
            content: "go on to a related term",
            trigger: "div[name=related_term_ids] .o_tag:contains('Conversion Rate')",
            run: "click",
        },
        {
            trigger: ".o_breadcrumb:contains('Win Rate')",
        },
        {
            trigger: ".o_glossary_form div[name=name]:contains('Conversion Rate')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_glossary_write_term", {
    steps: () => [
        ...openGlossary(),
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_glossary_form div[name=name] textarea, div[name=name] input",
            run: "edit Win-Back Call",
        },
        {
            trigger: ".o_glossary_form div[name=definition] textarea",
            run: "edit A call to a customer who stopped buying.",
        },
        {
            trigger: ".o_notebook .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: "div[name=synonym_ids] td[name=name] input",
            run: "edit reactivation call",
        },
        {
            trigger: "button[name=action_submit]",
            run: "click",
        },
        {
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current[data-value=approved]",
        },
    ],
});
