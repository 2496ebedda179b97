from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CallCenterCase

NOON = "2026-11-18 17:00:00"


@tagged("post_install", "-at_install")
class TestDialled(CallCenterCase):
    """What rang, and when, is what counts; no way round leads past the limits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOON))
        cls.policy = cls.env["crm.call.policy"].create(
            {"name": "Twice a day", "use_country_packs": False, "max_number_day": 2}
        )
        cls.call_list = cls._running_list(2, policy_id=cls.policy.id)
        card = cls.call_list.with_user(cls.operator).take_next()
        cls.call = cls.env["crm.call"].browse(card["id"])
        cls.number = cls.call.phone_sanitized
        cls.taken = cls.call.with_user(cls.operator)

    def _blocks(self, number):
        return self.env["crm.do.not.call"]._get_blocks([number])

    def _change_number(self):
        self.call.opportunity_id.phone = "+1 202-555-0177"
        self.assertEqual(self.call.phone_sanitized, "+12025550177")

    # --- another number meanwhile ---------------------------------------------------

    def test_refusal_is_of_the_number_that_was_dialled(self):
        self.taken.action_dial()
        self._change_number()
        answer = self.taken.desk_do_not_call(self.call.id, "ref-00000001")
        self.assertEqual(answer["number"], self.number)
        self.taken.desk_submit(self.call.id, "do_not_call", {}, "ref-00000001")
        self.assertTrue(self._blocks(self.number))
        self.assertEqual(self.call.attempt_ids.phone_sanitized, self.number)

    def test_attempt_is_of_the_number_on_the_card(self):
        """Who dials on another telephone dials what the card shows."""
        self._change_number()
        self.taken.desk_submit(self.call.id, "not_held", {}, "ref-00000001")
        self.assertEqual(self.call.attempt_ids.phone_sanitized, self.number)

    def test_next_attempt_is_of_the_new_number(self):
        self.taken.desk_submit(self.call.id, "not_held", {}, "ref-00000001")
        self._change_number()
        self.call.with_user(self.supervisor).action_not_held()
        self.assertEqual(
            self.call.attempt_ids.sorted("id").mapped("phone_sanitized"),
            [self.number, "+12025550177"],
        )

    def test_the_right_number_is_wrong(self):
        partner = self.env["res.partner"].create(
            {"name": "Ann", "phone": self.number, "country_id": self.us.id}
        )
        self.call.partner_id = partner
        self._change_number()
        self.taken.action_not_held(outcome_id=self.wrong_number.id)
        self.assertTrue(partner.phone_number_ids.is_wrong)

    # --- limits ---------------------------------------------------------------------

    def test_attempt_is_not_put_into_the_past(self):
        values = {"start": "2001-01-01 00:00:00"}
        self.taken.desk_submit(self.call.id, "not_held", values, "ref-00000001")
        self.assertEqual(self.call.attempt_ids.start, fields.Datetime.now())

    def test_dials_that_nobody_tells_of_count(self):
        moment = fields.Datetime.to_datetime(NOON)
        for minutes in (0, 20):
            with freeze_time(moment + timedelta(minutes=minutes)):
                self.taken.action_dial()
                self.taken.action_dial()
        with freeze_time(moment + timedelta(minutes=40)):
            with self.assertRaises(UserError):
                self.taken.action_dial()

    def test_dial_with_an_attempt_counts_once(self):
        self.taken.action_dial()
        self.taken.action_not_held()
        moment = fields.Datetime.to_datetime(NOON) + timedelta(minutes=40)
        with freeze_time(moment):
            numbers, _contacts = self.policy._read_attempts([self.number], [], moment)
        self.assertEqual(len(numbers[self.number]), 1)

    # --- by hand --------------------------------------------------------------------

    def test_call_stays_in_its_list(self):
        call = self.call_list.call_ids - self.call
        other = self._list(name="Other")
        for list_id in (False, other.id):
            with self.assertRaises(AccessError):
                call.with_user(self.operator).list_id = list_id
        call.with_user(self.operator).list_id = self.call_list
        call.with_user(self.supervisor).list_id = other
        self.assertEqual(call.list_id, other)

    def test_what_is_counted_is_not_written(self):
        for fname, value in (
            ("is_converted", True),
            ("attempt_count", 0),
            ("duration", 600),
            ("phone_sanitized", "+12025550188"),
            ("import_values", {"seller": "me"}),
            ("import_batch_id", False),
            ("state", "held"),
            ("outcome_id", self.no_answer.id),
        ):
            with self.subTest(field=fname):
                with self.assertRaises(AccessError):
                    self.taken[fname] = value
                with self.assertRaises(AccessError):
                    vals = {"name": "Mine", "phone": "+12025550188", fname: value}
                    self.taken.create(vals)

    def test_no_call_tells_of_unknown_leads(self):
        """An operator does not read the numbers of leads by way of new calls."""
        lead = self._lead(88)
        mine = self.taken.create({"name": "Mine", "phone": "+12025550199"})
        vals = {"name": "Mine", "opportunity_id": lead.id}
        for attack in (
            lambda: self.taken.create(vals),
            lambda: mine.write(vals),
            lambda: self.taken.browse().onchange(
                vals, ["opportunity_id"], {"opportunity_id": {}, "phone": {}}
            ),
            lambda: self.taken.create(
                {"name": "Mine", "list_id": self._list(operator_ids=False).id}
            ),
        ):
            with self.assertRaises(AccessError):
                attack()
        action = self.taken.action_schedule_call(NOON)
        self.assertEqual(
            self.env["crm.call"].browse(action["res_id"]).opportunity_id,
            self.call.opportunity_id,
        )

    def test_taken_out_of_the_list_meanwhile(self):
        """Who had the call still says how it went: it was dialled."""
        self.call_list.operator_ids = [Command.unlink(self.operator.id)]
        values = {"outcome_id": self.no_answer.id}
        self.taken.desk_submit(self.call.id, "not_held", values, "ref-00000001")
        self.assertEqual(self.call.attempt_ids.user_id, self.operator)
        with self.assertRaises(AccessError):
            self.taken.action_held()

    def test_same_name_of_two_users(self):
        values = {"outcome_id": self.no_answer.id}
        self.taken.desk_submit(self.call.id, "not_held", values, "ref-00000001")
        other = self.call_list.call_ids - self.call
        with self.assertRaises(ValidationError):
            other.with_user(self.operator_2).desk_submit(
                other.id, "held", {}, "ref-00000001"
            )

    def test_odd_values(self):
        values = {"note": "a\0b", "outcome_id": True}
        with self.assertRaises(ValidationError):
            self.taken.desk_submit(self.call.id, "held", {}, "ref\0000000001")
        with self.assertRaises(UserError):
            callback = {"callback": {"date": "9999-12-31 23:59:59"}}
            self.taken.desk_submit(self.call.id, "callback", callback, "ref-00000002")
        with self.assertRaises(UserError):
            callback = {"callback": {"code": ["monday"]}}
            self.taken.desk_submit(self.call.id, "callback", callback, "ref-00000003")
        self.taken.desk_submit(self.call.id, "not_held", values, "ref-00000004")
        self.assertEqual(self.call.attempt_ids.note, "ab")
