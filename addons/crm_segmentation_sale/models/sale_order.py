from odoo import models


class SaleOrder(models.Model):
    """An order may change who meets conditions on purchases."""

    _name = "sale.order"
    _inherit = ["sale.order", "crm.segment.source"]

    # === HOOKS === #
    def _get_segment_records(self):
        confirmed = self.filtered(lambda order: order.state == "sale")
        return confirmed.partner_id._get_segment_records_of_purchases()
