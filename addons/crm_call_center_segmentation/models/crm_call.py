from odoo import models


class CrmCall(models.Model):
    """A call may change in which segments the person who was called is."""

    _name = "crm.call"
    _inherit = ["crm.call", "crm.segment.source"]

    # === HOOKS === #
    def _get_segment_records(self):
        pairs = [("crm.lead", lead.id) for lead in self.opportunity_id]
        pairs += [("res.partner", partner.id) for partner in self.partner_id]
        return self._get_segment_records_of(pairs)
