import logging
import time

from odoo import fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.crm_glossary_core import engine

from .crm_segment import TARGET_MODELS
from .crm_segment_member import get_match_table

_logger = logging.getLogger(__name__)

#: Errors that another try in a new transaction heals.
RETRIED = (ConcurrencyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)


class CrmSegment(models.Model):
    """How the members of segments are brought up to date: one by one, and whole.

    See ``crm_segment_refresh_changes`` for what changes, and
    ``crm_segment_refresh_schedule`` for what time brings.
    """

    _inherit = "crm.segment"

    # === FIELDS === #
    roll_up = fields.Selection(
        [("person", "Each contact"), ("company", "Their company")],
        string="Counted",
        required=True,
        default="person",
        tracking=True,
        help="Each contact: members are the contacts that match.\n"
        "Their company: members are the companies of contacts that match; a contact"
        " without a company stands for itself.",
    )
    full_refresh_at = fields.Datetime(
        string="Last Full Refresh",
        readonly=True,
        copy=False,
        help="When all records were last held against the rule. In between, only those"
        " are looked at that changed or became due.",
    )
    clock = fields.Char(
        readonly=True,
        copy=False,
        help="What the dates of the rule meant at the last refresh.",
    )
    fill_position = fields.Integer(
        readonly=True,
        copy=False,
        help="How far a first filling of a large segment is: it is done in parts.",
    )

    # === BUSINESS METHODS === #
    def refresh(self):
        """Make the members of these segments those who match their rules, now.

        Segments that are kept by hand stay as they are. A rule that does not work
        leaves its members as they were and says why in ``error_message``. Segments that
        rest on these follow.

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
        ruled = self.filtered(lambda segment: segment.kind != "manual")
        ruled.lock_for_update(allow_referencing=True)
        diff = ruled._refresh()
        return {
            "entered": diff.added,
            "left": diff.gone,
            "broken": len(ruled.filtered("error_message")),
        }

    def _refresh(self):
        """Refresh these segments, one statement each; return what changed."""
        total = engine.Diff()
        for segment in self.sudo()._in_refresh_order():
            total += segment._refresh_fully()
        return total

    def _refresh_fully(self, id_range=None, is_last=True):
        """Hold all records against the rule; return what changed.

        :param tuple id_range: only the records in this range of ids
        :param bool is_last: whether the segment is complete after this
        """
        self.ensure_one()
        started = time.monotonic()
        reasons = ("rule_changed", "rule_changed") if self.rule_changed else ()
        table = get_match_table(self.target, *reasons)
        [criterion] = criteria = self._to_criteria()
        # Read before: what becomes due meanwhile is found by the next look.
        clock = self._read_clock(criterion)
        diff = engine.refresh(self.env, table, criteria, id_range=id_range)
        self._store_criterion_errors(criteria)
        if diff:
            self._forget_members(self.target)
        if not is_last and not criterion.error:
            self.with_context(tracking_disable=True).write(
                {
                    "fill_position": id_range[1],
                    "last_entered": self._get_entered_before() + diff.added,
                    "last_left": self._get_left_before() + diff.gone,
                }
            )
            return diff
        self._note_refresh(diff, clock=clock)
        self._log_refresh("full", time.monotonic() - started, diff)
        if diff:
            self._mark_dependents_due()
        return diff

    def _refresh_safely(self, action):
        """Do ``action()``; keep an unforeseen error on the segment: the rest goes on.

        :return: what it returned, or an empty :class:`engine.Diff`
        """
        try:
            self.env.flush_all()
            with self.env.cr.savepoint():
                return action()
        except RETRIED:
            raise
        except Exception as error:
            _logger.exception("Refresh of segment %s failed", self.id)
            self.env.invalidate_all()
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            self.error_message = self.env._(
                "The refresh failed: %(reason)s", reason=reason
            )
            self._note_refresh(engine.Diff())
            self._log_refresh("full", 0.0, engine.Diff())
            return engine.Diff()

    def _note_refresh(self, diff, clock=None, is_full=True):
        """Keep when the segment was refreshed and what it changed."""
        now = fields.Datetime.now()
        vals = {"next_refresh_at": self._get_next_refresh(now, clock or self.clock)}
        if not self.error_message:
            entered, left = diff.added, diff.gone
            if self.fill_position:
                entered += self._get_entered_before()
                left += self._get_left_before()
            vals.update(refreshed_at=now, last_entered=entered, last_left=left)
            if is_full:
                vals.update(full_refresh_at=now, fill_position=0)
            if clock is not None and clock != self.clock:
                vals["clock"] = clock
            if self.rule_changed and is_full:
                vals["rule_changed"] = False
        self.with_context(tracking_disable=True).write(vals)

    def _get_entered_before(self):
        """Entries of the parts before, while a large segment is filled."""
        return self.last_entered if self.fill_position else 0

    def _get_left_before(self):
        return self.last_left if self.fill_position else 0

    def _mark_due(self, rule_changed=False):
        """Have the scheduled job refresh those that have a rule, as soon as it can.

        Frozen segments and those refreshed by hand are filled once, when they are new.
        """
        due = self.filtered(
            lambda segment: segment.kind != "manual"
            and segment.active
            and (segment._is_scheduled() or not segment.refreshed_at)
        )
        marks = {"full_refresh_at": False, "fill_position": 0}
        if rule_changed:
            marks["rule_changed"] = True
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

    # === BUSINESS METHODS - DEPENDENTS === #
    def _mark_dependents_due(self):
        """Have the segments that rest on these evaluated anew, in the same pass."""
        dependents = self._get_dependents().filtered(
            lambda segment: segment.refresh_policy in ("at_once", "hourly")
        )
        if dependents:
            dependents.with_context(tracking_disable=True).write(
                {"next_refresh_at": fields.Datetime.now(), "full_refresh_at": False}
            )
            self._request_refresh()

    # === HOOKS === #
    def _prepare_criterion(self):
        criterion = super()._prepare_criterion()
        criterion.domain = self._get_effective_domain()
        if self.roll_up == "company" and self.target == "partner":
            criterion.member = "commercial_partner_id"
        return criterion

    def _get_effective_domain(self):
        """Return the domain, as text, that decides who is a member."""
        return self._get_rule_domain()

    def _get_rule_domain(self):
        """Return the rule's domain, as text, with what other apps ask beside it."""
        self.ensure_one()
        return self.domain

    def _in_refresh_order(self):
        """Return these segments sorted: each after those that it rests on."""
        return self.sorted("id")

    def _get_dependents(self):
        """Return active segments whose members may change when those of these do.

        Here: those whose rule looks at memberships, whichever.
        """
        ids = [
            watcher.id
            for target in TARGET_MODELS
            for watcher in self._get_watchers(target)
            if watcher.rests_by_rule
        ]
        return self.sudo().browse(ids) - self
