from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import CallCenterCase


@tagged("post_install", "-at_install")
class TestCallCenterTours(HttpCase, CallCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.call.list"].search([]).write({"state": "draft"})

    def _tour_list(self, count):
        """A running list for the desk, that may call at any hour.

        Its leads have numbers that nobody else has, whatever the database holds.
        """
        for number in range(count):
            self._lead(60 + number, name=f"Lead {number}")
        call_list = self._list(
            name="Tour list",
            purpose="service",
            policy_id=self.env.ref("crm_call_center.call_policy_unrestricted").id,
            script="<p>Say hello first</p>",
            operator_ids=[Command.set(self.operator.ids)],
        )
        call_list.action_start()
        return call_list

    def _run_desk(self, tour):
        self.start_tour("/odoo", tour, login=self.operator.login)
        self.env.invalidate_all()

    def test_operator_works_a_list_by_keyboard(self):
        call_list = self._tour_list(6)
        self._run_desk("crm_call_center_desk")
        calls = call_list.call_ids.sorted("id")
        held, busy, back, never, skipped, wrong = calls
        self.assertEqual(
            calls.mapped("state"),
            ["held", "not_held", "not_held", "cancelled", "open", "cancelled"],
        )
        self.assertEqual(held.description, "Wants two of them")
        self.assertEqual(busy.outcome_id.code, "busy")
        voided, kept = busy.attempt_ids.sorted("id")
        self.assertTrue(voided.voided_on, "the undone attempt stays, and counts not")
        self.assertFalse(kept.voided_on)
        self.assertEqual(back.outcome_id.code, "callback")
        self.assertTrue(back.next_attempt_date)
        self.assertEqual(never.outcome_id.code, "do_not_call")
        self.assertTrue(
            self.env["crm.do.not.call"].search(
                [("phone_sanitized", "=", never.phone_sanitized)]
            )
        )
        self.assertTrue(skipped.next_attempt_date)
        self.assertEqual(wrong.outcome_id.code, "wrong_number")
        pause = self.env["crm.call.pause"].search([("user_id", "=", self.operator.id)])
        self.assertTrue(pause.end)

    def test_reload_keeps_the_card_and_its_note(self):
        call_list = self._tour_list(3)
        self._run_desk("crm_call_center_desk_reload")
        attempt = call_list.call_ids.attempt_ids
        self.assertEqual(attempt.note, "Half a sentence")
        self.assertEqual(attempt.call_id, call_list.call_ids.sorted("id")[0])

    def test_lost_connection_sends_the_outcome_once(self):
        call_list = self._tour_list(3)
        self._run_desk("crm_call_center_desk_offline")
        first, second, _third = call_list.call_ids.sorted("id")
        self.assertEqual(first.attempt_ids.outcome_id.code, "no_answer")
        self.assertEqual(len(first.attempt_ids), 1)
        self.assertEqual(second.attempt_ids.outcome_id.code, "busy")

    def test_call_becomes_an_opportunity(self):
        self.operator.group_ids += self.env.ref("sales_team.group_sale_salesman")
        call_list = self._tour_list(2)
        self._run_desk("crm_call_center_desk_convert")
        call = call_list.call_ids.sorted("id")[0]
        self.assertEqual(call.opportunity_id.type, "opportunity")
        self.assertTrue(call.is_converted)
        self.assertEqual(call.state, "held")

    def test_opportunity_goes_to_the_sales_team(self):
        call_list = self._tour_list(1)
        self._run_desk("crm_call_center_desk_hand_over")
        self.assertEqual(call_list.call_ids.opportunity_id.type, "opportunity")
        self.assertEqual(call_list.call_ids.state, "open")

    def test_calls_that_come_in(self):
        caller = self.env["res.partner"].create(
            {
                "name": "Tour caller",
                "phone": "+1 202-555-0175",
                "country_id": self.us.id,
            }
        )
        self._run_desk("crm_call_center_inbound")
        calls = self.env["crm.call"].search([("user_id", "=", self.operator.id)])
        known, unknown, back = calls.sorted("id")
        self.assertEqual(known.direction, "inbound")
        self.assertEqual(known.partner_id, caller)
        self.assertEqual(known.state, "held")
        self.assertEqual(unknown.contact_name, "Somebody unknown")
        self.assertEqual(unknown.outcome_id.code, "missed")
        self.assertEqual(back.direction, "outbound")
        self.assertEqual(back.phone_sanitized, "+12025550176")

    def test_supervisor_imports_a_file(self):
        call_list = self._tour_list(0)
        self.start_tour("/odoo", "crm_call_center_import", login=self.supervisor.login)
        self.env.invalidate_all()
        self.assertEqual(call_list.call_ids.phone_sanitized, "+12025550170")
        self.assertEqual(call_list.call_ids.contact_name, "Anna Tour")

    def test_supervisor_reads_the_report(self):
        self.operator.name = "Tour Reporter"
        first, second, held = self._tour_list(3).call_ids.sorted("id")
        (first | second).with_user(self.operator).action_not_held(self.no_answer.id)
        held.with_user(self.operator).action_held()
        self.start_tour("/odoo", "crm_call_center_report", login=self.supervisor.login)

    def test_supervisor_makes_a_list(self):
        self._lead(71, name="Tour lead")
        self._lead(None, name="Tour lead without a phone")
        new_test_user(
            self.env,
            "cc_tour_operator",
            groups="crm_call_center.group_call_center_operator",
            name="Tour Operator",
        )
        self.env["ir.default"].set(
            "crm.call.list",
            "domain",
            f"[('tag_ids', 'in', {self.tag.ids})]",
            user_id=self.supervisor.id,
        )
        self.start_tour("/odoo", "crm_call_center_list", login=self.supervisor.login)
        call_list = self.env["crm.call.list"].search(
            [("name", "=", "Made in the tour")]
        )
        self.assertEqual(call_list.state, "running")
        self.assertEqual(call_list.call_ids.opportunity_id.name, "Tour lead")
        self.assertEqual(call_list.no_phone_count, 1)
        self.assertEqual(call_list.operator_ids.name, "Tour Operator")
