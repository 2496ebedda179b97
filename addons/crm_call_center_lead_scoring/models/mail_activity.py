from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    # === BUSINESS METHODS === #
    def _prepare_score_events(self):
        """Leave out activities that a call has closed: the call itself is counted."""
        if self.env.context.get("scoring_call_counted"):
            return []
        return super()._prepare_score_events()
