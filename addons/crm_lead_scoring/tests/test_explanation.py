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
