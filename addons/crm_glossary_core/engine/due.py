"""Time alone changes what matches: who is due since the last look.

A condition such as ``create_date < "-90d"`` moves with the clock. Between two looks it
can change only for records whose date lies between what it meant then and what it means
now. So what it meant is kept as text (:func:`read_clock`), and the next look asks for
the records in between (:func:`due_domain`): a superset of those who enter or leave, for
conditions joined in any way.
"""

import datetime
import hashlib
import json

import pytz

from odoo.fields import Domain
from odoo.tools.date_utils import parse_date

from .compiler import Lookups, system_model
from .footprint import footprint

#: A condition may mean the whole of a day, and days begin at different hours.
SLACK = datetime.timedelta(days=1, seconds=1)


def read_clock(env, criterion):
    """Return what the criterion's dates mean now, as a text to compare with later.

    Empty when only a full evaluation can tell what time changes.

    :raise CriterionError: the criterion cannot be read
    """
    found = footprint(env, criterion)
    if found.is_timed:
        return ""
    return _write(_meanings(found), found.others)


def due_domain(env, criterion, clock):
    """Return a domain of the records that time may have moved, and the new clock.

    :param str clock: what :func:`read_clock` returned when the criterion was last
        evaluated
    :return: ``(Domain, str)``; no domain when a full evaluation is needed
    :raise CriterionError: the criterion cannot be read
    """
    found = footprint(env, criterion)
    if found.is_timed:
        return None, ""
    now = _meanings(found)
    text = _write(now, found.others)
    if text == clock:
        return Domain.FALSE, text
    try:
        before = json.loads(clock or "null")
        then = before["dates"]
        same = before["others"] == json.loads(text)["others"]
    except (ValueError, TypeError, KeyError):
        return None, text
    if not same or len(then) != len(now):
        return None, text
    bands = [
        _band(date.path, date.field, old, new)
        for date, old, new in zip(found.dates, then, now, strict=True)
        if old != new
    ]
    return Domain.OR(bands), text


def find_due(env, criterion, domain, limit):
    """Return ids of the records in a domain of :func:`due_domain`, at most ``limit``.

    Of a criterion with ``member`` these are the ids of the members concerned.
    """
    if domain.is_false():
        return []
    model = system_model(env, criterion)
    query = model._search(Lookups(env).resolve(model, domain), active_test=False)
    query.limit = limit
    ids = [row[0] for row in env.execute_query(query.select())]
    if criterion.member:
        return model.browse(ids)[criterion.member].ids
    return ids


def _meanings(found):
    """What each condition on a date means now: lists of moments as text."""
    return [_mean(date.value, date.field, date.env) for date in found.dates]


def _write(meanings, others):
    digest = hashlib.sha256(repr(others).encode()).hexdigest()[:16]
    return json.dumps({"dates": meanings, "others": digest})


def _mean(value, field, env):
    """The moments that a condition's value stands for now, in UTC."""
    if isinstance(value, str):
        try:
            value = parse_date(value, env)
        except ValueError:
            return [value]
    if isinstance(value, datetime.datetime):
        if value.tzinfo:
            value = value.astimezone(pytz.utc).replace(tzinfo=None)
        return [value.replace(microsecond=0).isoformat(" ")]
    if isinstance(value, datetime.date):
        if field.type == "datetime" and 1 < value.year < 9999:
            start = datetime.datetime.combine(value, datetime.time())
            start = env.tz.localize(start).astimezone(pytz.utc)
            return [start.replace(tzinfo=None).isoformat(" ")]
        return [value.isoformat()]
    if isinstance(value, str | int | float | bool | type(None)):
        return []
    try:
        return [moment for item in value for moment in _mean(item, field, env)]
    except TypeError:
        return [repr(value)]


def _band(path, field, old, new):
    """Records whose date lies where a condition's meaning has passed."""
    moments = [datetime.datetime.fromisoformat(text) for text in [*old, *new]]
    if not moments:
        return Domain.FALSE
    first, last = min(moments) - SLACK, max(moments) + SLACK
    if field.type == "date":
        first, last = first.date(), last.date()
    *steps, name = path
    domain = Domain(name, ">=", first) & Domain(name, "<=", last)
    for step in reversed(steps):
        domain = Domain(step, "any", domain)
    return domain
