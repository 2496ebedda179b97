from odoo import api, models
from odoo.fields import Domain


class MailingSubscription(models.Model):
    """Who leaves a mailing list gives a signal."""

    _inherit = "mailing.subscription"

    # === CRUD METHODS === #

    def write(self, vals):
        staying = self.filtered(lambda subscription: not subscription.opt_out)
        result = super().write(vals)
        if left := staying.filtered("opt_out"):
            self.env["crm.lead.score.event"]._log_records(left)
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _get_score_domain(self, date_from, date_to):
        """Domain of the subscriptions that ended in a time."""
        return (
            Domain("opt_out", "=", True)
            & Domain("opt_out_datetime", ">=", date_from)
            & Domain("opt_out_datetime", "<", date_to)
        )

    def _prepare_score_events(self):
        """Return the events that ended subscriptions are."""
        return [
            {
                "signal": "mail_unsubscribed",
                "date": subscription.opt_out_datetime,
                "email": subscription.contact_id.email_normalized,
                "value": subscription.list_id.name,
                "origin": f"mailing.subscription,{subscription.id}"
                f":{subscription.opt_out_datetime}",
                "res_model": "mailing.list",
                "res_id": subscription.list_id.id,
            }
            for subscription in self.filtered("contact_id.email_normalized")
        ]
