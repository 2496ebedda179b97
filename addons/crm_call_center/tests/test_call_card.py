from odoo.tests import freeze_time, tagged

from .common import CallCenterCase


@tagged("post_install", "-at_install")
class TestCallCard(CallCenterCase):
    def _card(self, call):
        return call.with_user(self.operator)._prepare_card()

    def test_card_of_a_lead(self):
        lead = self._lead(
            1,
            contact_name="Ann Lee",
            partner_name="Lee Ltd",
            function="Owner",
            city="Ruse",
        )
        lead.country_id = self.env.ref("base.bg")
        call_list = self._list(script="<p>Say <b>hello</b></p>")
        call_list.action_start()
        with freeze_time("2026-01-15 10:00:00"):
            card = self._card(call_list.call_ids)
        self.assertEqual(card["person"], "Ann Lee")
        self.assertEqual(card["company"], "Lee Ltd")
        self.assertEqual(card["function"], "Owner")
        self.assertEqual(card["opportunity_id"], lead.id)
        self.assertFalse(card["partner_id"])
        self.assertEqual(card["phone_sanitized"], "+12025550101")
        self.assertEqual(card["phone"], "+1 202-555-0101")
        self.assertIn("<b>hello</b>", card["script"])
        self.assertIn("Ruse", card["place"])
        self.assertIn("12:00", card["local_time"], "one hour for all Bulgaria")

    def test_time_is_not_guessed_where_a_country_has_many_zones(self):
        call = self._call(opportunity_id=self._lead(1).id)
        self.assertEqual(
            call._get_time_zone(), "America/New_York", "202 is the city of Washington"
        )
        call.phone = "+1 800-555-0199"
        self.assertFalse(call._get_time_zone(), "a toll-free number is of no place")
        partner = self.env["res.partner"].create(
            {"name": "Bo", "country_id": self.us.id, "tz": "America/Chicago"}
        )
        call = self._call(partner_id=partner.id)
        self.assertEqual(call._get_time_zone(), "America/Chicago")
        partner.tz = "Europe/Sofia"
        self.assertNotEqual(
            call._get_time_zone(),
            "Europe/Sofia",
            "a zone of another country is a mistake",
        )

    def test_last_three_touches(self):
        lead = self._lead(1)
        call = self._call(opportunity_id=lead.id, user_id=self.operator.id)
        for number, day in enumerate((1, 2, 3), 1):
            lead.message_post(
                body=f"Message {number}", message_type="comment"
            ).date = f"2026-02-0{day} 10:00:00"
        lead.message_post(body="A field changed", message_type="notification")
        call.with_user(self.operator).action_not_held(
            note="Rang long", start="2026-02-02 12:00:00"
        )
        texts = [touch["text"] for touch in self._card(call)["touches"]]
        self.assertEqual(texts, ["Message 3", "No answer: Rang long", "Message 2"])

    def test_long_messages_are_cut(self):
        lead = self._lead(1)
        lead.message_post(body="word " * 100, message_type="comment")
        call = self._call(opportunity_id=lead.id)
        [touch] = self._card(call)["touches"]
        self.assertLessEqual(len(touch["text"]), 160)
        self.assertTrue(touch["text"].endswith("…"))
