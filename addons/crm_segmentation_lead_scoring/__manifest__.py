{
    "name": "CRM Segments: Lead Scoring",
    "summary": "Segments follow scores, and coming to a segment counts for the score",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "CRM Suite contributors",
    "depends": ["crm_segmentation", "crm_lead_scoring"],
    "data": ["views/crm_segment_action_views.xml"],
    "uninstall_hook": "uninstall_hook",
    "auto_install": True,
}
