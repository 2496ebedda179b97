from odoo import api, fields, models


class CrmGlossaryTerm(models.Model):
    _inherit = "crm.glossary.term"

    # === FIELDS === #
    kpi_ids = fields.One2many("crm.kpi", "term_id", string="KPIs")
    kpi_id = fields.Many2one(
        "crm.kpi",
        string="KPI",
        compute="_compute_kpi_id",
        help="The number that the term's card shows.",
    )

    # === COMPUTE METHODS === #
    @api.depends("kpi_ids.sequence", "binding_ids.kind", "binding_ids.reference")
    def _compute_kpi_id(self):
        """The term's own KPI; without one, the first that it is bound to."""
        for term in self:
            kpi = term.kpi_ids[:1]
            codes = [b.reference for b in term.binding_ids if b.kind == "kpi"]
            if codes and not kpi:
                kpi = kpi.search([("code", "in", codes)], limit=1)
            term.kpi_id = kpi

    # === HOOKS === #
    def _prepare_card(self):
        """Add the live number of this month, with the reader's rights."""
        card = super()._prepare_card()
        kpi = self.kpi_id._filtered_access("read")
        card["kpi"] = kpi._prepare_card_number() if kpi else False
        return card
