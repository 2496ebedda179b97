from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_lead_scoring.tests.common import ScoringCase


@tagged("post_install", "-at_install")
class TestCallScore(ScoringCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = new_test_user(
            cls.env,
            "cs_operator",
            groups="crm_call_center.group_call_center_operator",
        )
        cls.attempts = cls.env["crm.call.attempt"]
        cls.attempts.search([]).is_counted = True
        cls.lead = cls._make_lead(phone="+1 202-555-0171")

    def _call(self, lead=None, **values):
        lead = self.lead if lead is None else lead
        return self.env["crm.call"].create(
            {"name": "Ask", "opportunity_id": lead.id, **values}
        )

    def _rule(self, code, points):
        return self._make_rule(
            [],
            points,
            "engagement",
            kind="event",
            signal_id=self.env.ref(f"crm_lead_scoring.crm_lead_score_signal_{code}").id,
        )

    def _settle(self):
        with freeze_time("2040-01-01"):
            self.attempts._log_settled()

    def _signals(self, lead=None):
        events = self.env["crm.lead.score.event"].search(
            [
                ("lead_id", "=", (lead or self.lead).id),
                ("signal_id.channel", "=", "call"),
            ],
            order="id",
        )
        return [(event.signal, event.value) for event in events]

    def test_calls_count(self):
        self._rule("call_held", 30)
        self._rule("call_not_held", -5)
        call = self._call()
        call.action_not_held()
        call.action_held()
        self.assertEqual(self._signals(), [], "nothing before it is settled")
        self._settle()
        self.assertEqual(
            self._signals(),
            [("call_not_held", "Ask: No answer"), ("call_held", "Ask: Held")],
        )
        self.assertEqual(self.lead.lead_score_engagement, 25)
        self._settle()
        self.assertEqual(len(self._signals()), 2, "each once")

    def test_what_was_taken_back_does_not_count(self):
        call = self._call()
        call.action_held()
        call.attempt_ids.sudo().voided_on = "2026-01-01"
        self._settle()
        self.assertEqual(self._signals(), [])

    def test_the_activity_that_a_call_closes(self):
        """One call is one event, though an activity was closed by it."""
        self.lead.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.env.uid, summary="Ring them"
        )
        self._call().action_held()
        self.assertFalse(self.lead.activity_ids)
        self._settle()
        self.assertEqual(self._signals(), [("call_held", "Ask: Held")])

    def test_past_calls_are_read(self):
        call = self._call()
        call.action_held()
        row = self.env["crm.lead.score.history"]._get_rows()
        row = row.filtered(lambda row: row.source == "crm.call.attempt")
        self.assertTrue(row)
        row.write({"position": 0, "state": "waiting", "date_to": "2039-01-01"})
        while row.state == "waiting":
            row._read_batch()
        self.assertEqual(self._signals(), [("call_held", "Ask: Held")])
        self._settle()
        self.assertEqual(len(self._signals()), 1)

    def test_calls_of_contacts(self):
        contact = self.env["res.partner"].create({"name": "Ana"})
        lead = self._make_lead(partner_id=contact.id)
        self._rule("call_held", 12)
        self.env["crm.call"].create(
            {"name": "Ask", "partner_id": contact.id, "phone": "+12025550172"}
        ).action_held()
        self._settle()
        self.assertEqual(lead.lead_score_engagement, 12)

    def test_order_of_the_score(self):
        tag = self.env["crm.tag"].create({"name": "Order of the score"})
        self._make_rule([("priority", "=", "3")], 40, "fit")
        leads = self.env["crm.lead"]
        for number, priority in enumerate(("0", "3", "0")):
            leads |= self._make_lead(
                phone=f"+1 202-555-017{number + 3}",
                priority=priority,
                tag_ids=[Command.link(tag.id)],
            )
        call_list = self.env["crm.call.list"].create(
            {
                "name": "Best first",
                "domain": f"[('tag_ids', 'in', {tag.ids})]",
                "operator_ids": [Command.link(self.operator.id)],
                "call_order": "score",
            }
        )
        call_list.action_start()
        # scores are refreshed at the end of the transaction
        self.env.cr.flush()
        self.env["crm.call.queue"]._follow()
        card = call_list.with_user(self.operator).take_next()
        self.assertEqual(card["opportunity_id"], leads[1].id)
        self.assertEqual(card["grade"]["name"], leads[1].lead_grade_id.name)
