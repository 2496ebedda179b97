from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: How far back the history is read at first.
HISTORY_DAYS = 365
#: Records of one batch: about a second of work.
BATCH_SIZE = 1000


class CrmLeadScoreHistory(models.Model):
    """How far the past of one source of events is read.

    What happened before scoring was installed is in the database already: mails,
    activities, meetings, changes of stage. It is read once, in batches that are
    committed one by one; what was read twice counts once.
    """

    _name = "crm.lead.score.history"
    _description = "Reading of History"
    _inherit = ["crm.criterion.step"]
    _order = "id"
    _rec_name = "source"

    # === DEFAULTS === #

    def _default_from(self):
        return fields.Datetime.now() - timedelta(days=HISTORY_DAYS)

    def _default_to(self):
        """The end of the present second: what was written in it is the past too."""
        return fields.Datetime.now() + timedelta(seconds=1)

    # === FIELDS === #

    source = fields.Char(required=True, readonly=True, help="Model that is read.")
    name = fields.Char(compute="_compute_name")
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Read")],
        default="waiting",
        required=True,
        readonly=True,
    )
    date_from = fields.Datetime(
        "From", required=True, readonly=True, default=lambda self: self._default_from()
    )
    date_to = fields.Datetime(
        "To", required=True, readonly=True, default=lambda self: self._default_to()
    )
    position = fields.Integer(
        readonly=True, help="Where the next batch begins; 0 is the start."
    )
    record_count = fields.Integer("Records Read", readonly=True)
    event_count = fields.Integer("Events Found", readonly=True)

    _source_unique = models.UniqueIndex("(source)", "A source is listed once.")

    # === COMPUTE METHODS === #

    @api.depends("source")
    @api.depends_context("lang")
    def _compute_name(self):
        names = self._get_sources()
        for row in self:
            row.name = names.get(row.source, row.source)

    # === ACTION METHODS === #

    def action_read(self):
        """Have the past of these sources read again, from the start."""
        self.check_access("write")
        self.write({"state": "waiting", "position": 0})
        self.record_count = self.event_count = 0
        self._request()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The history is being read."),
            },
        }

    # === BUSINESS METHODS === #

    @api.model
    def _request(self):
        """Have the rest of the history read soon by the scheduled job."""
        self._get_rows()
        self.env["crm.criterion.refresh"].sudo()._request(self._name)

    @api.model
    def _get_rows(self):
        """Return the rows of all sources; makes those that are missing."""
        rows = self.sudo().search([])
        sources = [name for name in self._get_sources() if name in self.env]
        gone = rows.filtered(lambda row: row.source not in sources)
        gone.unlink()
        rows -= gone
        missing = [name for name in sources if name not in rows.mapped("source")]
        return rows + self.sudo().create([{"source": name} for name in missing])

    def _read_batch(self):
        """Read the next records of this source; return how many, and new events."""
        self.ensure_one()
        source = self.env[self.source].sudo().with_context(active_test=False)
        domain = source._get_score_domain(self.date_from, self.date_to)
        records = source.search(
            Domain("id", ">", self.position) & domain, order="id", limit=BATCH_SIZE
        )
        logged = self.env["crm.lead.score.event"]._log_records(records)
        full = len(records) == BATCH_SIZE
        self.write(
            {
                "position": records[-1:].id or self.position,
                "state": "waiting" if full else "done",
                "record_count": self.record_count + len(records),
                "event_count": self.event_count + logged,
            }
        )
        return len(records), logged

    # === HOOKS === #

    @api.model
    def _get_sources(self):
        """Return the models whose past is read, in order, and what to call them.

        Add to what ``super()`` returns. A source has ``_prepare_score_events()`` and
        ``_get_score_domain(date_from, date_to)``.
        """
        return {
            "mail.message": self.env._("Incoming mail"),
            "mail.activity": self.env._("Activities"),
            "calendar.event": self.env._("Meetings"),
            "mail.tracking.value": self.env._("Changes of stage"),
        }

    # The step of the refresh

    def _refresh_remaining(self, position):
        return len(self._get_rows().filtered(lambda row: row.state == "waiting"))

    def _refresh_batch(self, position):
        waiting = self._get_rows().filtered(lambda row: row.state == "waiting")
        if not waiting:
            return None, 0, 0
        done, logged = waiting[0]._read_batch()
        return position + 1, done, logged
