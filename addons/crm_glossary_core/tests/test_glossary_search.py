"""Searching: by name, synonym, language, and in the right order."""

import doctest
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from ..tools import spelling
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

    # --- misspelt ---
    def test_misspelt_words_are_found(self):
        first = {
            "win rte": "win_rate",
            "winrate": "win_rate",
            "opprtunity": "opportunity",
            "oportunity": "opportunity",
            "opportuntiy": "opportunity",
            "laed": "lead",
            "quotaton": "quotation",
            "вероятнст": "probability",
            "возможнсть": "opportunity",
        }
        for query, code in first.items():
            for lang in ("en_US", "bg_BG"):
                with self.subTest(query=query, lang=lang):
                    self.assertEqual(self._codes(query, lang)[:1], [code])

    def test_exact_words_come_before_misspelt_ones(self):
        self._create_term("Laed")
        self.assertEqual(self._codes("laed")[:2], ["laed", "lead"])

    def test_short_and_far_words_are_not_guessed(self):
        for query in ("qx", "zzz", "xxxxxxxx", "probbblty", "!?", "%", "_"):
            with self.subTest(query=query):
                self.assertEqual(self._search(query), [])

    def test_a_long_or_odd_query_is_no_error(self):
        self.assertEqual(self._search("x" * 10000), [])
        self.assertEqual(self._search("<script>alert(1)</script>"), [])
        for query in (5, ["lead"], {"a": 1}):
            with self.subTest(query=query), self.assertRaises(UserError):
                self._search(query)

    def test_drafts_are_not_guessed_for_readers(self):
        self._create_term("Loyalty Bonus", state="draft")
        self.assertEqual(self._codes("loyaltty bonus"), [])

    # --- misses ---
    def _misses(self):
        return self.env["crm.glossary.search.miss"].search([])

    def _log(self, query, user=None, lang="en_US"):
        Term = self.Term.with_user(user or self.reader).with_context(lang=lang)
        return Term.log_search_miss(query)

    def test_misses_are_counted(self):
        self._misses().unlink()
        self.assertTrue(self._log("  Customer   CHURN "))
        self.assertTrue(self._log("customer churn", self.editor))
        self.assertTrue(self._log("франчайз", lang="bg_BG"))
        churn, bidding = self._misses()
        self.assertEqual(
            (churn.name, churn.lang, churn.count), ("customer churn", "en_US", 2)
        )
        self.assertEqual((bidding.name, bidding.lang), ("франчайз", "bg_BG"))
        self.assertEqual(churn.last_date, fields.Date.context_today(churn))
        users = churn.create_uid | churn.write_uid
        self.assertEqual(users, self.env.ref("base.user_root"), "nobody's name is kept")

    def test_what_is_not_worth_noting(self):
        self._misses().unlink()
        for query in ("", "  ", None, "ab", "12345", "!!!", "a-1", "lead", "laed"):
            with self.subTest(query=query):
                self.assertFalse(self._log(query))
        self.assertFalse(self._misses())
        self._log("y" * 500)
        self.assertEqual(self._misses().name, "y" * 64)
        self._log("line\nbreak\x00end")
        self.assertEqual(self._misses()[1].name, "line break end")

    def test_two_people_at_once(self):
        self._misses().unlink()
        Miss = self.env["crm.glossary.search.miss"]
        Miss.create({"name": "churn", "lang": "en_US"})
        # the other's row is not seen yet
        with patch.object(type(Miss), "_count_up", lambda *args: False):
            self.assertTrue(self._log("churn"))
        self.assertEqual(len(self._misses()), 1)

    def test_misses_are_for_managers(self):
        self._log("customer churn")
        miss = self._misses()[0]
        for user in (self.reader, self.outsider):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                miss.with_user(user).read(["name"])
        self.assertEqual(miss.with_user(self.editor).name, miss.name)
        with self.assertRaises(AccessError):
            self._log("customer churn", self.outsider)
        with self.assertRaises(AccessError):
            miss.with_user(self.reader).action_create_term()

    def test_a_miss_becomes_a_term(self):
        self._log("франчайз", lang="bg_BG")
        miss = self._misses().filtered(lambda m: m.name == "франчайз")
        action = miss.with_user(self.editor).action_create_term()
        term = self.Term.browse(action["res_id"])
        self.assertEqual((term.name, term.state), ("Франчайз", "draft"))
        self.assertEqual(term.with_context(lang="bg_BG").name, "Франчайз")
        self.assertEqual(miss.term_id, term)

    def test_a_miss_becomes_a_synonym(self):
        self._log("conquest quota")
        miss = self._misses().filtered(lambda m: m.name == "conquest quota")
        term = self.env.ref("crm_glossary_core.term_win_rate")
        miss.with_user(self.editor).term_id = term
        synonym = term.synonym_ids.filtered(lambda s: s.name == "conquest quota")
        self.assertEqual((synonym.lang, synonym.kind), ("en_US", "synonym"))
        self.assertEqual(self._codes("conquest quota"), ["win_rate"])
        miss.with_user(self.editor).term_id = term
        self.assertEqual(len(term.synonym_ids.filtered(lambda s: s == synonym)), 1)
        self.assertFalse(self._log("conquest quota"))

    def test_rare_words_are_forgotten(self):
        self._misses().unlink()
        Miss = self.env["crm.glossary.search.miss"]
        old = fields.Date.to_date("2020-01-01")
        Miss.create({"name": "once", "lang": "en_US", "last_date": old})
        often = Miss.create(
            {"name": "often", "lang": "en_US", "last_date": old, "count": 5}
        )
        new = Miss.create({"name": "new", "lang": "en_US"})
        Miss._gc_rare_words()
        self.assertEqual(self._misses(), often | new)


@tagged("post_install", "-at_install")
class TestSpelling(BaseCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(spelling).failed, 0)

    def test_slips(self):
        for one, other, expected in (
            ("lead", "lead", 0),
            ("lead", "laed", 1),
            ("lead", "leads", 1),
            ("lead", "dead", 1),
            ("lead", "deal", None),
            ("rte", "rate", 1),
            ("win", "wan", None),
            ("opportunity", "oportuntiy", 2),
            ("opportunity", "oportnity", 2),
            ("возможность", "возможнсть", 1),
        ):
            with self.subTest(one=one, other=other):
                self.assertEqual(spelling.slips(one, other), expected)
