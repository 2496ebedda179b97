"""Cards: terms as plain data, with the reader's rights and in the reader's language."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import tagged

from .common_binding import BindingCommon

LIGHT = {"id", "code", "name", "definition", "fields", "model_bound"}
FULL = LIGHT | {
    "english_name",
    "practice",
    "pitfall",
    "edition",
    "edition_label",
    "state",
    "category",
    "synonyms",
    "former_names",
    "false_friends",
    "related",
    "bindings",
    "truth",
    "module",
    "verified_on",
    "owner",
    "can_edit",
}
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@tagged("post_install", "-at_install")
class TestGlossaryCard(BindingCommon):
    def _cards(self, *args, user=None, lang="en_US", **kwargs):
        Term = self.Term.with_user(user or self.reader).with_context(lang=lang)
        cards = Term.get_cards(*args, **kwargs)
        json.dumps(cards)
        return cards

    def test_full_card(self):
        [card] = self._cards(["expected_revenue"])
        self.assertLessEqual(FULL, card.keys())
        self.assertEqual(card["name"], "Expected Revenue")
        self.assertIn("expected_revenue", card["fields"])
        self.assertIn("planned revenue", card["former_names"])
        self.assertIn("probability", [term["code"] for term in card["related"]])
        self.assertEqual(card["edition_label"], "Odoo Community")
        self.assertFalse(card["can_edit"])
        self.assertTrue(card["truth"])
        binding = next(b for b in card["bindings"] if b["kind"] == "field")
        self.assertEqual(
            binding,
            {
                "kind": "field",
                "reference": "crm.lead.expected_revenue",
                "state": "ok",
                "ui_label": "Expected Revenue",
                "can_open": False,
            },
        )
        [card] = self._cards(["expected_revenue"], user=self.editor)
        self.assertTrue(card["can_edit"])

    def test_card_speaks_the_readers_language(self):
        [card] = self._cards(["expected_revenue"], lang="bg_BG")
        self.assertEqual(card["name"], "Очакван приход")
        self.assertEqual(card["english_name"], "Expected Revenue")
        labels = [b["ui_label"] for b in card["bindings"] if b["kind"] == "field"]
        self.assertEqual(labels, ["Очакван приход"])
        [same] = self._cards(["expected_revenue"], lang="bg_BG")
        [other] = self._cards(codes=["expected_revenue"], lang="en_US")
        self.assertEqual(card, same)
        self.assertNotEqual(card["definition"], other["definition"])

    def test_language_can_be_chosen(self):
        Term = self.Term.with_user(self.reader)
        [card] = Term.get_cards(["expected_revenue"], lang="bg_BG")
        self.assertEqual(card["name"], "Очакван приход")
        for lang in ("xx_XX", "../etc", "ja_JP"):
            with self.subTest(lang=lang), self.assertRaises(UserError):
                Term.get_cards(["expected_revenue"], lang=lang)

    def test_codes_come_in_their_order_each_once(self):
        codes = ["win_rate", "lead", "nope", "win_rate", "probability"]
        cards = self._cards(codes)
        self.assertEqual(
            [card["code"] for card in cards], ["win_rate", "lead", "probability"]
        )
        self.assertEqual(self._cards([]), [])
        self.assertEqual(self._cards(["nope"]), [])
        self.assertEqual(len(self._cards("lead")), 1)
        for codes in (5, [5], [["lead"]], {"lead": 1}):
            with self.subTest(codes=codes), self.assertRaises(UserError):
                self._cards(codes)

    def test_light_cards_of_a_model(self):
        cards = {card["code"]: card for card in self._cards(model="crm.lead")}
        self.assertEqual(set(cards["lead"]), LIGHT)
        self.assertTrue(cards["lead"]["model_bound"])
        self.assertIn("expected_revenue", cards["expected_revenue"]["fields"])
        self.assertFalse(cards["expected_revenue"]["model_bound"])
        self.assertNotIn("industry", cards)

    def test_light_cards_of_a_field(self):
        [card] = self._cards(model="crm.lead", field="probability")
        self.assertEqual(
            (card["code"], card["fields"]), ("probability", ["probability"])
        )
        for model, field in (
            ("crm.lead", "nope"),
            ("nope", "probability"),
            ("nope", None),
            ("crm_lead", None),
            ("%", None),
        ):
            with self.subTest(model=model, field=field):
                self.assertEqual(self._cards(model=model, field=field), [])

    def test_a_model_is_not_taken_for_another(self):
        term = self._bind("Other", ("field", "crm.lead.score.total"))
        codes = [card["code"] for card in self._cards(model="crm.lead")]
        self.assertNotIn(term.code, codes)

    def test_all_light_cards(self):
        cards = self._cards()
        self.assertEqual(
            len(cards), self.Term.search_count([("state", "=", "approved")])
        )
        self.assertEqual(set(cards[0]), LIGHT)

    def test_bound_fields(self):
        bound = self.Term.with_user(self.reader).get_bound_fields()
        self.assertEqual(
            bound["crm.lead"]["probability"],
            {
                "code": "probability",
                "name": "Probability",
                "definition": self.env.ref(
                    "crm_glossary_core.term_probability"
                ).definition,
            },
        )
        bulgarian = self.Term.with_user(self.reader).with_context(lang="bg_BG")
        names = bulgarian.get_bound_fields()["crm.lead"]
        self.assertEqual(names["probability"]["name"], "Вероятност")
        json.dumps(bound)

    def test_bound_fields_take_few_queries(self):
        self.env.invalidate_all()
        self.Term.with_user(self.reader).get_bound_fields()
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            self.Term.with_user(self.reader).get_bound_fields()

    def test_the_companys_own_term_wins(self):
        company = self.env.company
        own = self._bind(
            "Our Probability",
            ("field", "crm.lead.probability"),
            code="probability",
            company_id=company.id,
        )
        self._bind(
            "Their Probability",
            ("field", "crm.lead.probability"),
            code="probability",
            company_id=self.other_company.id,
        )
        [card] = self._cards(["probability"])
        self.assertEqual(card["id"], own.id)
        bound = self.Term.with_user(self.reader).get_bound_fields()
        self.assertEqual(bound["crm.lead"]["probability"]["name"], "Our Probability")

    def test_drafts_are_for_editors(self):
        draft = self._bind("Draft", ("field", "crm.lead.color"), state="draft")
        approved = self._create_term("Shown", related_term_ids=[Command.link(draft.id)])
        self.env.invalidate_all()
        self.assertEqual(self._cards([draft.code]), [])
        [card] = self._cards([approved.code])
        self.assertEqual(card["related"], [])
        self.env.invalidate_all()
        [card] = self._cards([draft.code], user=self.editor)
        self.assertEqual(card["state"], "draft")
        for user in (self.reader, self.editor):
            bound = self.Term.with_user(user).get_bound_fields()
            self.assertNotIn("color", bound["crm.lead"])

    def test_outsiders_get_nothing(self):
        Term = self.Term.with_user(self.outsider)
        for method in (Term.get_cards, Term.get_bound_fields):
            with self.subTest(method=method.__name__), self.assertRaises(AccessError):
                method()

    def test_module(self):
        absent = self._bind("Absent", ("module", "absent_app"))
        paid = self._bind("Paid", ("module", "paid_app"), edition="enterprise")
        here = self._bind("Here", ("module", "crm"))
        free = self._create_term("Free")
        cards = self._cards([term.code for term in (absent, paid, here, free)])
        self.assertEqual(
            cards[0]["module"],
            {
                "id": self.absent.id,
                "name": "absent_app",
                "label": "Absent App",
                "state": "not_installed",
                "installable": True,
            },
        )
        self.assertFalse(cards[1]["module"]["installable"])
        self.assertEqual(cards[2]["module"]["state"], "installed")
        self.assertIs(cards[3]["module"], False)

    def test_owner_and_date(self):
        term = self._create_term(
            "Owned", owner_id=self.editor.id, verified_on=Date.to_date("2026-01-31")
        )
        [card] = self._cards([term.code])
        self.assertEqual(card["owner"], self.editor.name)
        self.assertEqual(card["verified_on"], "2026-01-31")
        [card] = self._cards(["lead"])
        self.assertIs(card["verified_on"], False)

    def test_texts_are_plain_text(self):
        """Markup is kept as it was typed, as text: nothing marks it as safe HTML."""
        term = self._create_term(
            SCRIPT, code="script", definition=SCRIPT, practice=SCRIPT, pitfall=SCRIPT
        )
        term.synonym_ids = [Command.create({"name": SCRIPT, "lang": False})]
        for user in (self.reader, self.editor):
            [card] = self._cards(["script"], user=user)
            for key in ("name", "definition", "practice", "pitfall"):
                with self.subTest(key=key):
                    self.assertEqual(card[key], SCRIPT)
                    self.assertIs(type(card[key]), str, "no Markup")
                    self.assertEqual(term._fields[key].type in ("char", "text"), True)
            self.assertEqual(card["synonyms"], [SCRIPT])

    def test_all_cards_open_for_every_role(self):
        for user in (self.reader, self.editor):
            for lang in ("en_US", "bg_BG", "ru_RU"):
                codes = self.Term.search([]).mapped("code")
                cards = self._cards(codes, user=user, lang=lang)
                self.assertEqual(len(cards), len(codes))

    def test_month_of_the_number_stands_alone(self):
        """Russian declines the names of months: "ноябрь 2026", "5 ноября"."""
        kpi = self.env.ref("crm_glossary_core.kpi_new_leads")
        label = kpi.with_context(lang="ru_RU")._get_period_label("2026-11-01", "month")
        self.assertEqual(label, "ноябрь 2026")
