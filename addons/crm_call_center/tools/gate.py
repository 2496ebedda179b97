"""Whether a number may be called, at a moment: the decision, apart from the database.

:func:`decide` is a pure function of what is known (:class:`Facts`), of what the policy
and the country packs ask for (:class:`Rules`) and of the moment. It says every reason
that speaks against the call, not the first one, and the next moment without any.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

#: A moment that is not found in so many days is told as "never".
HORIZON = timedelta(days=400)
#: Attempts of so many days are counted for the proof.
COUNTED = timedelta(days=30)
#: Hours that come round every week are found in one, or after a longer holiday.
HOURS_HORIZON = timedelta(days=21)
#: After nobody answered, another part of the day is tried for so long.
DAYPART_MEMORY = timedelta(days=3)
#: Parts of the day begin at these hours: morning, afternoon, evening.
DAYPARTS = (0, 12, 17)


#: Of a number with one of these nothing makes a call: neither waiting nor paperwork.
HOPELESS = frozenset({"no_number", "do_not_call", "in_register", "wrong_number"})


class Week(NamedTuple):
    """Hours of a week: for Monday to Sunday the spans in minutes since midnight."""

    days: tuple[tuple[tuple[int, int], ...], ...]
    #: Local dates on which nobody is called.
    holidays: frozenset[date] = frozenset()


class Limit(NamedTuple):
    """So many attempts in so many local days."""

    code: str
    maximum: int
    days: int
    of: str


class Rules(NamedTuple):
    """What a policy and the packs of the callee's countries ask for, put together."""

    weeks: tuple[Week, ...] = ()
    fallback_zone: str = "UTC"
    limits: tuple[Limit, ...] = ()
    spacing: int = 0
    other_daypart: bool = False
    rest_days: int = 0
    needs_opt_in: bool = False
    needs_provenance: bool = False
    stale_registers: tuple[str, ...] = ()


class Facts(NamedTuple):
    """What is known of a number and of whom it reaches. Moments are naive UTC."""

    number: str | None
    zones: tuple[str, ...] = ()
    zone_source: str = "unknown"
    #: (code, until or None, what to tell) of the do-not-call list
    blocks: tuple[tuple, ...] = ()
    is_wrong: bool = False
    #: moments of attempts, oldest first
    number_attempts: tuple[datetime, ...] = ()
    contact_attempts: tuple[datetime, ...] = ()
    last_no_answer: datetime | None = None
    last_refusal: datetime | None = None
    has_consent: bool = False
    has_provenance: bool = True


class Reason(NamedTuple):
    """Why a call must not be made; ``until`` is ``None`` when waiting does not help."""

    code: str
    until: datetime | None = None
    param: str | int | None = None


class Decision(NamedTuple):
    """The answer of the gate."""

    allowed: bool
    reasons: tuple[Reason, ...]
    next_time: datetime | None
    zones: tuple[str, ...]
    zone_source: str
    flagged: bool
    #: attempts on the number in the 30 days before, in whatever list
    attempts: int = 0

    @property
    def is_final(self) -> bool:
        """Whether the number can never be called as things are."""
        return not self.allowed and self.next_time is None

    @property
    def is_hopeless(self) -> bool:
        """Whether nothing that we may do changes that: the number itself is out."""
        return self.is_final and any(
            reason.code in HOPELESS and reason.until is None for reason in self.reasons
        )


def decide(facts: Facts, rules: Rules, at: datetime) -> Decision:
    """Say whether ``facts.number`` may be called at ``at``.

    :param at: naive UTC
    :return: all reasons against it, and the first moment from ``at`` on without any
        (``None`` when there is none as far as can be seen)
    """
    zones = facts.zones or (rules.fallback_zone,)
    flagged = not facts.zones or len(set(facts.zones)) > 1
    reasons = _lasting(facts, rules, at) + _passing(facts, rules, zones, at)
    next_time = at if not reasons else _find_next(facts, rules, zones, at, reasons)
    attempts = sum(at - COUNTED < made <= at for made in facts.number_attempts)
    return Decision(
        not reasons,
        reasons,
        next_time,
        facts.zones,
        facts.zone_source,
        flagged,
        attempts,
    )


def _find_next(facts, rules, zones, at, reasons):
    moment = at
    while moment - at <= HORIZON:
        if any(reason.until is None for reason in reasons):
            return None
        if not reasons:
            return moment
        moment = max(reason.until for reason in reasons)
        reasons = _lasting(facts, rules, moment) + _passing(facts, rules, zones, moment)
    return None


def _lasting(facts, rules, at):
    """What waiting does not change, but for blocks: some of them expire."""
    reasons = []
    if not facts.number:
        reasons.append(Reason("no_number"))
    for code, until, param in facts.blocks:
        if until is None or until > at:
            reasons.append(Reason(code, until, param))
    if facts.is_wrong:
        reasons.append(Reason("wrong_number"))
    if rules.needs_opt_in and not facts.has_consent:
        reasons.append(Reason("opt_in_missing"))
    if rules.needs_provenance and not facts.has_provenance:
        reasons.append(Reason("no_provenance"))
    reasons.extend(
        Reason("register_too_old", None, name) for name in rules.stale_registers
    )
    return tuple(reasons)


def _passing(facts, rules, zones, at):
    """What passes by itself: hours, limits, spacing, rest."""
    reasons = []
    if rules.weeks and (closed := _judge_hours(rules.weeks, zones, at)):
        reasons.append(closed)
    for limit in rules.limits:
        attempts = (
            facts.number_attempts if limit.of == "number" else facts.contact_attempts
        )
        if until := _limit_until(limit, attempts, zones, at):
            reasons.append(Reason(limit.code, until, limit.maximum))
    if rules.spacing and facts.number_attempts:
        until = facts.number_attempts[-1] + timedelta(minutes=rules.spacing)
        if until > at:
            reasons.append(Reason("spacing", until, rules.spacing))
    if rules.other_daypart and facts.last_no_answer:
        if until := _daypart_until(facts.last_no_answer, zones[0], at):
            reasons.append(Reason("same_daypart", until))
    if rules.rest_days and facts.last_refusal:
        until = facts.last_refusal + timedelta(days=rules.rest_days)
        if until > at:
            reasons.append(Reason("resting", until, rules.rest_days))
    return tuple(reasons)


# --- hours ---------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _judge_hours(weeks, zones, at):
    """Return the reason when a week is closed in a zone, ``None`` when all are open."""
    if all(_open_in(week, zone, at) for zone in zones for week in weeks):
        return None
    until = next_open(weeks, zones, at)
    if until is None:
        return Reason("no_common_hour")
    is_holiday = any(_is_holiday(week, zone, at) for week in weeks for zone in zones)
    return Reason("holiday" if is_holiday else "outside_hours", until)


def next_open(weeks, zones, at):
    """Return the first moment from ``at`` on at which all is open, or ``None``."""
    moment, end = at, at + HOURS_HORIZON
    while moment is not None and moment <= end:
        later = moment
        for zone in zones:
            for week in weeks:
                opened = _next_open_in(week, zone, later, end)
                if opened is None:
                    return None
                later = opened
        if later == moment:
            return moment
        moment = later
    return None


@lru_cache(maxsize=512)
def _zone(name):
    return ZoneInfo(name)


def local(at, zone):
    """Return the wall clock in a zone at a naive UTC moment, naive as well."""
    return at.replace(tzinfo=UTC).astimezone(_zone(zone)).replace(tzinfo=None, fold=0)


def _open_in(week, zone, at):
    clock = local(at, zone)
    if clock.date() in week.holidays:
        return False
    minute = clock.hour * 60 + clock.minute
    return any(start <= minute < end for start, end in week.days[clock.weekday()])


def _is_holiday(week, zone, at):
    clock = local(at, zone)
    return clock.date() in week.holidays and bool(week.days[clock.weekday()])


def _next_open_in(week, zone, at, end):
    if _open_in(week, zone, at):
        return at
    day = local(at, zone).date()
    while True:
        moments = [
            moment
            for moment in _get_openings(week, zone, day)
            if moment > at and _open_in(week, zone, moment)
        ]
        if moments:
            return min(moments)
        day += timedelta(days=1)
        if datetime.combine(day, datetime.min.time()) - timedelta(days=2) > end:
            return None


@lru_cache(maxsize=8192)
def _get_openings(week, zone, day):
    """Return the moments of a local day at which hours may begin.

    The wall clock may show a time twice or never; so the moment at which it is set
    forward or back is one of them.
    """
    if day in week.holidays:
        return ()
    moments = set()
    midnight = datetime.combine(day, datetime.min.time())
    for start, _end in week.days[day.weekday()]:
        wall = midnight + timedelta(minutes=start)
        moments.update(_to_utc(wall.replace(fold=fold), zone) for fold in (0, 1))
    first = _to_utc(midnight, zone)
    last = _to_utc(midnight + timedelta(days=1), zone)
    if last - first != timedelta(days=1):
        moments.add(_find_change(zone, first, last))
    return tuple(moments)


def _to_utc(wall, zone):
    return wall.replace(tzinfo=_zone(zone)).astimezone(UTC).replace(tzinfo=None)


def _find_change(zone, first, last):
    """Return the moment between two at which the clock is set anew, to the minute."""
    before = local(first, zone) - first
    while last - first > timedelta(minutes=1):
        middle = first + (last - first) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle <= first:
            break
        if local(middle, zone) - middle == before:
            first = middle
        else:
            last = middle
    return last


# --- attempts ------------------------------------------------------------------------


def _limit_until(limit, attempts, zones, at):
    """Return when there is room for one more attempt; ``None`` when there is now."""
    if len(attempts) < limit.maximum:
        return None
    if limit.days == 1:
        # In several zones, a day is over when it is over in the last of them.
        until = None
        for zone in zones:
            today = local(at, zone).date()
            made = sum(
                1
                for moment in attempts
                if moment <= at and local(moment, zone).date() == today
            )
            if made >= limit.maximum:
                midnight = datetime.combine(
                    today + timedelta(days=1), datetime.min.time()
                )
                until = max(until or at, _to_utc(midnight, zone))
        return until
    span = timedelta(days=limit.days)
    recent = [moment for moment in attempts if at - span < moment <= at]
    if len(recent) < limit.maximum:
        return None
    return recent[-limit.maximum] + span


def get_daypart(clock):
    """Return 0 in the morning, 1 in the afternoon, 2 in the evening."""
    return sum(clock.hour >= hour for hour in DAYPARTS) - 1


def _daypart_until(last, zone, at):
    """Return the end of the part of the day in which nobody answered the last time."""
    if at - last >= DAYPART_MEMORY:
        return None
    clock = local(at, zone)
    part = get_daypart(clock)
    if part != get_daypart(local(last, zone)):
        return None
    day = datetime.combine(clock.date(), datetime.min.time())
    hour = (*DAYPARTS, 24)[part + 1]
    until = _to_utc(day + timedelta(hours=hour), zone)
    return min(until, last + DAYPART_MEMORY) if until > at else None
