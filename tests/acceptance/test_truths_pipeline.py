"""What the terms of the pipeline claim about Odoo, exercised.

Each test is named after its term. Where a term corrects a common claim, the test shows
that the correction is true.
"""

from datetime import timedelta

from glossary_case import CrmCase

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestTruthsPipeline(CrmCase):
    # === EXPECTED REVENUE, PROBABILITY === #

    def test_expected_revenue_is_typed_and_not_multiplied(self):
        deal = self.make_deal(expected_revenue=10000, probability=20)
        self.assertEqual(deal.expected_revenue, 10000)
        deal.probability = 70
        self.assertEqual(deal.expected_revenue, 10000)
        deal.stage_id = self.stages[2]
        self.assertEqual(deal.expected_revenue, 10000)
        self.assertFalse(deal._fields["expected_revenue"].compute)

    def test_prorated_revenue_is_rounded_to_the_cent(self):
        deal = self.make_deal(expected_revenue=10000, probability=20)
        self.assertEqual(deal.prorated_revenue, 2000)
        deal.write({"expected_revenue": 999.99, "probability": 33.33})
        self.assertEqual(deal.prorated_revenue, 333.30)

    def test_pipeline_value_is_not_weighted(self):
        self.make_deal(expected_revenue=10000, probability=20)
        self.assert_kpi_grows("pipeline_value", 10000, expected_revenue=10000)
        self.assert_kpi_grows(
            "prorated_revenue", 2000, expected_revenue=10000, probability=20
        )

    def test_probability_does_not_belong_to_the_stage(self):
        self.assertNotIn("probability", self.env["crm.stage"]._fields)
        first = self.make_deal(probability=20)
        second = self.make_deal(probability=70)
        self.assertEqual(first.stage_id, second.stage_id)
        self.assertNotEqual(first.probability, second.probability)
        first.stage_id = self.stages[1]
        self.assertEqual(first.probability, 20, "a value typed by hand stays")

    def test_probability_of_a_won_and_a_lost_deal(self):
        deal = self.make_deal()
        deal.action_set_won()
        self.assertEqual((deal.probability, deal.won_status), (100, "won"))
        deal = self.make_deal()
        deal.action_set_lost()
        self.assertEqual((deal.probability, deal.won_status), (0, "lost"))

    def test_predictive_scoring_gives_way_to_a_hand(self):
        deal = self.make_deal()
        self.assertEqual(deal.probability, deal.automated_probability)
        deal.probability = 42.5
        self.assertNotEqual(deal.probability, deal.automated_probability)
        self.assertFalse(deal.is_automated_probability)
        deal.action_set_automated_probability()
        self.assertEqual(deal.probability, deal.automated_probability)

    def test_predictive_scoring_job_is_off(self):
        self.assertFalse(self.env.ref("crm.website_crm_score_cron").active)

    # === STAGES === #

    def test_rotting_deal_is_off_until_days_are_set(self):
        stage = self.env["crm.stage"].create({"name": "Waiting"})
        self.assertEqual(stage.rotting_threshold_days, 0)
        deal = self.make_deal(stage_id=stage.id)
        deal.date_last_stage_update = fields.Datetime.now() - timedelta(days=400)
        self.assertFalse(deal.is_rotting)
        stage.rotting_threshold_days = 30
        deal.invalidate_recordset()
        self.assertTrue(deal.is_rotting)
        self.assertIn(deal.rotting_days, (399, 400))

    def test_rotting_deal_starts_anew_with_each_stage(self):
        self.stages.rotting_threshold_days = 5
        deal = self.make_deal()
        deal.date_last_stage_update = fields.Datetime.now() - timedelta(days=9)
        deal.invalidate_recordset()
        self.assertTrue(deal.is_rotting)
        deal.message_post(body="We spoke.", message_type="comment")
        deal.invalidate_recordset()
        self.assertTrue(deal.is_rotting, "a message does not stop the clock")
        deal.stage_id = self.stages[1]
        deal.flush_recordset()
        deal.invalidate_recordset()
        self.assertFalse(deal.is_rotting)

    def test_sales_stage_requirements_stop_nobody(self):
        self.stages[1].requirements = "A phone number."
        deal = self.make_deal(phone=False)
        deal.stage_id = self.stages[1]
        self.assertEqual(deal.stage_id, self.stages[1])

    def test_kanban_view_is_editable(self):
        arch = self.env["crm.lead"].get_view(
            self.env.ref("crm.crm_case_kanban_view_leads").id, "kanban"
        )["arch"]
        self.assertNotIn('edit="0"', arch)
        self.assertNotIn('records_draggable="0"', arch)
        self.assertIn('on_create="quick_create"', arch)
        deal = self.make_deal()
        deal.web_save({"stage_id": self.stages[2].id}, {"stage_id": {}})
        self.assertEqual(deal.stage_id, self.stages[2])

    # === CLOSING === #

    def test_opportunity_that_is_lost_is_archived_not_deleted(self):
        deal = self.make_deal()
        reason = self.env["crm.lost.reason"].create({"name": "Too late"})
        deal.action_set_lost(lost_reason_id=reason.id)
        Lead = self.env["crm.lead"]
        self.assertFalse(Lead.search([("id", "=", deal.id)]))
        found = Lead.with_context(active_test=False).search([("id", "=", deal.id)])
        self.assertEqual(found.lost_reason_id, reason)

    def test_lost_reason_is_optional(self):
        deal = self.make_deal()
        deal.action_set_lost()
        self.assertFalse(deal.lost_reason_id)

    def test_win_rate_leaves_open_deals_out(self):
        team = self.env["crm.team"].create({"name": "Win rate"})
        for end in ("won", "lost", "lost", "open"):
            deal = self.make_deal(team_id=team.id)
            if end != "open":
                getattr(deal, f"action_set_{end}")()
        self.env.flush_all()
        domain = [("team_id", "=", team.id)]
        rate = self.compute("win_rate_closed", domain)
        self.assertAlmostEqual(rate, 1 / 3)
        cohort = self.compute("win_rate_cohort", domain)
        self.assertAlmostEqual(cohort, 1 / 4, msg="two names, two numbers")

    def test_expected_closing_is_not_the_closed_date(self):
        date = self.today + timedelta(days=20)
        deal = self.make_deal(date_deadline=date)
        deal.action_set_won()
        self.assertEqual(deal.date_deadline, date)
        self.assertEqual(deal.date_closed.date(), fields.Datetime.now().date())

    def test_slipped_deal_is_gone_with_a_new_date(self):
        yesterday = self.today - timedelta(days=1)
        deal = self.assert_kpi_grows("slipped_deals", 1, date_deadline=yesterday)
        deal.date_deadline = self.today
        self.assertFalse(self.compute("slipped_deals", [("id", "=", deal.id)]))

    def test_forecast_has_no_place_for_a_deal_without_a_date(self):
        before = self.compute("forecast_month")
        self.make_deal(expected_revenue=1000, probability=50, date_deadline=False)
        self.assertEqual(self.compute("forecast_month"), before)
        self.make_deal(expected_revenue=1000, probability=50, date_deadline=self.today)
        self.assertEqual(self.compute("forecast_month"), before + 500)

    def test_sales_cycle_is_a_median(self):
        team = self.env["crm.team"].create({"name": "Cycle"})
        for days in (7, 7, 7, 7, 730):
            deal = self.make_deal(team_id=team.id)
            deal.action_set_won()
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE crm_lead SET create_date = date_closed - %s * INTERVAL '1 day'"
                " WHERE id = %s",
                (days, deal.id),
            )
        self.env.invalidate_all()
        median = self.compute("sales_cycle_median", [("team_id", "=", team.id)])
        self.assertAlmostEqual(median, 7, 2)

    # === LISTS === #

    def test_pipeline_shows_mine_only(self):
        action = self.env.ref("crm.crm_lead_action_pipeline")
        self.assertIn("'search_default_assigned_to_me': 1", action.context)

    def test_priority_comes_first_in_a_column(self):
        plain, starred = self.make_deal(), self.make_deal(priority="3")
        newer = self.make_deal()
        deals = plain | starred | newer
        found = self.env["crm.lead"].search([("id", "in", deals.ids)])
        self.assertEqual(found[0], starred)

    def test_recurring_revenue_is_computed_per_month(self):
        plan = self.env["crm.recurring.plan"].create(
            {"name": "Every year", "number_of_months": 12}
        )
        deal = self.make_deal(
            recurring_revenue=1200, recurring_plan=plan.id, probability=50
        )
        self.assertEqual(deal.recurring_revenue_monthly, 100)
        self.assertEqual(deal.recurring_revenue_monthly_prorated, 50)

    def test_property_belongs_to_the_team(self):
        budget = {"name": "budget", "string": "Budget", "type": "integer"}
        teams = self.env["crm.team"].create([{"name": "One"}, {"name": "Two"}])
        teams[0].lead_properties_definition = [budget]
        deal = self.make_deal(team_id=teams[0].id, lead_properties={"budget": 5})
        self.assertEqual(dict(deal.lead_properties), {"budget": 5})
        deal.team_id = teams[1]
        self.assertNotIn("budget", dict(deal.lead_properties))

    def test_customer_tag_does_not_pass_to_the_contact(self):
        tag = self.env["crm.tag"].create({"name": "VIP of a lead"})
        lead = self.make_lead(tag_ids=[Command.link(tag.id)], contact_name="Ann")
        self.convert(lead)
        self.assertEqual(lead.tag_ids, tag)
        self.assertFalse(lead.partner_id.category_id)
