"""What lead scoring says of itself, exercised."""

from datetime import timedelta
from random import Random

from scoring_case import ScoringCase

from odoo import fields
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestTruthsScoring(ScoringCase):
    def test_total_is_the_sum_of_its_lines(self):
        """For every lead of the database, whatever happens to it."""
        rules = [
            self.add_rule(11, [("priority", "in", ["2", "3"])]),
            self.add_rule(-7, [("phone", "=", False)]),
            self.add_rule(23, [("type", "=", "opportunity")], axis="engagement"),
            self.add_event_rule(9, "page_visit", decay="half_life", half_life_days=3),
        ]
        self.shipped.team_ids = self.env["crm.team"].search([], limit=1)
        self.shipped.active = True
        chance = Random(4)
        leads = self.env["crm.lead"].search([], limit=40)
        for lead in leads:
            chance.choice(
                [
                    lambda lead: lead.write({"priority": chance.choice("0123")}),
                    lambda lead: lead.write({"phone": False}),
                    lambda lead: lead.write({"active": False}),
                    lambda lead: self.log(lead, "page_visit", days=chance.randrange(9)),
                ]
            )(lead)
        rules[1].points = -9
        self.settle()
        every = self.env["crm.lead"].with_context(active_test=False).search([])
        self.assertGreater(len(every), 60)
        for lead in every:
            lines = lead.score_line_ids
            self.assertEqual(lead.lead_score, sum(lines.mapped("points")), lead.name)
            for axis in ("fit", "engagement"):
                points = lines.filtered(lambda line, a=axis: line.axis == a)
                self.assertEqual(
                    lead[f"lead_score_{axis}"], sum(points.mapped("points")), lead.name
                )

    def test_probability_is_never_written(self):
        leads = self.env["crm.lead"].with_context(active_test=False).search([])
        before = {lead: lead.probability for lead in leads}
        self.assertGreater(len(set(before.values())), 3)
        self.add_rule(100)
        self.model.state = "live"
        for lead in leads[:5]:
            self.log(lead, "page_visit")
        self.settle()
        self.assertGreaterEqual(min(leads.mapped("lead_score")), 100)
        self.assertEqual({lead: lead.probability for lead in leads}, before)

    def test_the_same_event_counts_once(self):
        rule = self.add_event_rule(5, "page_visit")
        lead = self.make_lead()
        self.assertEqual(len(self.log(lead, "page_visit", origin="a/1")), 1)
        self.assertEqual(len(self.log(lead, "page_visit", origin="a/1")), 0)
        self.assertEqual(self.points_of(lead), {rule: 5})
        self.log(lead, "page_visit", origin="a/2")
        self.assertEqual(self.points_of(lead), {rule: 10})

    def test_the_threshold_does_not_flap(self):
        """Between the two numbers a lead stays what it is."""
        self.model.write({"ready_score": 60, "unready_score": 45})
        for points in (44, 45, 59, 60):
            self.add_rule(points, [("color", "=", points)])
        lead = self.make_lead()
        states = []
        for points in (59, 60, 59, 45, 59, 44, 59, 60):
            lead.color = points
            self.settle()
            self.assertEqual(lead.lead_score, points)
            states.append(lead.is_sales_ready)
        expected = [False, True, True, True, True, False, False, True]
        self.assertEqual(states, expected)

    def test_observe_does_nothing(self):
        """Scores and readiness are shown; no hand-over, no action, no message."""
        self.add_rule(90, [("priority", "=", "3")])
        tag = self.env["crm.tag"].create({"name": "Acceptance acted"})
        action = self.env["ir.actions.server"].create(
            {
                "name": "Act",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "code",
                "code": f"record.write({{'tag_ids': [(4, {tag.id})]}})",
            }
        )
        self.model.write({"ready_action_ids": action, "ready_convert": True})
        self.assertEqual(self.model.state, "observe", "as a new model is")
        lead = self.make_lead(priority="3")
        self.settle()
        self.assertTrue(lead.is_sales_ready)
        self.assertFalse(lead.tag_ids or lead.handover_ids)
        self.assertEqual(lead.type, "lead")
        runs = self.env["crm.lead.score.run"].search([("lead_id", "=", lead.id)])
        self.assertFalse(runs)
        self.model.state = "live"
        other = self.make_lead(priority="3")
        self.settle()
        self.assertEqual(other.tag_ids, tag)
        self.assertEqual(other.type, "opportunity")
        self.assertTrue(other.handover_ids)

    def test_a_returned_lead_is_not_ready_before_something_new(self):
        self.model.state = "live"
        self.add_rule(60, [("priority", "=", "3")])
        self.add_event_rule(5, "page_visit")
        lead = self.make_lead(priority="3", user_id=self.env.uid)
        self.settle()
        self.assertEqual(lead.handover_state, "offered")
        lead.action_return_to_marketing("Too early")
        for _refresh in range(2):
            self.settle()
            self.assertFalse(lead.is_sales_ready)
            self.assertEqual(lead.handover_state, "returned")
        self.log(lead, "page_visit")
        self.settle()
        self.assertTrue(lead.is_sales_ready, "it came back to the website")
        self.assertEqual(lead.handover_state, "offered")

    def test_each_event_fades_by_its_own_age(self):
        half = self.add_event_rule(
            16, "page_visit", decay="half_life", half_life_days=10
        )
        even = self.add_event_rule(
            16, "form_submitted", decay="linear", half_life_days=10
        )
        lead = self.make_lead()
        for days in (0, 10, 20):
            self.log(lead, "page_visit", days=days)
            self.log(lead, "form_submitted", days=days)
        self.assertEqual(self.points_of(lead), {half: 16 + 8 + 4, even: 16 + 8 + 0})

    def test_the_score_of_any_day_can_be_worked_out_again(self):
        """From the ledger, as it was that day; nothing is stored by that."""
        rule = self.add_event_rule(
            16, "page_visit", decay="half_life", half_life_days=10
        )
        lead = self.make_lead()
        for days in (30, 20, 0):
            self.log(lead, "page_visit", days=days)
        self.assertEqual(self.points_of(lead), {rule: 2 + 4 + 16})
        today = fields.Datetime.now().date()
        scores = self.env["crm.lead.score"].sudo()
        for days, expected in ((31, 0), (30, 16), (20, 24), (10, 12), (0, 22)):
            day = today - timedelta(days=days)
            found = scores._compute_at(lead.ids, day)[lead.id]
            self.assertEqual(found["total"], expected, days)
            self.assertEqual(sum(p for _rule, p in found["lines"]), expected)
        self.env.invalidate_all()
        self.assertEqual(lead.lead_score, 22)

    def test_a_broken_rule_stops_no_other(self):
        """It says so itself, and the health line says it to managers."""
        good = self.add_rule(10)
        broken = self.add_rule(20)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead_score_rule SET domain = %s WHERE id = %s",
            ["[('x_gone', '=', 1)]", broken.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        lead = self.make_lead()
        self.assertEqual(self.points_of(lead), {good: 10})
        self.assertIn("x_gone", broken.error_message)
        health = self.env["crm.lead.score.health"]
        self.assertIn("broken_rules", [p["code"] for p in health.get_health()])
        broken.domain = "[]"
        self.assertEqual(self.points_of(lead), {good: 10, broken: 20})
        self.assertNotIn("broken_rules", [p["code"] for p in health.get_health()])
