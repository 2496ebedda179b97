from odoo import fields, models


class CrmSegmentPricelistPreviewLine(models.TransientModel):
    """A product's price now and then, for members who share a pricelist now."""

    _name = "crm.segment.pricelist.preview.line"
    _description = "Price Change"
    _order = "customer_count desc, pricelist_id, quantity desc, id"

    # === FIELDS === #
    preview_id = fields.Many2one(
        "crm.segment.pricelist.preview", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="preview_id.currency_id")
    pricelist_id = fields.Many2one(
        "product.pricelist", string="Pricelist Now", readonly=True
    )
    customer_count = fields.Integer(string="Customers", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    quantity = fields.Float(
        string="Ordered",
        digits="Product Unit",
        readonly=True,
        help="What these customers ordered in the last 365 days.",
    )
    price_now = fields.Monetary(readonly=True)
    price_then = fields.Monetary(string="New Price", readonly=True)
    change = fields.Float(
        readonly=True, help="How much of the present price the new one is more or less."
    )
    effect = fields.Monetary(
        string="A Year",
        readonly=True,
        help="The difference of the prices times the quantity ordered.",
    )
