"""A real mailing: opened, clicked, answered, returned, unsubscribed."""

from urllib.parse import parse_qs, urlsplit

from odoo import http
from odoo.tests import HttpCase, tagged

from .common import MailingCase

ANSWER = """From: {sender}
To: sales@company.example
Subject: Re: Spring offer
Message-Id: <answer@customer.example>
In-Reply-To: {reference}
References: {reference}
Content-Type: text/plain; charset=utf-8

Tell me more.
"""
BOUNCE = """From: MAILER-DAEMON@customer.example
To: bounce@company.example
Subject: Undelivered Mail Returned to Sender
Message-Id: <{number}@customer.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It came back.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customer.example

Final-Recipient: rfc822; {email}
Action: failed
--b
Content-Type: message/rfc822

Message-Id: {reference}
Subject: Spring offer

Hello
--b--
"""


@tagged("post_install", "-at_install")
class TestMailing(HttpCase, MailingCase):
    def _open(self, email="ana@customer.example"):
        for path in self._find(r'/mail/track/[^"]+?blank.gif', email):
            self.assertEqual(self.url_open(path).status_code, 200)

    def _click(self, number, email="ana@customer.example"):
        path = self._find(r"/r/\w+/m/\d+", email)[number]
        response = self.url_open(path, allow_redirects=False)
        self.assertEqual(response.status_code, 301)
        return response.headers["Location"]

    def _unsubscribe(self, email="ana@customer.example"):
        """Follow the link in the mail and confirm."""
        path = self._find(r'/mailing/\d+/confirm_unsubscribe[^"]*', email)[0]
        self.assertEqual(self.url_open(path).status_code, 200)
        query = {
            key: values[0] for key, values in parse_qs(urlsplit(path).query).items()
        }
        response = self.url_open(
            "/mailing/confirm_unsubscribe",
            data={
                **query,
                "mailing_id": path.split("/")[2],
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        self.assertEqual(response.status_code, 200)

    def test_contact_opens_and_clicks(self):
        """The score changes at once; the same again changes nothing."""
        self.authenticate(None, None)
        self._rule("mail_opened", 2)
        self._rule("mail_clicked", 6, value_pattern="*/pricing*")
        mailing = self._send(self.contact)
        self.assertFalse(self._signals(self.contact))
        for _time in range(2):
            self._open()
        self.assertEqual(self._signals(self.contact), [("mail_opened", "Spring offer")])
        self._settle()
        self.assertEqual(self.lead.lead_score, 2)
        for number in (0, 0, 1):
            self.assertIn("https://shop.example/", self._click(number))
        self.assertEqual(
            self._signals(self.contact, "mail_clicked"),
            [
                ("mail_clicked", "Spring offer: https://shop.example/pricing"),
                ("mail_clicked", "Spring offer: https://shop.example/terms"),
            ],
        )
        self._settle()
        self.assertEqual(self.lead.lead_score, 8)
        event = self.Event.search([("partner_id", "=", self.contact.id)], limit=1)
        self.assertEqual((event.res_model, event.res_id), (mailing._name, mailing.id))

    def test_a_click_is_an_opening_too(self):
        self.authenticate(None, None)
        self._send(self.lead + self.stranger)
        self._click(0, "boris@customer.example")
        self.assertEqual(
            [code for code, _value in self._signals(self.stranger)],
            ["mail_clicked", "mail_opened"],
        )
        self.assertFalse(self._signals(self.lead))

    def test_mailing_list(self):
        """A recipient of a list is known by his address."""
        self.authenticate(None, None)
        self._rule("mail_unsubscribed", -30)
        mailing_list = self.env["mailing.list"].create(
            {"name": "News", "is_public": True}
        )
        self.env["mailing.contact"].create(
            [
                {"email": email, "list_ids": [(4, mailing_list.id)]}
                for email in (
                    "ANA@customer.example",
                    "boris@customer.example",
                    "nobody@customer.example",
                )
            ]
        )
        self._send(
            contact_list_ids=[(4, mailing_list.id)],
            mailing_model_id=self.env["ir.model"]._get_id("mailing.list"),
        )
        self._open("ana@customer.example")
        self._open("boris@customer.example")
        self._open("nobody@customer.example")
        self.assertEqual(self._signals(self.contact)[0][0], "mail_opened")
        self.assertEqual(self._signals(self.stranger)[0][0], "mail_opened")
        self._unsubscribe()
        self._unsubscribe()
        self.assertEqual(
            self._signals(self.contact, "mail_unsubscribed"),
            [("mail_unsubscribed", "News")],
        )
        self._settle()
        self.assertEqual(self.lead.lead_score, -30)

    def test_unsubscribe_from_everything(self):
        """Who leaves a mailing to contacts or leads is blocked, each time anew."""
        self.authenticate(None, None)
        self._send(self.lead)
        self._unsubscribe()
        self._unsubscribe()
        self.assertEqual(
            self._signals(self.contact), [("mail_unsubscribed", "ana@customer.example")]
        )
        self.env["mail.blacklist"]._remove("ana@customer.example")
        self.assertEqual(len(self._signals(self.contact)), 1)

    def test_test_mails_are_no_signals(self):
        self.authenticate(None, None)
        mailing = self._send(self.contact)
        self._trace(mailing).is_test_trace = True
        self._open()
        self._click(0)
        self.assertFalse(self._signals(self.contact))


@tagged("post_install", "-at_install")
class TestMailingGateway(MailingCase):
    def _receive(self, text, trace, **values):
        return self.env["mail.thread"].message_process(
            "crm.lead", text.format(reference=trace.message_id, **values)
        )

    def test_answer_is_one_reply(self):
        """It makes a lead and is received there; the reply is the mailing's."""
        self._rule("mail_replied", 9)
        trace = self._trace(self._send(self.contact))
        self._receive(ANSWER, trace, sender="ana@customer.example")
        codes = [code for code, _value in self._signals(self.contact)]
        self.assertEqual(codes, ["mail_opened", "mail_replied"])
        events = self.Event.search([("origin", "=like", "mail.message,%")])
        self.assertEqual(
            [code for event in events for code in [event.signal]], ["mail_received"]
        )
        self._settle()
        self.assertEqual(self.lead.lead_score, 9)

    def test_bounce(self):
        self._rule("mail_bounced", -15)
        trace = self._trace(self._send(self.lead))
        for number in ("one", "two"):
            self._receive(BOUNCE, trace, email="ana@customer.example", number=number)
        self.assertEqual(trace.trace_status, "bounce")
        self.assertEqual(self._signals(self.lead), [("mail_bounced", "Spring offer")])
        self.assertFalse(self._signals(self.contact))
        self._settle()
        self.assertEqual(self.lead.lead_score, -15)

    def test_blocked_because_of_bounces_is_no_wish(self):
        blacklist = self.env["mail.blacklist"].with_context(scoring_bounce=True)
        blacklist._add("ana@customer.example")
        self.assertFalse(self._signals(self.contact))

    def test_lead_that_is_gone(self):
        """The address tells who it was, if the lead was merged meanwhile."""
        trace = self._trace(self._send(self.stranger), email="boris@customer.example")
        other = self._make_lead(email_from="boris@customer.example")
        self.stranger.unlink()
        trace.set_opened()
        self.assertEqual(self._signals(other), [("mail_opened", "Spring offer")])

    def test_many_at_once(self):
        """A write of many traces asks the ledger once."""
        partners = self.env["res.partner"].create(
            [{"name": f"P{n}", "email": f"p{n}@customer.example"} for n in range(200)]
        )
        mailing = self._send(partners)
        traces = self.Trace.search([("mass_mailing_id", "=", mailing.id)])
        self.assertEqual(len(traces), 200)
        traces[:1].set_opened()
        self.env.flush_all()
        with self.assertQueryCount(30):
            traces.set_opened()
            self.env.flush_all()
        self.assertEqual(
            self.Event.search_count([("partner_id", "in", partners.ids)]), 200
        )
