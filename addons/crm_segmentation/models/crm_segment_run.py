import logging
from contextlib import contextmanager
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models

from .crm_segment_action import OUTREACH
from .crm_segment_refresh import RETRIED
from .crm_segment_refresh_schedule import TRIES

_logger = logging.getLogger(__name__)

#: Runs between two commits of the scheduled job.
BATCH = 100


@contextmanager
def on_its_own(env):
    """A savepoint; what follows a change waits for the end of the batch.

    The cursor's own way refreshes the segments once for each record.
    """
    env.flush_all()
    try:
        with env.cr.savepoint(flush=False):
            yield
            env.flush_all()
    except BaseException:
        env.transaction.clear()
        raise


class NotDone(Exception):
    """Nothing was done for this record, for a good reason, which it tells."""


class CrmSegmentRun(models.Model):
    """One action for one stay of a contact or lead: planned, done, or not, and why."""

    _name = "crm.segment.run"
    _description = "Run of a Segment's Action"
    _order = "due desc, id desc"
    _rec_name = "action_id"
    _log_access = False

    # === FIELDS === #
    action_id = fields.Many2one(
        "crm.segment.action", required=True, readonly=True, ondelete="cascade"
    )
    segment_id = fields.Many2one(
        "crm.segment", required=True, readonly=True, ondelete="cascade", index=True
    )
    member_id = fields.Many2one(
        "crm.segment.member", readonly=True, ondelete="set null", index="btree_not_null"
    )
    round = fields.Integer(
        readonly=True,
        help="0: entry, -1: exit, else which time while a member.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Lead or Opportunity",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("done", "Done"),
            ("held_out", "Left alone"),
            ("skipped", "Not done"),
            ("failed", "Failed"),
            ("cancelled", "Called off"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="planned",
    )
    due = fields.Datetime(readonly=True)
    date = fields.Datetime(string="Done On", readonly=True)
    message = fields.Char(string="Why", readonly=True)

    _once = models.UniqueIndex("(action_id, member_id, round)")
    _waiting = models.Index("(due) WHERE state = 'planned'")
    _by_partner = models.Index("(partner_id, date) WHERE state = 'done'")

    # === ACTION METHODS === #
    def action_retry(self):
        """Try again what failed."""
        self.check_access("read")
        self.action_id.check_access("write")
        failed = self.sudo().filtered(lambda run: run.state == "failed")
        failed.write(
            {"state": "planned", "message": False, "due": fields.Datetime.now()}
        )
        self.env.ref("crm_segmentation.ir_cron_segment_run").sudo()._trigger()

    # === BUSINESS METHODS === #
    def _get_records(self):
        """Return the contacts or leads of runs of one action, those that are left."""
        action = self.action_id[:1]
        column = f"{action.target}_id"
        return self[column].exists() if action else self.env["res.partner"]

    def _execute(self):
        """Do what is planned; each on its own, so that one failure stops no other."""
        for run in self.sudo():
            # Reasons are told in the language of who switched the action on.
            run = run.with_context(lang=run.action_id.user_id.lang or self.env.lang)
            action = run.action_id
            record = run[f"{action.target}_id"]
            until = run._get_cap_date(action)
            if until:
                run.write({"due": until, "message": run.env._("Waits: enough today.")})
                continue
            try:
                run._check_company_of(record)
                with on_its_own(self.env):
                    message = action._do(record, run) or False
                vals = {"state": "done", "message": message}
            except NotDone as reason:
                vals = {"state": "skipped", "message": str(reason)}
            except RETRIED:
                raise
            except Exception as error:
                _logger.info(
                    "Action %s failed for %s", action.id, record, exc_info=True
                )
                text = (
                    str(error).splitlines()[0] if str(error) else type(error).__name__
                )
                vals = {"state": "failed", "message": text}
            # The action may have deleted the record, and the run with it.
            run.exists().write({**vals, "date": fields.Datetime.now()})

    def _check_company_of(self, record):
        """Leave records alone that are another company's than the acting person's.

        :raise NotDone: whoever switched the action on, or tries it, may not see them
        """
        # A trial is in the name of who tries it: it will be theirs once it is on.
        user = self.action_id.user_id if self.action_id.is_on else self.env.user
        companies = user.company_ids
        if record._name == "res.partner":
            # As in Odoo's own rule: a branch sees the contacts of its parents.
            companies |= companies.parent_ids
        company = record.company_id
        if company and company not in companies and user.id != SUPERUSER_ID:
            raise NotDone(
                self.env._(
                    "Belongs to %(company)s, where %(user)s does not work.",
                    company=company.name,
                    user=user.name,
                )
            )

    def _get_cap_date(self, action):
        """Return until when to wait, because the person heard from us enough today."""
        cap = (action.company_id or self.env.company).segment_cap_day
        if not cap or action.kind not in OUTREACH:
            return False
        partner = self.partner_id or self.lead_id.partner_id
        who = (
            ("partner_id", "=", partner.id)
            if partner
            else (
                "lead_id",
                "=",
                self.lead_id.id,
            )
        )
        since = fields.Datetime.now() - timedelta(days=1)
        today = self.search(
            [
                ("state", "=", "done"),
                ("date", ">", since),
                ("action_id.kind", "in", OUTREACH),
                *(["|", ("lead_id.partner_id", "=", partner.id)] if partner else []),
                who,
            ],
            order="date",
        )
        if len(today) < cap:
            return False
        return today[-cap].date + timedelta(days=1)

    @api.model
    def _follow_merge(self, record, column, others, moved):
        """What was done for merged contacts or leads was done for the one that remains.

        :param str column: ``partner_id`` or ``lead_id``
        :param list others: ids of the records that go
        :param dict moved: the memberships that became part of others, by id
        """
        self.env["crm.segment.claim"]._follow_merge(record, column, others, moved)
        runs = self.sudo().search(
            [(column, "in", [record.id, *others])], order="id desc"
        )
        done = {
            (run.action_id, run.member_id.id, run.round)
            for run in runs
            if run.member_id and run.member_id.id not in moved
        }
        for run in runs:
            vals = {column: record.id}
            if run.member_id.id in moved:
                key = (run.action_id, moved[run.member_id.id], run.round)
                # One of two that did the same; it stays in the log by itself.
                vals["member_id"] = False if key in done else key[1]
                if key in done and run.state == "planned":
                    vals["state"] = "cancelled"
                done.add(key)
            if run[column] != record or "member_id" in vals:
                run.write(vals)

    # === CRON METHODS === #
    @api.model
    def _cron_run(self):
        """Plan and do what is due, in batches; a stop loses nothing."""
        claims = self.env["crm.segment.claim"]
        for step in (
            self._plan,
            claims._give_back_some,
            claims._settle_some,
            self._execute_some,
        ):
            if not self._work_off(step):
                return

    def _work_off(self, step):
        """Do a step batch by batch; return whether all of it is done.

        A batch that met somebody else's change is done anew, from what is there now.
        """
        cron = self.env["ir.cron"]
        tries = 0
        while tries < TRIES:
            try:
                count = step()
                self.env.flush_all()
            except RETRIED:
                self.env.cr.rollback()
                tries += 1
                continue
            tries = 0
            time_left = cron._commit_progress(count, remaining=self._count_due())
            if not count or not time_left:
                return not count
        return False

    def _plan(self):
        self.env["crm.segment.action"]._plan_all()
        return 0

    def _execute_some(self):
        """Do one batch of what is due; return how many."""
        runs = self.sudo().search(self._get_due_domain(), order="due, id", limit=BATCH)
        runs = runs.try_lock_for_update()
        runs._execute()
        return len(runs)

    def _get_due_domain(self):
        paused = (
            self.env["res.company"]
            .sudo()
            .search([("segment_actions_paused", "=", True)])
        )
        everything = self.env.company in paused
        return [
            ("state", "=", "planned"),
            ("due", "<=", fields.Datetime.now()),
            ("action_id.is_on", "=", True),
            ("action_id.active", "=", True),
            ("segment_id.active", "=", True),
            ("segment_id.is_paused", "=", False),
            ("segment_id.company_id", "not in", paused.ids),
            *([("segment_id.company_id", "!=", False)] if everything else []),
        ]

    def _count_due(self):
        return self.sudo().search_count(self._get_due_domain())
