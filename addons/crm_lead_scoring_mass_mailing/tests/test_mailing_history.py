"""Mailings from before scoring was installed."""

from odoo.tests import tagged

from .common import MailingCase


@tagged("post_install", "-at_install")
class TestMailingHistory(MailingCase):
    def _read(self):
        self.env["crm.lead.score.history"].search([]).unlink()
        position = 0
        while position is not None:
            position, _done, _changed = self.env[
                "crm.lead.score.history"
            ]._refresh_batch(position)

    def test_the_past_is_read_once(self):
        trace = self._trace(self._send(self.contact))
        mailing_list = self.env["mailing.list"].create({"name": "News"})
        subscription = self.env["mailing.subscription"].create(
            {
                "list_id": mailing_list.id,
                "contact_id": self.env["mailing.contact"]
                .create({"email": "ana@customer.example"})
                .id,
            }
        )
        link = self.env["link.tracker"].create({"url": "https://shop.example/x"})
        trace.set_opened()
        trace.set_replied()
        self.env["link.tracker.click"].create(
            {"link_id": link.id, "mailing_trace_id": trace.id}
        )
        subscription.opt_out = True
        self.env.flush_all()
        live = self._signals(self.contact)
        self.assertEqual(len(live), 4)
        self._read()
        self.assertEqual(self._signals(self.contact), live, "they are known already")
        self.env.cr.execute("DELETE FROM crm_lead_score_event")
        self.Event.invalidate_model()
        self._read()
        self.assertEqual(sorted(self._signals(self.contact)), sorted(live))
        sources = self.env["crm.lead.score.history"].search([])
        self.assertIn("mailing.trace", sources.mapped("source"))
