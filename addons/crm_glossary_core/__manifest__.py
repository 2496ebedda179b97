{
    "name": "CRM Glossary",
    "summary": "The words of CRM, explained where you work and true for your database",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "CRM Suite contributors",
    "depends": ["crm"],
    "data": [
        # security
        "security/crm_glossary_core_groups.xml",
        "security/ir.model.access.csv",
        "security/crm_glossary_core_rules.xml",
        # data
        "data/crm_glossary_category_data.xml",
        "data/crm_glossary_audience_data.xml",
        "data/crm_glossary_term_a_b_data.xml",
        "data/crm_glossary_term_c_1_data.xml",
        "data/crm_glossary_term_c_2_data.xml",
        "data/crm_glossary_term_d_data.xml",
        "data/crm_glossary_term_e_f_data.xml",
        "data/crm_glossary_term_g_i_data.xml",
        "data/crm_glossary_term_k_data.xml",
        "data/crm_glossary_term_l_data.xml",
        "data/crm_glossary_term_m_n_data.xml",
        "data/crm_glossary_term_o_data.xml",
        "data/crm_glossary_term_p_q_data.xml",
        "data/crm_glossary_term_r_data.xml",
        "data/crm_glossary_term_s_1_data.xml",
        "data/crm_glossary_term_s_2_data.xml",
        "data/crm_glossary_term_t_z_data.xml",
        "data/ir_cron_data.xml",
        # views
        "views/crm_criterion_refresh_views.xml",
        "views/crm_glossary_term_views.xml",
        "views/crm_glossary_term_search_views.xml",
        "views/crm_glossary_category_views.xml",
        "views/crm_glossary_audience_views.xml",
        # menus
        "views/crm_glossary_core_menus.xml",
    ],
    "demo": [
        "demo/res_users_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_glossary_core/static/src/**/*",
        ],
        "web.assets_unit_tests": [
            "crm_glossary_core/static/tests/**/*.test.js",
        ],
        "web.assets_tests": [
            "crm_glossary_core/static/tests/tours/**/*",
        ],
    },
    "application": True,
}
