from odoo import models


class SaleOrderLine(models.Model):
    """A line changes what an order is worth, also after it was confirmed."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "crm.segment.source"]

    # === HOOKS === #
    def _get_segment_records(self):
        return self.order_id._get_segment_records()
