from odoo.tests import HttpCase, new_test_user, tagged

from .common_glossary import LANGUAGES


@tagged("post_install", "-at_install")
class TestGlossaryShownTours(HttpCase):
    """The glossary as a salesperson meets it: labels, palette, systray, A-Z page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        installed = dict(cls.env["res.lang"].get_installed())
        missing = [code for code in LANGUAGES if code not in installed]
        for code in missing:
            cls.env["res.lang"]._activate_lang(code)
        cls.env.ref("base.module_crm_glossary_core")._update_translations(missing)

    def _create_salesperson(self, lang="en_US"):
        return new_test_user(
            self.env,
            f"glossary_shown_{lang}",
            groups="sales_team.group_sale_salesman",
            lang=lang,
        )

    def test_label_of_a_lead(self):
        user = self._create_salesperson()
        lead = self.env["crm.lead"].create(
            {"name": "Shown", "type": "opportunity", "user_id": user.id}
        )
        self.start_tour(
            f"/odoo/crm.lead/{lead.id}", "crm_glossary_label", login=user.login
        )

    def test_label_without_access(self):
        """A user who may not read the glossary meets neither term nor error."""
        user = new_test_user(self.env, "glossary_stranger", groups="base.group_user")
        self.assertFalse(
            self.env["crm.glossary.term"].with_user(user).has_access("read")
        )
        self.start_tour(
            f"/odoo/res.partner/{user.partner_id.id}",
            "crm_glossary_stranger",
            login=user.login,
        )

    def test_palette_in_english(self):
        user = self._create_salesperson()
        misses = self.env["crm.glossary.search.miss"]
        self.start_tour("/odoo/crm", "crm_glossary_palette_en", login=user.login)
        self.assertEqual(
            misses.search([("name", "ilike", "zzyzx")]).mapped("count"), [1]
        )

    def test_palette_in_bulgarian(self):
        user = self._create_salesperson("bg_BG")
        self.start_tour("/odoo/crm", "crm_glossary_palette_bg", login=user.login)

    def test_systray(self):
        user = self._create_salesperson()
        self.start_tour("/odoo/crm", "crm_glossary_systray", login=user.login)

    def test_browser_in_english(self):
        user = self._create_salesperson()
        self.start_tour(
            "/odoo/crm-glossary", "crm_glossary_browse_en", login=user.login
        )

    def test_browser_in_bulgarian(self):
        user = self._create_salesperson("bg_BG")
        self.start_tour(
            "/odoo/crm-glossary", "crm_glossary_browse_bg", login=user.login
        )

    def test_address_of_a_term(self):
        user = self._create_salesperson()
        self.start_tour(
            "/odoo/crm-glossary?term=win_rate",
            "crm_glossary_address",
            login=user.login,
        )
