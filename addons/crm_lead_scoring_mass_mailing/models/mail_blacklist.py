from odoo import api, models
from odoo.fields import Domain


class MailBlacklist(models.Model):
    """Who wants no mailings at all gives a signal."""

    _inherit = "mail.blacklist"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        moment = self.env.cr.now().replace(microsecond=0)
        # Those that were there already are returned too.
        entries.filtered(lambda entry: entry.create_date >= moment)._log_opt_out()
        return entries

    def write(self, vals):
        closed = self.filtered(lambda entry: not entry.active)
        result = super().write(vals)
        closed._log_opt_out()
        return result

    # === BUSINESS METHODS === #

    def _log_opt_out(self):
        """Log that these addresses are blocked now.

        An address that was blocked because mails came back is no wish of its owner.
        """
        blocked = self.filtered("active")
        if blocked and not self.env.context.get("scoring_bounce"):
            events = blocked._prepare_score_events()
            moment = self.env.cr.now()
            for event in events:
                event.update(date=moment, origin=f"{event['origin']}:{moment}")
            self.env["crm.lead.score.event"]._log_signals(events)

    @api.model
    def _get_score_domain(self, date_from, date_to):
        """Domain of the addresses that were blocked in a time."""
        return (
            Domain("active", "=", True)
            & Domain("create_date", ">=", date_from)
            & Domain("create_date", "<", date_to)
        )

    def _prepare_score_events(self):
        """Return the events that blocked addresses are."""
        return [
            {
                "signal": "mail_unsubscribed",
                "date": entry.create_date,
                "email": entry.email,
                "value": entry.email,
                "origin": f"mail.blacklist,{entry.id}",
                "res_model": "mail.blacklist",
                "res_id": entry.id,
            }
            for entry in self
        ]
