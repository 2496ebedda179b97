import time
from typing import NamedTuple

from odoo import api, fields, models, tools

from odoo.addons.crm_glossary_core import engine

from .crm_segment import TARGET_MODELS
from .crm_segment_member import get_match_table

DIRTY = "crm_segment_dirty"
#: Records that are held against all segments in one go.
CHUNK = 1000
#: So many segments are worked out while somebody saves a record; more of them follow
#: within a minute.
MOST_AT_ONCE = 300
#: Above so many waiting records a full refresh costs less.
MANY = 20_000
MODEL_TARGETS = {name: target for target, name in TARGET_MODELS.items()}


class Watcher(NamedTuple):
    """What a segment that follows changes looks at.

    :param int id: id of the segment
    :param names: names of the target's own fields; ``None``: any change concerns it
    :param models: models of other records that it looks at; ``None``: any
    :param bool at_once: its members follow a change at once, otherwise every hour
    :param bool is_ready: it was filled since its rule was made, and its rule works
    :param bool rests_on_segments: it looks at memberships
    :param bool rests_by_rule: it does so because a rule says so
    """

    id: int
    names: frozenset | None
    models: frozenset | None
    at_once: bool
    is_ready: bool
    rests_on_segments: bool
    rests_by_rule: bool

    def looks_at(self, fnames):
        """Whether a change of these fields concerns it."""
        return fnames is None or self.names is None or bool(self.names & fnames)

    def looks_through(self, source):
        """Whether a change of a record of this model concerns it."""
        return source is None or self.models is None or source in self.models


class CrmSegment(models.Model):
    """Members follow what changes: at once, within a minute, or within the hour.

    A change of the record itself is followed at the end of the transaction. Changes
    around it (a mail, a meeting) are noted as ``crm.segment.dirty`` and worked off by
    the scheduled job. The record's own changes are noted too and looked at once more
    within the hour: a full refresh that was under way could not see them.
    """

    _inherit = "crm.segment"

    # === BUSINESS METHODS === #
    def _refresh_watches(self):
        return super()._refresh_watches() | set(TARGET_MODELS.values())

    def _refresh_records(self, records, fnames=None):
        """Refresh the memberships of a few records, in one statement.

        Of the segments that are refreshed at once and look at a field that changed.
        No segment is written: two people who save contacts do not meet there.
        """
        target = MODEL_TARGETS[records._name]
        concerned = [
            watcher
            for watcher in self._get_watchers(target)
            if watcher.looks_at(fnames)
        ]
        if not concerned:
            return
        ready = [item.id for item in concerned if item.at_once and item.is_ready]
        if len(ready) > MOST_AT_ONCE:
            self._note_dirty(records)
            return
        self._note_dirty(records, later=True)
        if ready:
            self.sudo().browse(ready)._refresh_ids(records.ids, "at_once")

    def _refresh_ids(self, ids, kind):
        """Refresh the memberships of a few records, and what rests on them.

        :param self: segments with one target
        :param ids: ids of the records that changed
        :param str kind: what the log calls it
        :return: :class:`engine.Diff`
        """
        if not self:
            return engine.Diff()
        # Some of Odoo's own search methods read the tables without writing first.
        self.env.flush_all()
        watchers = {w.id: w for w in self._get_watchers(self[0].target)}
        todo = self.filtered(
            lambda s: s.id in watchers and watchers[s.id].rests_on_segments
        )
        total = diff = (self - todo)._sync_ids(ids, kind)
        changed, seen = self.browse(diff.by_key), self.browse()
        while todo or changed:
            if changed:
                todo |= changed._get_followers(watchers) - seen
            if not todo:
                break
            segment = todo._in_refresh_order()[0]
            todo, seen = todo - segment, seen | segment
            diff = segment._sync_ids(ids, kind)
            total += diff
            changed = self.browse(diff.by_key)
        return total

    def _get_followers(self, watchers):
        """Those that rest on these and follow changes at once."""
        return self._get_dependents().filtered(
            lambda segment: segment.id in watchers
            and watchers[segment.id].at_once
            and watchers[segment.id].is_ready
        )

    def _sync_ids(self, ids, kind):
        """Refresh the memberships of a few records, one statement for all segments."""
        if not self:
            return engine.Diff()
        started = time.monotonic()
        target = self[0].target
        table = get_match_table(target)
        whole = self.filtered(lambda segment: segment.roll_up == "company")
        total, criteria = engine.Diff(), []
        for segments, members in (
            (self - whole, ids),
            (whole, self._get_entities(ids) if whole else []),
        ):
            if segments and members:
                own = segments._to_criteria()
                total += engine.refresh(self.env, table, own, ids=members)
                criteria += own
        if total:
            self._forget_members(target)
        if kind != "at_once":
            self._store_criterion_errors(criteria)
        self._log_changes(kind, time.monotonic() - started, total)
        return total

    def _get_entities(self, ids):
        """The contacts, too: who stood for itself before may have a company now."""
        partners = self.env["res.partner"].sudo().browse(ids).exists()
        return (partners | partners.commercial_partner_id).ids

    def _follow_members(self, ids):
        """Refresh what rests on these segments, whose members were changed by hand.

        :param ids: ids of the records whose memberships changed
        """
        if len(ids) > CHUNK:
            self._mark_dependents_due()
            return
        watchers = {w.id: w for w in self._get_watchers(self[0].target)}
        self.sudo()._get_followers(watchers)._refresh_ids(ids, "at_once")
        records = self.env[TARGET_MODELS[self[0].target]].browse(ids)
        self._note_dirty(records, source="crm.segment", later=True)

    # === BUSINESS METHODS - WAITING CHANGES === #
    @api.model
    def _note_dirty(self, records, source=None, later=False):
        """Have the scheduled job look at contacts or leads again, soon.

        :param records: contacts or leads
        :param str source: model of what changed around them; nothing: they themselves
        :param bool later: within the hour will do
        """
        engine.dirty.note(
            self.env,
            DIRTY,
            records._name,
            records.ids,
            source,
            later,
            then=self.sudo()._request_refresh,
        )

    def _work_off(self, stop_at):
        """Bring the memberships of waiting records up to date.

        :return: ``(records done, rows changed, whether more wait)``
        """
        engine.pending.run(self.env)
        engine.dirty.write(self.env)
        done = changed = 0
        for later in (False, True):
            if later and not self._is_hour_over():
                continue
            while engine.dirty.waits(self.env, DIRTY, later):
                result = self._work_off_chunk(later)
                if result is None:
                    break
                done, changed = done + result[0], changed + result[1]
                if time.monotonic() >= stop_at:
                    return done, changed, True
        return done, changed, False

    def _work_off_chunk(self, later):
        """Work off one chunk; ``None`` when somebody else is at these segments."""
        watchers = {t: self._get_watchers(t) for t in TARGET_MODELS}
        segments = self.sudo().browse(w.id for ws in watchers.values() for w in ws)
        if len(segments.try_lock_for_update(allow_referencing=True)) < len(segments):
            return None
        if engine.dirty.waits(self.env, DIRTY, later, at_least=MANY):
            engine.dirty.forget(self.env, DIRTY, later)
            segments._mark_full()
            return MANY, 0
        done = changed = 0
        found = engine.dirty.take(self.env, DIRTY, CHUNK, later)
        for (model_name, source), ids in found.items():
            ids = self.env[model_name].sudo().browse(ids).exists().ids
            ready = [
                watcher.id
                for watcher in watchers[MODEL_TARGETS[model_name]]
                if watcher.is_ready
                and (later or watcher.at_once)
                and watcher.looks_through(source)
            ]
            if not later:
                self._keep_for_hour(model_name, ids, source, watchers)
            if ids and ready:
                changed += self.sudo().browse(ready)._refresh_ids(ids, "changes").total
            done += len(ids)
        return done, changed

    def _keep_for_hour(self, model_name, ids, source, watchers):
        """Segments that are refreshed every hour want to see these changes too."""
        if any(
            not watcher.at_once and watcher.looks_through(source)
            for watcher in watchers[MODEL_TARGETS[model_name]]
        ):
            self._note_dirty(self.env[model_name].browse(ids), source, later=True)

    def _mark_full(self):
        """Have the job hold all records against these rules."""
        self.with_context(tracking_disable=True).write(
            {"full_refresh_at": False, "next_refresh_at": fields.Datetime.now()}
        )

    # === BUSINESS METHODS - WATCHERS === #
    @api.model
    def _get_at_once_dependencies(self):
        """Names of the fields that decide which changes concern a segment."""
        return {
            "active",
            "company_id",
            "domain",
            "error_message",
            "kind",
            "refresh_policy",
            "roll_up",
            "rule_changed",
            "target",
        }

    @api.model
    @tools.ormcache("target")
    def _get_watchers(self, target):
        """Return a :class:`Watcher` for each segment that follows changes."""
        if self._is_leaving():
            return ()
        segments = self.sudo().search(
            [
                ("kind", "!=", "manual"),
                ("target", "=", target),
                ("refresh_policy", "in", ["at_once", "hourly"]),
            ]
        )
        return tuple(map(self._prepare_watcher, segments))

    def _prepare_watcher(self, segment):
        model = self.env[TARGET_MODELS[segment.target]]
        criterion = segment._prepare_criterion()
        names = engine.touched_fields(self.env, criterion)
        if criterion.member:
            names |= {criterion.member, "parent_id"}
        if any(self._is_untraceable(model, name) for name in names):
            names = None
        try:
            found = engine.footprint(self.env, criterion)
            models_ = frozenset(found.models) if found.is_clear else None
            rests = "crm.segment" in found.models
        except engine.CriterionError:
            models_, rests = None, False
        return Watcher(
            id=segment.id,
            names=None if names is None else frozenset(names),
            models=models_,
            at_once=segment.refresh_policy == "at_once",
            is_ready=not segment.rule_changed and not segment.error_message,
            rests_on_segments=rests,
            rests_by_rule=rests and "segment_ids" in (segment.domain or ""),
        )

    def _is_untraceable(self, model, name):
        """Whether nothing says when a field's value changes: only a search is known."""
        field = model._fields.get(name)
        return bool(field) and not field.store and not self.pool.field_depends[field]

    @api.model
    @tools.ormcache()
    def _get_sources(self):
        """Models whose changes concern a segment; ``None``: any may."""
        found = [w.models for t in TARGET_MODELS for w in self._get_watchers(t)]
        return None if None in found else frozenset().union(*found)

    def _is_leaving(self):
        """Whether the add-on is being uninstalled: its tables may be half gone."""
        modules = self.env["ir.module.module"].sudo()
        leaving = [("name", "=", "crm_segmentation"), ("state", "=", "to remove")]
        return bool(modules.search_count(leaving))
