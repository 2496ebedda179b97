from odoo import models


class AccountMove(models.Model):
    """An invoice or a bill may change who meets conditions on purchases."""

    _name = "account.move"
    _inherit = ["account.move", "crm.segment.source"]

    # === HOOKS === #
    def _get_segment_records(self):
        posted = self.filtered(
            lambda move: move.is_invoice(include_receipts=True)
            and move.state == "posted"
        )
        return posted.partner_id._get_segment_records_of_purchases()
