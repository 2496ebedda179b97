{
    "name": "CRM Segments: Sales",
    "summary": "Segments by what customers ordered and were invoiced; a pricelist for"
    " the members of a segment",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "CRM Suite contributors",
    "depends": ["crm_segmentation", "sale"],
    "data": [
        # security
        "security/ir.model.access.csv",
        "security/crm_segmentation_sale_rules.xml",
        # data
        "data/ir_cron_data.xml",
        # wizards
        "wizard/crm_segment_pricelist_preview_views.xml",
        # views
        "views/crm_segment_pricelist_claim_views.xml",
        "views/crm_segment_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "auto_install": True,
}
