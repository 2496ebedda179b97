from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CallCenterCase

#: A Wednesday, 8:00 in Washington.
NOW = "2026-03-11 12:00:00"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCallListWhy(CallCenterCase):
    def _why(self, call, user=None):
        return " ".join(call.with_user(user or self.supervisor).get_why_not_served())

    def test_each_reason(self):
        call_list = self._running_list(3)
        first, second, third = call_list.call_ids.sorted("id")
        self.assertIn("next one", self._why(first))
        self.assertIn("2 calls come before", self._why(third))
        call_list.with_user(self.operator).take_next()
        self.assertIn(self.operator.name, self._why(first))
        second.user_id = self.operator_2
        self.assertIn(self.operator_2.name, self._why(second))
        second.next_attempt_date = "2026-03-12 12:00:00"
        self.assertIn("planned", self._why(second))
        third.action_cancel(reason="Nobody wants it")
        self.assertIn("Nobody wants it", self._why(third))

    def test_reasons_of_the_list(self):
        call_list = self._running_list(1)
        call = call_list.call_ids
        call_list.action_pause()
        self.assertIn("Paused", self._why(call))
        call_list.operator_ids = [Command.clear()]
        self.assertIn("no operators", self._why(call))
        call_list.date_start = "2026-04-01"
        self.assertIn("not begun", self._why(call))
        call_list.write({"date_start": False, "date_end": "2026-03-01"})
        self.assertIn("has ended", self._why(call))

    def test_reasons_of_the_gate(self):
        policy = self.env.ref("crm_call_center.call_policy_business")
        call_list = self._running_list(1, policy_id=policy.id)
        call = call_list.call_ids
        self.assertIn("calling hour", self._why(call))
        self.assertIn("from", self._why(call))
        self.env["crm.do.not.call"]._request(call.phone_sanitized)
        self.assertIn("do-not-call", self._why(call))
        self.assertIn("Waiting does not help", self._why(call))

    def test_reach(self):
        policy = self.env.ref("crm_call_center.call_policy_business")
        call_list = self._running_list(4, policy_id=policy.id)
        first, second, third, fourth = call_list.call_ids.sorted("id")
        self.env["crm.do.not.call"]._request(first.phone_sanitized)
        second.phone = "+359888123456"
        third.next_attempt_date = "2026-03-12 15:10:00"
        self.supervisor.tz = "Europe/Sofia"
        reach = call_list.with_user(self.supervisor).get_reach()
        self.assertEqual(reach["now"], 1, "two in the afternoon in Sofia")
        # nine in Washington, in summer time; and tomorrow
        self.assertEqual(
            reach["later"],
            [{"label": "15:00", "count": 1}, {"label": "12.03. 17:00", "count": 1}],
        )
        self.assertEqual([row["count"] for row in reach["never"]], [1])
        self.assertEqual((reach["asked"], reach["left"]), (4, 4))
        self.assertTrue(fourth)

    def test_who_may_ask(self):
        call_list = self._running_list(1)
        call_list.call_ids.opportunity_id.user_id = self.supervisor
        with self.assertRaises(AccessError):
            self._why(call_list.call_ids, self.salesman)
        with self.assertRaises(AccessError):
            call_list.with_user(self.salesman).get_reach()

    def test_hints(self):
        call_list = self._list(operator_ids=[Command.clear()])
        self.assertIn("no operators", call_list.hint)
        call_list.purpose = "marketing"
        self.assertIn("ground", call_list.hint)
        one = self._running_list(2)
        two = self._running_list()
        self.assertIn("2 numbers", two.hint)
        one.action_pause()
        two.invalidate_recordset(["hint"])
        self.assertNotIn("2 numbers", two.hint or "")

    def test_goal(self):
        call_list = self._running_list(4, goal=2)
        calls = call_list.call_ids.sorted("id")
        calls[0].action_held()
        self.assertEqual((call_list.goal_reached, call_list.goal_progress), (1, 50))
        call_list.goal_kind = "opportunity"
        self.assertEqual(call_list.goal_reached, 0)
        calls[0].action_convert_to_opportunity()
        call_list.invalidate_recordset(["goal_reached"])
        self.assertEqual(call_list.goal_reached, 1)
