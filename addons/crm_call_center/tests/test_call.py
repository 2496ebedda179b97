from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import CallCenterCase

NOW = "2026-03-10 09:00:00"


@tagged("post_install", "-at_install")
class TestCall(CallCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls._call(user_id=cls.operator.id).with_user(cls.operator)

    def _now(self, **delta):
        return fields.Datetime.to_datetime(NOW) + timedelta(**delta)

    # --- held ---
    def test_held(self):
        self.call.action_held(note=" Wants a visit. ", duration=65)
        self.assertEqual(self.call.state, "held")
        self.assertEqual(self.call.outcome_id.code, "held")
        self.assertEqual(self.call.attempt_count, 1)
        self.assertEqual(self.call.duration, 65)
        self.assertEqual(self.call.description, "Wants a visit.")
        self.assertTrue(self.call.date_closed)

    def test_held_keeps_earlier_notes(self):
        self.call.description = "Ask for Ann."
        self.call.action_held(note="Ann was there.")
        self.assertEqual(self.call.description, "Ask for Ann.\nAnn was there.")
        self.assertEqual(self.call.attempt_ids.note, "Ann was there.")

    def test_who_held_a_call_is_its_operator(self):
        call_list = self._running_list(1)
        call = call_list.call_ids
        self.assertFalse(call.user_id)
        call.with_user(self.operator_2).action_held()
        self.assertEqual(call.user_id, self.operator_2)

    def test_closed_calls_do_not_change(self):
        self.call.action_held(duration=10)
        for action in (
            "action_held",
            "action_not_held",
            "action_cancel",
            "action_skip",
        ):
            with self.subTest(action=action), self.assertRaises(UserError):
                getattr(self.call, action)()
        self.assertEqual(self.call.duration, 10)
        self.assertEqual(self.call.attempt_count, 1)

    # --- not held ---
    @freeze_time(NOW)
    def test_not_held_is_tried_again_after_the_delay_of_the_outcome(self):
        self.call.action_not_held(outcome_id=self.busy.id, duration=7)
        self.assertEqual(self.call.state, "not_held")
        self.assertEqual(self.busy.retry_delay, 15)
        self.assertEqual(self.call.next_attempt_date, self._now(minutes=15))
        self.busy.retry_delay = 90
        self.call.action_not_held(outcome_id=self.busy.id, duration=8)
        self.assertEqual(self.call.next_attempt_date, self._now(minutes=90))
        self.assertEqual(self.call.attempt_count, 2)
        self.assertEqual(self.call.duration, 15)

    @freeze_time(NOW)
    def test_not_held_at_a_named_time(self):
        self.call.action_not_held(next_attempt_date="2026-03-11 08:30:00")
        self.assertEqual(
            self.call.next_attempt_date,
            fields.Datetime.to_datetime("2026-03-11 08:30:00"),
        )
        self.assertEqual(self.call.outcome_id, self.no_answer, "the usual outcome")

    def test_not_held_then_held(self):
        self.call.action_not_held()
        self.call.action_held()
        self.assertEqual(self.call.state, "held")
        self.assertFalse(self.call.next_attempt_date)

    def test_maximum_of_attempts_cancels_with_a_reason(self):
        call = self._running_list(1, max_attempts=2).call_ids.with_user(self.operator)
        call.action_not_held()
        self.assertEqual(call.state, "not_held")
        call.action_not_held()
        self.assertEqual(call.state, "cancelled")
        self.assertIn("2", call.cancel_reason)
        self.assertEqual(call.outcome_id, self.no_answer)
        self.assertFalse(call.next_attempt_date)

    def test_default_maximum_is_three(self):
        self.assertEqual(self._list().max_attempts, 3)

    def test_no_maximum(self):
        call = self._running_list(1, max_attempts=0).call_ids
        for _attempt in range(5):
            call.action_not_held()
        self.assertEqual(call.state, "not_held")

    def test_final_outcome_cancels_at_once(self):
        self.call.action_not_held(outcome_id=self.wrong_number.id)
        self.assertEqual(self.call.state, "cancelled")
        self.assertEqual(self.call.cancel_reason, self.wrong_number.name)
        self.assertEqual(self.call.attempt_count, 1)

    # --- cancel, skip, reopen ---
    def test_cancel_is_no_attempt(self):
        self.call.action_cancel("He has moved", note="Told by the neighbour")
        self.assertEqual(self.call.state, "cancelled")
        self.assertEqual(self.call.cancel_reason, "He has moved")
        self.assertEqual(self.call.description, "Told by the neighbour")
        self.assertFalse(self.call.attempt_ids)

    def test_cancel_with_an_outcome(self):
        outcome = self.env.ref("crm_call_center.outcome_duplicate")
        self.call.action_cancel(outcome_id=outcome.id)
        self.assertEqual(self.call.outcome_id, outcome)
        self.assertEqual(self.call.cancel_reason, outcome.name)

    @freeze_time(NOW)
    def test_skip_puts_the_call_back(self):
        self.call.action_skip()
        self.assertEqual(self.call.state, "open")
        self.assertEqual(self.call.next_attempt_date, self._now(minutes=15))
        self.assertFalse(self.call.attempt_ids)

    @freeze_time(NOW)
    def test_skip_does_not_bring_a_callback_forward(self):
        later = self._now(days=1)
        self.call.next_attempt_date = later
        self.call.action_skip()
        self.assertEqual(self.call.next_attempt_date, later)

    def test_reopen(self):
        self.call.action_held(duration=20)
        self.call.action_reopen()
        self.assertEqual(self.call.state, "open")
        self.assertEqual(self.call.duration, 20, "what was is not forgotten")
        self.assertFalse(self.call.outcome_id)

    def test_outcome_of_another_kind_is_refused(self):
        with self.assertRaises(ValidationError):
            self.call.action_held(outcome_id=self.busy.id)
        with self.assertRaises(ValidationError):
            self.call.action_not_held(
                outcome_id=self.env.ref("crm_call_center.outcome_held").id
            )
        self.assertFalse(self.call.attempt_ids)

    # --- durations ---
    def test_durations_are_seconds_and_add_up(self):
        self.call.action_not_held(duration=29.6)
        self.call.action_held(duration="3725")
        self.assertEqual(set(self.call.attempt_ids.mapped("duration")), {3725, 30})
        self.assertEqual(self.call.duration, 3755)

    def test_bad_durations_are_refused(self):
        for value in (-1, 86401, "long", float("inf"), float("nan"), [1]):
            with self.subTest(value=value), self.assertRaises(ValidationError):
                self.call.action_held(duration=value)
        self.assertEqual(self.call.state, "open")

    def test_duration_cannot_be_written_over(self):
        self.call.action_not_held(duration=30)
        self.call.sudo().write({"next_attempt_date": False})
        self.call.action_not_held(duration=12)
        self.call.action_reopen()
        self.assertEqual(self.call.duration, 42)

    @freeze_time(NOW)
    def test_start_of_an_attempt(self):
        self.call.action_not_held(duration=60)
        self.assertEqual(self.call.attempt_ids.start, self._now(minutes=-1))
        self.call.action_not_held(duration=60, start="2026-03-09 10:00:00")
        self.assertEqual(
            self.call.attempt_ids[-1].start,
            fields.Datetime.to_datetime("2026-03-09 10:00:00"),
        )
        self.call.action_held(start="2027-01-01 00:00:00")
        self.assertEqual(max(self.call.attempt_ids.mapped("start")), self._now())

    # --- attempts are append-only ---
    def test_attempts_are_append_only(self):
        self.call.action_held(duration=5)
        attempt = self.call.attempt_ids
        values = {"call_id": self.call.id, "duration": 1}
        for user in (self.operator, self.supervisor, self.env.ref("base.user_admin")):
            with self.subTest(user=user.login):
                own = attempt.with_user(user)
                with self.assertRaises(AccessError):
                    own.write({"duration": 500})
                with self.assertRaises(AccessError):
                    own.unlink()
                with self.assertRaises(AccessError):
                    own.create(values)
        self.assertEqual(attempt.duration, 5)

    def test_negative_duration_is_refused_by_the_database(self):
        self.call.action_held(duration=5)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self.call.sudo().attempt_ids.duration = -5
            self.env.flush_all()

    def test_dialled_calls_are_not_deleted(self):
        untouched = self._call()
        self.call.action_not_held()
        with self.assertRaises(UserError):
            self.call.with_user(self.supervisor).unlink()
        untouched.with_user(self.supervisor).unlink()
        self.assertFalse(untouched.exists())

    def test_guarded_fields(self):
        for values in (
            {"state": "held"},
            {"cancel_reason": "x"},
            {"reserved_by": self.operator.id},
            {"outcome_id": self.busy.id},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.call.write(values)
        with self.assertRaises(AccessError):
            self.call.create({"name": "x", "reserved_by": self.operator.id})

    def test_kind_of_a_used_outcome_is_kept(self):
        self.call.action_not_held(outcome_id=self.busy.id)
        with self.assertRaises(ValidationError):
            self.busy.kind = "held"
        self.busy.name = "Engaged"

    # --- numbers ---
    def test_number_follows_the_lead_until_the_call_is_made(self):
        lead = self._lead(11)
        call = self._call(opportunity_id=lead.id)
        self.assertEqual(call.phone_sanitized, "+12025550111")
        lead.phone = "+1 202-555-0112"
        self.assertEqual(call.phone_sanitized, "+12025550112")
        call.action_held()
        lead.phone = "+1 202-555-0113"
        self.assertEqual(call.phone_sanitized, "+12025550112")

    def test_number_is_read_in_the_country_of_the_person(self):
        bulgaria = self.env.ref("base.bg")
        partner = self.env["res.partner"].create(
            {"name": "Ivan", "phone": "02 981 1234", "country_id": bulgaria.id}
        )
        call = self._call(partner_id=partner.id)
        self.assertEqual(call.phone_sanitized, "+35929811234")

    def test_dial(self):
        self.assertEqual(self.call.action_dial()["url"], "tel:+12025550199")
        self.env["phone.blacklist"].create({"number": "+12025550199"})
        with self.assertRaises(UserError):
            self.call.action_dial()
        with self.assertRaises(UserError):
            self._call(phone=False).action_dial()

    # --- what follows ---
    def test_convert_makes_one_opportunity(self):
        self.call.partner_id = self.env["res.partner"].create({"name": "Ann"})
        self.call.action_held(note="Wants <b>two</b>\nof them")
        self.call.action_convert_to_opportunity()
        lead = self.call.sudo().opportunity_id
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.partner_id.name, "Ann")
        self.assertEqual(lead.medium_id, self.env.ref("utm.utm_medium_phone"))
        self.assertIn("&lt;b&gt;two", lead.description)
        self.assertFalse(lead.user_id, "an operator who sells nothing owns no lead")
        self.call.action_convert_to_opportunity()
        self.assertEqual(self.call.sudo().opportunity_id, lead)

    def test_convert_turns_the_lead_into_an_opportunity(self):
        lead = self._lead(12, contact_name="Ann Lee")
        call = self._call(opportunity_id=lead.id, user_id=self.salesman.id)
        lead.user_id = self.salesman
        action = call.with_user(self.salesman).action_convert_to_opportunity()
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.partner_id.name, "Ann Lee")
        self.assertEqual(call.partner_id, lead.partner_id)
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", lead.id))

    def test_schedule_call(self):
        self.call.action_held()
        action = self.call.action_schedule_call(
            date="2026-05-04 10:00:00", note="Again"
        )
        call = self.env["crm.call"].browse(action["res_id"])
        self.assertEqual(call.state, "open")
        self.assertEqual(call.user_id, self.operator)
        self.assertEqual(call.phone_sanitized, "+12025550199")
        self.assertEqual(
            call.next_attempt_date, fields.Datetime.to_datetime("2026-05-04 10:00:00")
        )
        self.assertNotIn("res_id", self.call.action_schedule_call())

    def test_wrap_up_dialog(self):
        action = self.call.with_context(default_kind="not_held").action_wrap_up()
        Dialog = self.env[action["res_model"]].with_user(self.operator)
        with Form(Dialog.with_context(**action["context"])) as form:
            self.assertEqual(form.outcome_id, self.no_answer)
            form.outcome_id = self.busy
            form.minutes, form.seconds = 1, 5
            form.note = "Engaged all day"
        form.record.action_confirm()
        self.assertEqual(self.call.state, "not_held")
        self.assertEqual(self.call.duration, 65)
        self.assertEqual(self.call.attempt_ids.outcome_id, self.busy)
