from odoo import fields, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    # === FIELDS === #
    crm_call_id = fields.Many2one(
        "crm.call",
        string="Phone Call",
        index="btree_not_null",
        ondelete="set null",
        help="The call in which the meeting was agreed on.",
    )
