import random

from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_readiness import ReadinessCase


@tagged("post_install", "-at_install")
class TestReadiness(ReadinessCase):
    """When a lead is ready: thresholds, must-haves, time, and what is said of it."""

    def test_thresholds(self):
        lead = self._make_lead()
        self.assertFalse(lead.is_sales_ready)
        for points, is_ready in (
            (50, False),
            (60, True),
            (50, True),
            (40, False),
            (50, False),
            (70, True),
        ):
            self._set_points(lead, points)
            self.assertEqual(lead.lead_score, points)
            self.assertEqual(lead.is_sales_ready, is_ready, points)
            self.assertEqual(bool(lead.ready_since), is_ready, points)
        self.assertEqual(lead.score_id.transitions, 3)

    def test_flapping_property(self):
        """Any walk of the score flips the lead as the two thresholds say, no more."""
        chance = random.Random(4)
        lead, ready, flips = self._make_lead(), False, 0
        for _step in range(60):
            points = chance.choice(range(0, 101, 10))
            self._set_points(lead, points)
            wanted = points >= 45 if ready else points >= 60
            flips += wanted != ready
            ready = wanted
            self.assertEqual(lead.is_sales_ready, ready, points)
        self.assertEqual(lead.score_id.transitions, flips)
        self.assertGreater(flips, 5)
        # The whole refresh agrees with the changes one by one.
        self._refresh()
        self.assertEqual(lead.is_sales_ready, ready)
        self.assertEqual(lead.score_id.transitions, flips)

    def test_refresh_writes_only_what_differs(self):
        lead = self._make_lead(tag_ids=(self.tag_40 + self.tag_30).ids)
        self.assertTrue(lead.is_sales_ready)
        self.env.flush_all()
        self.cr.execute("SELECT xmin::text FROM crm_lead_score WHERE id=%s", [lead.id])
        before = self.cr.fetchone()
        since = lead.ready_since
        self.Score._score()
        self.cr.execute("SELECT xmin::text FROM crm_lead_score WHERE id=%s", [lead.id])
        self.assertEqual(self.cr.fetchone(), before)
        self.assertEqual(lead.ready_since, since)

    def test_new_thresholds_reach_all_leads(self):
        lead = self._make_lead(tag_ids=self.tag_40.ids)
        self.assertFalse(lead.is_sales_ready)
        self.model.write({"ready_score": 40, "unready_score": 30})
        self._refresh()
        self.assertTrue(lead.is_sales_ready)
        self.model.write({"ready_score": 90, "unready_score": 80})
        self._refresh()
        self.assertFalse(lead.is_sales_ready)

    def test_must_haves(self):
        self.model.ready_domain = (
            "[('phone', '!=', False), ('email_from', '!=', False)]"
        )
        lead = self._make_lead(tag_ids=(self.tag_40 + self.tag_30).ids)
        self.assertFalse(lead.is_sales_ready)
        readiness = lead.get_readiness()
        self.assertEqual(readiness["missing_points"], 0)
        self.assertEqual(len(readiness["unmet"]), 2)
        lead.phone = "+359 2 123 456"
        self.assertFalse(lead.is_sales_ready)
        [unmet] = lead.get_readiness()["unmet"]
        self.assertIn("Email", unmet)
        lead.email_from = "a@example.com"
        self.assertTrue(lead.is_sales_ready)
        self.assertEqual(lead.get_readiness()["unmet"], [])
        lead.phone = False
        self.assertFalse(lead.is_sales_ready)

    def test_must_haves_about_the_score_and_the_contact(self):
        self.model.ready_domain = (
            "[('lead_score_fit', '>=', 60), ('partner_id.function', '=', 'CEO')]"
        )
        partner = self.env["res.partner"].create({"name": "P"})
        lead = self._make_lead(partner_id=partner.id)
        self._set_points(lead, 70)
        self.assertFalse(lead.is_sales_ready)
        partner.function = "CEO"
        self.assertTrue(lead.is_sales_ready)

    def test_broken_must_haves_change_nothing(self):
        """A field that was removed: every lead stays what it is, and it is said."""
        field = self.env["ir.model.fields"].create(
            {
                "name": "x_checked",
                "field_description": "Checked",
                "model_id": self.action_lead.id,
                "ttype": "boolean",
            }
        )
        self.model.ready_domain = "[('x_checked', '=', False)]"
        ready = self._make_lead("Ready", tag_ids=(self.tag_40 + self.tag_30).ids)
        other = self._make_lead("Other", tag_ids=self.tag_40.ids)
        self.assertTrue(ready.is_sales_ready)
        with mute_logger("odoo.models", "odoo.modules.registry"):
            self.model.flush_recordset()
            self.cr.execute(
                "UPDATE crm_lead_score_model SET ready_domain = %s WHERE id = %s",
                ["[('x_gone', '=', False)]", self.model.id],
            )
            self.env.invalidate_all()
            field.unlink()
        self._set_points(ready, 0)
        self._set_points(other, 90)
        self._refresh()
        self.assertTrue(ready.is_sales_ready)
        self.assertFalse(other.is_sales_ready)
        self.assertIn("x_gone", self.model.ready_error_message)
        self.assertIn("x_gone", "".join(other.get_readiness()["sentences"]))
        self.model.ready_domain = "[]"
        self.assertFalse(self.model.ready_error_message)
        self._refresh()
        self.assertFalse(ready.is_sales_ready)
        self.assertTrue(other.is_sales_ready)

    def test_dwell(self):
        self.model.ready_dwell_hours = 2
        lead = self._make_lead(tag_ids=(self.tag_40 + self.tag_30).ids)
        self.assertFalse(lead.is_sales_ready)
        self.assertTrue(lead.score_id.reached_since)
        self.assertIn("Time", lead.get_readiness()["sentences"][0])
        self._move_time(lead, reached_since=3600)
        self._refresh()
        self.assertFalse(lead.is_sales_ready)
        # A break starts the time anew.
        self._set_points(lead, 50)
        self.assertFalse(lead.score_id.reached_since)
        self._set_points(lead, 60)
        self._move_time(lead, reached_since=3601)
        self._refresh()
        self.assertFalse(lead.is_sales_ready)
        self._move_time(lead, reached_since=3600)
        self._refresh()
        self.assertTrue(lead.is_sales_ready)
        self.assertTrue(lead.ready_since > lead.score_id.reached_since)

    def test_closed_leads_stay_as_they_are(self):
        lead = self._make_lead(tag_ids=(self.tag_40 + self.tag_30).ids)
        lost = self._make_lead(tag_ids=(self.tag_40 + self.tag_10).ids)
        self.assertTrue(lead.is_sales_ready)
        (lead + lost).action_set_lost()
        self._set_points(lead, 0)
        self._set_points(lost, 100)
        self._refresh()
        self.assertTrue(lead.is_sales_ready)
        self.assertFalse(lost.is_sales_ready)
        (lead + lost).action_restore()
        self.assertFalse(lead.is_sales_ready)
        self.assertTrue(lost.is_sales_ready)

    def test_other_model_other_threshold(self):
        other = self.Model.create(
            {"name": "Two", "team_ids": self.team.ids, "ready_score": 20}
        )
        self.assertEqual(other.unready_score, 20)
        self._make_rule([], 30, model=other)
        lead = self._make_lead(team_id=False, user_id=False)
        self.assertFalse(lead.is_sales_ready)
        lead.team_id = self.team
        self.assertTrue(lead.is_sales_ready)
        self.assertEqual(lead.get_readiness()["model"], "Two")
        (self.model + other).active = False
        self._refresh()
        self.assertFalse(lead.is_sales_ready)
        self.assertFalse(lead.get_readiness()["model"])

    def test_search_group_and_sort(self):
        ready = self._make_lead("A", tag_ids=(self.tag_40 + self.tag_30).ids)
        other = self._make_lead("B")
        leads = ready + other
        domain = [("id", "in", leads.ids)]
        found = self.Lead.search([*domain, ("is_sales_ready", "=", True)])
        self.assertEqual(found, ready)
        found = self.Lead.search([*domain, ("is_sales_ready", "=", False)])
        self.assertEqual(found, other)
        groups = self.Lead._read_group(domain, ["is_sales_ready"], ["__count"])
        self.assertEqual(dict(groups), {True: 1, False: 1})
        found = self.Lead.search(domain, order="ready_since desc, id")
        self.assertEqual(set(found.ids), set(leads.ids))
        self.assertFalse(self.Lead.search([*domain, ("ready_since", "<", "-1d")]))

    def test_merge_keeps_readiness(self):
        lead = self._make_lead("One", tag_ids=self.tag_40.ids, expected_revenue=9)
        ready = self._make_lead("Two", tag_ids=(self.tag_40 + self.tag_20).ids)
        self.assertTrue(ready.is_sales_ready)
        self._set_points(ready, 50)
        self.assertTrue(ready.is_sales_ready)
        kept = (lead + ready).merge_opportunity()
        self.assertGreaterEqual(kept.lead_score, 45)
        self.assertTrue(kept.is_sales_ready)

    def test_what_is_said(self):
        lead = self._make_lead(tag_ids=self.tag_40.ids)
        readiness = lead.get_readiness()
        self.assertEqual(readiness["missing_points"], 20)
        self.assertEqual(readiness["state"], "observe")
        self.assertIn("20", readiness["sentences"][0])
        self._set_points(lead, 60)
        readiness = lead.get_readiness()
        self.assertTrue(readiness["is_ready"])
        self.assertEqual(readiness["ready_since"], lead.ready_since)
        self.assertIn("45", readiness["sentences"][0])

    def test_bad_input(self):
        with self.assertRefused("second number"):
            self.model.write({"ready_score": 40, "unready_score": 50})
        with self.assertRefused("second number"):
            self.model.unready_score = 61
        for value in (10**12, -(10**12), 100_001):
            with self.assertRefused("between"):
                self.model.ready_score = value
            with self.assertRefused("between"):
                self.Model.create({"name": "N", "active": False, "ready_score": value})
        with self.assertRefused("one year"):
            self.model.ready_dwell_hours = -1
        for domain in ("[('x_no_such', '=', 1)]", "[(", "nonsense", "[('id', '=')]"):
            with self.assertRefused("Must-haves of Test model"):
                self.model.ready_domain = domain

    def test_action_and_plan_of_another_model(self):
        partner = self.env["ir.model"]._get("res.partner")
        action = self._make_action("pass", model_id=partner.id)
        for name in ("ready_action_ids", "unready_action_ids"):
            with self.assertRefused("Contact"):
                self.model[name] = action
        plan = self.env["mail.activity.plan"].create(
            {"name": "Plan", "res_model": "res.partner"}
        )
        with self.assertRefused("not for leads"):
            self.model.ready_activity_plan_id = plan

    def test_form_and_what_cannot_be_reached(self):
        with Form(self.model) as form:
            form.ready_score = 150
            form.unready_score = 120
        self.assertEqual(self.model.reachable_score, 100)
        copy = self.model.copy()
        self.assertEqual(copy.ready_score, 150)
        self.assertEqual(copy.unready_score, 120)

    def test_must_haves_about_empty_fields(self):
        """What is unknown is not met, and not half met either."""
        self.model.ready_domain = "[('expected_revenue', '>', 100), ('city', '=', 'X')]"
        lead = self._make_lead(city="X", expected_revenue=200)
        self._set_points(lead, 70)
        self.assertTrue(lead.is_sales_ready)
        lead.city = False
        self.assertFalse(lead.is_sales_ready)
        self.cr.execute(
            "SELECT is_ready, ready_since, reached_since FROM crm_lead_score"
            " WHERE id = %s",
            [lead.id],
        )
        self.assertEqual(self.cr.fetchone(), (False, None, None))
