from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import CallCenterCase

SOFIA = "+359 888 123 456"


@tagged("post_install", "-at_install")
class TestCallReceive(CallCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "Ann",
                "phone": SOFIA,
                "country_id": cls.env.ref("base.bg").id,
            }
        )

    def _receive(self, number, user=None):
        cards = self.env["crm.call.receive"].with_user(user or self.operator)
        return cards.browse(cards.action_receive(number)["res_id"])

    def _call(self, action):
        self.assertEqual(action["res_model"], "crm.call")
        return self.env["crm.call"].browse(action["res_id"])

    def test_known_contact(self):
        card = self._receive("00359 888 123 456")
        self.assertEqual(card.match_ids.mapped("name"), ["Ann"])
        call = self._call(card.match_ids.action_take())
        self.assertEqual(call.partner_id, self.partner)
        self.assertEqual(call.direction, "inbound")
        self.assertEqual(call.state, "open")
        self.assertEqual(call.user_id, self.operator)
        self.assertEqual(call.phone_sanitized, "+359888123456")
        call.with_user(self.operator).action_held(talk=30)
        self.assertEqual(call.attempt_ids.direction, "inbound")

    def test_lead_that_the_operator_may_not_open(self):
        lead = self._lead(42, user_id=self.salesman.id, contact_name="Bob")
        card = self._receive(lead.phone)
        self.assertEqual(card.match_ids.name, "Bob")
        call = self._call(card.match_ids.action_take())
        self.assertEqual(call.opportunity_id, lead)

    def test_unknown_caller(self):
        card = self._receive("+1 202-555-0177")
        self.assertTrue(card.looked_up)
        self.assertFalse(card.match_ids)
        card.name = "Carl of Acme"
        contacts = self.env["res.partner"].search_count([])
        call = self._call(card.action_take())
        self.assertIn("Carl of Acme", call.name)
        self.assertEqual(call.phone_sanitized, "+12025550177")
        self.assertFalse(call.partner_id)
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)

    def test_unknown_caller_to_opportunity(self):
        card = self._receive("+1 202-555-0178", self.salesman)
        card.name = "Dora"
        action = card.action_take_lead()
        lead = self.env["crm.lead"].browse(action["res_id"])
        self.assertEqual(lead.phone, "+1 202-555-0178")
        self.assertEqual(lead.medium_id, self.env.ref("utm.utm_medium_phone"))

    def test_hidden_and_unreadable_numbers(self):
        """Nobody hangs up on a caller because his number is odd."""
        card = self._receive("anonymous")
        self.assertTrue(card.problem)
        self.assertTrue(self._call(card.action_take()))
        card = self._receive(None)
        self.assertFalse(card.looked_up)
        card.action_look_up()
        with self.assertRaises(UserError):
            card.action_take()
        card.name = "Eve"
        self.assertIn("Eve", self._call(card.action_take()).name)

    def test_nobody_is_taken_who_was_not_told(self):
        """A row written over RPC opens no way to leads and contacts of others."""
        company = self.env["res.company"].create({"name": "Foreign"})
        hidden = self.env["res.partner"].create(
            {"name": "Hidden", "phone": "+12025550155", "company_id": company.id}
        )
        card = self._receive("+12025550155")
        self.assertFalse(card.match_ids)
        row = self.env["crm.call.receive.match"].with_user(self.operator)
        row = row.create(
            {"receive_id": card.id, "res_model": "res.partner", "res_id": hidden.id}
        )
        with self.assertRaises(AccessError):
            row.action_take()

    def test_who_may(self):
        internal = new_test_user(self.env, "cc_receive", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._receive(SOFIA, internal)
        card = self._receive(SOFIA)
        with self.assertRaises(AccessError):
            card.with_user(self.operator_2).action_take()
