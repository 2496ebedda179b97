import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** A marketer adds an action to a segment, tries it, and switches it on. */
registry.category("web_tour.tours").add("crm_segmentation_action_tour", {
    steps: () => [
        {
            content: "What is done for members",
            trigger: "a.nav-link[name='actions']",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name='action_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "A tag",
            trigger: ".o_dialog .o_field_widget[name='kind'] input",
            run: "click",
        },
        {
            trigger:
                ".o-dropdown-item:contains('Add a tag'), .o_select_menu_item:contains('Add a tag')",
            run: "click",
        },
        {
            trigger: ".o_dialog .o_field_widget[name='partner_tag_id'] input",
            run: "edit Tour tag",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Tour tag')",
            run: "click",
        },
        {
            trigger: ".o_dialog .modal-footer .o_form_button_save",
            run: "click",
        },
        { trigger: "body:not(:has(.o_dialog))" },
        ...stepUtils.saveForm(),
        {
            content: "Open it",
            trigger:
                ".o_field_widget[name='action_ids'] .o_data_row .o_data_cell[name='name']",
            run: "click",
        },
        {
            content: "Try it first",
            trigger: "button[name='action_dry_run']",
            run: "click",
        },
        {
            content: "What would be done",
            trigger:
                ".o_dialog:has(.o_field_widget[name='tried_count']:contains('1')) .o_field_widget[name='for_present'] input",
            run: "click",
        },
        {
            content: "Switch it on",
            trigger:
                ".o_dialog:has(.o_field_widget[name='tried_count']) footer button[name='action_switch_on']",
            run: "click",
        },
        {
            content: "It is on",
            trigger:
                ".o_field_widget[name='action_ids'] .o_data_row .o_data_cell[name='is_on'] input:checked",
        },
    ],
});
