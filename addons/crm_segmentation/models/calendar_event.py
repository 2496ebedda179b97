from odoo import models


class CalendarEvent(models.Model):
    """A meeting concerns its guests, and the lead that it is about."""

    _name = "calendar.event"
    _inherit = ["calendar.event", "crm.segment.source"]

    # === HOOKS === #
    def _get_segment_records(self):
        pairs = [(event.res_model, event.res_id) for event in self]
        pairs += [("crm.lead", lead.id) for lead in self.opportunity_id]
        found = self._get_segment_records_of(pairs)
        found["res.partner"].update(self.partner_ids.ids)
        return found
