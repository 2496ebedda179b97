from odoo import api, models


class CrmLeadScoreHistory(models.Model):
    _inherit = "crm.lead.score.history"

    # === HOOKS === #
    @api.model
    def _get_sources(self):
        return super()._get_sources() | {"crm.call.attempt": self.env._("Calls")}
