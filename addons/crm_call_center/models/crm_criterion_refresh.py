from odoo import models


class CrmCriterionRefresh(models.Model):
    _inherit = "crm.criterion.refresh"

    def _get_refresh_steps(self):
        return super()._get_refresh_steps() + [
            (30, "crm.call.list"),
            (31, "crm.call.queue"),
        ]
