"""When somebody wants to be called back, in the words of an operator.

English, Bulgarian and Russian are all understood, whatever the language of the screen:
"14:30", "tomorrow 10", "утре в 10", "через два часа", "tue 10:00", "25.11 16:00".
"""

import re
from datetime import date, datetime, time, timedelta

#: The hour that is meant when only a day is named.
USUAL_HOUR = 10
#: An hour below this one without "a.m." is one of the afternoon: nobody calls at 3.
EARLIEST_HOUR = 8
#: How far ahead a call may be planned.
LONGEST = timedelta(days=366)

#: Beginnings of words, in any of the languages.
WEEKDAYS = (
    ("mon", "пон", "пн"),
    ("tue", "вто", "вт"),
    ("wed", "сря", "сре", "ср"),
    ("thu", "чет", "чт"),
    ("fri", "пет", "пят", "пт"),
    ("sat", "съб", "суб", "сб"),
    ("sun", "нед", "вос", "нд", "вс"),
)
MONTHS = (
    ("jan", "яну", "янв"),
    ("feb", "фев"),
    ("mar", "мар"),
    ("apr", "апр"),
    ("may", "май", "мая"),
    ("jun", "юни", "июн"),
    ("jul", "юли", "июл"),
    ("aug", "авг"),
    ("sep", "сеп", "сен"),
    ("oct", "окт"),
    ("nov", "ное", "ноя"),
    ("dec", "дек"),
)
#: Whole words or phrases: days from today.
DAYS = {
    "day after tomorrow": 2,
    "в други ден": 2,
    "вдругиден": 2,
    "другиден": 2,
    "послезавтра": 2,
    "tomorrow": 1,
    "утре": 1,
    "завтра": 1,
    "today": 0,
    "днес": 0,
    "сегодня": 0,
}
#: Parts of a day: the hour that is meant, and whether hours with it are after noon.
PARTS = {
    "afternoon": (15, True),
    "следобед": (15, True),
    "дня": (15, True),
    "днем": (15, True),
    "morning": (10, False),
    "сутринта": (10, False),
    "сутрин": (10, False),
    "утром": (10, False),
    "утра": (10, False),
    "tonight": (18, True),
    "evening": (18, True),
    "довечера": (18, True),
    "вечерта": (18, True),
    "вечер": (18, True),
    "вечером": (18, True),
    "вечера": (18, True),
    "noon": (12, True),
    "на обяд": (12, True),
    "в обед": (12, True),
    "обяд": (12, True),
    "обед": (12, True),
}
NEXT_WEEK = ("next week", "следващата седмица", "другата седмица", "следующей неделе")
HALF_HOUR = ("half an hour", "половин час", "полчаса")
NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "един": 1,
    "една": 1,
    "два": 2,
    "две": 2,
    "три": 3,
    "один": 1,
    "одну": 1,
    "пару": 2,
}
#: Beginnings of the names of spans.
UNITS = (
    ("minutes", ("min", "мин")),
    ("hours", ("h", "час", "ч")),
    ("days", ("day", "ден", "дни", "дня", "дней", "день")),
    ("weeks", ("week", "седм", "недел")),
)
#: Words that mean nothing here.
FILLERS = {
    *("at", "on", "the", "of", "by", "about", "around", "next", "this", "o'clock"),
    *("в", "във", "на", "към", "около", "часа", "час", "ч", "г", "часов", "во", "к"),
    *("тази", "този", "това", "следващия", "следващата", "следващ", "следующий"),
    *("следующую", "следующая", "следующее", "эту", "этот", "h", "годa", "года"),
}

#: Before the name of today's weekday: the one in a week.
NEXT = {
    *("next", "следващия", "следващата", "следващ"),
    *("следующий", "следующая", "следующую", "следующее"),
}

CLOCK = re.compile(r"^(\d{1,2})[:.](\d{2})(am|pm|h|ч)?$")
HOUR = re.compile(r"^(\d{1,2})(am|pm|h|ч)?$")
DATE = re.compile(r"^(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2}))?\.?$")
ISO_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")


class CallbackError(ValueError):
    """The text says no moment; ``code`` is ``unknown``, ``past`` or ``far``."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def parse(text: str, now: datetime) -> datetime:
    """Return the moment that a text means, on the same clock as ``now``.

    :param now: naive local time of whoever is called
    :raise CallbackError: when it says no moment, or one in the past
    """
    words = _clean(text)
    if not words:
        raise CallbackError("unknown")
    moment = _read_span(words, now)
    if moment is None:
        moment = _Reader(words, now).parse()
    if moment <= now:
        raise CallbackError("past")
    if moment - now > LONGEST:
        raise CallbackError("far")
    return moment


def _clean(text):
    text = (text or "").lower().replace("ё", "е").replace(",", " ").strip()
    text = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", text)
    text = re.sub(r"(\d)\s+(am|pm)\b", r"\1\2", text)
    return " ".join(text.split())


def _read_span(text, now):
    """Read "in two hours", "след час", "+30"; ``None`` when it is no span."""
    if match := re.fullmatch(r"\+\s?(\d{1,4})(?: ?min| ?мин)?", text):
        return _round(now + timedelta(minutes=int(match[1])))
    if match := re.fullmatch(r"(?:in|след|через|after)\s+(.+)", text):
        span = match[1]
    else:
        return None
    if span in HALF_HOUR:
        return _round(now + timedelta(minutes=30))
    words = re.findall(r"\d+|[^\W\d]+", span)
    count = 1
    if words and (words[0].isdigit() or words[0] in NUMBERS):
        first = words.pop(0)
        count = int(first) if first.isdigit() else NUMBERS[first]
    if len(words) != 1 or count > 1000:
        return None
    for unit, beginnings in UNITS:
        if words[0].startswith(beginnings):
            return _round(now + timedelta(**{unit: count}))
    return None


def _round(moment):
    """Up to the next whole minute."""
    rest = moment.replace(second=0, microsecond=0)
    return rest if rest == moment else rest + timedelta(minutes=1)


class _Reader:
    """Reads a day and an hour, in any order."""

    def __init__(self, text, now):
        self.now = now
        self.day = None
        #: A weekday that is today may also mean the one in a week.
        self.is_weekday = False
        self.hour = None
        self.minute = 0
        self.is_exact = False
        self.part = None
        self.words = self._take_phrases(text).split()

    def parse(self):
        for index, word in enumerate(self.words):
            self._read_word(index, word)
        if self.day is None and self.hour is None and self.part is None:
            raise CallbackError("unknown")
        return self._put_together()

    def _take_phrases(self, text):
        """Take whole phrases out of the text: days, parts of the day, next week."""
        for phrase in NEXT_WEEK:
            if phrase in text:
                monday = self.now.date() - timedelta(days=self.now.weekday())
                self.day = monday + timedelta(days=7)
                text = text.replace(phrase, " ")
        for phrase, days in DAYS.items():
            text, found = _take(text, phrase)
            if found and self.day is None:
                self.day = self.now.date() + timedelta(days=days)
        # The longer first: "вечера" is no "вечер".
        for phrase in sorted(PARTS, key=len, reverse=True):
            text, found = _take(text, phrase)
            if found:
                self.part = PARTS[phrase]
        return text

    def _read_word(self, index, word):
        following = self.words[index + 1] if index + 1 < len(self.words) else ""
        before = self.words[index - 1 : index]
        if word in FILLERS or self._read_weekday(word, before):
            return
        if self._read_month(word):
            return
        if HOUR.match(word) and _find(MONTHS, following) is not None:
            return  # the day of the month that follows
        if HOUR.match(word) and _find(MONTHS, self._before(index)) is not None:
            if self._set_month(self._before(index), word):
                return
        if not (self._read_date(word) or self._read_time(word)):
            raise CallbackError("unknown")

    def _before(self, index):
        """The word before, if the day of the month was not before that one already."""
        before = self.words[index - 1] if index else ""
        earlier = self.words[index - 2] if index > 1 else ""
        return "" if HOUR.match(earlier) else before

    def _read_weekday(self, word, before):
        weekday = _find(WEEKDAYS, word)
        if weekday is None:
            return False
        ahead = (weekday - (self.day or self.now.date()).weekday()) % 7
        if not ahead and self.day is None and NEXT.intersection(before):
            ahead = 7
        self.is_weekday = self.day is None
        self.day = (self.day or self.now.date()) + timedelta(days=ahead)
        return True

    def _read_month(self, word):
        if _find(MONTHS, word) is None:
            return False
        index = self.words.index(word)
        before = self.words[index - 1] if index else ""
        if before.isdigit():
            self._set_month(word, before)
        return True

    def _set_month(self, word, day):
        if not day.isdigit() or self.day is not None:
            return False
        self._set_date(int(day), _find(MONTHS, word) + 1)
        return True

    def _read_date(self, word):
        if match := ISO_DATE.match(word):
            year, month, day = map(int, match.groups())
            self._set_date(day, month, year)
            return True
        match = DATE.match(word)
        if not match or self.day is not None:
            return False
        day, month, year = int(match[1]), int(match[2]), match[3]
        if not year and CLOCK.match(word) and not self._is_date(word, month, match[2]):
            return False
        self._set_date(day, month, int(year) + 2000 * (len(year) == 2) if year else 0)
        return True

    def _is_date(self, word, month, minute):
        """Whether "10.11" is a day: when an hour is said too, or no clock shows it."""
        if "." not in word or not 1 <= month <= 12:
            return False
        others = [other for other in self.words if other is not word]
        has_hour = any(CLOCK.match(other) or HOUR.match(other) for other in others)
        return has_hour or self.part is not None or int(minute) % 5 != 0

    def _set_date(self, day, month, year=0):
        try:
            self.day = date(year or self.now.year, month, day)
            if not year and self.day < self.now.date():
                self.day = date(self.now.year + 1, month, day)
        except ValueError as error:
            raise CallbackError("unknown") from error

    def _read_time(self, word):
        match = CLOCK.match(word) or HOUR.match(word)
        if not match or self.hour is not None:
            return False
        clock = match.re is CLOCK
        hour, half = int(match[1]), match[3 if clock else 2]
        self.minute = int(match[2]) if clock else 0
        if half in ("am", "pm"):
            if not 1 <= hour <= 12:
                return False
            hour = hour % 12 + 12 * (half == "pm")
            self.is_exact = True
        # "08:00" and "03:15" are read as they are written.
        self.is_exact = self.is_exact or (clock and match[1].startswith("0"))
        self.hour = hour
        if hour > 23 or self.minute > 59:
            raise CallbackError("unknown")
        return True

    def _put_together(self):
        hour = self.hour
        if hour is None:
            hour = self.part[0] if self.part else USUAL_HOUR
        elif self.part and not self.is_exact:
            hour += 12 if self.part[1] and hour < EARLIEST_HOUR + 4 else 0
        elif not self.is_exact and hour < EARLIEST_HOUR:
            hour += 12
        clock = time(hour, self.minute)
        moment = datetime.combine(self.day or self.now.date(), clock)
        if moment <= self.now and self.day is None:
            return moment + timedelta(days=1)
        if moment <= self.now and self.is_weekday:
            return moment + timedelta(days=7)
        return moment


def _take(text, phrase):
    """Take a phrase of whole words out of a text."""
    pattern = rf"(?<!\w){re.escape(phrase)}(?!\w)"
    return re.sub(pattern, " ", text), bool(re.search(pattern, text))


def _find(groups, word):
    """Return the index of the group that has a beginning of the word, or ``None``."""
    if not word or not word[0].isalpha() or word in FILLERS:
        return None
    for index, beginnings in enumerate(groups):
        if any(
            word == part or (len(part) > 2 and word.startswith(part))
            for part in beginnings
        ):
            return index
    return None
