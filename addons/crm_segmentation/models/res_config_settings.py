from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """How carefully segments act."""

    _inherit = "res.config.settings"

    # === FIELDS === #
    segment_actions_paused = fields.Boolean(
        related="company_id.segment_actions_paused", readonly=False
    )
    segment_cap_day = fields.Integer(
        related="company_id.segment_cap_day", readonly=False
    )
