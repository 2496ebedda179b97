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
        empty = self.env["crm.call.list"]
        taken = [self._take(empty) for _number in range(4)]
        self.assertEqual([call.list_id for call in taken], [early] * 2 + [late] * 2)
        self.assertFalse(self._take(empty, self.supervisor))

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
        self.assertEqual(desk["today"], 1)
        self.assertEqual(
            desk["lists"][0]["next_date"],
            fields.Datetime.to_string(call.next_attempt_date),
        )
        self.assertFalse(CallList.with_user(self.supervisor).get_desk()["lists"])

    def test_taken_calls_are_locked_rows(self):
        """What another transaction has locked is passed by, without waiting."""
        call_list = self._running_list(2)
        first, second = call_list.call_ids.sorted("id")
        locked = []
        CallModel = type(self.env["crm.call"])
        original = CallModel.try_lock_for_update

        def lock(records, **options):
            locked.append(records.ids)
            return original(records - first, **options)

        self.patch(CallModel, "try_lock_for_update", lock)
        self.assertEqual(self._take(call_list), second)
        self.assertEqual(locked, [[first.id, second.id]])
