from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import CallCenterCase


@tagged("post_install", "-at_install")
class TestDeskDials(CallCenterCase):
    """One dial is one attempt: no more, and no less."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.list = cls._list(domain="[('id', '=', 0)]", purpose="service")
        cls.list.import_rows(
            [{"phone": f"+1202555016{n}", "name": f"Person {n}"} for n in range(3)]
        )
        cls.list.action_start()
        cls.calls = cls.env["crm.call"].with_user(cls.operator)
        cls.not_relevant = cls.env["crm.call.outcome"]._get_by_code("not_relevant")

    def take(self, dial=True):
        card = self.list.with_user(self.operator).take_next()
        call = self.env["crm.call"].browse(card["id"])
        if dial:
            call.with_user(self.operator).action_dial()
        return call

    def submit(self, call, action, ref, **values):
        return self.calls.desk_submit(call.id, action, values, f"test-dial-{ref}")

    # Cancelled

    def test_cancelled_after_a_dial(self):
        call = self.take()
        values = {"outcome_id": self.not_relevant.id, "ring": 9, "talk": 120}
        self.submit(call, "cancelled", 1, note="Not for us", **values)
        attempt = call.attempt_ids
        self.assertEqual(call.state, "cancelled")
        self.assertEqual((attempt.ring_duration, attempt.talk_duration), (9, 120))
        self.assertEqual(attempt.outcome_id, self.not_relevant)
        self.assertEqual(attempt.certificate_id.kind, "dial")
        self.assertIn("Not for us", call.description)

    def test_cancelled_with_a_reason_after_a_dial(self):
        call = self.take()
        answer = self.submit(call, "cancelled", 1, reason="Moved away")
        self.assertEqual(answer["reason"], "Moved away")
        self.assertEqual(len(call.attempt_ids), 1)

    def test_cancelled_without_a_dial(self):
        call = self.take(dial=False)
        self.submit(call, "cancelled", 1, reason="Moved away", wrap=12)
        self.assertFalse(call.attempt_ids)

    def test_cancelled_is_undone(self):
        call = self.take()
        self.submit(call, "cancelled", 1, reason="Moved away")
        self.calls.desk_undo(call.id, "test-dial-1")
        self.assertEqual(call.state, "open")
        self.assertTrue(call.attempt_ids.voided_on)

    def test_cancelled_in_a_row_refuses_nothing(self):
        """Who gives calls up without saying why says of nobody that they refused."""
        calls = self.list.call_ids
        calls.action_cancel()
        self.assertEqual(set(calls.mapped("state")), {"cancelled"})
        self.assertFalse(calls.attempt_ids)
        self.assertFalse(calls.outcome_id.filtered("is_refusal"))

    def test_no_more_calls_is_kept(self):
        """Said in the dialog of a call, it holds as if it was said at the desk."""
        call = self.take()
        outcome = self.env["crm.call.outcome"]._get_by_code("do_not_call")
        call.with_user(self.operator).action_cancel(outcome_id=outcome.id)
        self.assertTrue(
            self.env["crm.do.not.call"].sudo()._get_blocks([call.phone_sanitized])
        )

    # What was dialled stays

    def test_undo_of_the_import(self):
        dialled = self.take()
        self.submit(dialled, "skip", 1)
        given_up = self.take(dial=False)
        self.submit(given_up, "cancelled", 2, reason="Moved away")
        self.list.import_batch_ids.with_user(self.supervisor).action_undo()
        self.assertEqual(self.list.call_ids, dialled | given_up)

    def test_what_was_dialled_is_not_deleted(self):
        call = self.take()
        self.submit(call, "skip", 1)
        with self.assertRaises(UserError):
            call.unlink()

    # Two windows

    def test_two_windows_of_one_operator(self):
        call = self.take()
        self.submit(call, "not_held", 1, outcome_id=self.no_answer.id, ring=20)
        for ref in (2, 3):
            with self.assertRaises(UserError):
                self.submit(call, "not_held", ref, outcome_id=self.no_answer.id)
        self.assertEqual((call.state, call.attempt_count), ("not_held", 1))
        # What was sent twice under one name is answered as before.
        self.assertTrue(self.submit(call, "not_held", 1)["replayed"])

    def test_the_next_try_is_another(self):
        call = self.take()
        self.submit(call, "not_held", 1, outcome_id=self.no_answer.id, ring=20)
        call.next_attempt_date = fields.Datetime.now()
        self.list.call_ids.filtered(lambda row: row != call).action_cancel("Not now")
        self.assertEqual(self.take(), call)
        self.submit(call, "not_held", 2, outcome_id=self.no_answer.id, ring=20)
        self.assertEqual(call.attempt_count, 2)

    def test_undone_and_said_again(self):
        call = self.take()
        self.submit(call, "not_held", 1, outcome_id=self.no_answer.id, ring=20)
        self.calls.desk_undo(call.id, "test-dial-1")
        self.submit(call, "held", 2, talk=30)
        self.assertEqual((call.state, call.attempt_count), ("held", 1))

    # Strange arguments

    def test_ends_of_the_calendar(self):
        policy = self.env["crm.call.policy"].with_user(self.operator)
        for at in ("9999-12-31 23:59:59", "0001-01-01", "x"):
            with self.assertRaises(ValidationError):
                policy.can_call("+12025550160", at=at)
        for name in ("list_id", "partner_id"):
            for value in ("x", [1, 2], True):
                with self.assertRaises(ValidationError):
                    policy.can_call("+12025550160", **{name: value})
        call = self._call()
        with self.assertRaises(ValidationError):
            call.action_schedule_meeting(start="9999-12-31 23:59:00")
        with self.assertRaises(UserError):
            call.action_schedule_call(date="2026-12-01", user_id=10**9)
