"""Arguments of remote calls: anybody may send anything, so what is meant is read here.

Each function returns a value of the kind that is asked for, or raises ``UserError``
with a sentence about what was sent.
"""

from odoo import fields
from odoo.exceptions import UserError

INTEGER_MAX = 2**31 - 1


def is_id(value):
    """Whether a value can be the id of a record; ``True`` and ``1.0`` cannot."""
    return type(value) is int and 0 < value <= INTEGER_MAX


def read_id(env, value):
    """Return the id that a caller sent, as a number or as its digits."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value[:12])
    if type(value) is not int or value <= 0:
        raise UserError(
            env._("“%(value)s” is no number of a record.", value=shown(value))
        )
    # No record has a larger one: it is not there.
    return min(value, INTEGER_MAX)


def read_dict(env, value):
    """Return the dict that a caller sent; an empty one for nothing."""
    if value and not isinstance(value, dict):
        raise UserError(
            env._("“%(value)s” is no list of names and values.", value=shown(value))
        )
    return value or {}


def read_date(env, value):
    """Return the day that a caller sent; ``None`` for nothing."""
    try:
        return fields.Date.to_date(value or None)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UserError(env._("“%(value)s” is no date.", value=shown(value))) from error


def clean_text(value):
    """Return a text that the database takes; empty for nothing."""
    if value is None or value is False:
        return ""
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()


def shown(value):
    """Return what was sent as a message may show it."""
    return clean_text(value if isinstance(value, str) else repr(value))[:60]
