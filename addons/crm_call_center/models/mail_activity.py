from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    # === FIELDS === #
    crm_call_id = fields.Many2one(
        "crm.call",
        string="Phone Call",
        index="btree_not_null",
        ondelete="set null",
        help="The call that was promised.",
    )
