{
    "name": "Call Center",
    "summary": "Call lists worked one call after another, on a desk for the keyboard",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "CRM Suite contributors",
    "depends": ["crm_glossary_core"],
    "data": [
        # security
        "security/crm_call_center_groups.xml",
        "security/ir.model.access.csv",
        "security/crm_call_center_rules.xml",
        # data
        "data/crm_call_outcome_data.xml",
        # wizards
        "wizard/crm_call_wrap_up_views.xml",
        # views
        "views/crm_call_attempt_views.xml",
        "views/crm_call_outcome_views.xml",
        "views/crm_call_search_views.xml",
        "views/crm_call_views.xml",
        "views/crm_call_list_views.xml",
        "views/crm_lead_views.xml",
        "views/res_partner_views.xml",
        # menus
        "views/crm_call_center_menus.xml",
    ],
    "demo": [
        "demo/res_users_demo.xml",
        "demo/res_partner_demo.xml",
        "demo/crm_lead_demo.xml",
        "demo/crm_call_list_demo.xml",
        "demo/crm_call_attempt_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_call_center/static/src/**/*",
        ],
        "web.assets_unit_tests": [
            "crm_call_center/static/tests/**/*.test.js",
        ],
        "web.assets_tests": [
            "crm_call_center/static/tests/tours/**/*",
        ],
    },
    "application": True,
}
