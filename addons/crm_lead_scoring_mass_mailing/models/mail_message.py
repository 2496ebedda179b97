from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"

    # === BUSINESS METHODS === #

    def _prepare_score_events(self):
        """Leave out replies to mailings: the trace of the mailing tells of them."""
        events = super()._prepare_score_events()
        replies = [event for event in events if event["signal"] == "mail_replied"]
        if not replies:
            return events
        messages = self.browse(event["res_id"] for event in replies)
        told = messages
        if not self.env.context.get("scoring_reply_counted"):
            references = messages.parent_id.mapped("message_id")
            traces = self.env["mailing.trace"].sudo()
            mailed = set(
                traces.search([("message_id", "in", references)]).mapped("message_id")
            )
            told = messages.filtered(
                lambda message: message.parent_id.message_id in mailed
            )
        return [
            event
            for event in events
            if event["signal"] != "mail_replied" or event["res_id"] not in told.ids
        ]
