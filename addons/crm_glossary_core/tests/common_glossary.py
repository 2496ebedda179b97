from odoo.tests import TransactionCase, new_test_user

LANGUAGES = ("bg_BG", "ru_RU")


class GlossaryCommon(TransactionCase):
    """The shipped glossary in three languages, and one user for each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Term = cls.env["crm.glossary.term"].with_context(lang="en_US")
        cls._load_languages()
        cls.reader = new_test_user(
            cls.env, "glossary_reader", groups="sales_team.group_sale_salesman"
        )
        cls.editor = new_test_user(
            cls.env, "glossary_editor", groups="sales_team.group_sale_manager"
        )
        cls.outsider = new_test_user(
            cls.env, "glossary_outsider", groups="base.group_user"
        )
        cls.other_company = cls.env["res.company"].create({"name": "Other Company"})

    @classmethod
    def _load_languages(cls):
        """Load Bulgarian and Russian where the database lacks them."""
        installed = dict(cls.env["res.lang"].get_installed())
        missing = [code for code in LANGUAGES if code not in installed]
        for code in missing:
            cls.env["res.lang"]._activate_lang(code)
        if missing:
            module = cls.env.ref("base.module_crm_glossary_core")
            module._update_translations(missing)

    @classmethod
    def _create_term(cls, name, **values):
        """Create an approved term that everybody may read."""
        return cls.Term.create(
            {
                "name": name,
                "definition": f"What {name} means.",
                "state": "approved",
                **values,
            }
        )

    @classmethod
    def _get_shipped_terms(cls):
        """Return the terms that come with the module."""
        data = cls.env["ir.model.data"].search(
            [("module", "=", "crm_glossary_core"), ("model", "=", "crm.glossary.term")]
        )
        return cls.Term.browse(data.mapped("res_id"))
