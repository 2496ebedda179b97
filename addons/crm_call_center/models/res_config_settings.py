from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """How the company dials."""

    _inherit = "res.config.settings"

    # === FIELDS === #
    call_provider = fields.Selection(related="company_id.call_provider", readonly=False)
    call_purpose = fields.Selection(related="company_id.call_purpose", readonly=False)
    call_auto_dial_seconds = fields.Integer(
        related="company_id.call_auto_dial_seconds", readonly=False
    )
