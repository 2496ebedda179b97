import datetime

from odoo import api, fields, models

#: Days after which the log of refreshes is purged.
KEPT_DAYS = 90


class CrmSegmentLog(models.Model):
    """One refresh of a segment that changed something, failed or was full."""

    _name = "crm.segment.log"
    _description = "Refresh of a Segment"
    _order = "date desc, id desc"
    _rec_name = "segment_id"
    _log_access = False

    # === FIELDS === #
    segment_id = fields.Many2one(
        "crm.segment", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="segment_id.company_id")
    date = fields.Datetime(required=True, readonly=True)
    kind = fields.Selection(
        [
            ("full", "All records"),
            ("changes", "Changes"),
            ("time", "Time passed"),
            ("at_once", "At once"),
        ],
        string="Looked At",
        required=True,
        readonly=True,
    )
    seconds = fields.Float(readonly=True, aggregator="avg")
    entered = fields.Integer(readonly=True)
    left = fields.Integer(readonly=True)
    member_count = fields.Integer(
        string="Members", readonly=True, aggregator=None, help="Members afterwards."
    )
    error = fields.Char(string="Problem", readonly=True)

    _segment_date = models.Index("(segment_id, date DESC)")
    _date = models.Index("(date)")

    # === BUSINESS METHODS === #
    @api.model
    def _add(self, rows):
        """Add rows: dicts of the fields but the date."""
        now = fields.Datetime.now()
        for row in rows:
            row["date"] = now
        self.sudo().create(rows)

    @api.autovacuum
    def _gc_log(self):
        limit = fields.Datetime.now() - datetime.timedelta(days=KEPT_DAYS)
        self.sudo().search([("date", "<", limit)], limit=100_000).unlink()
