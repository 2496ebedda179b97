from odoo import models


class CrmSegmentMember(models.Model):
    """From a stay to why it is, or ended."""

    _inherit = "crm.segment.member"

    # === ACTION METHODS === #
    def action_explain(self):
        """Open the dialog that says why the record is in the segment, or is not."""
        self.ensure_one()
        self.check_access("read")
        return self.segment_id._open_explanation(self.partner_id or self.lead_id)
