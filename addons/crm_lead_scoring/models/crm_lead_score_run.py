import logging
from contextlib import contextmanager
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.crm_glossary_core import engine

_logger = logging.getLogger(__name__)

#: Up to this many leads are acted upon when the user's own transaction ends; what
#: follows for more is done by the scheduled job.
AT_ONCE = 20
#: Transitions of one lead within a day that something follows from. More are no work
#: of people: actions and rules drive each other.
MOST_IN_A_DAY = 10
_PRECOMMIT = "crm_lead_scoring.follow"
_CHAIN = "crm_lead_scoring.chain"


class CrmLeadScoreRun(models.Model):
    """One thing that follows when a lead becomes ready for sales, or ready no longer.

    A row is made with the transition itself, in the same transaction, and done later:
    so nothing is lost when the program is stopped, and the unique key keeps anything
    from being done twice. Nobody writes rows by hand; managers read them.
    """

    _name = "crm.lead.score.run"
    _description = "Follow-Up of Readiness"
    _order = "id desc"
    _rec_name = "lead_id"
    _log_access = False

    # === FIELDS === #

    lead_id = fields.Many2one(
        "crm.lead", required=True, readonly=True, index=True, ondelete="cascade"
    )
    model_id = fields.Many2one(
        "crm.lead.score.model",
        "Scoring Model",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    key = fields.Char(
        required=True,
        readonly=True,
        help="Lead, number of the transition and what is to be done.",
    )
    number = fields.Integer(
        "Transition",
        readonly=True,
        help="How many times the lead had become ready, or ready no longer.",
    )
    direction = fields.Selection(
        [("ready", "Ready"), ("unready", "No Longer Ready")],
        "When",
        required=True,
        readonly=True,
    )
    kind = fields.Selection(
        [
            ("handover", "Hand over to sales"),
            ("withdraw", "Withdraw the hand-over"),
            ("convert", "Convert to opportunity"),
            ("plan", "Activity plan"),
            ("notify", "Notify the salesperson"),
            ("action", "Action"),
        ],
        "What Follows",
        required=True,
        readonly=True,
    )
    action_id = fields.Many2one(
        "ir.actions.server",
        "Server Action",
        readonly=True,
        ondelete="set null",
        groups="base.group_system",
    )
    # Who reads the log need not be allowed to read the actions themselves.
    action_name = fields.Char("Action", related="action_id.name", compute_sudo=True)
    sequence = fields.Integer(readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("skipped", "Skipped"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    message = fields.Char(readonly=True, help="Why it failed or was skipped.")
    date = fields.Datetime("Noted on", required=True, readonly=True)
    done_at = fields.Datetime("Done on", readonly=True)

    _key_unique = models.UniqueIndex("(key)", "This is noted already.")
    _waiting_index = models.Index("(lead_id) WHERE state = 'waiting'")

    # === ACTION METHODS === #

    def action_retry(self):
        """Try again what failed."""
        self.check_access("read")
        self.env["crm.lead.score.model"].browse().check_access("write")
        failed = self.sudo().filtered(lambda run: run.state == "failed")
        failed.write({"state": "waiting", "message": False, "done_at": False})
        failed._do_for(failed.lead_id.ids)

    # === BUSINESS METHODS === #

    @api.model
    def _queue(self, model, transitions, at_once):
        """Note what follows from transitions of leads of a live scoring model.

        :param transitions: ``[(lead id, ready, number)]``
        :param bool at_once: do it when this transaction ends, if it is not too much
        """
        chain = self._get_chain()
        caused = [item for item in transitions if item[0] in chain]
        others = [item for item in transitions if item[0] not in chain]
        values = {"model_id": model.id, "date": fields.Datetime.now()}
        follow_ups = model._get_follow_ups()
        # What an action itself causes is noted, and goes no further: else an action
        # that changes the score and its counterpart would drive each other for ever.
        skipped = {
            **values,
            "state": "skipped",
            "message": self._with_company_language(model).env._(
                "Caused by what followed before: not done, so that it does not go"
                " round in circles."
            ),
        }
        engine.readiness.queue(self.env, self._table, caused, follow_ups, skipped)
        engine.readiness.queue(
            self.env, self._table, others, follow_ups, {**values, "state": "waiting"}
        )
        self.invalidate_model(flush=False)
        if not others:
            return
        if at_once and len(others) <= AT_ONCE:
            lead_ids = [lead_id for lead_id, _ready, _number in others]
            self._do_hand_overs(lead_ids, model)
            self._do_at_the_end(lead_ids)
        else:
            self._request()

    def _do_hand_overs(self, lead_ids, model):
        """Make or withdraw the hand-overs now: whoever saved the lead sees them.

        They are rows of our own; what others have written waits for a better moment.
        """
        for lead_id in lead_ids:
            runs = self.search(
                [
                    ("lead_id", "=", lead_id),
                    ("state", "=", "waiting"),
                    ("kind", "in", ("handover", "withdraw")),
                ],
                order="number, id",
            )
            runs._with_company_language(model)._do_all()

    def _do_at_the_end(self, lead_ids):
        """Do what waits for these leads when the transaction ends."""
        precommit = self.env.cr.precommit
        if _PRECOMMIT not in precommit.data:
            precommit.data[_PRECOMMIT] = []
            runs = self.env(su=True, context={})[self._name]

            def do():
                waiting = precommit.data.pop(_PRECOMMIT, [])
                runs._do_for(waiting)

            precommit.add(do)
        precommit.data[_PRECOMMIT] += lead_ids

    @api.model
    def _request(self):
        self.env.ref("crm_lead_scoring.ir_cron_follow_readiness").sudo()._trigger()

    def _do_for(self, lead_ids):
        """Do all that waits for these leads, in order; each lead by itself."""
        for lead in self.env["crm.lead"].browse(dict.fromkeys(lead_ids)):
            domain = [("lead_id", "=", lead.id), ("state", "=", "waiting")]
            runs = self.search(domain, order="number, sequence, id")
            if not runs or runs.try_lock_for_update() != runs:
                # Done, or somebody else is at it.
                continue
            with self._chained(lead.id):
                runs._with_company_language(runs.model_id[:1], lead)._do_all()
                # What the actions changed is scored while the chain still holds.
                engine.pending.run(self.env)
                if lead.exists():
                    self.env["crm.lead.score"].sudo()._score(ids=lead.ids)

    def _do_all(self):
        """Do these runs of one lead, one after the other; a failure stops no other."""
        # Not by way of the lead: this may happen while its link is being computed.
        scores = self.env["crm.lead.score"].sudo()
        latest = scores.browse(self.lead_id.id).transitions
        busy = self._is_too_busy()
        for run in self:
            if not run.exists():
                # An action before deleted the lead, or merged it into another.
                return
            reason = run._get_reason_to_skip(latest, busy)
            if reason:
                run._finish("skipped", reason)
            else:
                run._do()

    def _do(self):
        """Do one thing in a savepoint of its own and note how it went."""
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                state, message = getattr(self, f"_follow_{self.kind}")()
                self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Not this action's fault: the whole transaction is tried again.
            raise
        except Exception as error:
            # What it left in memory goes with what it left in the database.
            self.env.transaction.clear()
            _logger.info("What follows from readiness failed: %s", self, exc_info=True)
            state, message = "failed", str(error) or type(error).__name__
        if self.exists():
            self._finish(state, message)

    def _finish(self, state, message):
        self.write(
            {"state": state, "message": message, "done_at": fields.Datetime.now()}
        )
        self.flush_recordset()

    def _get_reason_to_skip(self, latest, busy):
        if self.model_id.state != "live":
            return self.env._("The scoring model is not live any more.")
        if self.number != latest:
            return self.env._("The lead had changed again by then.")
        if busy:
            return self.env._(
                "The lead went to and fro more than %(count)s times within a day:"
                " check the rules and the thresholds.",
                count=MOST_IN_A_DAY,
            )
        return False

    def _is_too_busy(self):
        """Whether the lead of these runs has been acted upon too often lately."""
        [[count]] = self._read_group(
            [
                ("lead_id", "=", self.lead_id.id),
                ("state", "=", "done"),
                ("done_at", ">", fields.Datetime.now() - timedelta(days=1)),
            ],
            [],
            ["number:count_distinct"],
        )
        return count >= MOST_IN_A_DAY

    @api.model
    def _skip_waiting_of(self, models_):
        """What waits for leads of these scoring models is not done any more."""
        message = self.env._("The scoring model is not live any more.")
        self.flush_model()
        engine.readiness.cancel(self.env, self._table, models_.ids, message)
        self.invalidate_model(flush=False)

    @api.model
    def _merge(self, lead, others):
        """What followed for merged leads stays on record; what waits is not done."""
        runs = self.search([("lead_id", "in", others._origin.ids)])
        runs.filtered(lambda run: run.state == "waiting").write(
            {
                "state": "skipped",
                "message": self.env._("The lead was merged into another one."),
            }
        )
        runs.lead_id = lead

    # chains of cause and effect

    def _get_chain(self):
        """Ids of the leads that are being acted upon."""
        return self.env.cr.cache.get(_CHAIN, frozenset())

    @contextmanager
    def _chained(self, lead_id):
        cache = self.env.cr.cache
        before = self._get_chain()
        cache[_CHAIN] = before | {lead_id}
        try:
            yield
        finally:
            cache[_CHAIN] = before

    def _with_company_language(self, model, lead=None):
        """These runs as the system does them, in the company's language."""
        company = (lead and lead.company_id) or model.company_id or self.env.company
        runs = self.with_user(SUPERUSER_ID).with_company(company)
        return runs.with_context(lang=company.partner_id.lang or self.env.lang)

    @api.model
    def _catch_up(self):
        """Note what follows for leads that were ready before their model went live.

        :return: whether there is time for more
        """
        crons = self.env["ir.cron"]
        models_ = self.env["crm.lead.score.model"].search([("is_catching_up", "=", 1)])
        for model in models_:
            position = 0
            while position is not None:
                position = model._follow_some_ready_leads(position)
                if position is None:
                    model.is_catching_up = False
                self.env.flush_all()
                if not crons._commit_progress():
                    self._request()
                    return False
        return True

    # === CRON METHODS === #

    @api.model
    def _cron_follow(self):
        """Do what waits, lead by lead; where it is stopped, the next run goes on."""
        crons = self.env["ir.cron"]
        if not self._catch_up():
            return
        groups = self._read_group(
            [("state", "=", "waiting")], ["lead_id"], ["id:min"], order="id:min"
        )
        lead_ids = [lead.id for lead, _first in groups]
        crons._commit_progress(remaining=len(lead_ids))
        for lead_id in lead_ids:
            try:
                self._do_for([lead_id])
                self.env.flush_all()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Somebody changed the lead meanwhile: it is the next run's.
                self.env.cr.rollback()
                self._request()
            if not crons._commit_progress(1):
                return
