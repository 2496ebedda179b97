from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import babel_locale_parse, get_lang

from ..tools import gate
from ..tools.callback_words import CallbackError, parse

#: When evening, morning and afternoon begin for somebody who is called back.
EVENING, MORNING, AFTERNOON = 18, 10, 15
#: Nobody plans a call for later than that.
FARTHEST = timedelta(days=366)


class Outlook(NamedTuple):
    """What the gate says of a call: now, and at the usual moments of a callback."""

    now: gate.Decision
    moments: dict
    later: list


class CrmCall(models.Model):
    """When somebody wants to be called back, on the clock of that person."""

    _inherit = "crm.call"

    # === BUSINESS METHODS === #
    @api.model
    def desk_parse_callback(self, call_id, text):
        """Say what a typed moment means, before it is saved.

        :param str text: such as "14:30", "tomorrow 10" or "утре в 10"
        :return: dict with ``date`` (UTC, or ``False``), ``local_text`` (on the callee's
            clock), ``own_text`` (on the user's), ``moved`` (whether it is another
            moment than the one that was wished for) and ``problem`` (a sentence, or
            ``False``)
        """
        call = self._get_desk_call(call_id)
        return call._answer_callback(text)

    def _answer_callback(self, text):
        self.ensure_one()
        try:
            wanted = self._read_callback(self._read_text(text) or "")
        except UserError as error:
            return {
                "date": False,
                "local_text": False,
                "own_text": False,
                "moved": False,
                "problem": str(error),
            }
        decision = self._decide_moments([wanted])[0]
        date = decision.next_time
        problem = False
        if date is None:
            date = wanted
        moved = date != wanted
        reasons = self.env["crm.call.policy"]._tell_reasons(decision)
        if moved:
            problem = self.env._(
                "%(reasons)s at %(wanted)s: moved to the next moment at which the call"
                " may be made.",
                reasons=reasons,
                wanted=self._tell_there(wanted),
            )
        elif not decision.allowed:
            problem = reasons
        return {**self._prepare_moment(date), "moved": moved, "problem": problem}

    def _read_callback(self, text):
        """Return the moment (naive UTC) that a text means for the callee.

        :raise UserError: when it means none, or one in the past
        """
        zone = self._get_callback_zone()
        now = self._to_local(fields.Datetime.now(), zone)
        try:
            return self._to_utc(parse(text, now), zone)
        except CallbackError as error:
            texts = {
                "unknown": self.env._(
                    "“%(text)s” is no moment that I know. Write 14:30, tomorrow 10:00,"
                    " Tue 16:00 or 25.11 10:00.",
                    text=text or "",
                ),
                "past": self.env._(
                    "“%(text)s” is in the past there: it is %(now)s.",
                    text=text,
                    now=self._tell_there(fields.Datetime.now()),
                ),
                "far": self.env._(
                    "“%(text)s” is more than a year away.", text=text or ""
                ),
            }
            raise UserError(texts[error.code]) from error

    def _get_callback_date(self, values):
        """Return the moment (naive UTC) of a callback, as the desk names it.

        :param dict values: ``{"code": ...}`` of a choice of the card, or
            ``{"text": ...}``, or ``{"date": ...}`` (UTC)
        """
        values = values if isinstance(values, dict) else {}
        if values.get("date"):
            try:
                date = fields.Datetime.to_datetime(values["date"])
            except (TypeError, ValueError):
                date = None
        elif values.get("code"):
            date = self._get_callback_moments().get(str(values["code"]))
        else:
            return self._read_callback(str(values.get("text") or ""))
        if not isinstance(date, datetime) or date <= fields.Datetime.now():
            raise UserError(self.env._("Say when the person wants to be called back."))
        if date > fields.Datetime.now() + FARTHEST:
            raise UserError(
                self.env._("“%(text)s” is more than a year away.", text=date)
            )
        return date

    def _get_callback_moments(self):
        """Return the usual moments of a callback (naive UTC), by code, in order."""
        zone = self._get_callback_zone()
        now = self._to_local(fields.Datetime.now(), zone).replace(
            second=0, microsecond=0
        )
        midnight = now.replace(hour=0, minute=0)
        tomorrow = midnight + timedelta(days=1)
        evening = midnight + timedelta(hours=EVENING)
        if evening <= now:
            evening += timedelta(days=1)
        monday = midnight + timedelta(days=7 - now.weekday())
        moments = {
            "in_an_hour": now + timedelta(hours=1),
            "evening": evening,
            "tomorrow_morning": tomorrow + timedelta(hours=MORNING),
            "tomorrow_afternoon": tomorrow + timedelta(hours=AFTERNOON),
            "monday": monday + timedelta(hours=MORNING),
            "in_a_week": now + timedelta(days=7),
        }
        dates = {code: self._to_utc(moment, zone) for code, moment in moments.items()}
        # An hour is an hour, also in the night in which the clocks change.
        instant = fields.Datetime.now().replace(second=0, microsecond=0)
        dates["in_an_hour"] = instant + timedelta(hours=1)
        return dates

    def _prepare_callback_choices(self, moments=None, decisions=None):
        """Return what the keys 1 to 6 of a callback mean, in lawful hours.

        :param dict moments: see :meth:`_get_callback_moments`
        :param decisions: what the gate says of them
        """
        self.ensure_one()
        zone = self._get_callback_zone()
        moments = moments or self._get_callback_moments()
        labels = {
            "in_an_hour": self.env._("In an hour"),
            "evening": self.env._("In the evening"),
            "tomorrow_morning": self.env._("Tomorrow morning"),
            "tomorrow_afternoon": self.env._("Tomorrow afternoon"),
            "monday": self.env._("On Monday"),
            "in_a_week": self.env._("In a week"),
        }
        decisions = decisions or self._decide_moments(list(moments.values()))
        return [
            {
                "key": str(key),
                "code": code,
                # What is not allowed then is not "this evening" any more.
                "label": labels[code]
                if decision.next_time in (False, None, date)
                else self.env._("As early as allowed"),
                **self._prepare_moment(decision.next_time or date, zone),
            }
            for key, ((code, date), decision) in enumerate(
                zip(moments.items(), decisions, strict=True), start=1
            )
        ]

    def _get_outlook(self):
        """Ask the gate about now and about the usual moments of a callback, at once."""
        self.ensure_one()
        moments = self._get_callback_moments()
        now, *later = self._decide_moments([fields.Datetime.now(), *moments.values()])
        return Outlook(now, moments, later)

    def _decide_moments(self, moments):
        """Ask the gate about one call at several moments, reading the facts once.

        :param moments: naive UTC
        :return: list of :class:`gate.Decision`
        """
        self.ensure_one()
        call = self.sudo()
        call_list, purpose, policy = self._get_terms()[self.id]
        company = call.company_id or call_list.company_id or self.env.company
        policy = policy.with_company(company)
        now = fields.Datetime.now()
        row = call._prepare_gate_rows()[0]
        fact = policy._gather([row], now, purpose, call_list)[0]
        zone = policy._get_fallback_zone(call_list, [fact])
        return [
            gate.decide(fact, policy._get_rules_of(row, fact, at, purpose, zone), at)
            for at in moments
        ]

    # --- clocks --------------------------------------------------------------------

    def _get_callback_zone(self):
        """Return the zone in which the callee's words are read.

        Where it cannot be told, it is the operator's own: the two agree on that.
        """
        return self.sudo()._get_time_zone() or self.env.user.tz or "UTC"

    @api.model
    def _to_local(self, moment, zone):
        return (
            moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        )

    @api.model
    def _to_utc(self, moment, zone):
        """A local time that the clocks skip is the one an hour later."""
        return (
            moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
        )

    def _tell_there(self, moment):
        """Return a moment (naive UTC) on the callee's clock."""
        zone = self._get_callback_zone()
        return self._tell_day_and_hour(moment, zone)

    @api.model
    def _tell_day_and_hour(self, moment, zone):
        return format_datetime(
            self._to_local(moment, zone),
            "EEE d MMM HH:mm",
            locale=babel_locale_parse(get_lang(self.env).code),
        )

    def _prepare_moment(self, date, zone=None):
        """Return a moment as the desk shows it: there and here."""
        zone = zone or self._get_callback_zone()
        own_zone = self.env.user.tz or zone
        return {
            "date": fields.Datetime.to_string(date),
            "local_text": self._tell_day_and_hour(date, zone),
            "own_text": self._tell_day_and_hour(date, own_zone),
        }

    # === HOOKS === #
    def _get_give_up_reason(self, outcome):
        """Who asked for a call is called, however often it was tried before."""
        if outcome.code == "callback":
            return False
        return super()._get_give_up_reason(outcome)
