from odoo import fields, models
from odoo.fields import Domain

#: Calls that are taken off between two commits of the refresh.
BATCH = 1000


class CrmCallList(models.Model):
    """A list of a segment: who enters is called, who leaves is not, unless tried."""

    _inherit = "crm.call.list"

    # === FIELDS === #
    segment_id = fields.Many2one(
        "crm.segment",
        string="Made From Segment",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Refilled by itself, the list follows the segment: it calls who enters,"
        " and drops the calls of those who left, if they were not tried yet.",
    )

    segment_active = fields.Boolean(
        string="Segment Is Active", related="segment_id.active"
    )

    # === BUSINESS METHODS === #
    def _fill_batch(self):
        is_finished, seen, added = super()._fill_batch()
        follows = self.segment_id.active and self.refill_policy == "dynamic"
        if is_finished and follows:
            is_finished = self._drop_left()
        return is_finished, seen, added

    def _drop_left(self):
        """Delete calls of people who left the segment; return whether all are gone.

        Only calls that nobody has tried, planned, or is about to make. They are deleted
        and not cancelled, so that whoever comes back to the segment is called.
        """
        self.ensure_one()
        calls = (
            self.env["crm.call"]
            .sudo()
            .search(self._get_left_domain(), order="id", limit=BATCH)
        )
        free = calls.filtered(lambda call: not call.reserved_by)
        free.unlink()
        return len(calls) < BATCH or not free

    def _get_left_domain(self):
        """Calls of the list that were not tried, of people who are no members now."""
        is_lead = self.model_name == "crm.lead"
        column = "opportunity_id" if is_lead else "partner_id"
        member = Domain("segment_ids", "in", self.segment_id.ids)
        return (
            Domain("list_id", "=", self.id)
            & Domain("state", "=", "open")
            & Domain("origin", "=", "lead" if is_lead else "partner")
            & Domain("attempt_ids", "=", False)
            & Domain("next_attempt_date", "=", False)
            & Domain("user_id", "=", False)
            & Domain(column, "not any", member)
        )
