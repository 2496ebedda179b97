import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** A marketer makes a segment, sees its rule in words and its size, opens the members. */
registry.category("web_tour.tours").add("crm_segmentation_marketer_tour", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the application",
            trigger:
                ".o_app[data-menu-xmlid='crm_segmentation.crm_segmentation_menu_root']",
            run: "click",
        },
        { trigger: ".o_list_view, .o_view_nocontent" },
        { content: "New segment", trigger: ".o_list_button_add", run: "click" },
        {
            trigger: ".o_field_widget[name='name'] input",
            run: "edit Tour companies",
        },
        {
            content: "Edit the rule",
            trigger: ".o_field_domain_dialog_button",
            run: "click",
        },
        {
            trigger: ".o_dialog .o_tree_editor a[role='button']",
            run: "click",
        },
        {
            content: "Choose a field",
            trigger: ".o_dialog .o_tree_editor_condition .o_model_field_selector",
            run: "click",
        },
        {
            trigger: ".o_model_field_selector_popover_search input",
            run: "edit Is a Company",
        },
        {
            trigger:
                ".o_model_field_selector_popover_item[data-name='is_company'] button",
            run: "click",
        },
        {
            trigger:
                ".o_dialog .o_model_field_selector_chain_part:contains('Is a Company')",
        },
        { trigger: ".o_dialog .modal-footer .btn-primary", run: "click" },
        { trigger: "body:not(:has(.o_dialog))" },
        {
            content: "The rule is written in words",
            trigger: ".o_field_widget[name='domain_sentence']:contains('Is a Company')",
        },
        ...stepUtils.saveForm(),
        {
            content: "Members",
            trigger: ".o_stat_text:contains('Members')",
            run: "click",
        },
        {
            content: "Its contacts are listed",
            trigger: ".o_list_view .o_data_row:contains('Segment tour company')",
        },
        {
            trigger: ".o_back_button, .breadcrumb-item a:contains('Tour companies')",
            run: "click",
        },
        {
            content: "The segment is filled and up to date",
            trigger: ".o_field_widget[name='freshness']:contains('Up to date')",
        },
        { trigger: "a.nav-link[name='history']", run: "click" },
        { trigger: ".o_segment_flow_graph canvas" },
    ],
});

/** A salesperson reads on a contact's page which segments it is in, since when and why. */
registry.category("web_tour.tours").add("crm_segmentation_salesperson_tour", {
    steps: () => [
        {
            content: "Chips",
            trigger:
                ".o_form_view .o_field_widget[name='segment_ids'] .o_tag:contains('Tour segment')",
        },
        {
            content: "Smart button",
            trigger: ".oe_stat_button[name='action_view_segments']:contains('1')",
            run: "click",
        },
        {
            trigger:
                ".o_data_row .o_data_cell[name='segment_id']:contains('Tour segment')",
        },
        {
            trigger: ".o_data_row .o_data_cell[name='reason_in']:contains('Rule set')",
        },
        { trigger: ".o_data_row .o_data_cell[name='date_from']:not(:empty)" },
    ],
});

/** A marketer adds a chosen contact to a new segment that is kept by hand. */
registry.category("web_tour.tours").add("crm_segmentation_add_tour", {
    steps: () => [
        {
            trigger:
                ".o_data_row:contains('Segment tour company') .o_list_record_selector input",
            run: "click",
        },
        { trigger: ".o_cp_action_menus .dropdown-toggle", run: "click" },
        { trigger: ".o-dropdown-item:contains('Add to Segment')", run: "click" },
        {
            content: "The chosen contact is there",
            trigger:
                ".o_dialog .o_field_widget[name='partner_ids'] .o_tag:contains('Segment tour company')",
        },
        {
            trigger: ".o_dialog .o_field_widget[name='segment_id'] input",
            run: "edit Tour board",
        },
        {
            content: "Make the segment on the way",
            trigger: ".o-autocomplete--dropdown-item:contains('Create')",
            run: "click",
        },
        {
            content: "What will change",
            trigger: ".o_dialog .o_field_widget[name='changing_count']:contains('1')",
        },
        {
            trigger: ".o_dialog footer .btn-primary:contains('Add')",
            run: "click",
        },
        { trigger: ".o_notification:contains('1 added')" },
    ],
});

/** A marketer starts from a template: first steps, gallery, a segment of one's own. */
registry.category("web_tour.tours").add("crm_segmentation_template_tour", {
    steps: () => [
        {
            content: "The first step is to be done",
            trigger: ".o_segment_onboarding_step[data-code='segment'].o_current",
        },
        {
            content: "What does not work is said",
            trigger: ".o_segment_health [data-code='broken']:contains('Tour broken')",
        },
        {
            content: "Start from a template",
            trigger: ".o_segment_onboarding_step[data-code='segment'] button",
            run: "click",
        },
        {
            content: "Use one",
            trigger: ".o_kanban_record:contains('Consumers') button:contains('Use')",
            run: "click",
        },
        {
            content: "It is a segment now, with its rule in words",
            trigger: ".o_field_widget[name='domain_sentence']:contains('Is a Company')",
        },
        { trigger: ".o_form_button_create" },
        {
            content: "Back to the list",
            trigger: "a[data-menu-xmlid='crm_segmentation.crm_segment_menu']",
            run: "click",
        },
        { trigger: ".o_data_row:contains('Consumers')" },
        {
            content: "The step is done",
            trigger: ".o_segment_onboarding_step[data-code='segment'].o_done",
        },
        {
            content: "No more of this",
            trigger: ".o_segment_onboarding_close",
            run: "click",
        },
        { trigger: ".o_list_view:not(:has(.o_segment_onboarding))" },
    ],
});

/** A salesperson looks at the numbers of one segment, then at its leads. */
registry.category("web_tour.tours").add("crm_segmentation_dashboard_tour", {
    steps: () => [
        {
            content: "Choose the segment",
            trigger: ".o_crm_filters select[name='segment_id']",
            run: "selectByLabel Tour segment",
        },
        {
            content: "The numbers are the segment's",
            trigger: ".o_crm_dashboard:contains('in the segment “Tour segment”')",
        },
    ],
});
