"""What the product itself sees: mails, activities, meetings, stages."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import new_test_user, tagged

from .common import ScoringCase

MAIL = """From: {sender}
To: {to}
Subject: {subject}
Message-Id: <{number}@example.com>
Date: {date}
{headers}Content-Type: text/plain; charset=utf-8

I would like to know more.
"""
BOUNCE = """From: MAILER-DAEMON@example.com
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-Id: <{number}@example.com>
References: {reference}
Date: Mon, 02 Mar 2026 10:00:00 +0000
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It came back.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.company.example

Final-Recipient: rfc822; {email}
Action: failed
Status: 5.1.1
--b--
"""


@tagged("post_install", "-at_install")
class SignalCase(ScoringCase):
    """A lead with a contact, and short ways to look at what was logged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.tz = "UTC"
        cls.Event = cls.env["crm.lead.score.event"]
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ana", "email": "ana@customer.example"}
        )
        cls.lead = cls._make_lead("Machines", partner_id=cls.contact.id)
        cls.now = fields.Datetime.now()

    def _events(self, lead=None, code=None):
        """Events of a lead or a contact (the test's lead), oldest first."""
        owner = lead or self.lead
        field = "lead_id" if owner._name == "crm.lead" else "partner_id"
        events = self.Event.search([(field, "=", owner.id)], order="date, id")
        return events.filtered(lambda event: code in (None, event.signal))

    def _rule(self, code, points=10, **values):
        return self._make_rule(
            [],
            points,
            "engagement",
            kind="event",
            signal_id=self.env.ref(f"crm_lead_scoring.crm_lead_score_signal_{code}").id,
            **values,
        )

    def _score(self, lead=None):
        self._settle()
        return (lead or self.lead).lead_score

    def _receive(self, number, thread=None, **mail):
        """Have the mail gateway take an incoming mail."""
        values = {
            "sender": "Ana <ana@customer.example>",
            "to": "sales@company.example",
            "subject": "Question",
            "number": number,
            "date": "Mon, 02 Mar 2026 10:00:00 +0000",
            "headers": "",
            **mail,
        }
        return self.env["mail.thread"].message_process(
            "crm.lead",
            MAIL.format(**values),
            thread_id=(thread or self.env["crm.lead"]).id,
        )


class TestMail(SignalCase):
    def test_incoming_mail_of_a_lead(self):
        self._rule("mail_received", 7)
        self._receive("one", self.lead)
        event = self._events(code="mail_received")
        self.assertEqual(event.value, "Question")
        self.assertEqual(str(event.date), "2026-03-02 10:00:00")
        self.assertEqual(event.origin, f"mail.message,{event.res_id}")
        self.assertEqual(self._score(), 7)

    def test_new_lead_by_mail_has_the_event(self):
        lead = self.env["crm.lead"].browse(
            self._receive("new", sender="new@stranger.example")
        )
        self.assertEqual(self._events(lead).mapped("signal"), ["mail_received"])

    def test_reply_to_our_message(self):
        message = self.lead.message_post(
            body="Offer", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self._receive(
            "reply", self.lead, headers=f"In-Reply-To: {message.message_id}\n"
        )
        self.assertEqual(
            self._events().mapped("signal"), ["mail_received", "mail_replied"]
        )

    def test_colleagues_and_notes_are_no_signals(self):
        boss = new_test_user(self.env, "boss", email="boss@company.example")
        self._receive("boss", self.lead, sender="boss@company.example")
        self.assertIn(boss.partner_id, self.lead.message_ids.author_id)
        self.lead.message_post(body="Note")
        self.assertFalse(self._events())

    def test_mail_of_the_contact_elsewhere(self):
        """A mail about something else counts for the contact of a lead only."""
        other = self.env["res.partner"].create({"name": "Some Company"})
        supplier = self.env["res.partner"].create({"name": "S", "email": "s@s.example"})
        for author in self.contact + supplier:
            other.message_post(
                body="Hello", message_type="email", author_id=author.id, subject="S"
            )
        self.assertEqual(self._events(self.contact).mapped("signal"), ["mail_received"])
        self.assertFalse(self._events(supplier))

    def test_a_fast_clock_is_set_to_now(self):
        self._receive("fast", self.lead, date="Mon, 02 Mar 2099 10:00:00 +0000")
        self.assertLessEqual(self._events().date, fields.Datetime.now())

    def test_bounce(self):
        self._rule("mail_bounced", -15)
        domain = self.env["mail.alias.domain"].create(
            {"name": "company.example", "bounce_alias": "bounce"}
        )
        message = self.lead.message_post(body="Offer", subject="Our offer")
        for number in ("b1", "b2"):
            self.env["mail.thread"].message_process(
                None,
                BOUNCE.format(
                    to=domain.bounce_email,
                    number=number,
                    reference=message.message_id,
                    email=self.contact.email,
                ),
            )
        event = self._events()
        self.assertEqual((event.signal, event.value), ("mail_bounced", "Our offer"))
        self.assertEqual(self._score(), -15, "two notices of one mail count once")

    def test_bounce_of_a_colleague_is_no_event_of_the_lead(self):
        boss = new_test_user(self.env, "boss", email="boss@company.example")
        message = self.lead.message_post(body="Offer", partner_ids=boss.partner_id.ids)
        self.env["mail.thread"].message_process(
            None,
            BOUNCE.format(
                to="bounce@company.example",
                number="b3",
                reference=message.message_id,
                email="boss@company.example",
            ),
        )
        self.assertFalse(self._events())
        self.assertFalse(self._events(boss.partner_id))


class TestActivities(SignalCase):
    def _done(self, xml_id, record=None, **values):
        activity = (record or self.lead).activity_schedule(
            f"mail.mail_activity_data_{xml_id}", **values
        )
        activity.action_feedback("Done")
        return activity

    def test_each_kind_is_one_event(self):
        self._rule("call_held", 5)
        call = self._done("call", summary="First call")
        self._done("todo", summary="Send papers")
        self._done("meeting", summary="Visit")
        self.assertEqual(
            [(event.signal, event.value) for event in self._events()],
            [
                ("call_held", "First call"),
                ("activity_done", "To-Do"),
                ("meeting_held", "Visit"),
            ],
        )
        self.assertEqual(self._events()[0].origin, f"mail.activity,{call.id}")
        self.assertEqual(self._score(), 5)

    def test_activity_of_a_contact(self):
        self._done("call", self.contact)
        self.assertEqual(self._events(self.contact).signal, "call_held")

    def test_cancelled_activity_is_no_event(self):
        self.lead.activity_schedule("mail.mail_activity_data_call").unlink()
        self.assertFalse(self._events())

    def test_many_at_once(self):
        leads = self.lead.create([{"name": f"Lead {n}"} for n in range(30)])
        activities = self.env["mail.activity"]
        for lead in leads:
            activities += lead.activity_schedule("mail.mail_activity_data_call")
        activities.action_done()
        self.assertEqual(
            self.Event.search_count([("lead_id", "in", leads.ids)]), len(leads)
        )


class TestStages(SignalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stages = cls.env["crm.stage"].create(
            [{"name": name} for name in ("Visited", "Convinced")]
        )

    def test_stage_change(self):
        self._rule("stage_change", 4, value_pattern="Convin*")
        self.lead.stage_id = self.stages[0]
        self.lead.stage_id = self.stages[0]
        self.assertEqual(self._events().mapped("value"), ["Visited"])
        self.assertEqual(self._score(), 0)
        self.lead.stage_id = self.stages[1]
        self.assertEqual(self._events().mapped("value"), ["Visited", "Convinced"])
        self.assertEqual(self._score(), 4)

    def test_the_same_stage_again_is_no_change(self):
        leads = self.lead + self._make_lead("Other")
        leads[0].stage_id = self.stages[0]
        with patch.object(type(self.Event), "_log_stage_change") as logged:
            leads[0].write({"stage_id": self.stages[0].id})
            logged.assert_not_called()
            leads.write({"stage_id": self.stages[0].id})
            logged.assert_called_once_with(leads[1])

    def test_a_write_of_many_leads_asks_the_ledger_once(self):
        leads = self.lead.create(
            [{"name": f"L{n}", "stage_id": self.stages[0].id} for n in range(50)]
        )
        leads[:10].stage_id = self.stages[1]
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.Event.search_count([])
        self.env["crm.lead.score.event"]._log_stage_change(leads[:1])
        with self.assertQueryCount(__system__=25):
            self.env["crm.lead.score.event"]._log_stage_change(leads)
        leads.stage_id = self.stages[1]
        moved = self.Event.search([("lead_id", "in", leads[10:].ids)])
        self.assertEqual(set(moved.mapped("value")), {"Visited", "Convinced"})
        self.assertGreater(self.Event.search_count([]), before)

    def test_the_value_is_in_one_language(self):
        self.env["res.lang"]._activate_lang("bg_BG")
        self.stages[0].with_context(lang="bg_BG").name = "Посетен"
        self.lead.with_context(lang="bg_BG").stage_id = self.stages[0]
        self.assertEqual(self._events().value, "Visited")


class TestMeetings(SignalCase):
    def _meet(self, days=-1, guests=None, states=("accepted",), **values):
        """A meeting of an hour, some days from now; the guests' answers."""
        start = self.now + timedelta(days=days)
        guests = self.contact if guests is None else guests
        meeting = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": start,
                "stop": start + timedelta(hours=1),
                "partner_ids": [(4, guest.id) for guest in guests],
                "opportunity_id": self.lead.id,
                **values,
            }
        )
        for guest, state in zip(guests, states, strict=False):
            meeting.attendee_ids.filtered(
                lambda attendee, guest=guest: attendee.partner_id == guest
            ).state = state
        return meeting

    def _poll(self):
        position = 0
        while position is not None:
            position, _done, _changed = self.env["calendar.event"]._refresh_batch(
                position
            )

    def test_answers_decide_when_the_meeting_is_over(self):
        self._rule("meeting_held", 20)
        self._rule("meeting_no_show", -20)
        held = self._meet(-1)
        self._meet(-2, states=("declined",))
        self._meet(-3, states=("needsAction",))
        self._meet(1)
        self._meet(-4).active = False
        self._poll()
        self._poll()
        self.assertEqual(
            self._events().mapped("signal"), ["meeting_no_show", "meeting_held"]
        )
        self.assertEqual(self._events()[-1].date, held.stop)
        self.assertEqual(self._score(), 0)

    def test_one_who_comes_is_enough(self):
        other = self.env["res.partner"].create({"name": "Boris"})
        self._meet(guests=self.contact + other, states=("declined", "accepted"))
        self._poll()
        self.assertEqual(self._events().signal, "meeting_held")

    def test_said_by_hand_goes_before_answers(self):
        meeting = self._meet(states=("accepted",))
        meeting.meeting_result = "no_show"
        self.assertEqual(self._events().signal, "meeting_no_show")
        self._poll()
        self.assertEqual(self._events().signal, "meeting_no_show")

    def test_said_before_it_began_counts_when_it_is_over(self):
        meeting = self._meet(1, states=("needsAction",), meeting_result="held")
        self.assertFalse(self._events())
        over = self.now - timedelta(minutes=1)
        meeting.write({"start": over - timedelta(hours=1), "stop": over})
        self._poll()
        self.assertEqual(self._events().signal, "meeting_held")

    def test_a_late_answer_counts(self):
        meeting = self._meet(-5, states=("needsAction",))
        self._poll()
        self.assertFalse(self._events())
        meeting.attendee_ids.filtered(
            lambda attendee: attendee.partner_id == self.contact
        ).state = "accepted"
        self._poll()
        self.assertEqual(self._events().signal, "meeting_held")

    def test_meeting_without_lead_counts_for_guests_with_leads(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self._meet(
            guests=self.contact + stranger,
            states=("accepted", "accepted"),
            opportunity_id=False,
            privacy="private",
        )
        self._poll()
        self.assertEqual(self._events(self.contact).signal, "meeting_held")
        self.assertFalse(self._events(self.contact).value, "a private subject")
        self.assertFalse(self._events(stranger))

    def test_activity_of_a_meeting_counts_once(self):
        meeting = self._meet()
        activity = self.lead.activity_schedule(
            "mail.mail_activity_data_meeting", calendar_event_id=meeting.id
        )
        activity.action_done()
        self._poll()
        self.assertEqual(self._events().mapped("signal"), ["meeting_held"])
