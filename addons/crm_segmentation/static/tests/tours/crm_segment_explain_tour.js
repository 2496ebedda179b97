import { registry } from "@web/core/registry";

/** A salesperson asks why a contact is not in a segment. */
registry.category("web_tour.tours").add("crm_segmentation_explain_tour", {
    steps: () => [
        {
            content: "Ask why",
            trigger: ".o_form_view button[name='action_explain']",
            run: "click",
        },
        {
            content: "About this contact",
            trigger: ".o_dialog .o_segment_explanation input",
            run: "edit Tour outsider",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Tour outsider')",
            run: "click",
        },
        {
            content: "The condition that excludes it",
            trigger:
                ".o_explanation_node.o_excludes:contains('2.') .o_explanation_value:contains('AT')",
        },
        {
            content: "In one sentence",
            trigger:
                ".o_explanation_text:contains('Condition 2 excludes Tour outsider')",
        },
        {
            trigger: ".o_dialog .btn-close",
            run: "click",
        },
        { trigger: "body:not(:has(.o_dialog))" },
    ],
});
