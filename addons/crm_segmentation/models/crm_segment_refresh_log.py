from odoo import fields, models


class CrmSegment(models.Model):
    """How refreshes of a segment come into the log."""

    _inherit = "crm.segment"

    # === FIELDS === #
    log_ids = fields.One2many("crm.segment.log", "segment_id", string="Refreshes")

    # === ACTION METHODS === #
    def action_view_log(self):
        """Open the refreshes of the segment."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refreshes of %(name)s", name=self.display_name),
            "res_model": "crm.segment.log",
            "view_mode": "list",
            "domain": [("segment_id", "=", self.id)],
        }

    # === BUSINESS METHODS === #
    def _log_refresh(self, kind, seconds, diff):
        """Note one refresh of this segment."""
        self.ensure_one()
        self.env["crm.segment.log"]._add(
            [self._prepare_log(kind, seconds, diff.added, diff.gone)]
        )

    def _log_changes(self, kind, seconds, diff):
        """Note the refreshes of those of these segments that changed."""
        rows = [
            segment._prepare_log(kind, seconds, *diff.by_key[segment.id])
            for segment in self
            if segment.id in diff.by_key
        ]
        if rows:
            self.env["crm.segment.log"]._add(rows)

    def _prepare_log(self, kind, seconds, entered, left):
        return {
            "segment_id": self.id,
            "kind": kind,
            "seconds": seconds,
            "entered": entered,
            "left": left,
            "member_count": self._count_members(),
            "error": self.error_message,
        }

    def _count_members(self):
        members = self.env["crm.segment.member"].sudo()
        return members.search_count(
            [("segment_id", "=", self.id), ("date_to", "=", False)]
        )
