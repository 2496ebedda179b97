from odoo import api, models


class MailThread(models.AbstractModel):
    """A mail that comes back is a signal of whom it was sent to."""

    _inherit = "mail.thread"

    # === BUSINESS METHODS === #

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        events = self._prepare_bounce_events(message_dict)
        self.env["crm.lead.score.event"]._log_signals(events)
        return result

    @api.model
    def _prepare_bounce_events(self, message_dict):
        """Return the event that a bounce is, in a list.

        Its origin is the mail that came back, not the notice: servers send several. It
        belongs to the lead that the mail was about, if it is the lead's address, else
        to whom the address belongs; the address of a colleague does not matter.
        """
        email = message_dict["bounced_email"]
        partners = message_dict["bounced_partner"]
        if not email or (partners and not partners.filtered("partner_share")):
            return []
        message = message_dict["bounced_message"]
        references = message_dict["bounced_msg_ids"] or [message_dict["message_id"]]
        event = {
            "signal": "mail_bounced",
            "email": email,
            "value": message.subject or email,
            "origin": f"mail.bounce,{references[0]},{email}",
        }
        if message:
            event.update(res_model=message._name, res_id=message.id)
        if message.model == "crm.lead":
            lead = self.env["crm.lead"].sudo().browse(message.res_id).exists()
            # A copy may have gone to somebody else.
            if email in (lead.email_normalized, lead.partner_id.email_normalized):
                event["lead_id"] = lead.id
        return [event]
