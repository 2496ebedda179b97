"""A partner adds, binds and translates terms with data files alone."""

from odoo.tests import TransactionCase, new_test_user, tagged

MODULE = "test_crm_glossary_partner"
NAMES = {
    "fitting": {"en_US": "Fitting", "bg_BG": "Проба", "ru_RU": "Примерка"},
    "swatch": {"en_US": "Swatch", "bg_BG": "Мостра плат", "ru_RU": "Образец ткани"},
}


@tagged("post_install", "-at_install")
class TestPartnerTerms(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("bg_BG", "ru_RU"):
            if not cls.env["res.lang"]._lang_get(lang):
                cls.env["res.lang"]._activate_lang(lang)
                module = cls.env.ref(f"base.module_{MODULE}")
                module._update_translations([lang])
        cls.reader = new_test_user(
            cls.env, "partner_reader", groups="sales_team.group_sale_salesman"
        )
        cls.Term = cls.env["crm.glossary.term"].with_user(cls.reader)
        cls.fitting = cls.env.ref(f"{MODULE}.term_fitting")
        cls.swatch = cls.env.ref(f"{MODULE}.term_swatch")

    def test_terms_are_translated(self):
        for code, names in NAMES.items():
            term = self.env.ref(f"{MODULE}.term_{code}")
            for lang, name in names.items():
                with self.subTest(term=code, lang=lang):
                    translated = term.with_context(lang=lang)
                    self.assertEqual(translated.name, name)
                    self.assertEqual(translated.language_state, "approved")

    def test_terms_are_bound(self):
        bindings = (self.fitting | self.swatch).binding_ids
        self.assertEqual(len(bindings), 3)
        self.assertEqual(set(bindings.mapped("state")), {"ok"})
        bound = self.Term.get_bound_fields()
        self.assertEqual(bound["calendar.event"]["location"]["code"], "fitting")

    def test_terms_are_found_by_their_words(self):
        for query, code in {
            "cloth sample": "swatch",
            "парченце": "swatch",
            "примерка костюма": "fitting",
            "fitting": "fitting",
        }.items():
            with self.subTest(query=query):
                found = [match["code"] for match in self.Term.search_terms(query)]
                self.assertEqual(found[0], code)

    def test_card_carries_the_number(self):
        [card] = self.Term.get_cards(codes=["fitting"], lang="bg_BG")
        self.assertEqual(card["name"], "Проба")
        self.assertEqual(card["kpi"]["code"], "fittings")
        self.assertEqual(card["kpi"]["name"], "Проби")
        kpi = self.env.ref(f"{MODULE}.kpi_fittings").with_context(lang="ru_RU")
        self.assertIn("встреч", kpi.description)
        self.assertIn("meeting", [term["code"] for term in card["related"]])

    def test_update_keeps_what_was_edited(self):
        """Both kinds of files: the texts of a CSV are not forced on anybody either."""
        shipped = self.env["crm.glossary.shipped"]
        rows = shipped.search([("module", "=", MODULE)])
        self.assertEqual(
            {row.name for row in rows if row.texts}, {"term_fitting", "term_swatch"}
        )
        self.swatch.definition = "What we cut from the bale."
        self.swatch._load_records(
            [
                {
                    "xml_id": f"{MODULE}.term_swatch",
                    "values": {"definition": "A small piece of cloth to choose from."},
                    "noupdate": False,
                }
            ],
            update=True,
        )
        self.assertEqual(self.swatch.definition, "What we cut from the bale.")
        shipped._follow([MODULE])
        self.assertEqual(self.swatch.definition, "What we cut from the bale.")
