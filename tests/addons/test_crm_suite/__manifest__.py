{
    "name": "CRM Suite Tests",
    "summary": "Tests that need several of the apps at once; of no use to anybody else",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "license": "LGPL-3",
    "author": "CRM Suite contributors",
    "depends": [
        "crm_call_center",
        "crm_glossary_core",
        "crm_lead_scoring",
        "crm_segmentation",
    ],
    "assets": {
        # Debian's Odoo leaves this file out, and a missing file fails every browser
        # test; blur in video calls is not what we test.
        "web.assets_backend": [
            (
                "remove",
                "mail/static/lib/selfie_segmentation/selfie_segmentation.js",
            ),
        ],
    },
}
