"""The past is read once, in batches, and going on where it stopped."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_signals import SignalCase

HISTORY = "odoo.addons.crm_lead_scoring.models.crm_lead_score_history"


@tagged("post_install", "-at_install")
class TestHistory(SignalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.History = cls.env["crm.lead.score.history"]
        cls.History.search([]).unlink()
        cls.past = cls.lead.create(
            [{"name": f"Past {number}", "type": "lead"} for number in range(12)]
        )
        day = cls.now - timedelta(days=30)
        for number, lead in enumerate(cls.past):
            lead.message_post(
                body="Hello",
                subject=f"Mail {number}",
                message_type="email",
                email_from="somebody@customer.example",
                author_id=False,
                date=day,
            )
        cls.old = cls.past[0].message_ids.filtered(lambda m: m.message_type == "email")
        cls.old.date = cls.now - timedelta(days=500)
        # As if nobody had been listening.
        cls.env.cr.execute("DELETE FROM crm_lead_score_event")
        cls.Event.invalidate_model()

    def _mails(self):
        return self.Event.search(
            [("lead_id", "in", self.past.ids), ("signal_id.code", "=", "mail_received")]
        )

    def _refresh(self, batches=None):
        """Do batches of the step, all by default; return whether it is done."""
        position = 0
        while position is not None and batches != 0:
            position, _done, _changed = self.History._refresh_batch(position)
            batches = None if batches is None else batches - 1
        return position is None

    def test_the_last_twelve_months(self):
        self._refresh()
        self.assertEqual(len(self._mails()), 11, "one of them is too old")
        self.assertEqual(set(self.History.search([]).mapped("state")), {"done"})
        row = self.History.search([("source", "=", "mail.message")])
        self.assertEqual((row.date_to - row.date_from).days, 365)
        self.assertGreaterEqual(row.event_count, 11)

    def test_twice_changes_nothing(self):
        self._refresh()
        found = self.Event.search_count([])
        self.History.search([]).action_read()
        self._refresh()
        self.assertEqual(self.Event.search_count([]), found)

    def test_goes_on_where_it_stopped(self):
        with patch(f"{HISTORY}.BATCH_SIZE", 4):
            self.assertFalse(self._refresh(batches=2))
            row = self.History.search([("source", "=", "mail.message")])
            self.assertEqual(row.state, "waiting")
            self.assertTrue(row.position)
            read = row.record_count
            self._refresh(batches=1)
            self.assertGreater(row.record_count, read)
            self._refresh()
        self.assertEqual(len(self._mails()), 11)

    def test_what_was_logged_at_once_is_not_read_again(self):
        self.lead.stage_id = self.env["crm.stage"].create({"name": "Live"})
        self.env.flush_all()
        self.env.cr.flush()
        before = self._events(code="stage_change")
        self._refresh()
        self.assertEqual(self._events(code="stage_change"), before)

    def test_stages_of_the_past(self):
        lead = self.env["crm.lead"].create({"name": "Tracked"})
        self.env.cr.flush()
        lead.stage_id = self.env["crm.stage"].create({"name": "Then"})
        self.env.cr.flush()
        self.env.cr.execute("DELETE FROM crm_lead_score_event")
        lead.message_ids.date = fields.Datetime.now() - timedelta(days=3)
        self._refresh()
        event = self._events(lead, "stage_change")
        self.assertEqual(event.value, "Then")
        self.assertEqual(event.date, lead.message_ids[0].date)

    def test_only_managers_have_it_read(self):
        self._make_users()
        rows = self.History._get_rows()
        with self.assertRaises(AccessError):
            rows.with_user(self.salesman).action_read()
        rows.with_user(self.manager).action_read()

    def test_the_refresh_reads_the_past_first(self):
        self._rule("mail_received", 3)
        steps = [
            name
            for _sequence, name in sorted(
                self.env["crm.criterion.refresh"]._get_refresh_steps()
            )
        ]
        self.assertLess(
            steps.index("crm.lead.score.history"), steps.index("crm.lead.score")
        )
        self._refresh()
        self.assertEqual(self._score(self.past[1]), 3)
