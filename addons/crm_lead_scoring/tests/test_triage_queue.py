from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_triage import TriageCase


@tagged("post_install", "-at_install")
class TestTriageQueue(TriageCase):
    """Who sees which leads, in which order, and what is said of them."""

    def test_best_first(self):
        self._make_lead("Poor", 10)
        self._make_lead("Best", 40)
        self._make_lead("Better", 30)
        self._make_lead("Handed over", 60, user_id=False)
        self.assertEqual(
            self._names(self.salesman), ["Handed over", "Best", "Better", "Poor"]
        )
        self._make_lead("Ready for another", 100, user_id=self.salesman_two.id)
        queue = self._as(self.manager).get_queue()
        self.assertEqual(queue["left"], 5)
        names = [row["name"] for row in queue["leads"]]
        self.assertEqual(names[:2], ["Handed over", "Ready for another"])
        row = queue["leads"][0]
        self.assertTrue(row["is_handed_over"] and row["is_ready"])
        self.assertEqual((row["score"], row["days"]), (60, 0))

    def test_who_sees_what(self):
        self._make_lead("Own", 10)
        self._make_lead("Of nobody", 20, user_id=False)
        self._make_lead("Of Maria", 30, user_id=self.salesman_two.id)
        self.assertEqual(self._names(self.salesman), ["Of nobody", "Own"])
        self.assertEqual(self._names(self.seller_all), ["Of nobody"])
        self.assertEqual(self._names(self.manager), ["Of Maria", "Of nobody", "Own"])
        self.team.user_id = self.seller_all
        self.assertEqual(len(self._names(self.seller_all)), 3)
        for call in (
            self._as(self.employee).get_queue,
            self._as(self.employee).get_choices,
        ):
            with self.assertRaises(AccessError):
                call()

    def test_new_ones_only(self):
        """Opportunities that are on their way are in work already."""
        first, second = self.env["crm.stage"].search([("is_won", "=", False)])[:2]
        values = {"type": "opportunity"}
        self._make_lead("Arrived", 10, stage_id=first.id, **values)
        self._make_lead("On its way", 20, stage_id=second.id, **values)
        nobody = self._make_lead(
            "Of nobody", 30, stage_id=second.id, user_id=False, **values
        )
        won = self._make_lead("Won", 40, **values)
        won.action_set_won()
        lost = self._make_lead("Lost", 40)
        lost.action_set_lost()
        self.assertEqual(self._names(self.salesman), ["Of nobody", "Arrived"])
        nobody.user_id = self.salesman
        self.assertEqual(self._names(self.salesman), ["Arrived"])

    def test_first_stage_of_a_team(self):
        stages = self.env["crm.stage"]
        first = stages.search([("is_won", "=", False)])[0]
        own = stages.create(
            {"name": "A", "sequence": -2, "team_ids": [Command.link(self.team.id)]}
        )
        later = stages.create(
            {"name": "B", "sequence": -1, "team_ids": [Command.link(self.team.id)]}
        )
        found = self.Triage._get_first_stages()
        self.assertEqual(found & (own + later + first), own + first)

    def test_filters(self):
        self._make_lead("Own", 10)
        self._make_lead("Ready", 70)
        self._make_lead("Of nobody", 20, user_id=False, team_id=self.team_two.id)
        names = self._names
        self.assertEqual(names(self.salesman, owner="mine"), ["Ready", "Own"])
        self.assertEqual(names(self.salesman, owner="unassigned"), ["Of nobody"])
        self.assertEqual(names(self.salesman, ready=True), ["Ready"])
        self.assertEqual(names(self.salesman, team_id=self.team_two.id), ["Of nobody"])
        grade = self.env["crm.lead"].search([("name", "=", "Ready")]).lead_grade_id
        rows = self._as(self.salesman).get_queue({"grade": grade.name})["leads"]
        self.assertTrue(rows)
        self.assertEqual({row["grade"] for row in rows}, {grade.name})
        self.assertFalse(names(self.salesman, grade="Z9"))

    def test_limit(self):
        for number in range(3):
            self._make_lead(f"Lead {number}", 10)
        queue = self._as(self.salesman).get_queue(limit=2)
        self.assertEqual((len(queue["leads"]), queue["left"]), (2, 3))
        self.assertFalse(queue["is_more"])

    def test_queries_do_not_grow(self):
        """The same number of queries for one lead and for twenty."""
        self._make_lead("First", 10)
        counts = []
        for _round in range(2):
            self.env.cr.flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._as(self.salesman).get_queue()
            counts.append(self.env.cr.sql_log_count - before)
            for number in range(19):
                self._make_lead(f"More {number}", 20)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Company Two"})
        lead = self._make_lead(
            "Elsewhere", 70, company_id=company.id, user_id=False, team_id=False
        )
        self.assertFalse(self._names(self.manager))
        self.assertFalse(self._as(self.manager).get_lead(lead.id))
        self.assertNotDone(self._as(self.manager).accept(lead.id), "not yours")
        self.assertFalse(lead.triage_ids)

    def test_card(self):
        self._make_rule([("phone", "=", False)], -20, name="No phone")
        self._refresh()
        lead = self._make_lead(
            "Carded", 60, partner_name="Lee Ltd", email_from="lee@example.com"
        )
        lead.message_post(body="Please <b>call</b>", message_type="email")
        card = self._as(self.salesman).get_lead(lead.id)
        self.assertEqual(card["company"], "Lee Ltd")
        self.assertEqual(card["score"], 40)
        self.assertEqual(card["fit"], 40)
        self.assertEqual([r["points"] for r in card["reasons_for"]], [40, 20])
        self.assertEqual([r["points"] for r in card["reasons_against"]], [-20])
        self.assertIn("call", card["messages"][0]["text"])
        self.assertTrue(card["messages"][0]["is_incoming"])
        self.assertIn("20 more points", card["readiness"][0])
        self.assertFalse(card["needs_reason"])
        self.assertTrue(card["can_decide"])
        self.assertFalse(self._as(self.salesman_two).get_lead(lead.id))
        lead.unlink()
        self.assertFalse(self._as(self.salesman).get_lead(lead.id))

    def test_choices(self):
        choices = self._as(self.salesman).get_choices()
        self.assertIn("Too small", [r["name"] for r in choices["lost_reasons"]])
        self.assertFalse(choices["sees_all"] or choices["can_configure"])
        self.assertIn("A1", choices["grades"])
        self.assertTrue(self._as(self.manager).get_choices()["sees_all"])

    def test_nurtured_ones_come_back(self):
        lead = self._make_lead("Later", 30)
        self.assertDone(self._as(self.salesman).nurture(lead.id))
        self.assertFalse(self._names(self.salesman))
        self._last().until = fields.Date.today() - timedelta(days=1)
        self.assertEqual(self._names(self.salesman), ["Later"])

    def test_nurtured_one_that_becomes_ready_comes_back(self):
        lead = self._make_lead("Later", 30)
        self._as(self.salesman).nurture(lead.id)
        self._set_points(lead, 70)
        self.assertEqual(self._names(self.salesman), ["Later"])

    def test_accepted_one_without_a_salesperson_waits_again(self):
        lead = self._make_lead("Taken", 30)
        self._as(self.salesman).accept(lead.id, keep_lead=True)
        self.assertFalse(self._names(self.manager))
        lead.user_id = False
        self.assertEqual(self._names(self.manager), ["Taken"])
