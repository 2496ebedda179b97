from odoo import fields, models


class CrmGlossaryCategory(models.Model):
    """A chapter of the glossary. Managers set them up, everyone filters by them."""

    _name = "crm.glossary.category"
    _description = "Glossary Category"
    _order = "sequence, id"

    # === FIELDS === #
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer(string="Color Index")
    active = fields.Boolean(default=True)
    term_ids = fields.One2many("crm.glossary.term", "category_id", string="Terms")
    term_count = fields.Integer(string="Number of Terms", compute="_compute_term_count")

    # === COMPUTE METHODS === #
    def _compute_term_count(self):
        """Count the terms that the reader may see."""
        counts = dict(
            self.env["crm.glossary.term"]._read_group(
                [("category_id", "in", self.ids)], ["category_id"], ["__count"]
            )
        )
        for category in self:
            category.term_count = counts.get(category, 0)

    # === ACTION METHODS === #
    def action_view_terms(self):
        """Open the terms of this category."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_glossary_core.crm_glossary_term_action"
        )
        return {
            **action,
            "domain": [("category_id", "=", self.id)],
            "context": {"default_category_id": self.id},
            "display_name": self.name,
        }
