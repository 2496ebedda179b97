"""The one parser of domains that users write.

It reads literals, the names ``uid``, ``today``, ``now``, ``true``, ``false`` and
the relative dates that Odoo's own filters write (``context_today() -
relativedelta(days=7)``). Nothing is executed: the text becomes a syntax tree, and
each node is either known to the table below or refused.
"""

import ast
import datetime
import functools
import operator

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Domain

from .errors import CriterionError

#: Levels of brackets and of sub-domains: far above what a person writes, far below
#: what exhausts Python's stack in the ORM.
MAX_DEPTH = 40
#: Characters: a domain of 10,000 ids takes about 100,000.
MAX_LENGTH = 2_000_000
#: Texts up to so many characters are remembered once they were read.
SHORT = 2000

_DATE_PARTS = {
    "years", "months", "weeks", "days", "hours", "minutes", "seconds", "microseconds",
    "year", "month", "day", "hour", "minute", "second", "microsecond", "weekday",
}  # fmt: skip


def parse(env, text, uid=None):
    """Return the :class:`Domain` that ``text`` stands for.

    :param str text: a domain as Odoo's domain editor writes it
    :param int uid: the user whom ``uid`` in the text means (default: the current one)
    :raise CriterionError: when the text is no domain; says why in the user's words
    """
    text = (text or "").strip() or "[]"
    if len(text) > MAX_LENGTH:
        raise CriterionError(env._("This filter is too long to be read."))
    try:
        tree = _tree(text) if len(text) <= SHORT else ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise CriterionError(
            env._(
                "This filter cannot be read: brackets, quotes or commas do not match,"
                " or it is nested too deeply."
            )
        ) from error
    try:
        value = _Reader(env, uid or env.uid).evaluate(tree)
    except RecursionError as error:
        raise _too_deep(env) from error
    if not isinstance(value, list | tuple):
        raise CriterionError(env._("A filter is a list of conditions in brackets."))
    return build(env, value)


@functools.lru_cache(maxsize=1024)
def _tree(text):
    """The syntax tree of a short text; the same few rules are read again and again."""
    return ast.parse(text, mode="eval").body


def build(env, conditions):
    """Turn a list in Polish notation into a :class:`Domain`, sub-domains too."""
    try:
        domain = Domain(_with_subdomains(env, conditions, 0))
        depth = _depth(domain)
    except CriterionError:
        raise
    except RecursionError as error:
        raise _too_deep(env) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise CriterionError(
            env._("This filter is malformed: %(reason)s", reason=_short(error))
        ) from error
    if depth > MAX_DEPTH:
        raise _too_deep(env)
    return domain


def _with_subdomains(env, conditions, depth):
    if depth > MAX_DEPTH:
        raise _too_deep(env)
    result = []
    for item in conditions:
        if isinstance(item, list | tuple) and len(item) == 3 and item[1] != "!":
            path, comparison, value = item
            if comparison in ("any", "not any"):
                if not isinstance(value, list | tuple):
                    raise CriterionError(
                        env._("“%(path)s” needs conditions in brackets.", path=path)
                    )
                value = _with_subdomains(env, value, depth + 1)
            elif comparison in ("any!", "not any!"):
                raise CriterionError(
                    env._("The operator “%(name)s” is internal.", name=comparison)
                )
            item = (path, comparison, value)
        result.append(item)
    return result


def _depth(domain):
    """Levels of brackets, counted without recursion (a bad domain may be very deep)."""
    deepest, stack = 0, [(domain, 1)]
    while stack:
        node, level = stack.pop()
        deepest = max(deepest, level)
        children = getattr(node, "children", None) or ()
        child = getattr(node, "child", None)
        value = getattr(node, "value", None)
        if child is not None:
            stack.append((child, level + 1))
        if isinstance(value, Domain):
            stack.append((value, level + 1))
        elif isinstance(value, list) and getattr(node, "operator", "").endswith("any"):
            stack.append((Domain(value), level + 1))
        stack.extend((item, level + 1) for item in children)
    return deepest


def _too_deep(env):
    return CriterionError(
        env._(
            "This filter is nested more than %(levels)s levels deep: split it.",
            levels=MAX_DEPTH,
        )
    )


def _short(error):
    return str(error).replace("Domain() ", "")[:200]


class _Reader:
    """Turns a syntax tree into plain values; knows no more than what is listed."""

    def __init__(self, env, uid):
        self.env = env
        self.names = {
            "uid": lambda: uid,
            "today": lambda: fields.Date.context_today(env.user),
            "now": fields.Datetime.now,
            "true": lambda: True,
            "false": lambda: False,
            "null": lambda: None,
        }
        self.calls = {
            "context_today": lambda: fields.Date.context_today(env.user),
            "relativedelta": self._delta,
            "timedelta": self._delta,
            "datetime.timedelta": self._delta,
            "datetime.time": datetime.time,
            "datetime.datetime.combine": datetime.datetime.combine,
            "datetime.datetime.now": fields.Datetime.now,
            "datetime.date.today": lambda: fields.Date.context_today(env.user),
        }

    def evaluate(self, node):
        reader = getattr(self, f"_read_{type(node).__name__.lower()}", None)
        if reader is None:
            self._refuse(node)
        return reader(node)

    def _read_constant(self, node):
        if not isinstance(node.value, str | int | float | bool | type(None)):
            self._refuse(node)
        return node.value

    def _read_list(self, node):
        return [self.evaluate(item) for item in node.elts]

    def _read_tuple(self, node):
        return tuple(self.evaluate(item) for item in node.elts)

    def _read_name(self, node):
        if node.id not in self.names:
            self._refuse(node)
        return self.names[node.id]()

    def _read_unaryop(self, node):
        value = self.evaluate(node.operand)
        if isinstance(node.op, ast.USub) and isinstance(value, int | float):
            return -value
        return self._refuse(node)

    def _read_binop(self, node):
        action = {ast.Add: operator.add, ast.Sub: operator.sub}.get(type(node.op))
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        if (
            action is None
            or not isinstance(left, datetime.date)
            or not isinstance(right, relativedelta)
        ):
            self._refuse(node)
        return self._guard(node, lambda: action(left, right))

    def _read_call(self, node):
        function = node.func
        if isinstance(function, ast.Attribute):
            if function.attr == "strftime":
                return self._strftime(node)
            if function.attr == "to_utc" and not node.args and not node.keywords:
                return self.evaluate(function.value)
        call = self.calls.get(ast.unparse(function))
        if call is None or any(keyword.arg is None for keyword in node.keywords):
            self._refuse(node)
        args = [self.evaluate(arg) for arg in node.args]
        named = {keyword.arg: self.evaluate(keyword.value) for keyword in node.keywords}
        return self._guard(node, lambda: call(*args, **named))

    def _strftime(self, node):
        value = self.evaluate(node.func.value)
        pattern = [self.evaluate(arg) for arg in node.args]
        if not isinstance(value, datetime.date) or len(pattern) != 1:
            self._refuse(node)
        if pattern[0] not in ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S"):
            self._refuse(node)
        return value.strftime(pattern[0])

    def _delta(self, **parts):
        if set(parts) - _DATE_PARTS or not all(
            isinstance(part, int) for part in parts.values()
        ):
            raise ValueError
        return relativedelta(**parts)

    def _guard(self, node, action):
        try:
            return action()
        except (TypeError, ValueError, OverflowError):
            return self._refuse(node)

    def _refuse(self, node):
        raise CriterionError(
            self.env._(
                "“%(text)s” is not allowed in a filter: only values, uid, today, now"
                " and relative dates are.",
                text=ast.unparse(node)[:80],
            )
        )
