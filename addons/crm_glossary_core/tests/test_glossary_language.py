"""The state of each translation: missing, outdated, in review, approved."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_glossary import LANGUAGES, GlossaryCommon


@tagged("post_install", "-at_install")
class TestGlossaryLanguage(GlossaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls._create_term("Red List")
        cls.bulgarian = cls.term.with_context(lang="bg_BG")

    def _state(self, lang="bg_BG", term=None):
        rows = (term or self.term).language_ids
        return rows.filtered(lambda row: row.lang == lang).state

    def _translate(self):
        self.bulgarian.write({"name": "Червен списък", "definition": "Кои са."})

    def test_shipped_translations_are_approved(self):
        for term in self._get_shipped_terms():
            with self.subTest(term=term.code):
                states = {row.lang: row.state for row in term.language_ids}
                self.assertEqual(states, dict.fromkeys(LANGUAGES, "approved"))

    def test_untranslated_term_is_missing(self):
        self.assertEqual(self._state(), "missing")
        self.assertEqual(self._state("ru_RU"), "missing")

    def test_translating_makes_a_draft(self):
        self._translate()
        self.assertEqual(self._state(), "draft")
        self.assertEqual(self._state("ru_RU"), "missing")

    def test_a_name_alone_is_no_translation(self):
        self.bulgarian.name = "Червен списък"
        self.assertEqual(self._state(), "missing")

    def test_english_change_makes_it_outdated(self):
        self._translate()
        self.term.language_ids.filtered(lambda r: r.lang == "bg_BG").action_approve()
        self.assertEqual(self._state(), "approved")
        before = self.term.definition
        self.term.definition = "Something else."
        self.assertEqual(self._state(), "outdated")
        self.term.definition = before
        self.assertEqual(self._state(), "approved", "the old text is back")

    def test_translator_answers_a_change(self):
        self._translate()
        self.term.language_ids.filtered(lambda r: r.lang == "bg_BG").action_approve()
        self.term.pitfall = "They are not blocked."
        self.assertEqual(self._state(), "outdated")
        self.bulgarian.pitfall = "Не са блокирани."
        self.assertEqual(self._state(), "review")

    def test_dialog_of_all_languages(self):
        self.term.update_field_translations("name", {"bg_BG": "Червен списък"})
        self.term.update_field_translations("definition", {"bg_BG": "Кои са."})
        self.assertEqual(self._state(), "draft")

    def test_approving_a_term_approves_what_one_reads(self):
        term = self.Term.with_context(lang="bg_BG").create(
            {"name": "Червен списък", "definition": "Кои са."}
        )
        self.assertEqual(self._state(term=term), "draft")
        term.action_approve()
        self.assertEqual(self._state(term=term), "approved")
        self.assertEqual(self._state("ru_RU", term), "missing")

    def test_card_tells_of_the_fallback(self):
        def card(lang):
            [card] = self.Term.with_user(self.reader).get_cards(
                codes=["red_list"], lang=lang
            )
            return card["language"]

        missing = {"lang": "bg_BG", "state": "missing", "fallback": True}
        self.assertEqual(card("bg_BG"), missing)
        self._translate()
        draft = {"lang": "bg_BG", "state": "draft", "fallback": False}
        self.assertEqual(card("bg_BG"), draft)
        english = {"lang": "en_US", "state": "approved", "fallback": False}
        self.assertEqual(card("en_US"), english)

    def test_removed_language_is_forgotten_and_comes_back(self):
        self._translate()
        russian = self.env["res.lang"]._lang_get("ru_RU")
        self.env["res.users"].search([("lang", "=", "ru_RU")]).lang = "en_US"
        self.env["res.partner"].search([("lang", "=", "ru_RU")]).lang = "en_US"
        if "website" in self.env:
            # A language that a website speaks cannot be removed.
            self.env["website"].search([]).language_ids -= self.env["res.lang"].browse(
                russian.id
            )
        self.env["res.lang"].browse(russian.id).active = False
        self.env.invalidate_all()
        self.assertEqual(self.term.language_ids.mapped("lang"), ["bg_BG"])
        self.term.definition = "Something else."
        self.env["crm.glossary.shipped"]._follow(["crm_glossary_core"])
        self.assertEqual(self._state(), "outdated")
        self.assertTrue(self.Term.search_terms("Red List"))
        self.env["res.lang"]._activate_lang("ru_RU")
        self.env.invalidate_all()
        self.assertEqual(self._state("ru_RU"), "missing")

    def test_new_language_starts_missing(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["crm.glossary.term"]._complete_languages()
        self.assertEqual(self._state("fr_FR"), "missing")

    def test_coverage_of_a_language(self):
        self._translate()
        [(average,)] = self.env["crm.glossary.term.language"]._read_group(
            [("term_id", "=", self.term.id)], [], ["coverage:avg"]
        )
        self.assertEqual(average, 0)
        self.term.language_ids.filtered(lambda r: r.lang == "bg_BG").action_approve()
        [(average,)] = self.env["crm.glossary.term.language"]._read_group(
            [("term_id", "=", self.term.id)], [], ["coverage:avg"]
        )
        self.assertEqual(average, 0.5)

    def test_filter_of_the_list(self):
        found = self.Term.search([("language_ids.state", "=", "missing")])
        self.assertIn(self.term, found)
        self.assertFalse(found & self._get_shipped_terms())

    def test_rights(self):
        rows = self.term.language_ids
        self.assertTrue(rows.with_user(self.reader).read(["state"]))
        with self.assertRaises(AccessError):
            rows.with_user(self.reader).action_approve()
        with self.assertRaises(AccessError):
            rows.with_user(self.editor).write({"review_state": "approved"})
        self._translate()
        done = rows.filtered(lambda r: r.lang == "bg_BG").with_user(self.editor)
        done.action_approve()
        self.assertEqual(done.state, "approved")
        self.term.state = "draft"
        with self.assertRaises(AccessError):
            rows.with_user(self.reader).read(["state"])
