import logging
import time

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .. import engine

_logger = logging.getLogger(__name__)

#: How often a batch is tried again after it met somebody else's change.
TRIES = 5


class CrmCriterionRefresh(models.Model):
    """One step of the refresh (scores, segments, call lists) and how far it is.

    Results are kept up to date in two ways. A change of a record refreshes that record
    at once. The scheduled job does all the rest, step by step, in batches that are
    committed one by one: where it stops, or is stopped, the next run goes on.
    """

    _name = "crm.criterion.refresh"
    _description = "Refresh of Criteria"
    _order = "sequence, id"
    _rec_name = "step"

    # === FIELDS === #
    step = fields.Char(
        required=True, readonly=True, help="Model that takes part in the refresh."
    )
    name = fields.Char(string="Results", compute="_compute_name")
    sequence = fields.Integer(readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "Under Way"),
            ("done", "Up to Date"),
            ("failed", "Failed"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    position = fields.Integer(
        readonly=True, help="Where the next batch begins; 0 is the start."
    )
    last_start = fields.Datetime(readonly=True)
    last_end = fields.Datetime(
        readonly=True, help="When the results were last complete."
    )
    processed = fields.Integer(readonly=True, help="Records of the latest run so far.")
    changed = fields.Integer(readonly=True, help="Rows that the latest run changed.")
    duration = fields.Float(
        readonly=True, help="Seconds that the batches of the latest run took."
    )
    error_message = fields.Char(string="Problem", readonly=True)
    has_problem_action = fields.Boolean(compute="_compute_has_problem_action")

    _step_unique = models.UniqueIndex("(step)", "A step is listed once.")

    # === COMPUTE METHODS === #
    @api.depends("step")
    @api.depends_context("lang")
    def _compute_name(self):
        for row in self:
            row.name = self.env["ir.model"].sudo()._get(row.step).name or row.step

    @api.depends("step", "state", "error_message")
    def _compute_has_problem_action(self):
        """Whether the problem can be looked at."""
        for row in self:
            step = self.env.get(row.step)
            row.has_problem_action = bool(
                row.error_message
                and row.state != "failed"
                and step is not None
                and step._refresh_problem_action()
            )

    # === ACTION METHODS === #
    def action_refresh(self):
        """Have these steps done again, from the start, as soon as possible."""
        self.check_access("write")
        for row in self:
            self._request(row.step)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The refresh starts within a minute."),
            },
        }

    def action_view_problem(self):
        """Open what does not work."""
        self.ensure_one()
        self.check_access("read")
        return self.env[self.step]._refresh_problem_action()

    # === BUSINESS METHODS === #
    @api.model
    def _request(self, step):
        """Have a step done again by the scheduled job, soon; the caller goes on.

        :param str step: name of the step's model
        """
        row = self._get_rows().filtered(lambda row: row.step == step)
        if row.state != "waiting" or row.position:
            row.write({"state": "waiting", "position": 0})
        self.env.ref("crm_glossary_core.ir_cron_refresh").sudo()._trigger()

    @api.model
    def _dispatch(self, records, fnames=None):
        """Note a change of records for the steps that watch their model.

        The steps refresh the records when the transaction ends, or as soon as somebody
        asks for a result.

        :param set fnames: names of the fields that were written, ``None`` at creation
        """
        if not records or not self._get_watching_steps(records._name):
            return
        if fnames is not None:
            fnames = self._get_changed_fields(records, fnames)
        engine.pending.note(records, fnames)
        for name, field in records._fields.items():
            if isinstance(field, engine.Satellite | engine.CurrentMatches):
                records.invalidate_recordset([name], flush=False)
                records.modified([name])

    def _refresh_now(self, records, fnames=None):
        """Have all steps bring the results for these records up to date."""
        records = records.exists()
        if records:
            for step in self._get_watching_steps(records._name):
                step._refresh_records(records, fnames)

    def _get_watching_steps(self, model_name):
        """Return the models of the steps that watch a model, in order."""
        steps = (
            self.env[name].sudo() for _seq, name in sorted(self._get_refresh_steps())
        )
        return [step for step in steps if model_name in step._refresh_watches()]

    def _get_changed_fields(self, records, fnames):
        """Names of the model's fields that a write of ``fnames`` may have changed."""
        changed = set(fnames)
        for name in fnames:
            field = records._fields.get(name)
            if field is not None:
                changed.update(
                    dependent.name
                    for dependent in self.pool.get_dependent_fields(field)
                    if dependent.model_name == records._name
                )
        return changed

    @api.model
    def _get_rows(self):
        """Return the rows of all steps in order; makes those that are missing."""
        steps = {name: sequence for sequence, name in self._get_refresh_steps()}
        self.sudo().search([("step", "not in", list(steps))]).unlink()
        domain = [("step", "in", list(steps))]
        missing = steps.keys() - set(self.sudo().search(domain).mapped("step"))
        for name in missing:
            self.sudo().create({"step": name, "sequence": steps[name]})
        return self.sudo().search(domain)

    def _run_batch(self):
        """Run one batch of this step and note how far it came; return how many."""
        self.ensure_one()
        started = time.monotonic()
        fresh = self.state != "running"
        step = self.env[self.step].sudo()
        position, done, changed = step._refresh_batch(0 if fresh else self.position)
        before = {"processed": 0, "changed": 0, "duration": 0.0}
        if fresh:
            self.last_start = fields.Datetime.now()
        else:
            before = {name: self[name] for name in before}
        self.write(
            {
                "state": "done" if position is None else "running",
                "position": position or 0,
                "processed": before["processed"] + done,
                "changed": before["changed"] + changed,
                "duration": before["duration"] + time.monotonic() - started,
                "error_message": step._refresh_problem(),
            }
        )
        if position is None:
            self.last_end = fields.Datetime.now()
        return done

    # === HOOKS === #
    def _get_refresh_steps(self):
        """Return the steps as pairs ``(sequence, model name)``.

        Add to what ``super()`` returns: scores have sequence 10, segments 20, call
        lists 30, bindings 80, KPIs 90. The models inherit ``crm.criterion.step``.
        """
        return [
            (5, "crm.stage.visit"),
            (80, "crm.glossary.binding"),
            (90, "crm.kpi.snapshot"),
        ]

    # === CRON METHODS === #
    @api.model
    def _cron_refresh(self):
        """Bring all results up to date, or go on where the run before stopped."""
        rows = self._get_rows()
        open_rows = rows.filtered(lambda row: row.state in ("waiting", "running"))
        if not open_rows:
            rows.write({"state": "waiting", "position": 0})
            open_rows = rows
        remaining = sum(
            self.env[row.step].sudo()._refresh_remaining(row.position)
            for row in open_rows
        )
        # One more than the records: the last batch of a step may be empty.
        self.env["ir.cron"]._commit_progress(remaining=remaining + len(open_rows))
        for row in open_rows:
            if not row._run_step():
                return
        self.env["ir.cron"]._commit_progress(remaining=0)

    def _run_step(self):
        """Run batches until the step is done; return whether there is time for more."""
        tries = 0
        while self.state not in ("done", "failed"):
            try:
                done = self._run_batch()
                self.env.flush_all()
                tries = 0
            except (ConcurrencyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                # Somebody changed the same rows meanwhile: see their change, try again.
                self.env.cr.rollback()
                tries += 1
                done = 0
                if tries >= TRIES:
                    return True
            except Exception as error:
                _logger.exception("Refresh of %s failed", self.step)
                self.env.cr.rollback()
                self.write({"state": "failed", "error_message": str(error)})
                done = 0
            if not self.env["ir.cron"]._commit_progress(done):
                return False
        return True
