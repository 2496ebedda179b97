"""What the terms of this suite's own apps claim, exercised."""

from datetime import timedelta

from glossary_case import CrmCase

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTruthsSuite(CrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = new_test_user(
            cls.env,
            "acceptance_operator",
            groups="crm_call_center.group_call_center_operator",
        )
        cls.tag = cls.env["crm.tag"].create({"name": "Acceptance calls"})
        cls.list = cls.env["crm.call.list"].create(
            {
                "name": "Acceptance",
                "model_name": "crm.lead",
                "domain": f"[('tag_ids', 'in', {cls.tag.ids})]",
                "operator_ids": [Command.set(cls.operator.ids)],
                "max_attempts": 2,
            }
        )

    def _make_call(self, **values):
        call = self.env["crm.call"].create(
            {
                "name": "Ann",
                "phone": "+1 202-555-0161",
                "list_id": self.list.id,
                "user_id": self.operator.id,
                **values,
            }
        )
        return call.with_user(self.operator)

    # === CALLS === #

    def test_held_ends_the_call_and_keeps_the_note(self):
        call = self._make_call()
        call.action_held(note="She wants an offer.", duration=60)
        self.assertEqual(call.state, "held")
        self.assertIn("She wants an offer.", call.description)

    def test_held_leads_to_an_opportunity(self):
        call = self._make_call()
        call.action_held()
        call.action_convert_to_opportunity()
        self.assertEqual(call.opportunity_id.type, "opportunity")

    def test_not_held_is_tried_again_until_the_limit(self):
        call = self._make_call()
        call.action_not_held()
        self.assertEqual(call.state, "not_held")
        self.assertGreater(call.next_attempt_date, fields.Datetime.now())
        call.sudo().write({"next_attempt_date": fields.Datetime.now()})
        call.action_not_held()
        self.assertEqual(call.state, "cancelled")
        self.assertTrue(call.cancel_reason)

    def test_callback_waits_for_the_time_agreed(self):
        call = self._make_call()
        agreed = fields.Datetime.now().replace(microsecond=0) + timedelta(days=2)
        call.action_not_held(next_attempt_date=agreed)
        self.assertEqual(call.next_attempt_date, agreed)

    def test_cancelled_call_can_be_opened_again(self):
        call = self._make_call()
        call.action_cancel(reason="Moved away")
        self.assertEqual((call.state, call.cancel_reason), ("cancelled", "Moved away"))
        call.action_reopen()
        self.assertEqual(call.state, "open")

    def test_call_attempt_is_never_changed(self):
        call = self._make_call()
        call.action_held(duration=60)
        attempt = call.attempt_ids
        self.assertEqual((len(attempt), attempt.duration), (1, 60))
        self.assertEqual(attempt.user_id, self.operator)
        manager = self.env.ref("base.user_admin")
        for user in (self.operator, manager):
            self.assertFalse(attempt.with_user(user).has_access("write"))
            self.assertFalse(attempt.with_user(user).has_access("unlink"))

    def test_call_outcome_belongs_to_a_result(self):
        outcomes = self.env["crm.call.outcome"].search([])
        self.assertEqual(
            set(outcomes.mapped("kind")), {"held", "not_held", "cancelled"}
        )

    def test_do_not_call_is_not_served(self):
        self.env["phone.blacklist"].add("+12025550161")
        self.make_lead(phone="+1 202-555-0161", tag_ids=[Command.link(self.tag.id)])
        self.list.action_start()
        self.assertFalse(self.list.with_user(self.operator).take_next())

    def test_operator_a_served_call_is_reserved(self):
        second = new_test_user(
            self.env,
            "acceptance_operator_2",
            groups="crm_call_center.group_call_center_operator",
        )
        self.list.operator_ids |= second
        self.make_lead(phone="+1 202-555-0162", tag_ids=[Command.link(self.tag.id)])
        self.list.action_start()
        self.assertTrue(self.list.with_user(self.operator).take_next())
        self.assertFalse(self.list.with_user(second).take_next())

    # === SEGMENTS === #

    def test_segment_fills_itself_and_remembers(self):
        segment = self.env["crm.segment"].create(
            {
                "name": "Acceptance",
                "target": "lead",
                "domain": "[('priority', '=', '3')]",
            }
        )
        deal = self.make_deal(priority="3")
        self.env.cr.flush()
        segment.refresh()
        self.env.invalidate_all()
        self.assertIn(segment, deal.segment_ids)
        deal.priority = "0"
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()
        self.assertNotIn(segment, deal.segment_ids)
        members = self.env["crm.segment.member"].search(
            [("segment_id", "=", segment.id), ("lead_id", "=", deal.id)]
        )
        self.assertTrue(members.date_to, "who left is still known")

    # === SCORES === #

    def test_lead_scoring_adds_up_its_rules(self):
        deal = self.make_deal(
            email_from="ann@company-of-ann.example", phone="+12025550"
        )
        self.env.cr.flush()
        self.env.invalidate_all()
        self.assertEqual(deal.lead_score, sum(deal.score_line_ids.mapped("points")))
        self.assertEqual(
            deal.lead_score, deal.lead_score_fit + deal.lead_score_engagement
        )
        self.assertNotEqual(deal.lead_score, deal.probability)

    # === NUMBERS === #

    def test_forecast_accuracy_needs_stored_figures(self):
        kpi = self.env["crm.kpi"].search([("code", "=", "forecast_month")])
        self.env["crm.kpi.snapshot"].sudo().search([]).unlink()
        self.env.invalidate_all()
        self.assertIsNone(self.compute("forecast_error"), "no data, not 0 %")
        last = (self.today.replace(day=1) - timedelta(days=1)).replace(day=1)
        self.env["crm.kpi.snapshot"].sudo().create(
            {
                "kpi_id": kpi.id,
                "date": last,
                "scope": "user",
                "user_id": self.env.user.id,
                "company_id": self.env.company.id,
                "value": 5000,
                "has_value": True,
            }
        )
        deal = self.make_deal(expected_revenue=4000, user_id=self.env.user.id)
        deal.action_set_won()
        deal.date_closed = fields.Datetime.to_datetime(last) + timedelta(days=9)
        self.env.flush_all()
        self.check_kpi("forecast_error")

    def test_kpi_ratio_of_nothing_is_no_data(self):
        day = self.today - timedelta(days=9000)
        for kpi in self.env["crm.kpi"].search([("measure", "=", "ratio")]):
            if kpi.date_field and not kpi.fixed_period:
                [row] = kpi.compute_values(day, day)
                self.assertIsNone(row["value"], kpi.code)

    def test_dashboard_number_opens_its_records(self):
        for code in ("pipeline_value", "win_rate_closed", "new_leads", "slipped_deals"):
            kpi = self.env["crm.kpi"].search([("code", "=", code)])
            window = self.today - timedelta(days=730), self.today
            [row] = kpi.compute_values(*window)
            action = kpi.action_open_records(*window)
            Model = self.env[action["res_model"]].with_context(action["context"])
            self.assertEqual(Model.search_count(action["domain"]), row["count"], code)

    def test_touchless_share_ends_with_a_hand(self):
        robot = self.env.ref("base.user_root")
        lead = (
            self.env["crm.lead"]
            .with_user(robot)
            .create(
                {"name": "From a form", "type": "lead", "user_id": self.operator.id}
            )
        )
        self.env.flush_all()
        domain = [("lead_id", "=", lead.id)]
        self.assertEqual(self.compute("touchless_share", domain), 1)
        lead = lead.with_env(self.env).with_context(tracking_disable=False)
        lead.user_id = self.env.user
        self.flush_tracking()
        self.assertEqual(self.compute("touchless_share", domain), 0)

    def test_kpi_is_the_readers_own(self):
        seller = new_test_user(
            self.env, "acceptance_seller_2", groups="sales_team.group_sale_salesman"
        )
        self.make_deal(expected_revenue=700, user_id=seller.id)
        self.make_deal(expected_revenue=900, user_id=self.env.user.id)
        self.env.flush_all()
        kpi = self.env["crm.kpi"].search([("code", "=", "pipeline_value")])
        [row] = kpi.with_user(seller).compute_values(
            self.today, self.today, domain=[("user_id", "!=", False)]
        )
        self.assertEqual(row["value"], 700)
        with self.assertRaises(AccessError):
            kpi.with_user(seller).write({"name": "Mine"})
