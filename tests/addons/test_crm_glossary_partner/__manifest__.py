{
    "name": "CRM Glossary: Sample of a Partner",
    "summary": "Terms of a trade, bound and translated by data files alone",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "license": "LGPL-3",
    "author": "CRM Suite contributors",
    "depends": ["crm_glossary_core"],
    "data": [
        "data/crm_glossary_term_data.xml",
        "data/crm.glossary.term.csv",
        "data/crm.glossary.synonym.csv",
        "data/crm.glossary.binding.csv",
    ],
}
