from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import CallCenterCase

NOW = "2026-03-10 09:00:00"


@tagged("post_install", "-at_install")
class TestCallListQueue(CallCenterCase):
    def _take(self, call_list, user=None):
        """Take the next call as ``user``; return the call, empty when there is none."""
        card = call_list.with_user(user or self.operator).take_next()
        return self.env["crm.call"].browse(card["id"] if card else ())

    def _now(self, **delta):
        return fields.Datetime.to_datetime(NOW) + timedelta(**delta)

    def test_what_is_returned(self):
        call_list = self._running_list(1)
        card = call_list.with_user(self.operator).take_next()
        call = call_list.call_ids
        self.assertEqual(card["id"], call.id)
        self.assertEqual(card["name"], call.name)
        self.assertEqual(card["phone"], "+1 202-555-0100")
        self.assertEqual(card["opportunity_id"], call.opportunity_id.id)
        self.assertFalse(card["partner_id"])
        self.assertEqual(call.reserved_by, self.operator)
        self.assertIs(call_list.with_user(self.operator).take_next(), False)

    def test_two_operators_never_get_the_same_call(self):
        call_list = self._running_list(6)
        operators = [self.operator, self.operator_2] * 4
        taken = [self._take(call_list, user) for user in operators]
        served = [call.id for call in taken if call]
        self.assertEqual(len(served), 6)
        self.assertEqual(len(set(served)), 6)
        self.assertFalse(taken[6] | taken[7])

    def test_order_is_age_then_priority(self):
        call_list = self._running_list(3)
        first, second, third = call_list.call_ids.sorted("id")
        third.priority = "1"
        self.assertEqual(self._take(call_list), third)
        self.assertEqual(self._take(call_list), first)
        self.assertEqual(self._take(call_list), second)

    @freeze_time(NOW)
    def test_callbacks_come_first(self):
        call_list = self._running_list(5)
        plain, anyone, mine, other, later = call_list.call_ids.sorted("id")
        anyone.next_attempt_date = self._now(hours=-2)
        mine.write(
            {"user_id": self.operator.id, "next_attempt_date": self._now(hours=-1)}
        )
        other.write(
            {"user_id": self.operator_2.id, "next_attempt_date": self._now(hours=-3)}
        )
        later.next_attempt_date = self._now(minutes=5)
        self.assertEqual(self._take(call_list), mine)
        self.assertEqual(self._take(call_list), anyone)
        self.assertEqual(self._take(call_list), plain)
        self.assertFalse(self._take(call_list), "not due, or for somebody else")
        self.assertEqual(self._take(call_list, self.operator_2), other)
        with freeze_time(self._now(minutes=6)):
            self.assertEqual(self._take(call_list), later)

    def test_not_held_comes_back_when_it_is_due(self):
        call_list = self._running_list(2)
        with freeze_time(NOW):
            first = self._take(call_list)
            first.with_user(self.operator).action_not_held(outcome_id=self.busy.id)
            second = self._take(call_list)
            self.assertNotEqual(first, second)
            self.assertFalse(self._take(call_list))
        with freeze_time(self._now(minutes=16)):
            self.assertEqual(self._take(call_list, self.operator_2), first)

    def test_lease_expires(self):
        call_list = self._running_list(1)
        with freeze_time(NOW):
            call = self._take(call_list)
            self.assertFalse(self._take(call_list, self.operator_2))
        with freeze_time(self._now(minutes=9)):
            self.assertFalse(self._take(call_list, self.operator_2))
        with freeze_time(self._now(minutes=11)):
            self.assertEqual(self._take(call_list, self.operator_2), call)
            self.assertEqual(call.reserved_by, self.operator_2)
            with self.assertRaises(UserError):
                call.with_user(self.operator).action_held()

    def test_renew(self):
        call_list = self._running_list(1)
        CallList = self.env["crm.call.list"]
        with freeze_time(NOW):
            call = self._take(call_list)
        with freeze_time(self._now(minutes=9)):
            kept = CallList.with_user(self.operator).renew(call.ids)
            self.assertEqual(kept, call.ids)
            self.assertEqual(CallList.with_user(self.operator_2).renew(call.ids), [])
        with freeze_time(self._now(minutes=15)):
            self.assertFalse(self._take(call_list, self.operator_2))

    def test_release(self):
        call_list = self._running_list(1)
        call = self._take(call_list)
        CallList = self.env["crm.call.list"]
        self.assertEqual(CallList.with_user(self.operator_2).release(call.ids), 0)
        self.assertEqual(call.reserved_by, self.operator)
        self.assertEqual(CallList.with_user(self.operator).release(call.ids), 1)
        self.assertEqual(self._take(call_list, self.operator_2), call)

    def test_only_running_lists(self):
        call_list = self._running_list(1)
        call_list.action_pause()
        self.assertFalse(self._take(call_list))
        call_list.action_done()
        self.assertFalse(self._take(call_list))
        call_list.action_start()
        self.assertTrue(self._take(call_list))

    def test_only_within_its_dates(self):
        call_list = self._running_list(
            1, date_start="2026-03-10", date_end="2026-03-11"
        )
        for date, is_served in (
            ("2026-03-09 12:00:00", False),
            ("2026-03-12 12:00:00", False),
            ("2026-03-11 12:00:00", True),
        ):
            with self.subTest(date=date), freeze_time(date):
                self.assertEqual(bool(self._take(call_list)), is_served)

    def test_only_its_operators(self):
        call_list = self._running_list(1, operator_ids=[Command.set(self.operator.ids)])
        with self.assertRaises(AccessError):
            self._take(call_list, self.operator_2)
        with self.assertRaises(UserError):
            self._take(call_list, self.supervisor)
        with self.assertRaises(AccessError):
            self._take(call_list, self.salesman)

    def test_no_list_means_all_my_lists(self):
        late = self._running_list(2, sequence=20)
        early = self._running_list(sequence=5)
        self.assertEqual(early.call_count, 2)
        late.call_ids.sorted("id")[0].phone = "+1 202-555-0150"
        late.call_ids.sorted("id")[1].phone = "+1 202-555-0151"
        empty = self.env["crm.call.list"]
        taken = [self._take(empty) for _number in range(4)]
        self.assertEqual([call.list_id for call in taken], [early] * 2 + [late] * 2)
        self.assertFalse(self._take(empty, self.supervisor))

    # === ONE NUMBER, ONE OPERATOR === #

    def test_one_number_in_two_lists(self):
        """Nobody is called by two of us at once, whatever the list."""
        one = self._running_list(1)
        two = self._running_list()
        self.assertEqual(one.call_ids.phone_sanitized, two.call_ids.phone_sanitized)
        call = self._take(one)
        self.assertFalse(self._take(two, self.operator_2))
        call.with_user(self.operator).action_held()
        self.assertEqual(self._take(two, self.operator_2), two.call_ids)

    def test_one_contact_with_two_numbers(self):
        partner = self.env["res.partner"].create({"name": "Two numbers"})
        call_list = self._running_list()
        one = self._call(
            list_id=call_list.id, partner_id=partner.id, phone="+1 202-555-0150"
        )
        two = self._call(
            list_id=call_list.id, partner_id=partner.id, phone="+1 202-555-0151"
        )
        self.assertEqual(self._take(call_list), one)
        self.assertFalse(self._take(call_list, self.operator_2))
        one.with_user(self.operator).action_held()
        self.assertEqual(self._take(call_list, self.operator_2), two)

    # === THE ROWS OF THE QUEUE === #

    def _rows(self, call_list):
        return self.env["crm.call.queue"].search([("list_id", "=", call_list.id)])

    def test_rows_follow_their_calls(self):
        call_list = self._running_list(3)
        first, second, third = call_list.call_ids.sorted("id")
        self.assertEqual(self._rows(call_list).mapped("id"), call_list.call_ids.ids)
        first.action_held()
        self.assertNotIn(first.id, self._rows(call_list).ids)
        first.action_reopen()
        self.assertIn(first.id, self._rows(call_list).ids)
        second.list_id = False
        third.unlink()
        self.assertEqual(self._rows(call_list).ids, first.ids)
        other = self._list(name="Other")
        first.write({"list_id": other.id})
        self.assertFalse(self._rows(call_list))
        self.assertEqual(self._rows(other).ids, first.ids)

    def test_full_difference(self):
        """What came in by another way is mended by the hourly refresh."""
        call_list = self._running_list(3)
        first, second, _third = call_list.call_ids.sorted("id")
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM crm_call_queue WHERE id = %s", [first.id])
        self.env.cr.execute(
            "UPDATE crm_call_queue SET priority = 7 WHERE id = %s", [second.id]
        )
        self.env.invalidate_all()
        changed = self.env["crm.call.queue"]._follow()
        self.assertEqual(changed, 2)
        self.assertEqual(self.env["crm.call.queue"]._follow(), 0)
        self.assertEqual(len(self._rows(call_list)), 3)

    def test_rows_that_agree_are_not_locked(self):
        """Operators take calls while the hourly refresh looks at the whole queue."""
        call_list = self._running_list(2)
        first, second = call_list.call_ids.sorted("id")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_call_queue SET priority = 7 WHERE id = %s", [second.id]
        )
        touched = "SELECT ctid::text, xmax::text FROM crm_call_queue WHERE id = %s"
        self.env.cr.execute(touched, [first.id])
        before = self.env.cr.fetchall()
        self.assertEqual(self.env["crm.call.queue"]._follow(), 1)
        self.env.cr.execute(touched, [first.id])
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_new_phone_of_the_lead(self):
        """The number that is served is the one that the lead has now."""
        call_list = self._running_list(1)
        lead = call_list.call_ids.opportunity_id
        lead.phone = "+1 202-555-0188"
        card = call_list.with_user(self.operator).take_next()
        self.assertEqual(card["phone_sanitized"], "+12025550188")
        row = self._rows(call_list)
        self.assertEqual(row.phone_sanitized, "+12025550188")

    def test_order_by_value(self):
        call_list = self._running_list(3, call_order="value")
        calls = call_list.call_ids.sorted("id")
        for call, revenue in zip(calls, (10, 500, 70), strict=True):
            call.opportunity_id.expected_revenue = revenue
        self.env["crm.call.queue"]._follow()
        taken = [self._take(call_list) for _call in calls]
        self.assertEqual(taken, [calls[1], calls[2], calls[0]])

    def test_change_of_order(self):
        call_list = self._running_list(2)
        first, second = call_list.call_ids.sorted("id")
        second.opportunity_id.expected_revenue = 100
        call_list.call_order = "value"
        self.assertEqual(self._take(call_list), second)

    # === WHAT WAITS === #

    def test_not_now_is_put_off_together(self):
        """At night nobody is served, nothing is lost, and morning brings all back."""
        policy = self.env.ref("crm_call_center.call_policy_business")
        call_list = self._running_list(5, policy_id=policy.id)
        with freeze_time("2026-03-11 03:00:00"):
            with self.assertQueryCount(150):
                self.assertFalse(self._take(call_list))
            dues = set(self._rows(call_list).mapped("due"))
            self.assertEqual(
                {fields.Datetime.to_string(due) for due in dues},
                {"2026-03-11 13:00:00"},
                "nine in Washington, in summer time",
            )
            self.assertFalse(call_list.call_ids.filtered("next_attempt_date"))
        with freeze_time("2026-03-11 13:00:01"):
            first = call_list.call_ids.sorted("id")[0]
            self.assertEqual(self._take(call_list), first)

    def test_never_is_cancelled_together(self):
        call_list = self._running_list(4)
        calls = call_list.call_ids.sorted("id")
        for call in calls[:3]:
            self.env["crm.do.not.call"]._request(call.phone_sanitized)
        self.assertEqual(self._take(call_list), calls[3])
        self.assertEqual(set(calls[:3].mapped("state")), {"cancelled"})
        self.assertIn("do-not-call", calls[0].cancel_reason)

    def test_want_of_a_paper_cancels_nothing(self):
        """A register that is too old is imported one day: the calls wait for it."""
        policy = self.env.ref("crm_call_center.call_policy_default")
        with freeze_time("2026-03-11 15:00:00"):
            call_list = self._list(purpose="marketing", policy_id=policy.id)
            call = self._call(list_id=call_list.id, phone="+442071234567")
            call_list.action_start()
            self.assertFalse(self._take(call_list))
            self.assertEqual(call.state, "open")
            self.env["crm.do.not.call.register"].create(
                {"name": "TPS", "date": "2026-03-11"}
            )
        with freeze_time("2026-03-12 15:00:00"):
            self.assertEqual(self._take(call_list), call)

    # === LEASES === #

    def test_lost_card_is_given_again(self):
        """What was reserved and never arrived is not lost for ten minutes."""
        call_list = self._running_list(5)
        mine = call_list.with_user(self.operator)
        first = mine.take_next(held=[])["id"]
        self.assertEqual(mine.take_next(held=[])["id"], first)
        second = mine.take_next(held=[first])["id"]
        self.assertNotEqual(second, first)
        third = mine.take_next(held=[first, second])["id"]
        # three are enough for one pair of hands
        full = mine.take_next(held=[first, second, third])["id"]
        self.assertIn(full, (first, second, third))
        self.assertEqual(mine.release_mine(), 3)
        self.assertFalse(call_list.call_ids.filtered("reserved_by"))

    def test_bad_ids(self):
        call_list = self._running_list(1)
        mine = call_list.with_user(self.operator)
        self.assertEqual(mine.renew(["x", None, True, 0]), [])
        self.assertEqual(mine.release("nonsense"), 0)
        self.assertTrue(mine.take_next(held=["x", {}]))

    def test_a_salesperson_writes_a_reserved_call(self):
        """Somebody else's change of the call keeps the lease."""
        call_list = self._running_list(1)
        call = self._take(call_list)
        call.write({"priority": "2", "description": "Be polite"})
        self.assertEqual(call.reserved_by, self.operator)
        call.with_user(self.operator).action_held()
        self.assertFalse(call.reserved_by)

    def test_blacklisted_meanwhile(self):
        call_list = self._running_list(2)
        first, second = call_list.call_ids.sorted("id")
        self.env["phone.blacklist"].create({"number": first.phone_sanitized})
        self.assertEqual(self._take(call_list), second)
        self.assertEqual(first.state, "cancelled")
        self.assertTrue(first.cancel_reason)

    def test_calls_without_a_number_are_not_served(self):
        call_list = self._running_list()
        self._call(list_id=call_list.id, phone=False)
        self.assertFalse(self._take(call_list))

    def test_call_added_by_hand_is_served(self):
        call_list = self._running_list()
        call = self._call(list_id=call_list.id)
        self.assertEqual(self._take(call_list), call)

    def test_desk(self):
        call_list = self._running_list(2)
        CallList = self.env["crm.call.list"].with_user(self.operator)
        desk = CallList.get_desk()
        self.assertEqual([row["id"] for row in desk["lists"]], call_list.ids)
        self.assertEqual((desk["lists"][0]["left"], desk["lists"][0]["done"]), (2, 0))
        self.assertIs(desk["card"], False)
        self.assertEqual(
            [o["code"] for o in desk["outcomes"] if o["kind"] == "not_held"],
            ["no_answer", "busy", "voicemail", "wrong_number"],
        )
        call = self._take(call_list)
        self.assertEqual(CallList.get_desk()["card"]["id"], call.id)
        call.with_user(self.operator).action_not_held()
        desk = CallList.get_desk()
        self.assertIs(desk["card"], False)
        self.assertEqual(desk["today"]["calls"], 1)
        self.assertEqual(
            desk["lists"][0]["next_date"],
            fields.Datetime.to_string(call.next_attempt_date),
        )
        self.assertFalse(CallList.with_user(self.supervisor).get_desk()["lists"])
