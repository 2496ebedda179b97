from collections import Counter
from zoneinfo import ZoneInfo

from odoo import api, fields, models

from .crm_call import TO_DO

#: Calls that are asked about for the picture of a list; of more, the first are.
SAMPLE = 5000
#: Hours that the picture shows.
SHOWN_HOURS = 12


class CrmCallList(models.Model):
    """Why a list is not worked on, and when the rest of it can be called."""

    _inherit = "crm.call.list"

    # === BUSINESS METHODS === #
    def get_reach(self):
        """Return when the calls that are left can be made.

        :return: dict with ``now`` (calls that may be made at once), ``later`` (by hour:
            ``{label, count}``, in the user's time zone), ``after`` (calls after the
            last hour shown), ``never`` (``{reason, count}``), ``asked`` and ``left``:
            of very long lists only the first calls are asked about
        """
        self.ensure_one()
        self.check_access("read")
        calls = self.env["crm.call"].search(
            [("list_id", "=", self.id), ("state", "in", TO_DO)],
            order="id",
            limit=SAMPLE,
        )
        now = fields.Datetime.now()
        decisions = calls._decide(now)
        zone = ZoneInfo(self.env.user.tz or "UTC")
        later, never = Counter(), Counter()
        allowed = 0
        for call in calls:
            decision = decisions[call.id]
            moment = max(decision.next_time or now, call.next_attempt_date or now)
            if decision.is_final:
                never[decision.reasons[0].code, decision.reasons[0].param] += 1
            elif moment <= now:
                allowed += 1
            else:
                later[self._get_hour(moment, zone)] += 1
        hours = sorted(later)
        return {
            "now": allowed,
            "later": [
                {"label": self._tell_hour(hour), "count": later[hour]}
                for hour in hours[:SHOWN_HOURS]
            ],
            "after": sum(later[hour] for hour in hours[SHOWN_HOURS:]),
            "never": self._tell_never(never, decisions),
            "asked": len(calls),
            "left": self.left_count,
        }

    @api.model
    def _get_hour(self, moment, zone):
        """Return the beginning of the user's hour that a moment lies in, naive."""
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=zone.key), moment
        )
        return local.replace(minute=0, second=0, microsecond=0, tzinfo=None)

    @api.model
    def _tell_hour(self, hour):
        today = fields.Datetime.context_timestamp(self, fields.Datetime.now()).date()
        clock = hour.strftime("%H:%M")
        return clock if hour.date() == today else f"{hour.strftime('%d.%m.')} {clock}"

    @api.model
    def _tell_never(self, never, decisions):
        reasons = {
            (reason.code, reason.param): reason
            for decision in decisions.values()
            for reason in decision.reasons
        }
        return [
            {
                "reason": self.env["crm.call.policy"]._tell_reason(reasons[key]),
                "count": count,
            }
            for key, count in never.most_common()
        ]

    def _list_why_not_worked(self):
        """Return why no call of the list is served now, as sentences."""
        self.ensure_one()
        sentences = []
        today = fields.Date.context_today(self)
        if not self.active:
            sentences.append(self.env._("The list is archived."))
        if self.state != "running":
            states = dict(self._fields["state"]._description_selection(self.env))
            sentences.append(
                self.env._(
                    "The list does not run: %(state)s.", state=states[self.state]
                )
            )
        if not self.operator_ids:
            sentences.append(self.env._("The list has no operators."))
        if self.date_start and today < self.date_start:
            sentences.append(self.env._("The list has not begun yet."))
        if self.date_end and today > self.date_end:
            sentences.append(self.env._("The list has ended."))
        return sentences
