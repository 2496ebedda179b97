"""Calendar periods: plain dates, both ends included."""

from dateutil.relativedelta import relativedelta

UNITS = ("day", "week", "month", "quarter", "year")
_STEPS = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "year": relativedelta(years=1),
}


def start_of(day, unit, week_start=1):
    """First day of the period of ``unit`` in which ``day`` lies.

    :param int week_start: weekday on which weeks begin, Monday = 1
    """
    if unit == "day":
        return day
    if unit == "week":
        return day - relativedelta(days=(day.isoweekday() - week_start) % 7)
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1)


def shift(start, unit, count):
    """Start of the period that lies ``count`` periods after the one of ``start``."""
    return start + _STEPS[unit] * count


def end_of(day, unit, week_start=1):
    """Last day of the period of ``unit`` in which ``day`` lies."""
    return shift(start_of(day, unit, week_start), unit, 1) - relativedelta(days=1)


def unit_of(date_from, date_to, week_start=1):
    """Unit of which the two dates bound exactly one period, or ``None``."""
    for unit in UNITS:
        if (
            start_of(date_from, unit, week_start) == date_from
            and end_of(date_from, unit, week_start) == date_to
        ):
            return unit
    return None


def unit_for(date_from, date_to):
    """Unit in which a span of any length is best cut for a chart."""
    days = (date_to - date_from).days + 1
    for unit, most in (("day", 14), ("week", 62), ("month", 370)):
        if days <= most:
            return unit
    return "quarter"


def last_starts(day, unit, count, week_start=1):
    """Starts of the ``count`` periods that end with the one of ``day``, old first."""
    last = start_of(day, unit, week_start)
    return [shift(last, unit, number - count + 1) for number in range(count)]
