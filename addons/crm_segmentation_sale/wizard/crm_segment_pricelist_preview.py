import datetime
from collections import Counter

from odoo import api, fields, models
from odoo.fields import Command, Domain

#: How many customers and products are looked at.
MAX_CUSTOMERS = 5000
MAX_PRODUCTS = 10
#: Whose quantities are counted: orders of so many days.
DAYS = 365


class CrmSegmentPricelistPreview(models.TransientModel):
    """What would happen if the members of a segment got a pricelist: whom it affects,
    and what their usual products would cost. Nothing changes until it is applied.
    """

    _name = "crm.segment.pricelist.preview"
    _description = "Preview of a Pricelist"

    # === FIELDS === #
    segment_id = fields.Many2one(
        "crm.segment", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    pricelist_id = fields.Many2one(
        "product.pricelist",
        required=True,
        domain="[('company_id', 'in', (company_id, False))]",
    )
    product_ids = fields.Many2many(
        "product.product",
        string="Products",
        domain=[("sale_ok", "=", True)],
        help="Empty: what these customers ordered most in the last 365 days.",
    )
    # what comes out
    has_pricelists = fields.Boolean(compute="_compute_has_pricelists")
    customer_count = fields.Integer(
        string="Customers",
        compute="_compute_effect",
        store=True,
        compute_sudo=False,
        help="Members; the people of a company are one customer.",
    )
    changing_count = fields.Integer(
        string="Get Another Pricelist",
        compute="_compute_effect",
        store=True,
        compute_sudo=False,
    )
    is_partial = fields.Boolean(
        compute="_compute_effect", store=True, compute_sudo=False
    )
    effect = fields.Monetary(
        string="Effect a Year",
        compute="_compute_effect",
        store=True,
        compute_sudo=False,
        help="What the same orders as in the last 365 days would cost more or less.",
    )
    line_ids = fields.One2many(
        "crm.segment.pricelist.preview.line",
        "preview_id",
        string="Prices",
        compute="_compute_effect",
        store=True,
        compute_sudo=False,
    )

    # === COMPUTE METHODS === #
    @api.depends("company_id")
    def _compute_has_pricelists(self):
        enabled = self.env["res.groups"]._is_feature_enabled(
            "product.group_product_pricelist"
        )
        self.has_pricelists = enabled

    @api.depends("segment_id", "company_id", "pricelist_id", "product_ids")
    def _compute_effect(self):
        # With the rights of whoever looks: what they may not see stays out of the sums.
        for preview in self:
            preview._check_choice()
            customers, is_partial = preview._get_customers()
            groups = preview._group_by_pricelist(customers)
            others = {
                pricelist: members
                for pricelist, members in groups.items()
                if preview.pricelist_id and pricelist != preview.pricelist_id
            }
            lines = [
                vals
                for pricelist, members in others.items()
                for vals in preview._prepare_lines(pricelist, members)
            ]
            preview.customer_count = len(customers)
            preview.changing_count = sum(map(len, others.values()))
            preview.is_partial = is_partial
            preview.effect = sum(vals["effect"] for vals in lines)
            preview.line_ids = [Command.clear(), *map(Command.create, lines)]

    # === CONSTRAINT METHODS === #
    @api.constrains("company_id", "pricelist_id", "segment_id")
    def _check_choice(self):
        """Nobody looks at, or gives, what another company charges."""
        for preview in self:
            for record in (preview.company_id, preview.pricelist_id):
                record._origin.with_user(self.env.user).check_access("read")

    # === ACTION METHODS === #
    def action_apply_all(self):
        """Give the pricelist to present and to future members."""
        self.check_access("write")
        return self._apply(since=False)

    def action_apply_new(self):
        """Give the pricelist to those who become members from now on."""
        self.check_access("write")
        return self._apply(since=fields.Datetime.now())

    def _apply(self, since):
        self.ensure_one()
        self._check_choice()
        self.segment_id.write(
            {"pricelist_id": self.pricelist_id.id, "pricelist_from": since}
        )
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #
    def _get_customers(self):
        """The members' commercial entities, and whether there are more of them."""
        members = Domain("segment_ids", "in", self.segment_id.ids)
        if self.segment_id.target == "lead":
            members = Domain("opportunity_ids", "any", members)
        contacts = self.env["res.partner"].search(members, limit=MAX_CUSTOMERS + 1)
        is_partial = len(contacts) > MAX_CUSTOMERS
        return contacts[:MAX_CUSTOMERS].commercial_partner_id, is_partial

    def _group_by_pricelist(self, customers):
        """``{pricelist: customers}`` of now, as Odoo chooses it for each."""
        found = (
            self.env["product.pricelist"]
            .with_company(self.company_id)
            ._get_partner_pricelist_multi(customers.ids)
        )
        return customers.grouped(lambda customer: found[customer.id])

    def _prepare_lines(self, pricelist, customers):
        """Values of the lines for customers who share a pricelist."""
        ordered = self._get_ordered(customers)
        products = self.product_ids or self._get_products(ordered)
        quantities = Counter()
        for product, quantity in ordered:
            quantities[product] += quantity
        prices_now, prices_then = (
            each.with_company(self.company_id)._get_products_price(
                products, 1.0, currency=self.currency_id
            )
            for each in (pricelist, self.pricelist_id)
        )
        lines = []
        for product in products:
            now, then = prices_now[product.id], prices_then[product.id]
            lines.append(
                {
                    "pricelist_id": pricelist.id,
                    "customer_count": len(customers),
                    "product_id": product.id,
                    "quantity": quantities[product],
                    "price_now": now,
                    "price_then": then,
                    "change": round(then / now - 1, 4) if now else 0,
                    "effect": (then - now) * quantities[product],
                }
            )
        return lines

    def _get_ordered(self, customers):
        """Pairs ``(product, quantity)`` of what they ordered, most valuable first."""
        since = fields.Datetime.now() - datetime.timedelta(days=DAYS)
        rows = self.env["sale.order.line"]._read_group(
            [
                ("order_partner_id.commercial_partner_id", "in", customers.ids),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "sale"),
                ("order_id.date_order", ">=", since),
                ("product_id.sale_ok", "=", True),
                ("display_type", "=", False),
            ],
            ["product_id"],
            ["product_uom_qty:sum", "price_subtotal:sum"],
            order="price_subtotal:sum desc",
        )
        return [(product, quantity) for product, quantity, _amount in rows]

    def _get_products(self, ordered):
        """The products to show: what was ordered, or some of those on sale."""
        products = self.env["product.product"].union(
            *(product for product, _quantity in ordered[:MAX_PRODUCTS])
        )
        return products or products.search(
            [("sale_ok", "=", True), ("company_id", "in", [self.company_id.id, False])],
            limit=MAX_PRODUCTS // 2,
        )
