from ast import literal_eval

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import SegmentMailingCase


@tagged("post_install", "-at_install")
class TestSegmentMailing(SegmentMailingCase):
    def make_mailing(self, **vals):
        return self.env["mailing.mailing"].create(
            {
                "subject": "Hello",
                "body_html": "<p>Hello</p>",
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                "segment_ids": self.segment.ids,
                **vals,
            }
        )

    def test_recipients_are_the_members(self):
        mailing = self.make_mailing()
        self.assertEqual(set(mailing._get_recipients()), set(self.partners[:3].ids))
        self.segment.add_members(self.partners[3].ids)
        self.assertEqual(len(mailing._get_recipients()), 4)

    def test_blacklist_holds(self):
        mailing = self.make_mailing()
        self.env["mail.blacklist"]._add(self.partners[0].email)
        mailing.action_send_mail()
        states = {
            trace.res_id: trace.trace_status for trace in mailing.mailing_trace_ids
        }
        self.assertEqual(states[self.partners[0].id], "cancel")

    def test_sent_recipients_are_frozen(self):
        mailing = self.make_mailing()
        mailing.action_send_mail()
        self.segment.remove_members(self.partners[0].ids)
        self.segment.add_members(self.partners[3].ids)
        mailing.invalidate_recordset()
        self.assertEqual(set(mailing._get_recipients()), set(self.partners[:3].ids))
        self.assertFalse(mailing._get_remaining_recipients())
        self.assertEqual(mailing.segment_recipient_count, 3)
        # A copy is a new mailing: to those who are members then.
        self.assertEqual(
            set(mailing.copy()._get_recipients()), set(self.partners[1:4].ids)
        )

    def test_button_opens_a_prefilled_mailing(self):
        context = self.segment.action_send_mailing()["context"]
        with Form(self.env["mailing.mailing"].with_context(**context)) as form:
            form.subject = "Prefilled"
        mailing = form.record
        self.assertEqual(mailing.segment_ids, self.segment)
        domain = literal_eval(mailing.mailing_domain)
        self.assertIn(("segment_ids", "in", self.segment.ids), domain)

    def test_leads(self):
        segment = self.make_segment(target="lead")
        mailing = self.make_mailing(
            mailing_model_id=self.env["ir.model"]._get_id("crm.lead"),
            segment_ids=segment.ids,
        )
        self.assertEqual(set(mailing._get_recipients()), set(self.members(segment).ids))

    def test_segment_of_other_records_is_refused(self):
        with self.assertRaises(ValidationError):
            self.make_mailing(mailing_model_id=self.env["ir.model"]._get_id("crm.lead"))

    def test_without_its_segments_it_goes_to_nobody(self):
        mailing = self.make_mailing()
        self.assertFalse(mailing.segment_problem)
        self.segment.active = False
        self.assertIn(self.segment.name, mailing.segment_problem)
        self.assertEqual(mailing.segment_ids, self.segment, "still in sight")
        mailing.segment_ids = [Command.set(mailing.segment_ids.ids)]
        self.assertFalse(mailing._get_recipients())
        with self.assertRaisesRegex(UserError, "Hello"):
            self.segment.unlink()
        mailing.segment_ids = False
        self.assertFalse(mailing._get_recipients())
        self.assertIn("No segment is left", mailing.segment_problem)
        mailing.segment_ids = False
        self.assertFalse(mailing._get_recipients(), "the same again")
        with Form(mailing) as form:
            form.preview = "Text"
        self.assertFalse(mailing._get_recipients())
        self.segment.unlink()
        # Somebody says so, in as many words.
        mailing.mailing_domain = "[('ref', '=', 'segment-test')]"
        self.assertGreater(len(mailing._get_recipients()), 3)
        self.assertFalse(mailing.segment_problem)

    def test_chips_taken_away_in_the_form_leave_nobody(self):
        mailing = self.make_mailing()
        with Form(mailing) as form:
            form.segment_ids.clear()
        self.assertFalse(mailing.segment_ids)
        self.assertFalse(mailing._get_recipients())

    def test_a_sent_mailing_stays_without_its_segment(self):
        mailing = self.make_mailing()
        mailing.action_send_mail()
        self.segment.unlink()
        self.assertEqual(set(mailing._get_recipients()), set(self.partners[:3].ids))
        self.env.add_to_compute(mailing._fields["mailing_domain"], mailing)
        self.assertFalse(mailing.copy()._get_recipients())

    def test_rates(self):
        mailing = self.make_mailing()
        now = fields.Datetime.now()
        self.env["mailing.trace"].create(
            [
                {
                    "mass_mailing_id": mailing.id,
                    "model": "res.partner",
                    "res_id": self.partners[i % 3].id,
                    "sent_datetime": now,
                    "open_datetime": now if i < 2 else False,
                    "links_click_datetime": now if i < 1 else False,
                }
                for i in range(4)
            ]
        )
        self.segment.invalidate_recordset()
        self.assertEqual(self.segment.mailing_count, 1)
        self.assertEqual(self.segment.mailing_sent_count, 4)
        self.assertEqual(self.segment.mailing_opened_rate, 0.5)
        self.assertEqual(self.segment.mailing_clicked_rate, 0.25)
        self.assertEqual(self.segment.mailing_replied_rate, 0)
        # Salespeople read the figures too.
        segment = self.segment.with_user(self.salesperson)
        self.assertEqual(segment.mailing_sent_count, 4)
