from odoo import api, fields, models
from odoo.fields import Domain

#: Fields that say what the recipient did, or what became of the mail.
TOLD_BY = {"open_datetime", "reply_datetime", "trace_status"}


class MailingTrace(models.Model):
    """What a recipient did with a mailing is a signal of the lead or the contact."""

    _inherit = "mailing.trace"

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if TOLD_BY & vals.keys() and vals.get("trace_status") != "sent":
            self.env["crm.lead.score.event"]._log_records(self)
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _get_score_domain(self, date_from, date_to):
        """Domain of the mailings of a time that recipients reacted to."""
        return (
            Domain("create_date", ">=", date_from)
            & Domain("create_date", "<", date_to)
            & (
                Domain("open_datetime", "!=", False)
                | Domain("reply_datetime", "!=", False)
                | Domain("trace_status", "=", "bounce")
            )
        )

    def _prepare_score_events(self):
        """Return the events that traces are: each kind once for each mail."""
        events = []
        for trace in self.filtered(lambda trace: not trace.is_test_trace):
            dates = {
                "mail_opened": trace.open_datetime,
                "mail_replied": trace.reply_datetime,
                "mail_bounced": trace.trace_status == "bounce" and trace.write_date,
            }
            events += [
                trace._prepare_score_event(signal, date)
                for signal, date in dates.items()
                if date
            ]
        return events

    def _prepare_score_event(self, signal, date, **values):
        """Return an event of the recipient of this mail.

        The recipient is the lead or the contact that the mailing was about; else, or if
        it is gone, whom the address belongs to.
        """
        event = {
            "signal": signal,
            "date": fields.Datetime.to_datetime(date),
            "email": self.email,
            "value": self.mass_mailing_id.subject,
            "origin": f"mailing.trace,{self.id}:{signal}",
            "res_model": "mailing.mailing",
            "res_id": self.mass_mailing_id.id,
        }
        target = {"crm.lead": "lead_id", "res.partner": "partner_id"}.get(self.model)
        if target:
            event[target] = self.res_id
        return event | values
