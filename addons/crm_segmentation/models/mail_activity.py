from odoo import models


class MailActivity(models.Model):
    """An activity concerns the contact or lead that it is planned for."""

    _name = "mail.activity"
    _inherit = ["mail.activity", "crm.segment.source"]

    # === HOOKS === #
    def _get_segment_records(self):
        return self._get_segment_records_of(
            (activity.res_model, activity.res_id) for activity in self
        )
