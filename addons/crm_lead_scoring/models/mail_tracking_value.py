from odoo import api, models
from odoo.fields import Domain


class MailTrackingValue(models.Model):
    """What the chatter noted of a lead's stages, for the history."""

    _inherit = "mail.tracking.value"

    # === BUSINESS METHODS === #

    @api.model
    def _get_score_domain(self, date_from, date_to):
        """Domain of the stage changes of a time; later ones were logged at once."""
        field = self.env["ir.model.fields"]._get("crm.lead", "stage_id")
        return (
            Domain("field_id", "=", field.id)
            & Domain("mail_message_id.model", "=", "crm.lead")
            & Domain("mail_message_id.date", ">=", date_from)
            & Domain("mail_message_id.date", "<", date_to)
        )

    def _prepare_score_events(self):
        """Return the events that changes of stage are."""
        return [
            {
                "signal": "stage_change",
                "lead_id": tracking.mail_message_id.res_id,
                "date": tracking.mail_message_id.date,
                "value": tracking.new_value_char,
                "origin": f"mail.tracking.value,{tracking.id}",
                "res_model": "mail.message",
                "res_id": tracking.mail_message_id.id,
            }
            for tracking in self
        ]
