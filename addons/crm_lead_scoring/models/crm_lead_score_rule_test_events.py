import math
import re
from datetime import timedelta

from odoo import models
from odoo.tools import format_date

from odoo.addons.crm_glossary_core import engine

from .crm_lead_score_rule_test import EVENTS_KEY, OWN_LIMIT_KEY

#: Events that a test names, and those it looks at.
SHOWN_EVENTS = 30
MOST_EVENTS = 1000
#: How far ahead a test looks for the next change of points.
HORIZON = 2000


class CrmLeadScoreRule(models.Model):
    """Trying out a rule on events: which count, which do not and why, until when."""

    _inherit = "crm.lead.score.rule"

    # === BUSINESS METHODS === #

    def _explain_events(self, lead):
        """Say of the latest events of this kind whether and why (not) they count.

        :return: dict with ``lines`` (dicts ``date``, ``value``, ``counts``, ``points``
            and ``reason``), ``total``, ``counted`` (how many of them count) and
            ``more`` (how many are not named)
        """
        events = self.env["crm.lead.score.event"].sudo()
        domain = [
            ("signal_id", "=", self.signal_id.id),
            "|",
            ("lead_id", "=", lead.id),
            "&",
            ("lead_id", "=", False),
            ("partner_id", "=", lead.sudo().partner_id.id or -1),
        ]
        total = events.search_count(domain)
        criterion = self._prepare_criterion()
        evidence = engine.event_evidence(
            self.env, [criterion], lead.ids, limit=MOST_EVENTS
        )
        counted, found = evidence.get((lead.id, criterion.key), (0, []))
        points = dict(found)
        lines = [
            self._explain_event(event, points.get(event.id))
            for event in events.search(domain, limit=SHOWN_EVENTS)
        ]
        return {
            "lines": lines,
            "total": total,
            "counted": counted,
            "more": total - len(lines),
        }

    def _explain_event(self, event, points):
        counts = points is not None
        return {
            "id": event.id,
            "date": format_date(self.env, event.date.date()),
            "value": event.value or "",
            "counts": counts,
            "points": round(points, 1) if counts else 0,
            "reason": self._spell_rest(points)
            if counts
            else self._find_reason_not(event),
        }

    def _spell_rest(self, points):
        """How much of an event's points is left, where they fade."""
        if round(points, 1) == self.points:
            return ""
        return self.env._("%(left)g%% left", left=round(100 * points / self.points))

    def _find_reason_not(self, event):
        """Say why an event of this kind does not count; the engine said that it does
        not."""
        day = event.date.date()
        age = (self.model_id._get_today() - day).days
        if self.only_after_start and self.start_date and day < self.start_date:
            return self.env._(
                "before the start, %s", format_date(self.env, self.start_date)
            )
        if self.window_days and age > self.window_days:
            return self.env._("older than %s days", self.window_days)
        if self.value_pattern and not _is_like(self.value_pattern, event.value):
            return self.env._("is not like “%s”", self.value_pattern)
        if self.decay == "linear" and age >= 2 * self.half_life_days:
            return self.env._("nothing is left of it")
        if self.counting == "once":
            return self.env._("only the latest counts")
        if self.counting == "limited":
            texts = {
                "day": self.env._("%s of that day count already", self.max_count),
                "week": self.env._("%s of that week count already", self.max_count),
                "month": self.env._("%s of that month count already", self.max_count),
            }
            return texts[self.period]
        return self.env._("nothing is left of it")

    def _explain_sums(self, found, in_domain, points):
        """The steps from what the events give to what counts in the score."""
        if self.kind == "event":
            free, own = found.get(EVENTS_KEY, 0), found.get(OWN_LIMIT_KEY, 0)
            if free != points or free != own:
                yield {"label": self.env._("All that counts together"), "points": free}
            if own != free:
                yield {
                    "label": self.env._("At most %s points by this rule", self.cap),
                    "points": own,
                }
        else:
            own = self.points if in_domain else 0
        if not in_domain and own:
            yield {
                "label": self.env._("The lead does not meet the conditions"),
                "points": 0,
            }
        elif own != points and self.cap_id and self._is_in_force_today():
            yield {
                "label": self.env._(
                    "What the common cap “%s” leaves of it", self.cap_id.name
                ),
                "points": points,
            }

    def _is_in_force_today(self):
        return self._is_in_force(self.model_id._get_today())

    def _find_change(self, lead, day, points, may_change):
        """Say when the points change if nothing happens; ``False`` if they do not.

        :param bool may_change: something counts that time, or a cap, may change
        """
        days = self._get_days_of_change(may_change)
        last = ahead = later = 0
        for ahead in days:
            later = self._get_points_on(lead, day + timedelta(days=ahead))
            if later != points:
                break
            last = ahead
        else:
            return False
        while ahead - last > 1:
            middle = (last + ahead) // 2
            value = self._get_points_on(lead, day + timedelta(days=middle))
            if value == points:
                last = middle
            else:
                ahead, later = middle, value
        return self.env._(
            "If nothing happens, it gives %(points)s on %(date)s.",
            points=f"{later:+d}".replace("-", "\N{MINUS SIGN}") if later else "0",
            date=format_date(self.env, day + timedelta(days=ahead)),
        )

    def _get_days_of_change(self, passes):
        """Days from today on which to look: all at first, then at growing distance.

        :param bool passes: there are points that may fade
        """
        today = self.model_id._get_today()
        days = set()
        for own in (self.valid_from, self.valid_to and self.valid_to + timedelta(1)):
            if own and own > today:
                days.add((own - today).days)
        if passes and self._passes_with_time():
            ahead = 1
            while ahead <= HORIZON:
                days.add(ahead)
                ahead = math.ceil(ahead * 1.3)
        return sorted(days)

    def _passes_with_time(self):
        """Whether the points of this rule, or of one that shares its cap, fade."""
        rules = self + self.cap_id._origin.rule_ids
        return any(
            rule.valid_to
            or rule.kind == "event"
            and (rule.window_days or rule.decay != "none")
            for rule in rules
        )


def _is_like(pattern, value):
    """Whether a value looks like a pattern in which ``*`` stands for any text."""
    text = ".*".join(map(re.escape, pattern.split("*")))
    return bool(re.fullmatch(text, value or "", re.IGNORECASE | re.DOTALL))
