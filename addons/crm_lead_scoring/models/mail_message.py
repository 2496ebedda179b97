from odoo import api, models
from odoo.fields import Domain

#: Messages of ours that one can reply to.
OUTGOING_TYPES = ("comment", "email_outgoing", "auto_comment")


class MailMessage(models.Model):
    """An incoming mail is a signal: of the lead it is about, or of its author."""

    _inherit = "mail.message"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        incoming = messages.filtered(lambda message: message.message_type == "email")
        if incoming:
            self.env["crm.lead.score.event"]._log_records(incoming)
        return messages

    # === BUSINESS METHODS === #

    @api.model
    def _get_score_domain(self, date_from, date_to):
        """Domain of the messages of a time that are signals."""
        return (
            Domain("message_type", "=", "email")
            & Domain("date", ">=", date_from)
            & Domain("date", "<", date_to)
        )

    def _prepare_score_events(self):
        """Return the events that incoming mails are.

        A mail about a lead is one of the lead, any other mail one of its author, if he
        is the contact of a lead; mail of a colleague is none. Each is received; one
        that answers a message of ours is a reply besides.
        """
        contacts = self.env["crm.lead.score.event"]._get_lead_contacts(self.author_id)
        events = []
        for message in self:
            author = message.author_id
            if author and not author.partner_share:
                continue
            event = {
                "signal": "mail_received",
                "date": message.date,
                "value": message.subject,
                "origin": f"mail.message,{message.id}",
                "res_model": "mail.message",
                "res_id": message.id,
            }
            if message.model == "crm.lead" and message.res_id:
                event["lead_id"] = message.res_id
            elif author in contacts:
                event["partner_id"] = author.id
            else:
                continue
            events.append(event)
            if message._is_score_reply():
                origin = f"{event['origin']}:reply"
                events.append({**event, "signal": "mail_replied", "origin": origin})
        return events

    # === HOOKS === #

    def _is_score_reply(self):
        """Whether this mail answers a message that we sent."""
        parent = self.parent_id
        return (
            parent.message_type in OUTGOING_TYPES
            and not parent.is_internal
            and not (parent.author_id and parent.author_id.partner_share)
        )
