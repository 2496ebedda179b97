from odoo import api, models


class CrmKpiTarget(models.Model):
    _inherit = "crm.kpi.target"

    # === BUSINESS METHODS === #
    @api.model
    def _get_for(self, kpis, date_from, date_to, filters=None):
        """No target is set for a segment: those of everybody would mislead."""
        if (filters or {}).get("segment_id"):
            return {}
        return super()._get_for(kpis, date_from, date_to, filters)
