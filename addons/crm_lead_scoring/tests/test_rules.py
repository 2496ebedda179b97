from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestRules(ScoringCase):
    def test_signed_points_on_two_axes(self):
        self._make_rule([("email_state", "=", "correct")], 10, "fit")
        self._make_rule([("expected_revenue", ">=", 1000)], 25, "engagement")
        self._make_rule([("country_id", "=", False)], -7, "fit")
        lead = self._make_lead(email_from="a@example.com", expected_revenue=5000)
        self.assertEqual(lead.lead_score_fit, 3)
        self.assertEqual(lead.lead_score_engagement, 25)
        self.assertEqual(lead.lead_score, 28)
        self.assertScored(lead)

    def test_total_may_be_negative(self):
        self._make_rule([("phone", "=", False)], -10000)
        lead = self._make_lead()
        self.assertEqual(lead.lead_score, -10000)
        self.assertEqual(lead.lead_grade_id.name, "C3")

    def test_write_refreshes_at_once(self):
        self._make_rule([("country_id.code", "=", "BG")], 15)
        lead = self._make_lead()
        self.assertEqual(lead.lead_score, 0)
        lead.country_id = self.env.ref("base.bg")
        self.assertEqual(lead.lead_score, 15)
        self.assertEqual(lead.score_line_ids.points, 15)
        lead.country_id = self.env.ref("base.de")
        self.assertEqual(lead.lead_score, 0)
        self.assertFalse(lead.score_line_ids)

    def test_computed_fields_refresh_at_once(self):
        """A rule on e-mail quality notices a write of the e-mail address."""
        self._make_rule([("email_state", "=", "correct")], 10)
        lead = self._make_lead(email_from="nonsense")
        self.assertEqual(lead.lead_score, 0)
        lead.email_from = "good@example.com"
        self.assertEqual(lead.lead_score, 10)

    def test_contact_refreshes_its_leads(self):
        self._make_rule([("partner_id.city", "=", "Plovdiv")], 10)
        self._make_rule([("email_state", "=", "correct")], 5)
        partner = self.env["res.partner"].create({"name": "Ana", "city": "Sofia"})
        lead = self._make_lead(partner_id=partner.id)
        self.assertEqual(lead.lead_score, 0)
        partner.city = "Plovdiv"
        self.assertEqual(lead.lead_score, 10)
        partner.email = "ana@example.com"
        self.assertEqual(lead.lead_score, 15)
        self.assertScored(lead)

    def test_company_of_contact_refreshes_leads(self):
        self._make_rule([("partner_id.parent_id.vat", "=", "X1")], 10)
        company = self.env["res.partner"].create({"name": "Co", "is_company": True})
        person = self.env["res.partner"].create({"name": "P", "parent_id": company.id})
        lead = self._make_lead(partner_id=person.id)
        self.assertEqual(lead.lead_score, 0)
        company.vat = "X1"
        self.assertEqual(lead.lead_score, 10)

    def test_untouched_fields_compute_nothing(self):
        self._make_rule([("expected_revenue", ">", 0)], 10)
        lead = self._make_lead()
        self._settle()
        original = type(self.Score)._score
        calls = []

        def spy(scores, *args, **kwargs):
            calls.append(kwargs)
            return original(scores, *args, **kwargs)

        self.patch(type(self.Score), "_score", spy)
        lead.referred = "Somebody"
        self._settle()
        self.assertFalse(calls)
        lead.expected_revenue = 5
        self._settle()
        self.assertEqual(len(calls), 1)
        lead.team_id = self.team_two
        self._settle()
        self.assertEqual(len(calls), 2)
        self._settle()
        self.assertEqual(len(calls), 2)

    def test_points_range(self):
        for points in (0, 10001, -10001):
            with (
                self.subTest(points=points),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self._make_rule([], points)

    def test_rule_is_about_leads(self):
        rule = self._make_rule([])
        self.assertEqual(rule.model_name, "crm.lead")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            rule.model_name = "res.partner"
            rule.flush_recordset()

    def test_bad_domains_are_refused(self):
        for domain in (
            "[('no_such_field', '=', 1)]",
            "not a domain",
            "__import__('os').system('true')",
        ):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self._make_rule(domain)

    def test_broken_rule_leaves_others(self):
        field = self.env["ir.model.fields"].create(
            {
                "name": "x_size",
                "field_description": "Size",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "ttype": "integer",
            }
        )
        broken = self._make_rule([("x_size", ">=", 0)], 50)
        sound = self._make_rule([("expected_revenue", ">=", 10)], 7)
        lead = self._make_lead(expected_revenue=20)
        self.assertEqual(lead.lead_score, 57)
        field.with_context(_force_unlink=True).unlink()
        self._refresh()
        self.assertIn("x_size", broken.error_message)
        self.assertFalse(sound.error_message)
        self.assertEqual(lead.lead_score, 7)
        self.assertEqual(self.model.broken_rule_count, 1)
        self.assertScored(lead)
        # Mended, it counts again and says nothing any more.
        broken.domain = "[('expected_revenue', '>=', 15)]"
        self._refresh()
        self.assertFalse(broken.error_message)
        self.assertEqual(lead.lead_score, 57)

    def test_all_rules_broken(self):
        rule = self._make_rule([("expected_revenue", ">=", 10)], 7)
        lead = self._make_lead(expected_revenue=20)
        self.env.flush_all()
        # As if a module that added a field had been removed.
        self.cr.execute(
            "UPDATE crm_lead_score_rule SET domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", rule.id],
        )
        self.env.invalidate_all()
        self._refresh()
        self.assertTrue(rule.error_message)
        self.assertEqual(lead.lead_score, 0)
        self.assertFalse(lead.score_line_ids)

    def test_admin_field_works(self):
        self.env["ir.model.fields"].create(
            {
                "name": "x_grade_of_tea",
                "field_description": "Grade of Tea",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "ttype": "char",
            }
        )
        rule = self._make_rule([("x_grade_of_tea", "=", "first")], 12)
        lead = self._make_lead(x_grade_of_tea="first")
        self.assertEqual(lead.lead_score, 12)
        self.assertIn("Grade of Tea", rule.describe())

    def test_relation_to_many(self):
        tag = self.env["crm.tag"].create({"name": "Fair 2026"})
        self._make_rule([("tag_ids.name", "=", "Fair 2026")], 9)
        lead = self._make_lead(tag_ids=tag.ids)
        other = self._make_lead()
        self.assertEqual((lead + other).mapped("lead_score"), [9, 0])
        self._refresh()
        self.assertScored(lead + other)

    def test_form_shows_sentence_and_count(self):
        self._make_lead(expected_revenue=777777)
        with Form(self.Rule.with_context(default_model_id=self.model.id)) as form:
            form.name = "Large"
            form.points = 5
            form.domain = "[('expected_revenue', '=', 777777)]"
            self.assertEqual(form.matching_count, 1)
            self.assertIn("777", form.sentence)
        self.assertEqual(form.record.model_name, "crm.lead")

    def test_count_is_of_the_scoring_model(self):
        model_two = self.Model.create({"name": "Two", "team_ids": self.team_two.ids})
        domain = [("expected_revenue", "=", 888888)]
        rule_one = self._make_rule(domain)
        rule_two = self._make_rule(domain, model=model_two)
        self._make_lead(expected_revenue=888888, team_id=self.team.id)
        self._make_lead(expected_revenue=888888, team_id=self.team.id)
        self._make_lead(expected_revenue=888888, team_id=self.team_two.id)
        self.assertEqual(rule_one.matching_count, 2)
        self.assertEqual(rule_two.matching_count, 1)
        action = rule_one.action_view_records()
        self.assertEqual(self.env["crm.lead"].search_count(action["domain"]), 2)

    def test_changes_of_rules_ask_for_a_refresh(self):
        row = self.Model._get_refresh_row()
        rule = self._make_rule([("expected_revenue", ">=", 10)], 7)
        for change in (
            lambda: rule.write({"points": 8}),
            lambda: rule.write({"active": False}),
            lambda: self.model.grade_ids[0].write({"fit_min": 60}),
            lambda: rule.unlink(),
        ):
            self._refresh()
            self.assertEqual(row.state, "done")
            change()
            self.assertEqual(row.state, "waiting")
        self._refresh()
        rule = self._make_rule([], 1)
        self.assertEqual(row.state, "waiting")
        self._refresh()
        rule.name = "Only another name"
        self.assertEqual(row.state, "done")

    def test_deleted_rule_keeps_the_sum_until_the_refresh(self):
        keep = self._make_rule([("expected_revenue", ">=", 10)], 7)
        drop = self._make_rule([("expected_revenue", ">=", 20)], 30)
        lead = self._make_lead(expected_revenue=25)
        self._settle()
        drop.unlink()
        self.env.invalidate_all()
        self.assertEqual(lead.lead_score, 37)
        self.assertEqual(sum(lead.score_line_ids.mapped("points")), 37)
        names = set(lead.score_line_ids.mapped("display_name"))
        self.assertEqual(names, {keep.name, "Deleted rule"})
        self.assertEqual(
            sum(line["points"] for line in lead.get_score_explanation()["lines"]), 37
        )
        self._refresh()
        self.assertEqual(lead.lead_score, 7)
        self.assertScored(lead)
