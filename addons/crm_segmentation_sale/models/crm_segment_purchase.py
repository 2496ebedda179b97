from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from odoo.addons.crm_glossary_core import engine

ORDERS = engine.Documents(
    "sale.order",
    date="date_order",
    amount="amount_untaxed",
    rate="currency_rate",
    where=(("state", ("sale",)),),
    lines=engine.Lines(
        "sale.order.line",
        document="order_id",
        amount="price_subtotal",
        where=(("display_type", ()),),
    ),
)


def _prepare_moves(direction, sign):
    """Documents of accounting, of sales (``out``) or of purchases (``in``)."""
    kinds = [f"{direction}_{kind}" for kind in ("invoice", "receipt", "refund")]
    return engine.Documents(
        "account.move",
        date="invoice_date",
        amount="amount_untaxed_signed",
        sign=sign,
        where=(("state", ("posted",)), ("move_type", tuple(kinds))),
        undone=(("move_type", (kinds[2],)), ("payment_state", ("reversed",))),
        lines=engine.Lines(
            "account.move.line",
            document="move_id",
            amount="balance",
            sign=-sign,
            where=(("display_type", ("product",)),),
        ),
    )


#: What the sources of conditions are.
DOCUMENTS = {
    "order": ORDERS,
    "invoice": _prepare_moves("out", 1),
    "bill": _prepare_moves("in", -1),
}
#: Who may ask about documents that not every salesperson sees.
READERS = {"bill": ("account.group_account_invoice", "account.group_account_readonly")}


class CrmSegmentPurchase(models.Model):
    """A condition of a segment on what its members ordered or were invoiced.

    Amounts are without taxes, in the company's currency, with returns taken off; drafts
    and cancelled documents do not count. A contact buys through its company.
    Marketers write them, salespeople read them.
    """

    _name = "crm.segment.purchase"
    _description = "Purchase Condition"
    _order = "segment_id, requirement, sequence, id"
    _check_company_auto = True

    # === FIELDS === #
    segment_id = fields.Many2one(
        "crm.segment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="segment_id.company_id")
    sequence = fields.Integer(default=10)
    requirement = fields.Selection(
        [("mandatory", "Mandatory"), ("optional", "Optional")],
        required=True,
        default="mandatory",
        help="Members meet every mandatory condition and, where there are optional"
        " ones, at least one of these.",
    )
    # what is looked at
    source = fields.Selection(
        [
            ("order", "Sales Orders"),
            ("invoice", "Invoices"),
            ("bill", "Vendor Bills"),
        ],
        required=True,
        default="order",
        help="Confirmed orders, or posted invoices and bills with their credit notes.",
    )
    product_tmpl_ids = fields.Many2many(
        "product.template",
        string="Products",
        help="Only these products count. Empty: all.",
    )
    categ_id = fields.Many2one(
        "product.category",
        string="Product Category",
        index="btree_not_null",
        ondelete="restrict",
        help="Only products of this category, and of those below it, count.",
    )
    period_days = fields.Integer(
        string="Days",
        help="Only documents of the last so many days count. 0: of any time.",
    )
    # what is asked
    measure = fields.Selection(
        [("amount", "Amount"), ("count", "Number"), ("last", "Days Since the Last")],
        required=True,
        default="amount",
        help="Amount: without taxes, returns taken off.\n"
        "Number: of documents, without credit notes and what they took back.\n"
        "Days since the last: whoever never bought does not match.",
    )
    operator = fields.Selection(
        [
            (">=", "at least"),
            (">", "more than"),
            ("<=", "at most"),
            ("<", "less than"),
            ("=", "exactly"),
        ],
        required=True,
        default=">=",
    )
    value = fields.Float(required=True, default=1.0)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    unit = fields.Char(compute="_compute_unit", export_string_translation=False)

    _not_negative = models.Constraint(
        "CHECK (period_days >= 0)", "A period cannot be negative."
    )

    # === COMPUTE METHODS === #
    @api.depends("company_id")
    def _compute_currency_id(self):
        for condition in self:
            company = condition.company_id or condition.create_uid.company_id
            condition.currency_id = (company or self.env.company).currency_id

    @api.depends("measure", "currency_id")
    def _compute_unit(self):
        units = {"last": self.env._("days"), "count": False}
        for condition in self:
            condition.unit = units.get(condition.measure, condition.currency_id.symbol)

    @api.depends(
        "source",
        "measure",
        "operator",
        "value",
        "period_days",
        "product_tmpl_ids",
        "categ_id",
    )
    @api.depends_context("lang")
    def _compute_display_name(self):
        for condition in self:
            condition.display_name = condition._describe()

    # === CONSTRAINT METHODS === #
    @api.constrains("source")
    def _check_source(self):
        if self.env.user._is_superuser():
            return
        for condition in self:
            if not condition._is_for_me():
                raise AccessError(
                    self.env._(
                        "Only who may read vendor bills can make a condition on them."
                    )
                )

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        conditions = super().create(vals_list)
        conditions.segment_id._purchases_changed()
        return conditions

    def write(self, vals):
        segments = self.segment_id
        result = super().write(vals)
        if vals.keys() - {"sequence"}:
            (segments | self.segment_id)._purchases_changed()
        return result

    def unlink(self):
        segments = self.segment_id
        result = super().unlink()
        segments._purchases_changed()
        return result

    # === BUSINESS METHODS === #
    def _describe(self):
        """The condition as a phrase: “Invoices: amount at least 1,000.00 €”."""
        self.ensure_one()
        labels = dict(self._fields["source"]._description_selection(self.env))
        operators = dict(self._fields["operator"]._description_selection(self.env))
        names = {
            "documents": labels.get(self.source),
            "comparison": operators.get(self.operator),
            "value": self._get_value_text(self.value),
        }
        if self.measure == "amount":
            text = self.env._("%(documents)s: amount %(comparison)s %(value)s", **names)
        elif self.measure == "count":
            text = self.env._("%(documents)s: number %(comparison)s %(value)s", **names)
        else:
            text = self.env._(
                "%(documents)s: the last one %(comparison)s %(value)s days ago", **names
            )
        parts = [text]
        if self.period_days:
            parts.append(
                self.env._("in the last %(count)s days", count=self.period_days)
            )
        products = [*self.product_tmpl_ids.mapped("name")]
        if self.categ_id:
            products.append(self.categ_id.display_name)
        if products:
            parts.append(self.env._("of %(products)s", products=", ".join(products)))
        return ", ".join(parts)

    def _get_value_text(self, value):
        if self.measure == "amount":
            return format_amount(self.env, value, self.currency_id)
        return f"{value:g}"

    def _is_for_me(self):
        """Whether the user may know about documents of this source."""
        groups = READERS.get(self.source)
        user = self.env.user
        return not groups or any(user.has_group(group) for group in groups)

    def _tell_measured(self, partner):
        """Return what each condition measures of a customer, as texts.

        Left out is what the user may not know.
        """
        entity = partner.sudo().commercial_partner_id.id
        texts = []
        for condition in self.filtered(lambda condition: condition._is_for_me()):
            purchase = condition.sudo()._prepare_purchase()
            found = engine.measure_purchases(self.env, purchase, [entity])
            texts.append(condition._get_measured_text(found.get(entity)))
        return texts

    def _get_measured_text(self, measured):
        if self.measure != "last":
            return self._get_value_text(float(measured or 0))
        if not measured:
            return self.env._("never")
        return format_date(self.env, measured)

    def _prepare_purchase(self):
        """Return the :class:`engine.Purchase` that the condition stands for."""
        self.ensure_one()
        return engine.Purchase(
            documents=DOCUMENTS[self.source],
            measure=self.measure,
            operator=self.operator,
            value=self.value,
            days=self.period_days,
            factors=self._get_factors(),
            digits=self.currency_id.decimal_places,
            products=self._get_product_domain(),
        )

    def _get_factors(self):
        """Companies whose documents count, and their rates to the currency of now.

        As in Odoo's own sales and invoice reports.
        """
        today = fields.Date.context_today(self)
        companies = self.company_id or self.env["res.company"].sudo().search([])
        return {
            company.id: company.currency_id._get_conversion_rate(
                company.currency_id, self.currency_id, company, today
            )
            for company in companies
        }

    def _get_product_domain(self):
        """Which products count, or ``None`` if all do."""
        domains = []
        if self.product_tmpl_ids:
            domains.append(Domain("product_tmpl_id", "in", self.product_tmpl_ids.ids))
        if self.categ_id:
            domains.append(Domain("categ_id", "child_of", self.categ_id.ids))
        return Domain.OR(domains) if domains else None
