"""What a term does: order, letters, words, links, review, history."""

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_glossary import LANGUAGES, GlossaryCommon


@tagged("post_install", "-at_install")
class TestGlossaryModel(GlossaryCommon):
    def test_order_is_a_to_z_in_each_language(self):
        small = self._create_term("zebra crossing")
        small.with_context(lang="bg_BG").name = "ябълка"
        small.with_context(lang="ru_RU").name = "автобус"
        for lang in ("en_US", *LANGUAGES):
            with self.subTest(lang=lang):
                names = self.Term.with_context(lang=lang).search([]).mapped("name")
                self.assertEqual(names, sorted(names, key=str.lower))
        first_names = {
            lang: self.Term.with_context(lang=lang).search([])[-1].name
            for lang in ("en_US", *LANGUAGES)
        }
        self.assertEqual(len(set(first_names.values())), 3, "three alphabets")

    def test_letter_follows_the_language(self):
        term = self._create_term("win back")
        term.with_context(lang="bg_BG").name = "връщане на клиент"
        self.assertEqual(term.letter, "W")
        self.assertEqual(term.with_context(lang="bg_BG").letter, "В")

    def test_group_by_letter(self):
        self._create_term("lowercase letters count, too")
        for lang in ("en_US", *LANGUAGES):
            Term = self.Term.with_context(lang=lang)
            groups = Term._read_group([], ["letter"], ["__count"], order="letter")
            with self.subTest(lang=lang):
                letters = [letter for letter, _count in groups]
                self.assertEqual(letters, sorted(set(letters)))
                for letter, count in groups:
                    terms = Term.search([("letter", "=", letter)])
                    self.assertEqual(len(terms), count, letter)
                    self.assertEqual(set(terms.mapped("letter")), {letter})

    def test_letter_is_no_pattern(self):
        percent = self._create_term("% of target")
        self.assertEqual(self.Term.search([("letter", "=", "%")]), percent)

    def test_list_groups_by_letter_through_the_web_client(self):
        groups = self.Term.formatted_read_group([], ["letter"], ["__count"])
        self.assertTrue(groups)
        self.assertEqual(
            sum(group["__count"] for group in groups), self.Term.search_count([])
        )
        self.assertTrue(self.Term.fields_get(["letter"])["letter"]["groupable"])

    def test_form_gives_a_code_and_keeps_it(self):
        with Form(self.Term.with_user(self.editor)) as form:
            form.name = "Win-Back Call"
            form.definition = "A call to a customer who left."
        term = form.record
        self.assertEqual(term.code, "win_back_call")
        self.assertEqual(term.state, "draft")
        term.name = "Call to a Lost Customer"
        self.assertEqual(term.code, "win_back_call")

    def test_code_is_unique_in_a_company(self):
        self._create_term("Loyalty", code="loyalty")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.cr.savepoint():
                self._create_term("Loyalty Again", code="loyalty")
        self._create_term("Loyalty", code="loyalty", company_id=self.other_company.id)

    def test_copy_is_a_draft_with_its_own_code(self):
        term = self._create_term("Loyalty")
        term.synonym_ids = [Command.create({"name": "faithfulness", "lang": "en_US"})]
        copy = term.copy()
        self.assertEqual(copy.name, "Loyalty (copy)")
        self.assertEqual(copy.state, "draft")
        self.assertNotEqual(copy.code, term.code)
        self.assertEqual(copy.synonym_ids.name, "faithfulness")

    def test_review(self):
        term = self.Term.with_user(self.editor).create({"name": "Loyalty"})
        term.action_submit()
        self.assertEqual(term.state, "review")
        with self.assertRaises(ValidationError):
            term.action_approve()
        term.definition = "Coming back by choice."
        term.action_approve()
        self.assertEqual(term.state, "approved")
        self.assertTrue(term.verified_on)
        with self.assertRaises(ValidationError):
            term.definition = "  "
        term.action_draft()
        self.assertEqual(term.state, "draft")

    def test_changes_are_kept_in_the_history(self):
        term = self.Term.with_user(self.editor).create(
            {"name": "Loyalty", "definition": "Old words."}
        )
        self.env.flush_all()
        self.cr.flush()
        term.definition = "New words."
        self.env.flush_all()
        self.cr.flush()
        values = term.message_ids.sudo().tracking_value_ids
        self.assertIn("Old words.", values.mapped("old_value_text"))
        self.assertIn("New words.", values.mapped("new_value_text"))

    def test_related_terms_go_both_ways(self):
        one, two, three = (self._create_term(name) for name in ("One", "Two", "Three"))
        one.related_term_ids = two | three
        self.assertEqual(two.related_term_ids, one)
        two.related_term_ids = three
        self.assertEqual(one.related_term_ids, three)
        self.assertEqual(three.related_term_ids, one | two)
        found = self.Term.search([("related_term_ids", "=", three.id)])
        self.assertEqual(found, one | two)
        one.related_term_ids |= one
        self.assertNotIn(one, one.related_term_ids, "no term is related to itself")

    def test_shared_term_does_not_lead_to_a_company_term(self):
        shared = self._create_term("Shared")
        own = self._create_term("Own", company_id=self.other_company.id)
        with self.assertRaises(UserError):
            shared.related_term_ids = own

    def test_words_of_the_reader(self):
        term = self._create_term("Loyalty")
        term.synonym_ids = [
            Command.create({"name": "faithfulness", "lang": "en_US"}),
            Command.create({"name": "вярност", "lang": "bg_BG"}),
            Command.create({"name": "LTY"}),
            Command.create(
                {"name": "royalty", "lang": "en_US", "kind": "false_friend"}
            ),
            Command.create(
                {"name": "fidelity", "lang": "en_US", "kind": "former_name"}
            ),
        ]
        self.assertEqual(set(term.also_called.split(", ")), {"faithfulness", "LTY"})
        self.assertEqual(term.false_friends, "royalty")
        self.assertEqual(term.former_names, "fidelity")
        bulgarian = term.with_context(lang="bg_BG")
        self.assertEqual(set(bulgarian.also_called.split(", ")), {"вярност", "LTY"})
        self.assertFalse(bulgarian.false_friends)

    def test_english_name(self):
        term = self._create_term("Loyalty")
        self.assertFalse(term.english_name)
        bulgarian = term.with_context(lang="bg_BG")
        self.assertFalse(bulgarian.english_name, "not translated: shown already")
        bulgarian.name = "Лоялност"
        self.assertEqual(bulgarian.english_name, "Loyalty")

    def test_a_word_is_listed_once(self):
        term = self._create_term("Loyalty")
        term.synonym_ids = [Command.create({"name": "Faith", "lang": "en_US"})]
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.cr.savepoint():
                term.synonym_ids = [Command.create({"name": "faith", "lang": "en_US"})]
