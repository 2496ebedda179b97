{
    "name": "CRM Lead Scoring",
    "summary": "Rules with signed points, two axes, grades A1 to C3, and a score"
    " that explains itself",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "CRM Suite contributors",
    "depends": ["crm_glossary_core"],
    "data": [
        # security
        "security/crm_lead_scoring_groups.xml",
        "security/ir.model.access.csv",
        "security/crm_lead_scoring_rules.xml",
        # data
        "data/crm_lead_score_signal_data.xml",
        "data/crm_lead_score_return_reason_data.xml",
        "data/crm_lead_score_model_data.xml",
        "data/ir_cron_data.xml",
        # wizards
        "wizard/crm_lead_score_go_live_views.xml",
        "wizard/crm_lead_score_log_views.xml",
        "wizard/crm_lead_score_return_views.xml",
        # views
        "views/crm_lead_score_grade_views.xml",
        "views/crm_lead_score_signal_views.xml",
        "views/crm_lead_score_cap_views.xml",
        "views/crm_lead_score_event_views.xml",
        "views/crm_lead_score_rule_views.xml",
        "views/crm_lead_score_model_views.xml",
        "views/crm_lead_views.xml",
        "views/crm_lead_score_views.xml",
        "views/crm_lead_readiness_views.xml",
        "views/crm_lead_score_handover_views.xml",
        "views/crm_lead_score_return_reason_views.xml",
        "views/crm_lead_score_run_views.xml",
        "views/calendar_event_views.xml",
        "views/crm_lead_score_history_views.xml",
        "views/ir_actions_server_views.xml",
        # menus
        "views/crm_lead_scoring_menus.xml",
    ],
    "demo": [
        "demo/crm_lead_demo.xml",
        "demo/crm_lead_score_event_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_lead_scoring/static/src/**/*",
        ],
        "web.assets_unit_tests": [
            "crm_lead_scoring/static/tests/**/*.test.js",
        ],
        "web.assets_tests": [
            "crm_lead_scoring/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "application": True,
}
