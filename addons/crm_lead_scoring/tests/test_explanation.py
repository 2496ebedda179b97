from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestExplanation(ScoringCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()
        cls.rule = cls._make_rule([("expected_revenue", ">=", 100)], 30)
        cls._make_rule([("phone", "=", False)], -5, "engagement", name="No phone")
        cls.lead = cls._make_lead(expected_revenue=500, user_id=cls.salesman.id)

    def test_it_adds_up(self):
        explanation = self.lead.get_score_explanation()
        self.assertEqual(explanation["total"], 25)
        self.assertEqual(explanation["axes"], {"fit": 30, "engagement": -5})
        self.assertEqual(explanation["grade"], "C3")
        self.assertEqual(explanation["model"], "Test model")
        self.assertEqual([line["points"] for line in explanation["lines"]], [30, -5])
        self.assertEqual(explanation["lines"][0]["rule"], self.rule.name)
        self.assertEqual(explanation["lines"][0]["rule_id"], self.rule.id)
        self.assertIn("Expected Revenue", explanation["lines"][0]["sentence"])
        self.assertEqual(explanation["lines"][1]["axis"], "engagement")

    def test_access(self):
        own = self.lead.with_user(self.salesman).get_score_explanation()
        self.assertEqual(own["total"], 25)
        self.lead.user_id = self.seller_all
        with self.assertRaises(AccessError):
            self.lead.with_user(self.salesman).get_score_explanation()
        with self.assertRaises(AccessError):
            self.lead.with_user(self.employee).get_score_explanation()

    def test_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("bg_BG")
        bulgarian = self.lead.with_context(lang="bg_BG").get_score_explanation()
        english = self.lead.with_context(lang="en_US").get_score_explanation()
        self.assertNotEqual(
            bulgarian["lines"][0]["sentence"], english["lines"][0]["sentence"]
        )

    def test_lines_are_read_from_their_own_lead_only(self):
        """Reading the lines of one lead does not unfold those of all leads."""
        self.env.flush_all()
        lines = self.lead.score_line_ids
        self.env.invalidate_all()
        query = self.Line._search([("id", "in", lines.ids)])
        self.assertIn('"lead_id" IN', str(query.select().code))
        self.assertEqual(sorted(lines.mapped("points")), [-5, 30])
        self.assertEqual(lines.lead_id, self.lead)

    def test_lines_and_scores_are_the_engines_alone(self):
        lines, score = self.lead.score_line_ids, self.lead.score_id
        for user in (self.salesman, self.manager):
            for record in (lines[0], score):
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(record.with_user(user).has_access(operation))


@tagged("post_install", "-at_install")
@freeze_time("2026-12-05 12:00:00")
class TestEvidence(ScoringCase):
    """What stands behind each line, in words."""

    def _evidence(self, lead):
        self.env.invalidate_all()
        return {
            line["rule"]: line["evidence"]
            for line in lead.get_score_explanation()["lines"]
        }

    def test_events(self):
        lead = self._make_lead()
        self._make_event_rule(
            "mail_opened", 12, name="Opens", decay="half_life", half_life_days=7
        )
        self._make_event_rule("page_visit", 5, name="Visits", window_days=30)
        self._make_event_rule("call_held", -5, name="Calls", counting="once")
        self._log(lead, "mail_opened", days=7, value="Spring offer")
        for days in (0, 1, 2, 40):
            self._log(lead, days=days, value="/pricing")
        self._log(lead, days=3)
        self._log(lead, "call_held", days=100)
        self._log(lead, "call_held", days=90)
        self._refresh()
        evidence = self._evidence(lead)
        self.assertEqual(
            evidence["Opens"],
            "Opened a mailing “Spring offer” 7 days ago, +6,"
            " half of it left on 12/12/2026",
        )
        self.assertEqual(
            evidence["Visits"],
            "Visited a page “/pricing” today, +5, gone on 01/05/2027;"
            " Visited a page “/pricing” yesterday, +5, gone on 01/04/2027;"
            " Visited a page “/pricing” 2 days ago, +5, gone on 01/03/2027;"
            " and 1 more before that",
        )
        self.assertEqual(evidence["Calls"], "Was reached by phone on 09/06/2026, -5")
        self.assertScored(lead)

    def test_values(self):
        country = self.env.ref("base.bg")
        lead = self._make_lead(country_id=country.id, expected_revenue=1500)
        self._make_rule([("country_id.code", "=", "BG")], name="Country")
        self._make_rule([("expected_revenue", ">", 9)], name="Budget")
        self._refresh()
        self.assertEqual(
            self._evidence(lead),
            {"Country": "Country: Bulgaria", "Budget": "Expected Revenue: 1,500"},
        )

    def test_limited_events_name_those_that_count(self):
        lead = self._make_lead()
        self._make_event_rule(
            "page_visit", 5, name="V", counting="limited", max_count=1, period="month"
        )
        for value, days in (("first", 3), ("second", 1)):
            self._log(lead, value=value, days=days)
        self.assertIn("first", self._evidence(lead)["V"])
        self.assertNotIn("second", self._evidence(lead)["V"])


@tagged("post_install", "-at_install")
class TestRuleInWords(ScoringCase):
    def test_sentences(self):
        cap = self.env["crm.lead.score.cap"].create(
            {"name": "Mailings", "model_id": self.model.id, "maximum": 30}
        )
        for values, sentence in (
            (
                {
                    "counting": "limited",
                    "max_count": 3,
                    "period": "week",
                    "decay": "half_life",
                    "half_life_days": 14,
                },
                "Opened a mailing: +6 each, at most 3 a week, halves every 14 days",
            ),
            (
                {"counting": "once", "value_pattern": "Spring*", "window_days": 30},
                "Opened a mailing (Spring*): +6 once, counts for 30 days",
            ),
            (
                {"cap": 20, "cap_id": cap.id, "decay": "linear", "half_life_days": 5},
                "Opened a mailing: +6 each, no more than 20 points in all, with others"
                " of “Mailings” no more than 30 points, fades evenly within 10 days",
            ),
            (
                {
                    "valid_to": "2027-01-31",
                    "only_after_start": True,
                    "start_date": "2026-01-01",
                },
                "Opened a mailing: +6 each, since 01/01/2026, valid until 01/31/2027",
            ),
            (
                {"domain": [("type", "=", "lead")]},
                "Opened a mailing: +6 each; only leads with: Type is Lead",
            ),
        ):
            with self.subTest(sentence):
                rule = self._make_event_rule("mail_opened", 6, **values)
                self.assertEqual(rule.domain_sentence, sentence)

    def test_protected_attributes(self):
        self.env["ir.model.fields"].create(
            [
                {
                    "name": f"x_field_{number}",
                    "field_description": label,
                    "model_id": self.env["ir.model"]._get_id("crm.lead"),
                    "ttype": "char",
                }
                for number, label in enumerate(
                    ("Пол", "Religion of the buyer", "Nationalität", "Полет", "Essex")
                )
            ]
        )
        for name, warned in (
            ("x_field_0", True),
            ("x_field_1", True),
            ("x_field_2", True),
            ("x_field_3", False),
            ("x_field_4", False),
            ("phone", False),
            ("country_id.code", False),
        ):
            rule = self._make_rule([(name, "ilike", "a")])
            self.assertEqual(bool(rule.warning), warned, name)
        self.assertIn("“Пол”", self._make_rule([("x_field_0", "=", "m")]).warning)
        nested = self._make_event_rule(
            "page_visit", domain=[("partner_id", "any", [("lang", "=", "x")])]
        )
        self.assertFalse(nested.warning)
