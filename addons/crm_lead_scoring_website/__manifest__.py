{
    "name": "CRM Lead Scoring: Website",
    "summary": "Visits of pages and forms that were sent count for the lead's score",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "CRM Suite contributors",
    "depends": ["crm_lead_scoring", "website_crm"],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "auto_install": True,
}
