from odoo import models


class CrmCriterionRefresh(models.Model):
    _inherit = "crm.criterion.refresh"

    # === HOOKS === #

    def _get_refresh_steps(self):
        """Visits come before the scores that count them."""
        return super()._get_refresh_steps() + [(6, "website.track")]
