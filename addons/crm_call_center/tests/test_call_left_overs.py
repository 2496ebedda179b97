from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import CallCenterCase


@tagged("post_install", "-at_install")
class TestCallByHand(CallCenterCase):
    """Calls without a list, and what becomes of calls around them."""

    def _call(self, **vals):
        return self.env["crm.call"].create(
            {"name": "By hand", "phone": "+49 30 23125 001", **vals}
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
        call_list = self.env["crm.call.list"].create(
            {
                "name": "Campaign",
                "purpose": "marketing",
                "legal_basis": "consent",
                "model_name": "res.partner",
                "domain": "[('id', '=', 0)]",
                "operator_ids": [Command.set(self.operator.ids)],
                "state": "running",
            }
        )
        self._call(list_id=call_list.id)
        by_hand = self._call()
        decision = by_hand._decide()[by_hand.id]
        self.assertIn("outside_hours", [reason.code for reason in decision.reasons])
        terms = by_hand._get_terms()[by_hand.id]
        self.assertEqual((terms.call_list, terms.purpose), (call_list, "marketing"))
        call_list.state = "done"
        self.assertTrue(by_hand._decide()[by_hand.id].allowed)

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
        self.assertIn("Followed by", missed.message_ids[0].body)

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
