"""The file of a scoring model: what may stand in it, and how it is read and written.

The file is JSON, in this order (a key at its default is left out)::

    {
      "format": "crm.lead.score.model",
      "version": 1,
      "name": "B2B standard",
      "translations": {"bg_BG": {"name": "..."}},    also in caps and rules
      "teams": ["Sales"],                            optional: by name
      "apps": ["website_crm"],                       what the rules need besides
      "grades": [{"name": "A1", "fit_min": 70, "engagement_min": 50, "color": 10}],
      "caps": [{"name": "Website", "maximum": 30}],
      "rules": [{"name": "...", "axis": "fit", "points": 10, "domain": "[...]"},
                {"name": "...", "kind": "event", "axis": "engagement", "points": 5,
                 "signal": "page_visit", "common_cap": "Website", ...}],
      "readiness": {"ready_score": 60, "unready_score": 45, "ready_domain": "[]"},
      "left_out": ["..."]                            told, not read
    }

Texts are English; ``translations`` holds those of other languages. The keys of
:data:`KEYS` are the names of fields; besides, a rule's ``signal`` is a signal's code,
its ``common_cap`` the ``key`` of a cap, which is its name unless two are called alike.
Domains name records as :mod:`.portable_domain` says.
"""

import json
from dataclasses import dataclass, field
from datetime import date

FORMAT = "crm.lead.score.model"
VERSION = 1
#: Bytes of a file: a thousand rules are a tenth of it.
LARGEST_FILE = 5_000_000
MOST_RULES = 1000
LONGEST_TEXT = 2_000_000


@dataclass(frozen=True)
class Key:
    """What one key holds.

    :param str kind: text, flag, integer, number, date, choice
    :param default: what it is when it is left out; ``...`` when it must be there
    :param int low: smallest number, ``high`` the largest
    """

    kind: str
    default: object = ...
    low: int = -(2**31)
    high: int = 2**31 - 1


KEYS = {
    "grade": {
        "name": Key("text"),
        "fit_min": Key("integer", 0),
        "engagement_min": Key("integer", 0),
        "color": Key("integer", 0, 0, 11),
    },
    "cap": {
        "name": Key("text"),
        "maximum": Key("integer", ..., 1, 1_000_000),
    },
    "rule": {
        "name": Key("text"),
        "active": Key("flag", True),
        "kind": Key("choice", "attribute"),
        "axis": Key("choice"),
        "points": Key("integer", ..., -10_000, 10_000),
        "domain": Key("text", "[]"),
        "valid_from": Key("date", False),
        "valid_to": Key("date", False),
    },
    # what only rules on events have
    "event": {
        "value_pattern": Key("text", False),
        "window_days": Key("integer", 0, 0, 36_500),
        "only_after_start": Key("flag", False),
        "start_date": Key("date", False),
        "counting": Key("choice", "each"),
        "max_count": Key("integer", 3, 1, 10_000),
        "period": Key("choice", "week"),
        "cap": Key("integer", 0, 0, 1_000_000),
        "decay": Key("choice", "none"),
        "half_life_days": Key("integer", 14, 1, 36_500),
    },
    "readiness": {
        "ready_score": Key("integer", 60, -100_000, 100_000),
        "unready_score": Key("integer", 45, -100_000, 100_000),
        "ready_domain": Key("text", "[]"),
        "ready_dwell_hours": Key("number", 0, 0, 24 * 366),
        "ready_convert": Key("flag", False),
        "ready_notify": Key("flag", False),
    },
}


@dataclass
class Part:
    """One rule, cap or grade of a file: its values, and what is wrong with it."""

    name: str = ""
    vals: dict = field(default_factory=dict)
    translations: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)


@dataclass
class Draft:
    """A scoring model that was read and is not in the database yet.

    :param list problems: sentences; with one of them nothing can be created
    :param list notes: sentences about what will differ from the file
    """

    model: Part = field(default_factory=Part)
    teams: list = field(default_factory=list)
    grades: list = field(default_factory=list)
    caps: dict = field(default_factory=dict)
    rules: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    @property
    def broken(self):
        """The rules that do not work here."""
        return [rule for rule in self.rules if rule.problems]


def dumps(values):
    """Return the text of a file; the same model gives the same text."""
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def loads(env, content):
    """Read a file.

    :param bytes content: what the file holds
    :return: ``(values, problem)``: one of both is ``None``
    """
    if len(content) > LARGEST_FILE:
        return None, env._(
            "The file has %(size)s MB. A scoring model is never larger than"
            " %(largest)s MB: is it another file?",
            size=round(len(content) / 1_000_000),
            largest=LARGEST_FILE // 1_000_000,
        )
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse), None
    except UnicodeDecodeError:
        return None, env._("The file is no text in UTF-8: is it another file?")
    except json.JSONDecodeError as error:
        return None, env._(
            "The file is no JSON: it cannot be read from line %(line)s, column"
            " %(column)s on.",
            line=error.lineno,
            column=error.colno,
        )
    except (ValueError, RecursionError):
        return None, env._(
            "The file is no JSON that can be used: a number is no number, or it is"
            " nested too deeply."
        )


def _refuse(word):
    raise ValueError(word)


class Reader:
    """Reads parts of a file, and says in the user's words what does not fit.

    :param model: the rule model, which knows the choices of its fields
    """

    def __init__(self, model):
        self.model = model
        self.env = model.env

    def read_part(self, values, kinds, part, others=("translations",)):
        """Read one object of the file into a :class:`Part`.

        :param values: what stands in the file
        :param kinds: names of :data:`KEYS`
        :param others: keys that somebody else reads
        :return: list of keys that nobody knows
        """
        if not isinstance(values, dict):
            part.problems.append(
                self.env._("It should be an object with names and values in braces.")
            )
            return []
        keys = {name: key for kind in kinds for name, key in KEYS[kind].items()}
        for name, key in keys.items():
            part.vals[name] = self.value(values, name, key, part.problems)
        part.name = part.vals.get("name") or ""
        part.translations = self.translations(values, part.problems)
        return [str(name)[:60] for name in values if name not in {*keys, *others}]

    def translations(self, values, problems):
        """Return ``{language: {field: text}}``, what is no text left out."""
        found = values.get("translations") or {}
        if not isinstance(found, dict) or not all(
            isinstance(texts, dict) and all(map(self._is_text, texts.values()))
            for texts in found.values()
        ):
            problems.append(
                self.env._("“translations” should hold texts by language and field.")
            )
            return {}
        return {
            lang: {"name": texts["name"]}
            for lang, texts in found.items()
            if texts.get("name")
        }

    def value(self, values, name, key, problems):
        """Return the value of a key; what does not fit is told, and its default."""
        value = values.get(name, key.default)
        if value is None:
            value = key.default
        if value is ...:
            problems.append(self.env._("“%(key)s” is missing.", key=name))
            return None
        if value is key.default:
            return value
        problem = getattr(self, f"_check_{key.kind}")(name, value, key)
        if problem:
            problems.append(problem)
            return None if key.default is ... else key.default
        return value

    def list_of(self, values, name, problems):
        """Return the list under a key; empty when it is missing."""
        found = values.get(name)
        if found is None:
            return []
        if not isinstance(found, list):
            problems.append(self.env._("“%(key)s” should be a list.", key=name))
            return []
        return found

    @staticmethod
    def _is_text(value):
        if not isinstance(value, str) or "\0" in value or len(value) > LONGEST_TEXT:
            return False
        try:
            return bool(value.encode()) or not value
        except UnicodeEncodeError:
            return False

    def _check_text(self, name, value, key):
        if not self._is_text(value):
            return self.env._("“%(key)s” should be a text.", key=name)
        if key.default is ... and not value.strip():
            return self.env._("“%(key)s” is empty.", key=name)
        return None

    def _check_flag(self, name, value, _key):
        if isinstance(value, bool):
            return None
        return self.env._(
            "“%(key)s” should be true or false, not %(value)s.",
            key=name,
            value=_shown(value),
        )

    def _check_integer(self, name, value, key):
        if isinstance(value, bool) or not isinstance(value, int):
            return self.env._(
                "“%(key)s” should be a whole number, not %(value)s.",
                key=name,
                value=_shown(value),
            )
        return self._check_range(name, value, key)

    def _check_number(self, name, value, key):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self.env._(
                "“%(key)s” should be a number, not %(value)s.",
                key=name,
                value=_shown(value),
            )
        return self._check_range(name, value, key)

    def _check_range(self, name, value, key):
        if key.low <= value <= key.high:
            return None
        return self.env._(
            "“%(key)s” lies between %(low)s and %(high)s; here it is %(value)s.",
            key=name,
            low=key.low,
            high=key.high,
            value=_shown(value),
        )

    def _check_date(self, name, value, _key):
        try:
            date.fromisoformat(value)
        except (TypeError, ValueError):
            return self.env._(
                "“%(key)s” should be a day such as 2026-03-31, not %(value)s.",
                key=name,
                value=_shown(value),
            )
        return None

    def _check_choice(self, name, value, _key):
        choices = self.model._fields[name].get_values(self.env)
        if isinstance(value, str) and value in choices:
            return None
        return self.env._(
            "“%(key)s” is one of %(choices)s; here it is %(value)s.",
            key=name,
            choices=", ".join(choices),
            value=_shown(value),
        )


def _shown(value):
    try:
        return json.dumps(value, ensure_ascii=False)[:60]
    except ValueError:
        return "…"
