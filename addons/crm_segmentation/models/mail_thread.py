from odoo import models


class MailThread(models.AbstractModel):
    """A trial of a segment's action reaches nobody."""

    _inherit = "mail.thread"

    def _web_push_send_notification(self, *args, **kwargs):
        # A push leaves at once: no rollback brings it back.
        if self.env.context.get("is_segment_trial"):
            return None
        return super()._web_push_send_notification(*args, **kwargs)
