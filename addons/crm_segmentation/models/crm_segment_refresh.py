import datetime
import time

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from odoo.addons.crm_glossary_core import engine

from .crm_segment import TARGET_MODELS
from .crm_segment_member import get_match_table

#: Seconds that a batch of the scheduled job may take before it is committed.
BATCH_SECONDS = 1.0
#: How long what a policy refreshed counts as up to date. Segments that are refreshed
#: at once are looked at every hour too: time passes, and linked records change.
INTERVALS = {
    "at_once": datetime.timedelta(hours=1),
    "hourly": datetime.timedelta(hours=1),
    "daily": datetime.timedelta(days=1),
}


class CrmSegment(models.Model):
    """How the members of rule segments are kept up to date."""

    _inherit = "crm.segment"

    # === BUSINESS METHODS === #
    def refresh(self):
        """Make the members of these segments those who match their rules, now.

        Segments that are kept by hand stay as they are. A rule that does not work
        leaves its members as they were and says why in ``error_message``.

        :return: ``{"entered": number, "left": number, "broken": number of segments}``
        :raise UserError: a segment is frozen, or somebody else is refreshing it
        """
        self.check_access("write")
        frozen = self.filtered(
            lambda segment: segment.refresh_policy == "frozen" and segment.refreshed_at
        )
        if frozen:
            raise UserError(
                self.env._(
                    "“%(name)s” is frozen: its members do not change. Choose another"
                    " way of refreshing first.",
                    name=frozen[0].display_name,
                )
            )
        ruled = self.filtered(lambda segment: segment.kind == "rule")
        ruled.lock_for_update()
        diff = ruled._refresh()
        return {
            "entered": diff.added,
            "left": diff.gone,
            "broken": len(ruled.filtered("error_message")),
        }

    def _refresh(self):
        """Refresh these segments, one statement each; return what changed."""
        total = engine.Diff()
        for segment in self.sudo():
            reasons = ("rule_changed", "rule_changed") if segment.rule_changed else ()
            table = get_match_table(segment.target, *reasons)
            criteria = segment._to_criteria()
            diff = engine.refresh(self.env, table, criteria)
            segment._store_criterion_errors(criteria)
            segment._note_refresh(diff)
            if diff:
                self._forget_members(segment.target)
            total += diff
        return total

    def _note_refresh(self, diff):
        """Keep when the segment was refreshed and what it changed."""
        now = fields.Datetime.now()
        interval = INTERVALS.get(self.refresh_policy)
        vals = {"next_refresh_at": now + interval if interval else False}
        if not self.error_message:
            vals.update(refreshed_at=now, last_entered=diff.added, last_left=diff.gone)
            if self.rule_changed:
                vals["rule_changed"] = False
        self.with_context(tracking_disable=True).write(vals)

    def _mark_due(self, rule_changed=False):
        """Have the scheduled job refresh those that have a rule, as soon as it can.

        Frozen segments and those refreshed by hand are filled once, when they are new.
        """
        due = self.filtered(
            lambda segment: segment.kind == "rule"
            and segment.active
            and (segment.refresh_policy in INTERVALS or not segment.refreshed_at)
        )
        marks = {"rule_changed": True} if rule_changed else {}
        due.write({"next_refresh_at": fields.Datetime.now(), **marks})
        (self - due).write({"next_refresh_at": False, **marks})
        if due:
            self.env["crm.criterion.refresh"]._request("crm.segment")

    def _forget_members(self, target):
        """Drop what the ORM remembers of memberships that the engine wrote.

        :param str target: "partner" or "lead"
        """
        record_fields = ["segment_ids", "segment_count"]
        self.env[TARGET_MODELS[target]].invalidate_model(record_fields, flush=False)
        self.env["crm.segment.member"].invalidate_model(flush=False)
        self.env["crm.segment"].invalidate_model(
            ["member_count", "entered_count", "left_count", "flow_graph"], flush=False
        )

    # === BUSINESS METHODS - REFRESH STEP === #
    def _refresh_watches(self):
        return super()._refresh_watches() | set(TARGET_MODELS.values())

    def _refresh_records(self, records, fnames=None):
        """Refresh the memberships of a few records, in one statement.

        Of the segments that are refreshed at once and look at a field that changed.
        No segment is written: two people who save contacts do not meet there.
        """
        [target] = [key for key, name in TARGET_MODELS.items() if name == records._name]
        touched = [
            segment_id
            for segment_id, names in self._get_at_once_fields(target)
            if fnames is None or names is None or names & fnames
        ]
        if not touched:
            return
        # Some of Odoo's own search methods read the tables without writing first.
        self.env.flush_all()
        criteria = self.sudo().browse(touched)._to_criteria()
        table = get_match_table(target)
        if engine.refresh(self.env, table, criteria, ids=records.ids):
            self._forget_members(target)

    def _refresh_remaining(self, position):
        return self.sudo().search_count(self._get_due_domain(position))

    def _refresh_batch(self, position):
        """Refresh due segments for about a second; the position is a segment's id.

        A segment that somebody else is refreshing is left to them.
        """
        stop_at = time.monotonic() + BATCH_SECONDS
        done = changed = 0
        while segment := self.sudo().search(
            self._get_due_domain(position), order="id", limit=1
        ):
            position = segment.id
            if segment.try_lock_for_update():
                changed += segment._refresh().total
                done += 1
            if time.monotonic() >= stop_at:
                return position, done, changed
        return None, done, changed

    def _get_due_domain(self, position):
        return [
            ("id", ">", position),
            ("kind", "=", "rule"),
            ("next_refresh_at", "<=", fields.Datetime.now()),
        ]

    # === HOOKS === #
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
            "rule_changed",
            "target",
        }

    @api.model
    @tools.ormcache("target")
    def _get_at_once_fields(self, target):
        """Which fields the rules that are refreshed at once look at.

        A rule that is new or broken is not among them: the scheduled job fills it.

        :return: pairs ``(segment id, names)``; no names: any change concerns it
        """
        segments = self.sudo().search(
            [
                ("kind", "=", "rule"),
                ("target", "=", target),
                ("refresh_policy", "=", "at_once"),
                ("rule_changed", "=", False),
                ("error_message", "=", False),
            ]
        )
        model = self.env[TARGET_MODELS[target]]
        result = []
        for segment in segments:
            names = engine.touched_fields(self.env, segment._prepare_criterion())
            unknown = any(self._is_untraceable(model, name) for name in names)
            result.append((segment.id, None if unknown else frozenset(names)))
        return tuple(result)

    def _is_untraceable(self, model, name):
        """Whether nothing says when a field's value changes: only a search is known."""
        field = model._fields.get(name)
        return bool(field) and not field.store and not self.pool.field_depends[field]
