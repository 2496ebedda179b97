"""What a criterion rests on: the models that its conditions pass, and the time."""

from dataclasses import dataclass, field
from typing import NamedTuple

from odoo.fields import Domain

from .compiler import system_model

#: Fields that are found by a search of their own though only what is written counts.
TIMELESS = {
    "display_name",
    "email_blacklisted",
    "is_blacklisted",
    "phone_blacklisted",
    "phone_mobile_search",
    "phone_sanitized_blacklisted",
}


class DateCondition(NamedTuple):
    """A condition on a date, at the end of a path of fields.

    :param tuple path: names of the fields
    :param value: what the date is compared with
    :param field: the last field
    :param env: environment that says in which zone and language dates are meant
    """

    path: tuple
    value: object
    field: object
    env: object


@dataclass
class Footprint:
    """What a criterion rests on.

    :param set models: models of the records that conditions look at, beside the
        criterion's own
    :param bool is_clear: whether that is all; a field may be found by a search of its
        own that reads anything
    :param bool is_timed: whether time may change what such a field finds
    :param list dates: the conditions on dates, :class:`DateCondition`
    :param list others: values of all other conditions
    """

    models: set = field(default_factory=set)
    is_clear: bool = True
    is_timed: bool = False
    dates: list = field(default_factory=list)
    others: list = field(default_factory=list)


def footprint(env, criterion):
    """Return the :class:`Footprint` of a criterion.

    :raise CriterionError: the criterion cannot be read
    """
    model = system_model(env, criterion)
    result = Footprint()
    _walk(result, model, criterion.parse(model.env), ())
    if criterion.member:
        result.models.add(criterion.model)
    return result


def _walk(result, model, domain, prefix):
    for condition in domain.iter_conditions():
        steps = condition.field_expr.split(".")
        last, owner, rest = _follow(result, model, steps)
        if condition.operator in ("any", "not any") and last is not None:
            if last.relational:
                inner = model.env[last.comodel_name]
                result.models.add(inner._name)
                _walk(result, inner, Domain(condition.value), (*prefix, *steps))
                continue
        if last is not None and last.relational:
            # Its name or its place in a tree may be asked for.
            result.models.add(last.comodel_name)
        if last is not None and last.type in ("date", "datetime") and not rest:
            path = (*prefix, *steps)
            result.dates.append(DateCondition(path, condition.value, last, owner.env))
        else:
            result.others.append((condition.field_expr, condition.value))


def _follow(result, model, steps):
    """Go along a path; return its last field, that field's model, and steps left."""
    field_, owner = None, model
    for position, name in enumerate(steps):
        owner, field_ = model, model._fields.get(name)
        if field_ is None:
            result.is_clear = False
            return None, owner, steps[position:]
        _look(result, model, field_)
        if not field_.relational:
            return field_, owner, steps[position + 1 :]
        model = model.env[field_.comodel_name]
        if position + 1 < len(steps):
            result.models.add(model._name)
    return field_, owner, []


def _look(result, model, field_):
    """Note what the value of a field comes from."""
    if field_.store or field_.company_dependent:
        return
    if field_.related:
        _follow(result, model, field_.related.split("."))
        return
    if looks_at := getattr(field_, "looks_at", ()):
        # It says what it reads, and time moves it at midnight only.
        result.models.update(looks_at)
        return
    result.is_clear = False
    if field_.name not in TIMELESS:
        result.is_timed = True
