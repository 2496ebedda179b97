from odoo import fields, models


class CrmGlossaryAudience(models.Model):
    """Whom a term is for: a role of the sales organisation, set up by managers."""

    _name = "crm.glossary.audience"
    _description = "Glossary Audience"
    _order = "sequence, id"

    # === FIELDS === #
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer(string="Color Index")
    active = fields.Boolean(default=True)
