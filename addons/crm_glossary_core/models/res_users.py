from odoo import fields, models


class ResUsers(models.Model):
    """Everybody chooses the KPIs of their own digest e-mail."""

    _inherit = "res.users"

    # === FIELDS === #
    crm_digest_kpi_ids = fields.Many2many(
        "crm.kpi",
        string="KPIs in My Digest",
        help="Empty: those that the digest e-mail brings for everybody.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["crm_digest_kpi_ids"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["crm_digest_kpi_ids"]
