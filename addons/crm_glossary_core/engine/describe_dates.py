"""Dates in words: fixed ones in the user's format, relative ones as a phrase.

Relative dates are the small language of ``odoo.tools.date_utils.parse_date``:
"today", "now", then steps such as ``-30d``, ``=1d``, ``+monday``.
"""

import re
from datetime import date, datetime, timedelta

from babel.dates import format_timedelta, get_day_names, get_month_names

from odoo.tools import format_date, format_datetime
from odoo.tools.misc import babel_locale_parse

_STEP = re.compile(r"([+=-])(?:(\d+)([dwmyHMS])|([a-z]+day|week_start))")
_WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
# unit -> its name in Babel, its seconds there (a month has 30 days, a year 365)
_UNITS = {
    "d": ("day", 24 * 3600),
    "w": ("week", 7 * 24 * 3600),
    "m": ("month", 30 * 24 * 3600),
    "y": ("year", 365 * 24 * 3600),
    "H": ("hour", 3600),
    "M": ("minute", 60),
    "S": ("second", 1),
}
# steps that people have a name for; the order of two "=" steps does not matter
_NAMED = {
    ("=week_start",): "this week",
    ("=1d",): "this month",
    ("=1d", "-1m"): "last month",
    ("-1m", "=1d"): "last month",
    ("=1d", "+1m"): "next month",
    ("+1m", "=1d"): "next month",
    ("=1d", "=1m"): "this year",
    ("=1m", "=1d"): "this year",
}


class DateTexts:
    """Writes dates for one reader.

    :param env: environment of the reader: language, time zone
    :param phrases: see ``describe_phrases.get_phrases``
    """

    def __init__(self, env, phrases):
        self.env = env
        self.phrases = phrases
        self.locale = babel_locale_parse(env.lang or env.user.lang)

    def spell(self, value):
        """Return a date, datetime or text of a date in words.

        :param value: ``date``, ``datetime`` (UTC, naive), or a string as domains
            have it: ISO or relative
        :return: str
        :raise ValueError: the text is no date
        """
        if isinstance(value, str):
            value = value.strip()
            if not re.match(r"\d+-", value):
                return self._write_relative(value.split())
            if len(value) > 10:
                value = datetime.fromisoformat(value)
            else:
                value = date.fromisoformat(value)
        if isinstance(value, datetime):
            zone = self.env.context.get("tz") or self.env.user.tz
            return format_datetime(self.env, value, tz=zone)
        return format_date(self.env, value)

    def write_part(self, part, value):
        """Return the value of a part of a date ("month_number": 3 -> "March").

        :param str part: a number granularity of Odoo
        :param int value: its value; weeks begin on Sunday, 0
        :return: str, or None where the number itself is what people read
        """
        if part == "month_number" and value in range(1, 13):
            return get_month_names("wide", "stand-alone", self.locale)[value]
        if part == "day_of_week" and value in range(7):
            return get_day_names("wide", "stand-alone", self.locale)[(value - 1) % 7]
        return None

    def _write_relative(self, terms):
        """Return the phrase for the terms of a relative date.

        :raise ValueError: a term that the language of dates does not have
        """
        if not terms:
            raise ValueError("empty date")
        start = terms[0] if terms[0] in ("today", "now") else None
        steps = terms[1:] if start else terms
        if tuple(steps) in _NAMED:
            return self.phrases[_NAMED[tuple(steps)]]
        parts = [self._parse_step(step) for step in steps]
        if len(parts) == 1 and parts[0][0] in "+-" and parts[0][2] in _UNITS:
            return self._write_distance(*parts[0])
        texts = [self._write_step(*part) for part in parts]
        if start or parts[0][0] != "=":
            texts.insert(0, self.phrases[start or "now"])
        return ", ".join(texts)

    @staticmethod
    def _parse_step(term):
        """Return (sign, number or False, unit or name of a day) of one term."""
        match = _STEP.fullmatch(term)
        if not match:
            raise ValueError(f"not a step of a date: {term}")
        sign, number, unit, day = match.groups()
        if day and day not in (*_WEEKDAYS, "week_start"):
            raise ValueError(f"not a day: {term}")
        return sign, int(number) if number else False, unit or day

    def _write_distance(self, sign, number, unit):
        """Return "30 days ago" or "in 30 days"."""
        if not number:
            return self.phrases["now" if unit in "HMS" else "today"]
        return self._write_duration(
            -number if sign == "-" else number, unit, add_direction=True
        )

    def _write_duration(self, number, unit, add_direction=False):
        """Return "30 days"; the threshold stops Babel from choosing a larger unit."""
        name, seconds = _UNITS[unit]
        return format_timedelta(
            timedelta(seconds=number * seconds),
            granularity=name,
            threshold=10**9,
            add_direction=add_direction,
            locale=self.locale,
        )

    def _write_step(self, sign, number, unit):
        """Return one step of several: "minus 1 month", "day 1 of the month"."""
        if unit == "week_start":
            return self.phrases[f"{sign} week_start"]
        if unit in _WEEKDAYS:
            names = get_day_names("wide", "stand-alone", self.locale)
            return self.phrases[f"{sign} weekday"] % {
                "weekday": names[_WEEKDAYS.index(unit)]
            }
        if sign in "+-":
            return self.phrases[sign] % {"duration": self._write_duration(number, unit)}
        if unit == "m" and number in range(1, 13):
            names = get_month_names("wide", "stand-alone", self.locale)
            return self.phrases["=m"] % {"month": names[number]}
        if f"={unit}" not in self.phrases:
            raise ValueError(f"not a step of a date: ={number}{unit}")
        return self.phrases[f"={unit}"] % {"number": number}
