from odoo import fields, models


class ResPartner(models.Model):
    """What a contact did with mailings, for the rules of segments."""

    _inherit = "res.partner"

    # === FIELDS === #
    mailing_trace_ids = fields.One2many(
        "mailing.trace",
        "res_id",
        string="Mailings Received",
        domain=[("model", "=", "res.partner"), ("is_test_trace", "=", False)],
        groups="mass_mailing.group_mass_mailing_user",
        help="Each with when it was sent, opened, clicked and replied to.",
    )
