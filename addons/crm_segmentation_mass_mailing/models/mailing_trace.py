from odoo import models


class MailingTrace(models.Model):
    """What came of a mailing may change who meets conditions on mailings."""

    _name = "mailing.trace"
    _inherit = ["mailing.trace", "crm.segment.source"]

    # === HOOKS === #
    def _get_segment_records(self):
        return self._get_segment_records_of(
            (trace.model, trace.res_id) for trace in self
        )
