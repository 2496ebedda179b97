"""A mailing that is really sent, and what its recipients find in the mail."""

import re

from odoo.addons.crm_lead_scoring.tests.common import ScoringCase
from odoo.addons.mail.tests.common import MockEmail

BODY = """
<p>Hello, see <a href="https://shop.example/pricing">our prices</a>
and <a href="https://shop.example/terms">our terms</a>.</p>
<p><a href="/unsubscribe_from_list">Unsubscribe</a></p>
"""


class MailingCase(MockEmail, ScoringCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Event = cls.env["crm.lead.score.event"]
        cls.Trace = cls.env["mailing.trace"]
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ana", "email": "ana@customer.example"}
        )
        cls.lead = cls._make_lead(partner_id=cls.contact.id)
        cls.stranger = cls._make_lead(email_from="Boris <boris@customer.example>")

    def _rule(self, code, points=10, **values):
        return self._make_rule(
            [],
            points,
            "engagement",
            kind="event",
            signal_id=self.env.ref(f"crm_lead_scoring.crm_lead_score_signal_{code}").id,
            **values,
        )

    def _send(self, records=None, subject="Spring offer", **values):
        """Send a mailing to these records, or as ``values`` say; return it."""
        if records is not None:
            values.setdefault("mailing_domain", [("id", "in", records.ids)])
            values.setdefault(
                "mailing_model_id", self.env["ir.model"]._get_id(records._name)
            )
        mailing = self.env["mailing.mailing"].create(
            {"subject": subject, "body_html": BODY, **values}
        )
        with self.mock_mail_gateway():
            mailing.action_send_mail()
        self.mails = {mail["email_to"][0]: mail for mail in self._mails}
        return mailing

    def _trace(self, mailing, email="ana@customer.example"):
        trace = self.Trace.search(
            [("mass_mailing_id", "=", mailing.id), ("email", "=", email)]
        )
        self.assertEqual(trace.trace_status, "sent")
        return trace

    def _find(self, pattern, email="ana@customer.example"):
        """Paths in the mail to an address that match a pattern."""
        [body] = [mail["body"] for to, mail in self.mails.items() if email in to]
        found = re.findall(rf'https?://[^/"]+({pattern})', body)
        self.assertTrue(found, f"no {pattern} in {body}")
        return [path.replace("&amp;", "&") for path in found]

    def _signals(self, owner, code=None):
        """``(signal, value)`` of the events of a lead or a contact, oldest first."""
        field = "lead_id" if owner._name == "crm.lead" else "partner_id"
        events = self.Event.search([(field, "=", owner.id)], order="id")
        return [
            (event.signal, event.value)
            for event in events
            if code in (None, event.signal)
        ]
