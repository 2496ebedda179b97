from odoo import models


class CrmPhoneNumber(models.Model):
    """A number that proves wrong may change in which segments its contact is."""

    _name = "crm.phone.number"
    _inherit = ["crm.phone.number", "crm.segment.source"]

    # === HOOKS === #
    def _get_segment_records(self):
        pairs = [("res.partner", partner.id) for partner in self.partner_id]
        return self._get_segment_records_of(pairs)
