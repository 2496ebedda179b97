{
    "name": "CRM Segments: Email Marketing",
    "summary": "Mailings to segments, and mailing lists that follow a segment and never"
    " forget an opt-out",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "CRM Suite contributors",
    "depends": ["crm_segmentation", "mass_mailing"],
    "data": [
        "data/ir_cron_data.xml",
        "views/crm_segment_views.xml",
        "views/crm_segment_action_views.xml",
        "views/mailing_list_views.xml",
        "views/mailing_mailing_views.xml",
    ],
    "demo": [
        "demo/res_users_demo.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "auto_install": True,
}
