{
    "name": "Call Center: Lead Scoring",
    "summary": "Calls count for the lead's score; lists are called in the order of it",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "CRM Suite contributors",
    "depends": ["crm_call_center", "crm_lead_scoring"],
    "data": ["data/ir_cron_data.xml"],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "auto_install": True,
}
