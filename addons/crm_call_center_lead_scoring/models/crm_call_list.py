from odoo import fields, models


class CrmCallList(models.Model):
    """A list whose best leads are called first."""

    _inherit = "crm.call.list"

    # === FIELDS === #
    call_order = fields.Selection(
        selection_add=[("score", "Lead Score")], ondelete={"score": "set default"}
    )
