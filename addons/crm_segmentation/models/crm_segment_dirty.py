from odoo import fields, models


class CrmSegmentDirty(models.Model):
    """A contact or lead around which something changed: to be looked at again.

    Written by the criteria engine: appended by whoever changes something, taken away by
    the scheduled job.
    """

    _name = "crm.segment.dirty"
    _description = "Change That Segments Wait For"
    _log_access = False
    _rec_name = "target"

    # === FIELDS === #
    target = fields.Char(string="Model", required=True, readonly=True)
    record = fields.Integer(required=True, readonly=True)
    source = fields.Char(
        readonly=True, help="Model of what changed; empty: the record itself."
    )
    is_later = fields.Boolean(readonly=True, help="It can wait for the hour.")

    _waiting = models.Index("(is_later, id)")
