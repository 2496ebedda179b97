from odoo import fields, models

from ..models.crm_call_import_mapping import TARGETS


class CrmCallImportColumn(models.TransientModel):
    """A column of the file and what it is."""

    _name = "crm.call.import.column"
    _description = "Column of an Import"
    _order = "position, id"

    # === FIELDS === #
    import_id = fields.Many2one(
        "crm.call.import", required=True, ondelete="cascade", index=True
    )
    position = fields.Integer(required=True)
    title = fields.Char(string="Column", required=True)
    sample = fields.Char(string="First Rows")
    target = fields.Selection(
        TARGETS, string="Contents", required=True, default="extra"
    )
