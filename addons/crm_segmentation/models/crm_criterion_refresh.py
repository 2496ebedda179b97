from odoo import models


class CrmCriterionRefresh(models.Model):
    _inherit = "crm.criterion.refresh"

    # === HOOKS === #
    def _get_refresh_steps(self):
        return super()._get_refresh_steps() + [
            (20, "crm.segment"),
            (25, "crm.segment.snapshot"),
        ]
