from odoo import fields, models


class CrmLead(models.Model):
    """What a lead did with mailings, for the rules of segments."""

    _inherit = "crm.lead"

    # === FIELDS === #
    mailing_trace_ids = fields.One2many(
        "mailing.trace",
        "res_id",
        string="Mailings Received",
        domain=[("model", "=", "crm.lead"), ("is_test_trace", "=", False)],
        groups="mass_mailing.group_mass_mailing_user",
        help="Each with when it was sent, opened, clicked and replied to.",
    )
