from odoo import api, models


class CrmLeadScoreHistory(models.Model):
    _inherit = "crm.lead.score.history"

    # === HOOKS === #

    @api.model
    def _get_sources(self):
        return super()._get_sources() | {
            "mailing.trace": self.env._("Mailings"),
            "link.tracker.click": self.env._("Clicks in mailings"),
            "mailing.subscription": self.env._("Cancelled subscriptions"),
            "mail.blacklist": self.env._("Blocked addresses"),
        }
