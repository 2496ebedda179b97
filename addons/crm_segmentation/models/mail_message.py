from odoo import models


class MailMessage(models.Model):
    """A message concerns the contact or lead it stands at, its author and readers."""

    _name = "mail.message"
    _inherit = ["mail.message", "crm.segment.source"]

    # === HOOKS === #
    def _get_segment_records(self):
        found = self._get_segment_records_of(
            (message.model, message.res_id) for message in self
        )
        found["res.partner"].update(self.author_id.ids, self.partner_ids.ids)
        return found
