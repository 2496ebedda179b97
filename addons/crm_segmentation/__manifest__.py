{
    "name": "CRM Segments",
    "summary": "Groups of contacts and leads that fill themselves and remember",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "CRM Suite contributors",
    "depends": ["crm_glossary_core", "base_import"],
    "data": [
        # security
        "security/crm_segmentation_groups.xml",
        "security/ir.model.access.csv",
        "security/crm_segmentation_rules.xml",
        # data
        "data/crm_segment_data.xml",
        "data/ir_cron_data.xml",
        "data/ir_cron_run_data.xml",
        # wizards
        "wizard/crm_segment_combine_views.xml",
        "wizard/crm_segment_dry_run_views.xml",
        "wizard/crm_segment_edit_views.xml",
        "wizard/crm_segment_import_views.xml",
        "wizard/crm_segment_members_on_views.xml",
        # views
        "views/crm_segment_template_views.xml",
        "views/crm_segment_views.xml",
        "views/crm_segment_refresh_views.xml",
        "views/crm_segment_kanban_views.xml",
        "views/crm_segment_member_views.xml",
        "views/crm_segment_move_views.xml",
        "views/crm_segment_snapshot_views.xml",
        "views/crm_segment_log_views.xml",
        "views/crm_segment_history_views.xml",
        "views/crm_segment_expression_views.xml",
        "views/crm_segment_action_views.xml",
        "views/crm_segment_run_views.xml",
        "views/res_config_settings_views.xml",
        "views/crm_segment_explain_views.xml",
        "views/res_partner_views.xml",
        "views/crm_lead_views.xml",
        # menus
        "views/crm_segmentation_menus.xml",
    ],
    "demo": [
        "demo/res_users_demo.xml",
        "demo/res_partner_demo.xml",
        "demo/crm_lead_demo.xml",
        "demo/crm_segment_demo.xml",
        "demo/crm_segment_history_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_segmentation/static/src/**/*",
        ],
        "web.assets_tests": [
            "crm_segmentation/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "crm_segmentation/static/tests/**/*.test.js",
        ],
    },
    "uninstall_hook": "uninstall_hook",
    "application": True,
}
