from odoo import models

from odoo.addons.crm_glossary_core import engine


class ResPartner(models.Model):
    """Which purchase conditions a contact meets: what makes them part of a rule."""

    _inherit = "res.partner"

    # === FIELDS === #
    segment_purchase_ids = engine.PurchasesMet(
        "crm.segment.purchase",
        string="Purchases",
        compute="_compute_segment_purchase_ids",
        search="_search_segment_purchase_ids",
        looks_at=("sale.order", "sale.order.line", "account.move"),
        groups="sales_team.group_sale_salesman",
        help="Conditions of segments on orders and invoices that this contact meets.",
    )

    # === COMPUTE AND SEARCH METHODS === #
    def _compute_segment_purchase_ids(self):
        self.segment_purchase_ids = False
        for condition in self.env["crm.segment.purchase"].search([]):
            met = self.filtered_domain([("segment_purchase_ids", "in", condition.ids)])
            for partner in met:
                partner.segment_purchase_ids |= condition

    def _search_segment_purchase_ids(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        conditions = self.env["crm.segment.purchase"].sudo().browse(value).exists()
        return engine.any_purchase(
            self.env,
            [condition._prepare_purchase() for condition in conditions],
            negate=operator == "not in",
        )

    # === BUSINESS METHODS === #
    def _get_segment_records_of_purchases(self):
        """Whom purchases of these contacts concern: their firm's people, and leads."""
        entities = self.commercial_partner_id.ids
        people = self.with_context(active_test=False).search(
            [("commercial_partner_id", "in", entities)]
        )
        leads = self.env["crm.lead"].with_context(active_test=False)
        return {
            "res.partner": people.ids,
            "crm.lead": leads.search([("partner_id", "in", people.ids)]).ids,
        }
