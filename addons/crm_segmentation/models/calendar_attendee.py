from odoo import models


class CalendarAttendee(models.Model):
    """An answer to an invitation concerns the guest, and the meeting's lead."""

    _name = "calendar.attendee"
    _inherit = ["calendar.attendee", "crm.segment.source"]

    # === HOOKS === #
    def _get_segment_records(self):
        found = self.event_id._get_segment_records()
        found.setdefault("res.partner", set()).update(self.partner_id.ids)
        return found
