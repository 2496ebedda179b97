import datetime
import time

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine

from .crm_segment import PATIENCE
from .crm_segment_member import get_match_table
from .crm_segment_refresh import RETRIED

#: Seconds that a batch of the scheduled job may take before it is committed.
BATCH_SECONDS = 1.0
#: How often the job tries again after it met somebody else's change.
TRIES = 5
#: Policies that the scheduled job follows, and the time between two looks. Those that
#: are refreshed at once are looked at every hour too: time passes.
INTERVALS = {
    "at_once": datetime.timedelta(hours=1),
    "hourly": datetime.timedelta(hours=1),
    "daily": datetime.timedelta(days=1),
}
#: More records than these are not looked up one by one when they become due.
MANY_DUE = 20_000
#: A larger table is read in parts by a first filling, one transaction each.
PART = 200_000


class CrmSegment(models.Model):
    """When segments are refreshed: what time changes, what is new, what is late.

    Every hour only the records are looked at that became due since; all records once a
    day, just after midnight where the segment's author lives. That is also when
    "today" moves.
    """

    _name = "crm.segment"
    _inherit = ["crm.segment", "mail.activity.mixin"]

    # === FIELDS === #
    has_alarm = fields.Boolean(
        readonly=True,
        copy=False,
        help="The responsible was told that the segment is late or does not work.",
    )

    # === BUSINESS METHODS - ONE SEGMENT === #
    def _is_scheduled(self):
        """Whether the scheduled job keeps the segment up to date."""
        return self.refresh_policy in INTERVALS

    def _get_next_refresh(self, now, clock=None):
        """Return when the job looks at the segment next; False for never."""
        interval = INTERVALS.get(self.refresh_policy)
        if not interval:
            return False
        midnight = self._get_next_midnight(now)
        if self.refresh_policy == "daily":
            return midnight
        return min(now + interval, midnight)

    def _get_next_midnight(self, now):
        """The next beginning of a day where the author lives, in UTC."""
        zone = self._get_author_zone()
        today = pytz.utc.localize(now).astimezone(zone).date()
        start = datetime.datetime.combine(
            today + datetime.timedelta(days=1), datetime.time()
        )
        return zone.localize(start).astimezone(pytz.utc).replace(tzinfo=None)

    def _get_author_zone(self):
        name = self.create_uid.tz
        return pytz.timezone(name) if name in pytz.all_timezones_set else pytz.utc

    def _is_full_due(self):
        """Whether all records must be looked at, not only those that became due."""
        full_at = self.full_refresh_at
        if self.rule_changed or self.error_message or not full_at:
            return True
        if self.refresh_policy == "daily":
            return True
        return self._get_next_midnight(full_at) <= fields.Datetime.now()

    def _refresh_scheduled(self):
        """Refresh one segment as the job does; return ``(Diff, whether complete)``."""
        if self.rule_changed:
            part = self._get_next_part()
            if part:
                return self._refresh_fully(part, is_last=False), False
            if self.fill_position:
                rest = (self.fill_position + 1, 2**31 - 1)
                return self._refresh_fully(rest), True
        if self._is_full_due():
            return self._refresh_fully(), True
        return self._refresh_due(), True

    def _get_next_part(self):
        """The range of ids that a first filling reads next; ``None``: all the rest."""
        table = self.env[self.model_name]._table
        part = engine.next_range(self.env, table, self.fill_position, PART)
        if not part or part[2] < PART:
            return None
        return self.fill_position + 1, part[1]

    def _refresh_due(self):
        """Look only at the records that time may have moved; return what changed."""
        started = time.monotonic()
        criteria = self._to_criteria()
        try:
            due, clock = engine.due_domain(self.env, criteria[0], self.clock)
        except engine.CriterionError:
            return self._refresh_fully()
        if due is None:
            return self._refresh_fully()
        ids = engine.find_due(self.env, criteria[0], due, MANY_DUE + 1)
        if len(ids) > MANY_DUE:
            return self._refresh_fully()
        diff = engine.Diff()
        if ids:
            table = get_match_table(self.target)
            diff = engine.refresh(self.env, table, criteria, ids=ids)
            self._store_criterion_errors(criteria)
        if diff:
            self._forget_members(self.target)
            self._mark_dependents_due()
        self._note_refresh(diff, clock=clock, is_full=False)
        self._log_changes("time", time.monotonic() - started, diff)
        return diff

    def _read_clock(self, criterion):
        try:
            return engine.read_clock(self.env, criterion)
        except engine.CriterionError:
            return ""

    # === BUSINESS METHODS - REFRESH STEP === #
    def _refresh_remaining(self, position):
        return self.sudo().search_count(self._get_due_domain())

    def _refresh_batch(self, position):
        """Work off changes, then refresh due segments, for about a second.

        A segment that somebody else is refreshing is left to them. What is done is no
        longer due, so a run that was stopped needs no place to go on from.
        """
        stop_at = time.monotonic() + BATCH_SECONDS
        done, changed, has_more = self._work_off(stop_at)
        if has_more:
            return 0, done, changed
        due = self.sudo().search(self._get_due_domain())._in_refresh_order()
        # Those who rest on a segment of this pass are found by the next search.
        while due:
            for segment in due:
                if not segment.try_lock_for_update(allow_referencing=True):
                    continue
                diff, complete = segment._refresh_one()
                changed += diff.total
                done += complete
                if time.monotonic() >= stop_at:
                    return segment.id, done, changed
            due = (self.sudo().search(self._get_due_domain()) - due)._in_refresh_order()
        self._finish_pass()
        return None, done, changed

    def _refresh_one(self):
        """Refresh one segment of the job; an unforeseen error stops no other."""
        result = []

        def refresh():
            diff, complete = self._refresh_scheduled()
            result.append(complete)
            return diff

        diff = self._refresh_safely(refresh)
        return diff, all(result)

    def _get_due_domain(self):
        return [
            ("kind", "!=", "manual"),
            ("next_refresh_at", "<=", fields.Datetime.now()),
        ]

    def _is_hour_over(self):
        """Whether a segment that follows changes is due for its look of the hour."""
        policies = [("refresh_policy", "in", ["at_once", "hourly"])]
        return bool(
            self.sudo().search_count(self._get_due_domain() + policies, limit=1)
        )

    def _finish_pass(self):
        """Have the job run again when the next segment is due; tell who is late."""
        self._raise_alarms()
        following = self.sudo().search(
            [("kind", "!=", "manual"), ("next_refresh_at", ">", fields.Datetime.now())],
            order="next_refresh_at",
            limit=1,
        )
        if following:
            self._request_refresh(following.next_refresh_at)

    @api.model
    def _request_refresh(self, at=None):
        """Have the segments' own job run, unless it is to run by then anyway.

        :param datetime at: when; empty: as soon as it can
        """
        cron = self.env.ref(
            "crm_segmentation.ir_cron_segment_refresh", raise_if_not_found=False
        )
        if not cron:
            return
        cron = cron.sudo()
        moment = at or fields.Datetime.now()
        planned = [("cron_id", "=", cron.id), ("call_at", "<=", moment)]
        if not self.env["ir.cron.trigger"].sudo().search_count(planned, limit=1):
            cron._trigger(at)

    # === BUSINESS METHODS - ALARM === #
    @api.model
    def _get_trouble_domain(self):
        """Segments that do not do what they should: rules that fail, late refreshes."""
        late = fields.Datetime.now() - PATIENCE
        return Domain("kind", "!=", "manual") & (
            Domain("error_message", "!=", False) | Domain("next_refresh_at", "<", late)
        )

    def _raise_alarms(self):
        """Tell the responsible once of each trouble; take it back when it is over."""
        segments = self.sudo().search(
            self._get_trouble_domain() | Domain("has_alarm", "=", True)
        )
        troubled = segments.filtered_domain(self._get_trouble_domain())
        for segment in troubled.filtered(lambda s: not s.has_alarm):
            segment.has_alarm = True
            if segment.user_id:
                segment.activity_schedule(
                    "mail.mail_activity_data_warning",
                    user_id=segment.user_id.id,
                    summary=segment._get_trouble(),
                    note=segment.error_message or "",
                )
        healed = segments - troubled
        if healed:
            healed.has_alarm = False
            healed.activity_unlink(["mail.mail_activity_data_warning"])

    def _get_trouble(self):
        segment = self.with_context(lang=self.user_id.lang or self.env.lang)
        if segment.error_message:
            return segment.env._("This segment's rule does not work")
        return segment.env._("This segment is not up to date")

    def _refresh_problem(self):
        domain = self._get_trouble_domain()
        broken = self.sudo().search_count(domain & Domain("error_message", "!=", False))
        late = self.sudo().search_count(domain & Domain("error_message", "=", False))
        texts = []
        if broken:
            texts.append(
                self.env._("Segments whose rule does not work: %(count)s", count=broken)
            )
        if late:
            texts.append(
                self.env._("Segments that are not up to date: %(count)s", count=late)
            )
        return ". ".join(texts) or super()._refresh_problem()

    def _refresh_problem_action(self):
        segments = self.sudo().search(self._get_trouble_domain())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Segments in Trouble"),
            "res_model": "crm.segment",
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", segments.ids)],
        }

    # === CRON METHODS === #
    @api.model
    def _cron_refresh_segments(self):
        """Work off what waits and what is due; go on where the run before stopped."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self._refresh_remaining(0) + 1)
        position, tries = 0, 0
        while position is not None:
            try:
                position, done, _changed = self.sudo()._refresh_batch(position)
                self.env.flush_all()
                tries = 0
            except RETRIED:
                # Somebody changed the same rows meanwhile: see their change, try again.
                self.env.cr.rollback()
                tries, done = tries + 1, 0
                if tries >= TRIES:
                    return
            if not cron._commit_progress(done):
                return
        cron._commit_progress(remaining=0)
