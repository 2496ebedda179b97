"""The shipped terms: complete, in three languages, and safe from upgrades."""

import re

from odoo.tests import tagged

from .common_glossary import LANGUAGES, GlossaryCommon

A_TO_Z = """
    activity analytic_account automated_action b2b b2c business_intelligence campaign
    chatter contact conversion_rate customer_journey dashboard deal domain
    expected_revenue email_marketing follow_up forecast gdpr helpdesk inbound_lead
    invoice kpi lead lead_scoring marketing_automation meeting opportunity omnichannel
    pipeline probability pricelist quotation reporting recurring_revenue sales_order
    sales_stage segmentation task touchpoint upselling website_lead win_rate
    zero_touch_automation
""".split()
TEXTS = ("name", "definition", "practice", "pitfall")
SAME_IN_EVERY_LANGUAGE = {"B2B", "B2C", "CRM", "GDPR", "GeoIP", "KPI", "RFM", "VoIP"}
WORDS = {
    "win rate": "win_rate",
    "печалба": "win_rate",
    "коефициент на печалба": "win_rate",
    "зацепка": "lead",
    "потенциален клиент": "lead",
    "тръбопровод": "pipeline",
    "сделка": "deal",
    "прогноза": "forecast",
    "обзвон": "call_list",
    "средний чек": "average_deal_size",
    "среден чек": "average_deal_size",
    "CAC": "acquisition_cost",
}
FOREIGN_WORDS = {"BI", "CAC", "LTV", "MQL", "MRR", "SQL"}
CYRILLIC = re.compile(r"[а-яА-Я]")
NOT_BULGARIAN = re.compile(r"[ыэёЫЭЁ]")


@tagged("post_install", "-at_install")
class TestGlossaryTerms(GlossaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = cls._get_shipped_terms()

    def test_a_to_z_terms_are_there(self):
        self.assertEqual(set(A_TO_Z) - set(self.terms.mapped("code")), set())

    def test_terms_are_written(self):
        for term in self.terms:
            with self.subTest(term=term.code):
                self.assertEqual(term.state, "approved")
                self.assertTrue(term.definition and term.practice)
                self.assertTrue(term.category_id)
                self.assertTrue(term.audience_ids)
                self.assertTrue(term.related_term_ids)
                self.assertLess(len(term.definition), 260, "a definition is short")

    def test_terms_are_translated(self):
        for lang in LANGUAGES:
            for term in self.terms:
                translated = term.with_context(lang=lang)
                for fname in TEXTS:
                    with self.subTest(term=term.code, lang=lang, field=fname):
                        self._check_translation(term[fname], translated[fname])

    def _check_translation(self, english, translation):
        if not english:
            self.assertFalse(translation)
        elif english not in SAME_IN_EVERY_LANGUAGE:
            self.assertNotEqual(english, translation)
            self.assertRegex(translation, CYRILLIC)

    def test_bulgarian_is_not_russian(self):
        for term in self.terms.with_context(lang="bg_BG"):
            for fname in TEXTS:
                with self.subTest(term=term.code, field=fname):
                    self.assertNotRegex(term[fname] or "", NOT_BULGARIAN)

    def test_words_are_told_in_three_languages(self):
        for lang in ("en_US", *LANGUAGES):
            for term in self.terms.with_context(lang=lang):
                with self.subTest(term=term.code, lang=lang):
                    self.assertTrue(term.also_called)
                    self.assertNotIn(
                        term.name.casefold(), term.also_called.casefold().split(", ")
                    )

    def test_names_are_told_apart(self):
        for lang in ("en_US", *LANGUAGES):
            names = self.terms.with_context(lang=lang).mapped("name")
            self.assertEqual(len(set(names)), len(self.terms), lang)

    def test_categories_and_audiences_are_translated(self):
        records = self.env["ir.model.data"].search(
            [
                ("module", "=", "crm_glossary_core"),
                ("model", "in", ("crm.glossary.category", "crm.glossary.audience")),
            ]
        )
        self.assertTrue(records)
        for data in records:
            record = self.env[data.model].browse(data.res_id)
            for lang in LANGUAGES:
                with self.subTest(record=data.name, lang=lang):
                    self.assertRegex(record.with_context(lang=lang).name, CYRILLIC)

    def test_kpis_are_translated(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "crm_glossary_core"), ("model", "=", "crm.kpi")]
        )
        kpis = (
            self.env["crm.kpi"].with_context(lang="en_US").browse(data.mapped("res_id"))
        )
        self.assertTrue(kpis)
        for kpi in kpis:
            for lang in LANGUAGES:
                for fname in ("name", "description"):
                    with self.subTest(kpi=kpi.code, lang=lang, field=fname):
                        translation = kpi.with_context(lang=lang)[fname]
                        self._check_translation(kpi[fname], translation)

    def test_words_people_say_find_the_term(self):
        """In whatever language they are typed, and whatever the reader's own is."""
        for word, code in WORDS.items():
            for lang in ("en_US", *LANGUAGES):
                with self.subTest(word=word, lang=lang):
                    found = self.Term.with_context(lang=lang).search_terms(word)
                    codes = [match["code"] for match in found[:3]]
                    self.assertIn(code, codes)

    def test_words_are_written_in_their_language(self):
        words = self.terms.synonym_ids.filtered("lang")
        for word in words.filtered(lambda word: word.lang != "en_US"):
            with self.subTest(word=word.name, term=word.term_id.code):
                if word.name not in FOREIGN_WORDS:
                    self.assertRegex(word.name, CYRILLIC)
        for word in words.filtered(lambda word: word.lang == "en_US"):
            with self.subTest(word=word.name, term=word.term_id.code):
                self.assertNotRegex(word.name, CYRILLIC)

    def test_terms_are_bound(self):
        fields = self.terms.binding_ids.filtered(lambda b: b.kind == "field")
        names = fields.mapped("reference")
        self.assertEqual(len(names), len(set(names)), "one field, one term")
        for term in self.terms:
            with self.subTest(term=term.code):
                self.assertTrue(term.binding_ids)
                self.assertNotIn("missing", term.binding_ids.mapped("state"))

    def test_upgrade_leaves_terms_alone(self):
        data = self.env["ir.model.data"].search(
            [
                ("module", "=", "crm_glossary_core"),
                ("model", "=like", "crm.glossary.%"),
            ]
        )
        self.assertTrue(all(data.mapped("noupdate")))
