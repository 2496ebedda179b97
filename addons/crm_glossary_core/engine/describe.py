"""A domain as one sentence in the reader's language.

``describe(env, "crm.lead", domain)`` -> "all of: Country is Bulgaria; (any of: Source
is Newsletter; Medium is Email)". It explains; it never decides: a part that it cannot
read stands in the sentence as the technical text, and nothing is raised.
"""

from collections import deque

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, Query

from .describe_phrases import get_phrases
from .describe_values import ValueTexts

# what a condition that makes no sense may raise while it is read
_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    IndexError,
    KeyError,
    NotImplementedError,
    TypeError,
    UserError,
    ValueError,
)
_MAX_CONDITIONS = 30
_MAX_DEPTH = 40
_TECHNICAL_LENGTH = 200
_GROUPS = {"&": "all", "|": "any"}
_PATTERNS = {
    "=like": "exact case",
    "=ilike": "any case",
}


def describe(env, model_name, domain, limit=5):
    """Return a domain as one sentence, as the user of ``env`` may read it.

    Names of records are read with the rights of ``env.user`` (never as superuser),
    dates are in the user's format and time zone, labels in the language of ``env``.

    :param env: environment of the reader
    :param str model_name: model of the domain
    :param domain: ``Domain`` or list; a list keeps its "!" where the author put it
    :param int limit: how many values of a list are written out before "and 7 more"
    :return: str, on one line
    """
    reader = env(su=False)
    try:
        tree = _parse(domain)
        return _Sentence(reader, model_name, limit).spell(tree)
    except (*_UNREADABLE, RecursionError):
        return _write_technical(domain)


def _write_technical(domain):
    """Return the text of a domain or of a part of it, on one line, shortened."""
    try:
        text = " ".join(str(domain).split())
    except (*_UNREADABLE, RecursionError):
        text = type(domain).__name__
    if len(text) > _TECHNICAL_LENGTH:
        text = text[:_TECHNICAL_LENGTH] + "…"
    return text


def _parse(domain):
    """Return the tree of a domain in prefix notation.

    :param domain: ``Domain``, or list of operators, conditions and ``Domain`` objects
    :return: tuple (kind, content): ("&" or "|", deque of trees), ("!", tree) or
        ("leaf", condition)
    :raise IndexError: an operator lacks an operand
    :raise TypeError: something else than a domain
    """
    if isinstance(domain, str):
        raise TypeError("a domain, not its text")
    stack = []
    for item in reversed(list(domain)):
        if isinstance(item, str) and item in _GROUPS:
            stack.append(_join(item, stack.pop(), stack.pop()))
        elif isinstance(item, str) and item == "!":
            stack.append(("!", stack.pop()))
        elif isinstance(item, Domain) and list(item) != [item]:
            stack.append(_parse(item))
        else:
            stack.append(("leaf", item))
    if not stack:
        return ("leaf", (1, "=", 1))
    tree = stack.pop()
    while stack:
        tree = _join("&", tree, stack.pop())
    return tree


def _join(operator, left, right):
    """Return one group of two trees; groups of the same kind are flattened."""
    if left[0] == operator:
        children = left[1]
        children.extend(right[1] if right[0] == operator else [right])
    elif right[0] == operator:
        children = right[1]
        children.appendleft(left)
    else:
        children = deque([left, right])
    return (operator, children)


class _Sentence:
    """Writes the tree of a domain of one model for one reader."""

    def __init__(self, env, model_name, limit, phrases=None, depth=0):
        self.env = env
        self.model = env[model_name]
        self.limit = limit
        self.depth = depth
        self.phrases = phrases or get_phrases(env)
        self.values = ValueTexts(env, self.phrases, limit)

    def spell(self, tree, depth=0):
        """Return the sentence of a tree; a group inside another is in brackets."""
        kind, content = tree
        if self.depth + depth > _MAX_DEPTH:
            return "…"
        if kind == "leaf":
            return self._write_leaf(content)
        if kind == "!":
            text = self.phrases["not"] % {"condition": self.spell(content, depth + 1)}
        else:
            shown = [
                self.spell(child, depth + 1)
                for child in list(content)[:_MAX_CONDITIONS]
            ]
            if rest := len(content) - len(shown):
                shown.append(self.phrases["more_conditions"] % {"count": rest})
            text = self.phrases[_GROUPS[kind]] % {"conditions": "; ".join(shown)}
        return f"({text})" if depth else text

    def _write_leaf(self, leaf):
        """Return one condition, or its technical text where it cannot be read."""
        if isinstance(leaf, Domain):
            return self.phrases["computed"]
        try:
            path, operator, value = leaf
            if not isinstance(path, str):
                return self.phrases["true" if path == value else "false"]
            return self._write_condition(path, operator.lower(), value)
        except _UNREADABLE:
            return _write_technical(leaf)

    def _write_condition(self, path, operator, value):
        """Choose how a condition is written by its operator and its value."""
        field = self._resolve(path)
        if isinstance(value, SQL | Query):
            return self.phrases["computed"]
        operator = {"==": "=", "<>": "!="}.get(operator, operator).rstrip("!")
        if operator == "=?":
            if value in (False, None):
                return self.phrases["true"]
            operator = "="
        if operator in ("any", "not any"):
            return self._write_any(field, operator, value)
        if operator.endswith("like"):
            return self._write_text(field, operator, value)
        if operator in ("child_of", "parent_of"):
            values = list(value) if _is_list(value) else [value]
            return self._fill(operator, field, self.values.write_list(field, values))
        if operator in ("=", "!=", "in", "not in"):
            values = list(value) if _is_list(value) else [value]
            return self._write_equality(field, operator in ("!=", "not in"), values)
        if operator in ("<", ">", "<=", ">="):
            is_date = field["type"] in ("date", "datetime")
            key = f"{operator} date" if is_date else operator
            return self._fill(key, field, self.values.spell(field, value))
        raise ValueError(f"unknown operator {operator}")

    def _resolve(self, path):
        """Return label and type of a field path.

        :return: dict with ``label``, ``type``, ``relation`` (model of the ids that
            the field holds), ``selection``, ``many``, ``part`` (of a date)
        :raise ValueError: a field that does not exist or that the reader may not see
        """
        model, labels, field = self.model, [], None
        for name in path.split("."):
            if field and not field.get("relation"):
                return self._resolve_part(field, labels, name)
            info = model.fields_get([name], ["string", "type", "relation", "selection"])
            if name not in info:
                raise ValueError(f"unknown field {path}")
            field = info[name]
            labels.append(field["string"].rstrip(": "))
            if name == "id":
                field["relation"] = model._name
            if field.get("relation"):
                model = self.env[field["relation"]]
        return {
            "label": " › ".join(labels),
            "type": field["type"],
            "relation": field.get("relation"),
            "selection": field.get("selection"),
            "many": field["type"] in ("one2many", "many2many"),
        }

    def _resolve_part(self, field, labels, name):
        """Return the field for a part of a date or for a property."""
        is_date = field["type"] in ("date", "datetime")
        label = self.phrases.get(name, name) if is_date else name
        return {
            "label": " › ".join([*labels, label]),
            "type": "integer" if is_date else "char",
            "part": name if is_date else None,
            "many": False,
        }

    def _fill(self, key, field, value):
        """Return the phrase of a field and a value that is text already."""
        return self.phrases[key] % {"field": field["label"], "value": value}

    def _write_any(self, field, operator, value):
        """Return a condition on linked records, its own conditions in brackets."""
        if not field.get("relation"):
            raise ValueError("not a relation")
        sentence = _Sentence(
            self.env, field["relation"], self.limit, self.phrases, self.depth + 1
        )
        prefix = "many" if field["many"] else "one"
        return self.phrases[f"{prefix} {operator}"] % {
            "field": field["label"],
            "condition": sentence.spell(_parse(value)),
        }

    def _write_text(self, field, operator, value):
        """Return a comparison of text; a plain pattern is put into words."""
        negative = "not " if operator.startswith("not ") else ""
        operator = operator.removeprefix("not ")
        if operator in ("like", "ilike"):
            kind, text, remark = "contains", value, None
            if operator == "like":
                remark = "exact case"
        else:
            kind, text = _read_pattern(str(value))
            remark = _PATTERNS[operator]
            if remark == "any case" and kind != "equals":
                remark = None
        # what is compared is text even when the field holds ids or dates
        text_field = {**field, "type": "char", "relation": None}
        text = self.values.spell(text_field, str(text or ""))
        if kind == "equals":
            phrase = self._fill("!=" if negative else "=", field, text)
        else:
            phrase = self._fill(negative + kind, field, text)
        return self.phrases[remark] % {"condition": phrase} if remark else phrase

    def _write_equality(self, field, negative, values):
        """Return "is", "is one of", "is set" and their negations."""
        if field["type"] == "boolean" and len(values) == 1:
            is_yes = bool(values[0]) is not negative
            return self.phrases["yes" if is_yes else "no"] % {"flag": field["label"]}
        present = [value for value in values if not _is_unset(value)]
        empty = "set" if negative else "not set"
        if values and not present:
            return self._fill(empty, field, "")
        phrase = self._write_values(field, negative, present)
        if len(present) == len(values):
            return phrase
        return self.phrases["and" if negative else "or"] % {
            "first": self._fill(empty, field, ""),
            "second": phrase,
        }

    def _write_values(self, field, negative, values):
        """Return the phrase of a field and the values that it has or has not."""
        if len(values) == 1:
            operator = "!=" if negative else "="
        else:
            operator = "not in" if negative else "in"
        key = f"many {operator}" if field["many"] else operator
        return self._fill(key, field, self.values.write_list(field, values))


def _is_list(value):
    """Tell whether the value of a condition is a list of values."""
    return not isinstance(value, str | dict) and hasattr(value, "__iter__")


def _is_unset(value):
    """Tell whether a value in a condition stands for "not set" (0 does not)."""
    return value is False or value is None or value == ""


def _read_pattern(pattern):
    """Return how a LIKE pattern reads.

    :return: (kind, text): ("starts", "abc") of "abc%", ("pattern", ...) when the
        wildcards stand elsewhere
    """
    inner = pattern.strip("%")
    if not inner or any(sign in inner for sign in "%_\\"):
        return "pattern", pattern
    starts = pattern.startswith("%")
    ends = pattern.endswith("%")
    kinds = {
        (False, False): "equals",
        (False, True): "starts",
        (True, False): "ends",
        (True, True): "contains",
    }
    return kinds[starts, ends], inner
