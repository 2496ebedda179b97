from odoo import fields, models


class ResCompany(models.Model):
    """How carefully segments act."""

    _inherit = "res.company"

    # === FIELDS === #
    segment_actions_paused = fields.Boolean(
        string="Pause All Actions of Segments",
        help="Nothing is done; what is planned waits.",
    )
    segment_cap_day = fields.Integer(
        string="Messages per Person and Day",
        default=2,
        help="E-mails and texts of all segments together in 24 hours. 0: no limit.",
    )
