from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import CallCenterCase


@tagged("post_install", "-at_install")
class TestCallCenterTours(HttpCase, CallCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.call.list"].search([]).write({"state": "draft"})

    def test_operator_works_a_list_by_keyboard(self):
        self._leads(5)
        call_list = self._list(
            name="Tour list",
            script="<p>Say hello first</p>",
            operator_ids=[Command.set(self.operator.ids)],
        )
        call_list.action_start()
        self.start_tour("/odoo", "crm_call_center_desk", login=self.operator.login)
        self.env.invalidate_all()
        calls = call_list.call_ids.sorted("id")
        self.assertEqual(
            calls.mapped("state"),
            ["held", "not_held", "cancelled", "open", "cancelled"],
        )
        held, busy, cancelled, skipped, wrong = calls
        self.assertEqual(held.description, "Wants two of them")
        self.assertEqual(busy.outcome_id.code, "busy")
        self.assertEqual(cancelled.outcome_id.code, "duplicate")
        self.assertTrue(skipped.next_attempt_date)
        self.assertEqual(wrong.outcome_id.code, "wrong_number")
        self.assertFalse(calls.reserved_by, "all calls were given back")

    def test_supervisor_makes_a_list(self):
        self._lead(1, name="Tour lead")
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
