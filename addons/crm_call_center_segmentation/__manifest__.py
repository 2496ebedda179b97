{
    "name": "Call Center: Segments",
    "summary": "Call lists from segments in two clicks, filled on entry and emptied on"
    " exit",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "CRM Suite contributors",
    "depends": ["crm_call_center", "crm_segmentation"],
    "data": [
        "security/ir.model.access.csv",
        "wizard/crm_segment_call_list_views.xml",
        "views/crm_call_list_views.xml",
        "views/crm_segment_views.xml",
        "views/crm_segment_action_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "auto_install": True,
}
