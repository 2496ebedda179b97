from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CallCenterCase


@tagged("post_install", "-at_install")
class TestDesk(CallCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call_list = cls._running_list(4, purpose="service")
        cls.lists = cls.call_list.with_user(cls.operator)
        cls.calls = cls.env["crm.call"].with_user(cls.operator)
        cls.refs = iter(f"test-ref-{number:04d}" for number in range(1000))

    def _take(self, user=None):
        card = self.call_list.with_user(user or self.operator).take_next()
        return self.env["crm.call"].browse(card["id"]), card

    def _submit(self, call, action="not_held", ref=None, user=None, **values):
        if action == "not_held":
            values.setdefault("outcome_id", self.no_answer.id)
        calls = self.calls.with_user(user or self.operator)
        return calls.desk_submit(call.id, action, values, ref or next(self.refs))

    # --- answers -------------------------------------------------------------------

    def test_not_held(self):
        call, _card = self._take()
        answer = self._submit(call, ring=21, wrap=3, note="Nobody there")
        self.assertEqual(answer["state"], "not_held")
        self.assertTrue(answer["next_attempt_date"])
        self.assertFalse(answer["replayed"])
        self.assertEqual(answer["today"]["calls"], 1)
        attempt = call.attempt_ids
        self.assertEqual(
            (attempt.ring_duration, attempt.talk_duration, attempt.wrap_duration),
            (21, 0, 3),
        )
        self.assertEqual(attempt.user_id, self.operator)
        self.assertEqual(attempt.note, "Nobody there")
        self.assertFalse(call.reserved_by)

    def test_held(self):
        call, _card = self._take()
        answer = self._submit(call, "held", ring=5, talk=60, wrap=9)
        self.assertEqual(answer["state"], "held")
        self.assertEqual(answer["today"], {"calls": 1, "held": 1, "talk_seconds": 60})
        self.assertEqual(call.user_id, self.operator)

    def test_cancelled_and_skip(self):
        call, _card = self._take()
        answer = self._submit(call, "cancelled", reason="Moved away")
        self.assertEqual(
            (answer["state"], answer["reason"]), ("cancelled", "Moved away")
        )
        call, _card = self._take()
        answer = self._submit(call, "skip", reason="I know this person")
        self.assertEqual(answer["state"], "open")
        self.assertFalse(call.attempt_ids)
        self.assertFalse(call.reserved_by)

    def test_callback_is_mine_only_when_asked(self):
        call, card = self._take()
        choice = card["callback_choices"][2]
        answer = self._submit(call, "callback", callback={"code": choice["code"]})
        self.assertEqual(answer["next_attempt_date"], choice["date"])
        self.assertFalse(call.user_id)
        self.assertTrue(call.attempt_ids.is_contact)
        call, _card = self._take()
        self._submit(call, "callback", callback={"text": "tomorrow 11"}, personal=True)
        self.assertEqual(call.user_id, self.operator)

    def test_callback_after_the_last_attempt_is_made(self):
        self.call_list.max_attempts = 1
        call, _card = self._take()
        answer = self._submit(call, "callback", callback={"text": "tomorrow 11"})
        self.assertEqual(answer["state"], "not_held")

    # --- once ----------------------------------------------------------------------

    def test_same_ref_is_done_once(self):
        call, _card = self._take()
        first = self._submit(call, ref="the-same-ref", ring=4)
        again = self._submit(call, "held", ref="the-same-ref", talk=99)
        self.assertTrue(again.pop("replayed"))
        first.pop("replayed")
        self.assertEqual(again, first)
        self.assertEqual(len(call.attempt_ids), 1)
        self.assertEqual(call.state, "not_held")

    def test_ref_of_another_call_or_user(self):
        call, _card = self._take()
        self._submit(call, ref="the-same-ref")
        other, _card = self._take()
        with self.assertRaises(ValidationError):
            self._submit(other, ref="the-same-ref")

    def test_bad_values(self):
        call, _card = self._take()
        for ref in (None, "", "short", 12345678, "x" * 201):
            with self.assertRaises(ValidationError):
                self.calls.desk_submit(call.id, "skip", {}, ref)
        for action in ("unlink", "", None, "_submit_held"):
            with self.assertRaises(ValidationError):
                self.calls.desk_submit(call.id, action, {}, "a-good-ref")
        with self.assertRaises(ValidationError):
            self._submit(call, ring=-1)
        with self.assertRaises(ValidationError):
            self._submit(call, start="yesterday")
        for call_id in (None, "1", [call.id], True):
            with self.assertRaises(ValidationError):
                self.calls.desk_submit(call_id, "skip", {}, "a-good-ref")
        self.assertFalse(call.attempt_ids)
        self.assertEqual(call.reserved_by, self.operator)

    # --- lost leases ---------------------------------------------------------------

    def _lose(self, call):
        call.env["crm.call.queue"].browse(call.id).lease_until = (
            fields.Datetime.now() - timedelta(seconds=1)
        )
        self.env.flush_all()
        self.env.invalidate_all()

    def test_lost_lease_nobody_has_it(self):
        call, _card = self._take()
        self._lose(call)
        self.assertFalse(call.reserved_by)
        self.assertEqual(self._submit(call, ring=4)["state"], "not_held")

    def test_lost_lease_somebody_has_it_on_the_desk(self):
        call, _card = self._take()
        self._lose(call)
        other, _card = self._take(self.operator_2)
        self.assertEqual(other, call)
        self.assertEqual(self._submit(call, "held", talk=9)["state"], "held")
        with self.assertRaisesRegex(UserError, "has closed the call"):
            self._submit(other, user=self.operator_2)

    def test_lost_lease_somebody_called(self):
        call, _card = self._take()
        self._lose(call)
        other, _card = self._take(self.operator_2)
        self._submit(other, user=self.operator_2)
        with self.assertRaisesRegex(UserError, "has called"):
            self._submit(call)
        self.assertEqual(len(call.attempt_ids), 1)

    # --- undo ----------------------------------------------------------------------

    def test_undo(self):
        for action, values in (
            ("held", {"talk": 9}),
            ("not_held", {}),
            ("callback", {"callback": {"text": "tomorrow 10"}, "personal": True}),
            ("cancelled", {}),
            ("skip", {}),
        ):
            with self.subTest(action):
                call, _card = self._take()
                before = call.read(["state", "user_id", "next_attempt_date"])
                ref = next(self.refs)
                self._submit(call, action, ref=ref, note="Wrong key", **values)
                answer = self.calls.desk_undo(call.id, ref)
                self.assertEqual(answer["state"], "open")
                self.assertEqual(answer["card"]["id"], call.id)
                self.assertEqual(answer["today"]["calls"], 0)
                self.assertEqual(
                    call.read(["state", "user_id", "next_attempt_date"]), before
                )
                self.assertEqual(call.reserved_by, self.operator)
                self.assertEqual(call.attempt_count, 0)
                self.assertFalse(call.description)
                self.assertTrue(all(a.voided_on for a in call.attempt_ids))
                # a second time changes nothing
                self.calls.desk_undo(call.id, ref)
                self.lists.release_mine()

    def test_undo_of_a_wrong_number(self):
        call, _card = self._take()
        partner = self.env["res.partner"].create(
            {"name": "Ann", "phone": call.phone, "country_id": self.us.id}
        )
        call.partner_id = partner
        ref = next(self.refs)
        self._submit(call, outcome_id=self.wrong_number.id, ref=ref)
        self.assertTrue(partner.phone_number_ids.is_wrong)
        self.calls.desk_undo(call.id, ref)
        self.assertFalse(partner.phone_number_ids.is_wrong)

    def test_undo_too_late(self):
        call, _card = self._take()
        self._submit(call, ref="late-late")
        receipt = self.env["crm.call.receipt"].search(
            [("client_ref", "=", "late-late")]
        )
        receipt.date -= timedelta(seconds=20)
        with self.assertRaisesRegex(UserError, "too late"):
            self.calls.desk_undo(call.id, "late-late")
        self.assertFalse(call.attempt_ids.voided_on)

    def test_undo_of_somebody_else(self):
        call, _card = self._take()
        self._submit(call, ref="not-yours")
        with self.assertRaises(UserError):
            self.calls.with_user(self.operator_2).desk_undo(call.id, "not-yours")

    # --- do not call ---------------------------------------------------------------

    def test_do_not_call_stays(self):
        call, _card = self._take()
        ref = next(self.refs)
        self.calls.desk_do_not_call(call.id, ref)
        entries = self.env["crm.do.not.call"].search(
            [("phone_sanitized", "=", call.phone_sanitized)]
        )
        self.assertEqual(entries.source, "call")
        self.assertEqual(entries.user_id, self.operator)
        answer = self._submit(call, "do_not_call", ref=ref, talk=4)
        self.assertEqual(answer["state"], "cancelled")
        self.assertFalse(answer["undo_until"])
        self.assertEqual(call.attempt_ids.outcome_id.code, "do_not_call")
        with self.assertRaises(UserError):
            self.calls.desk_undo(call.id, ref)
        self.calls.desk_do_not_call(call.id, ref)
        self.assertEqual(
            self.env["crm.do.not.call"].search_count(
                [("phone_sanitized", "=", call.phone_sanitized)]
            ),
            1,
        )

    def test_do_not_call_holds_when_another_closed_the_call(self):
        call, _card = self._take()
        self._lose(call)
        other, _card = self._take(self.operator_2)
        self._submit(other, "held", user=self.operator_2)
        self.calls.desk_do_not_call(call.id, "refuse-1")
        self.assertTrue(
            self.env["crm.do.not.call"].search(
                [("phone_sanitized", "=", call.phone_sanitized)]
            )
        )

    # --- who may -------------------------------------------------------------------

    def test_access(self):
        call, _card = self._take()
        portal = new_test_user(self.env, "cc_portal", groups="base.group_portal")
        internal = new_test_user(self.env, "cc_internal", groups="base.group_user")
        stranger = self._user("cc_stranger", "group_call_center_operator")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self._user(
            "cc_foreign",
            "group_call_center_supervisor",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for user in (portal, internal, stranger, foreign):
            calls = self.calls.with_user(user)
            lists = self.call_list.browse().with_user(user)
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    calls.desk_submit(call.id, "held", {}, "ref-of-stranger")
                with self.assertRaises(AccessError):
                    calls.desk_do_not_call(call.id, "ref-of-stranger")
                with self.assertRaises(AccessError):
                    calls.desk_undo(call.id, "ref-of-stranger")
                with self.assertRaises(AccessError):
                    calls.desk_parse_callback(call.id, "10:00")
                if user in (portal, internal):
                    for method in (lists.get_desk, lists.pause, lists.resume):
                        with self.assertRaises(AccessError):
                            method()
        self.assertEqual(call.state, "open")
        self.assertFalse(
            self.env["crm.do.not.call"].search([("call_id", "=", call.id)])
        )

    # --- desk ----------------------------------------------------------------------

    def test_get_desk(self):
        first, _card = self._take()
        second, _card = self._take()
        desk = self.lists.get_desk()
        self.assertEqual(desk["card"]["id"], first.id)
        self.assertEqual(desk["prefetched"]["id"], second.id)
        self.assertEqual(desk["today"], {"calls": 0, "held": 0, "talk_seconds": 0})
        self.assertFalse(desk["pause"])
        self.assertTrue(desk["pause_reasons"][0]["name"])
        self.assertEqual(set(desk["skip_reasons"][0]), {"code", "name"})
        self.assertEqual(desk["provider"]["code"], "tel")
        self.assertEqual(desk["auto_dial_seconds"], 0)
        self.assertEqual(desk["user"]["id"], self.operator.id)

    def test_what_was_dialled_comes_first(self):
        self._take()
        second, _card = self._take()
        second.with_user(self.operator).action_dial()
        self.assertEqual(self.lists.get_desk()["card"]["id"], second.id)

    def test_card(self):
        _call, card = self._take()
        self.assertEqual(card["permission"]["word"], "call")
        self.assertTrue(card["permission"]["label"])
        self.assertEqual(
            [choice["key"] for choice in card["callback_choices"]], list("123456")
        )
        self.assertEqual(card["numbers"][0]["phone"], card["phone"])
        self.assertTrue(card["can_convert"])
        self.assertIn("grade", card, "of the lead, where leads are scored")

    def test_card_of_who_must_not_be_called(self):
        call, _card = self._take()
        self.calls.desk_do_not_call(call.id, "refuse-2")
        permission = call.with_user(self.operator)._prepare_card()["permission"]
        self.assertEqual(permission["word"], "never")
        self.assertTrue(permission["reasons"])

    # --- pause ---------------------------------------------------------------------

    def test_pause(self):
        call, _card = self._take()
        reason = self.env.ref("crm_call_center.pause_reason_lunch")
        pause = self.lists.pause(reason.id)
        self.assertEqual(pause["name"], "Lunch")
        self.assertFalse(call.reserved_by)
        self.assertEqual(self.lists.get_desk()["pause"], pause)
        self.assertEqual(self.lists.pause(reason.id), pause)
        row = self.env["crm.call.pause"].browse(pause["id"])
        row.start -= timedelta(minutes=5)
        self.assertTrue(self.lists.resume())
        self.assertFalse(self.lists.resume())
        self.assertAlmostEqual(row.duration, 300, delta=5)
        self.assertFalse(self.lists.get_desk()["pause"])

    def test_pauses_of_others_are_seen_by_supervisors(self):
        self.lists.pause()
        pauses = self.env["crm.call.pause"]
        self.assertFalse(pauses.with_user(self.operator_2).search([]))
        self.assertTrue(pauses.with_user(self.operator).search([]))
        self.assertTrue(pauses.with_user(self.supervisor).search([]))
