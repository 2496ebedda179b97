from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import CallCenterCase


@tagged("post_install", "-at_install")
class TestCallByHand(CallCenterCase):
    """Calls without a list, and what becomes of calls around them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.refused = cls.env["crm.call.outcome"].search(
            [("kind", "=", "cancelled"), ("is_refusal", "=", True)], limit=1
        )

    def _call(self, **vals):
        return self.env["crm.call"].create(
            {"name": "By hand", "phone": "+49 30 23125 001", **vals}
        )

    def _campaign(self, **vals):
        return self.env["crm.call.list"].create(
            {
                "name": "Campaign",
                "purpose": "marketing",
                "legal_basis": "consent",
                "model_name": "res.partner",
                "domain": "[('id', '=', 0)]",
                "operator_ids": [Command.set(self.operator.ids)],
                "state": "running",
                **vals,
            }
        )

    @freeze_time("2026-03-08 22:00:00")  # Sunday, eleven at night in Berlin
    def test_calls_by_hand_are_service_unless_the_company_says_so(self):
        call = self._call()
        self.assertTrue(call._decide()[call.id].allowed)
        self.env.company.call_purpose = "marketing"
        decision = call._decide()[call.id]
        self.assertIn("outside_hours", [reason.code for reason in decision.reasons])

    @freeze_time("2026-03-08 22:00:00")
    def test_no_dodging_a_marketing_list_by_hand(self):
        call_list = self._campaign()
        self._call(list_id=call_list.id)
        by_hand = self._call()
        decision = by_hand._decide()[by_hand.id]
        self.assertIn("outside_hours", [reason.code for reason in decision.reasons])
        terms = by_hand._get_terms()[by_hand.id]
        self.assertEqual((terms.call_list, terms.purpose), (call_list, "marketing"))
        call_list.state = "done"
        self.assertTrue(by_hand._decide()[by_hand.id].allowed)

    def test_no_dodging_by_leaving_the_company_out(self):
        call_list = self._campaign()
        self._call(list_id=call_list.id)
        by_hand = self._call(company_id=False)
        self.assertEqual(by_hand._get_terms()[by_hand.id].call_list, call_list)

    def test_a_list_of_no_company_holds_for_all(self):
        call_list = self._campaign(company_id=False)
        self._call(list_id=call_list.id, company_id=False)
        by_hand = self._call()
        self.assertEqual(by_hand._get_terms()[by_hand.id].call_list, call_list)
        other = self.env["res.company"].create({"name": "Other"})
        call_list.write({"operator_ids": [Command.clear()], "company_id": other.id})
        self.assertFalse(by_hand._get_terms()[by_hand.id].call_list)

    def test_who_refused_is_left_in_peace_by_hand_too(self):
        call_list = self._campaign()
        listed = self._call(list_id=call_list.id)
        listed.action_cancel(outcome_id=self.refused.id, duration=9)
        by_hand = self._call()
        decision = by_hand._decide()[by_hand.id]
        self.assertIn("resting", [reason.code for reason in decision.reasons])

    def test_who_was_reached_is_spoken_with_as_agreed(self):
        call_list = self._campaign()
        self._call(list_id=call_list.id).action_held()
        by_hand = self._call()
        self.assertEqual(by_hand._get_terms()[by_hand.id].purpose, "service")

    def test_a_missed_call_that_was_called_back(self):
        missed = self._call(direction="inbound")
        missed.action_not_held()
        to_do = [
            ("state", "in", ("open", "not_held")),
            "|",
            ("direction", "=", "outbound"),
            ("next_call_ids", "=", False),
        ]
        self.assertIn(missed, self.env["crm.call"].search(to_do))
        action = missed.action_schedule_call(date="2026-03-10 10:00:00")
        back = self.env["crm.call"].browse(action["res_id"])
        self.assertEqual(back.origin_call_id, missed)
        self.assertNotIn(missed, self.env["crm.call"].search(to_do))
        self.assertIn(back, self.env["crm.call"].search(to_do))
        self.assertTrue(
            missed.message_ids.filtered(lambda message: "Followed by" in message.body)
        )
        self.assertFalse(missed.next_attempt_date)
        self.assertFalse(missed.agenda_date)

    def test_a_call_follows_only_what_its_user_may_read(self):
        missed = self._call(direction="inbound", user_id=self.operator_2.id)
        calls = self.env["crm.call"].with_user(self.operator)
        vals = {"name": "Mine", "phone": "+49 30 23125 001"}
        with self.assertRaises(AccessError):
            calls.create({**vals, "origin_call_id": missed.id})
        mine = calls.create(vals)
        with self.assertRaises(AccessError):
            mine.origin_call_id = missed

    def test_a_list_with_imports_goes_whole(self):
        call_list = self.env["crm.call.list"].create(
            {
                "name": "Imported",
                "model_name": "res.partner",
                "domain": "[('id', '=', 0)]",
            }
        )
        call_list.import_rows([{"name": "Ann", "phone": "+49 30 23125 002"}])
        batch = self.env["crm.call.import.batch"].search(
            [("list_id", "=", call_list.id)]
        )
        self.assertTrue(batch)
        call_list.unlink()
        self.assertFalse(batch.exists())

    def test_a_list_with_requests_stays(self):
        call_list = self._running_list(1)
        self.env["crm.do.not.call"].sudo().create(
            {
                "phone_sanitized": "+493023125003",
                "scope": "list",
                "list_id": call_list.id,
                "source": "manual",
            }
        )
        with self.assertRaisesRegex(UserError, "Archive"):
            call_list.unlink()

    def test_taking_a_call_ends_the_break(self):
        call_list = self._running_list(1).with_user(self.operator)
        call_list.pause()
        self.assertTrue(call_list.get_desk()["pause"])
        self.assertTrue(call_list.take_next())
        self.assertFalse(call_list.get_desk()["pause"])

    def test_strange_values(self):
        call_list = self._running_list(1).with_user(self.operator)
        self.assertEqual(call_list.renew(None), [])
        call = self._call()
        call.action_held(note=5)
        self.assertEqual(call.attempt_ids.note, "5")

    def test_strange_values_are_told(self):
        call = self._call()
        desk = self.env["crm.call.list"].with_user(self.operator)
        for wrong in (True, 1.5, "x", ["a"], [[1]], {"a": 1}):
            with self.subTest(wrong):
                with self.assertRaises(ValidationError):
                    call.action_held(outcome_id=wrong)
                with self.assertRaises(ValidationError):
                    call.action_held(start=wrong)
                with self.assertRaises(ValidationError):
                    call.action_not_held(next_attempt_date=wrong)
                with self.assertRaises(ValidationError):
                    call.action_schedule_call(date=wrong)
                with self.assertRaises(ValidationError):
                    call.action_schedule_call(date="2026-03-10", user_id=wrong)
                with self.assertRaises(ValidationError):
                    call.action_schedule_meeting(start=wrong)
                with self.assertRaises(ValidationError):
                    desk.pause(wrong)
        with self.assertRaises(ValidationError):
            call.action_schedule_meeting(start="2026-03-10 10:00:00", duration="x")
        self.assertFalse(call.attempt_ids)

    def test_strange_texts_are_read(self):
        call = self._call()
        call.action_skip(reason=5)
        answer = (
            self.env["crm.call"]
            .with_user(self.operator)
            .desk_parse_callback(self._call(user_id=self.operator.id).id, 5)
        )
        self.assertTrue(answer["date"])
        self.assertEqual(self.env["crm.phone.number"].match_number(5), [])
        call.action_cancel(reason="A\0b", note="c\0d", start="2026-03-10")
        self.assertEqual((call.cancel_reason, call.description), ("Ab", "cd"))

    def test_the_proof_counts_the_attempts_on_the_number(self):
        for _time in range(2):
            self._call().action_not_held(outcome_id=self.no_answer.id)
        call = self._call()
        proof = call._issue_certificates(call._decide(), "log")
        self.assertEqual(proof.facts["attempts"], 0)
        self.assertEqual(proof.facts["number_attempts"], 2)
        self.assertIn("Attempts on this number in the 30 days before: 2", proof.summary)

    def test_a_contact_deleted_in_mid_call(self):
        partner = self.env["res.partner"].create(
            {"name": "Short", "phone": "+49 30 23125 004"}
        )
        call_list = self._running_list()
        call = self.env["crm.call"].create(
            {
                "name": "Short",
                "partner_id": partner.id,
                "list_id": call_list.id,
                "user_id": False,
            }
        )
        card = call_list.with_user(self.operator).take_next()
        self.assertEqual(card["id"], call.id)
        partner.unlink()
        result = (
            self.env["crm.call"]
            .with_user(self.operator)
            .desk_submit(call.id, "held", {"talk": 20, "note": "done"}, "left-over-1")
        )
        self.assertEqual(result["state"], "held")
        self.assertEqual(call.attempt_ids.phone_sanitized, "+493023125004")
