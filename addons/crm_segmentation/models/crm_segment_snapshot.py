import datetime

from odoo import api, fields, models

from odoo.addons.crm_glossary_core import engine

from .crm_segment_member import get_match_table

#: Days that are looked back for a segment without snapshots.
LONGEST = 400


class CrmSegmentSnapshot(models.Model):
    """How large a segment was at the end of a day, and who came and went that day.

    Written by the scheduled job; the row of today grows with the day. Days on which the
    job did not run are worked out from the history. Days are those of UTC.
    """

    _name = "crm.segment.snapshot"
    _description = "Size of a Segment on a Day"
    _inherit = ["crm.criterion.step"]
    _order = "date desc, segment_id"
    _rec_name = "date"
    _log_access = False

    # === FIELDS === #
    segment_id = fields.Many2one(
        "crm.segment", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="segment_id.company_id")
    date = fields.Date(required=True, readonly=True)
    size = fields.Integer(
        required=True,
        readonly=True,
        aggregator="avg",
        help="Members at the end of the day.",
    )
    entered = fields.Integer(required=True, readonly=True)
    left = fields.Integer(required=True, readonly=True)

    _segment_date = models.UniqueIndex("(segment_id, date)")

    # === BUSINESS METHODS - REFRESH STEP === #
    def _refresh_batch(self, position):
        """Write today's sizes, and those of the days that are missing."""
        written = self._write_snapshots()
        return None, written, written

    @api.model
    def _write_snapshots(self):
        """Write what differs; return the number of rows written."""
        today = fields.Date.today()
        segments = self.env["crm.segment"].sudo().search([])
        self.env.flush_all()
        written = 0
        for first, ids in self._get_first_days(segments, today).items():
            # Contacts or leads: both stand in one table.
            written += engine.write_snapshots(
                self.env, get_match_table("partner"), self._table, ids, first, today
            )
        if written:
            self.invalidate_model(flush=False)
        return written

    def _get_first_days(self, segments, today):
        """Group segments by the first day to write: the last that was written.

        :return: ``{date: ids}``
        """
        known = dict(
            self.sudo()._read_group(
                [("segment_id", "in", segments.ids)], ["segment_id"], ["date:max"]
            )
        )
        started = dict(
            self.env["crm.segment.member"]
            .sudo()
            ._read_group(
                [
                    (
                        "segment_id",
                        "in",
                        (segments - segments.browse(s.id for s in known)).ids,
                    )
                ],
                ["segment_id"],
                ["date_from:min"],
            )
        )
        days = {}
        for segment in segments:
            first = known.get(segment)
            if not first:
                start = started.get(segment)
                first = start.date() if start else today
            first = max(first, today - datetime.timedelta(days=LONGEST))
            days.setdefault(min(first, today), []).append(segment.id)
        return days
