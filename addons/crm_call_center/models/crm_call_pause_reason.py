from odoo import fields, models


class CrmCallPauseReason(models.Model):
    """Why an operator takes a break."""

    _name = "crm.call.pause.reason"
    _description = "Reason of a Break"
    _order = "sequence, id"

    # === FIELDS === #
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The order on the desk.")
    active = fields.Boolean(default=True)
