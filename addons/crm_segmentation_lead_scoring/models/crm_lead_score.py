from odoo import api, models


class CrmLeadScore(models.Model):
    """A score that changes may change who is in a segment."""

    _inherit = "crm.lead.score"

    # === BUSINESS METHODS === #
    @api.model
    def _score(self, ids=None, id_range=None, mended=False, rule_ids=None):
        diff = super()._score(ids, id_range, mended, rule_ids)
        if diff.total and ids:
            self._tell_segments(ids)
        return diff

    def _refresh_batch(self, position):
        result = super()._refresh_batch(position)
        if result[2]:
            # Many changed, nobody knows which: all leads are looked at, once.
            self._get_following_segments().filtered("full_refresh_at")._mark_full()
        return result

    @api.model
    def _tell_segments(self, ids):
        """Have segments look again at leads whose scores changed, and at contacts."""
        if not self._get_following_segments():
            return
        segments = self.env["crm.segment"]
        found = self.env["crm.segment.source"]._get_segment_records_of(
            ("crm.lead", lead_id) for lead_id in ids
        )
        for model_name, changed in found.items():
            records = self.env[model_name].browse(changed)
            segments._note_dirty(records, source=self._name)

    @api.model
    def _get_following_segments(self):
        """Return the segments whose rules look at scores."""
        segments = self.env["crm.segment"].sudo()
        return segments.browse(
            watcher.id
            for target in ("partner", "lead")
            for watcher in segments._get_watchers(target)
            if watcher.looks_through(self._name)
        )
