"""Searching: by name, synonym, language, and in the right order."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_glossary import GlossaryCommon


@tagged("post_install", "-at_install")
class TestGlossarySearch(GlossaryCommon):
    def _search(self, query, lang="en_US", **kwargs):
        Term = self.Term.with_user(self.reader).with_context(lang=lang)
        return Term.search_terms(query, **kwargs)

    def _codes(self, *args, **kwargs):
        return [term["code"] for term in self._search(*args, **kwargs)]

    def test_name_comes_first(self):
        self.assertEqual(self._codes("lead")[0], "lead")
        self.assertEqual(self._codes("Win Rate")[0], "win_rate")
        self.assertEqual(self._codes("win")[0], "win_rate")

    def test_synonym(self):
        self.assertEqual(self._codes("cross-selling")[0], "upselling")
        codes = self._codes("deal")
        self.assertEqual(codes[0], "deal")
        self.assertIn("opportunity", codes)

    def test_any_language_whatever_the_reader_reads(self):
        for lang in ("en_US", "bg_BG", "ru_RU"):
            with self.subTest(lang=lang):
                self.assertEqual(self._codes("зацепка", lang)[0], "lead")
                self.assertEqual(self._codes("тръбопровод", lang)[0], "pipeline")
                self.assertEqual(self._codes("воронка", lang)[0], "pipeline")
                self.assertEqual(self._codes("сделка", lang)[0], "deal")
                self.assertEqual(self._codes("quotation", lang)[0], "quotation")

    def test_former_name(self):
        self.assertIn("expected_revenue", self._codes("planned revenue"))

    def test_answer_is_in_the_language_of_the_reader(self):
        [first, *_others] = self._search("quotation", lang="bg_BG")
        self.assertEqual(first["name"], "Оферта")
        self.assertIn("предложение", first["definition"])
        self.assertEqual(first["matched"], "Quotation")
        self.assertEqual(self.Term.browse(first["id"]).code, "quotation")

    def test_definition_comes_last(self):
        self.assertFalse(self._codes("drag a card"), "practice is not searched")
        self.assertIn("chatter", self._codes("history beside"))

    def test_limit_and_nothing(self):
        self.assertEqual(len(self._codes("a", limit=3)), 3)
        self.assertEqual(self._search(""), [])
        self.assertEqual(self._search("   "), [])
        self.assertEqual(self._search(None), [])
        self.assertEqual(self._search("no such word"), [])
        self.assertEqual(self._search("l%d"), [], "a query is no pattern")

    def test_search_bar_finds_synonyms_and_languages(self):
        Term = self.Term.with_user(self.reader)
        for query in ("зацепка", "потенциален клиент", "Лид"):
            with self.subTest(query=query):
                names = Term.search([("display_name", "ilike", query)]).mapped("code")
                self.assertIn("lead", names)
        excluded = Term.search([("display_name", "not ilike", "lead")])
        self.assertNotIn("lead", excluded.mapped("code"))

    def test_name_search(self):
        found = self.Term.with_user(self.reader).name_search("зацепка")
        self.assertEqual([name for _id, name in found], ["Lead"])

    def test_draft_is_not_found_by_readers(self):
        self._create_term("Loyalty", state="draft")
        self.assertEqual(self._codes("Loyalty"), [])
        terms = self.Term.with_user(self.editor).search_terms("Loyalty")
        self.assertEqual([term["code"] for term in terms], ["loyalty"])

    def test_outsiders_may_not_search(self):
        with self.assertRaises(AccessError):
            self.Term.with_user(self.outsider).search_terms("lead")
