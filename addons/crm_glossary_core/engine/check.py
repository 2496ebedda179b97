"""Whether a user may use a domain, and whether it works, said before it is stored."""

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import sql

from .criterion import Criterion
from .errors import CriterionError
from .parser import parse
from .sync import try_out


def check(env, model_name, text):
    """Raise :class:`CriterionError` unless the user of ``env`` may use the domain.

    Matching is done with system rights; so whoever writes a domain must be able to
    read each model and field that it names, or it would tell what is not theirs.
    """
    if model_name not in env:
        raise CriterionError(
            env._("The model “%(name)s” is not in this database.", name=model_name)
        )
    model = env[model_name]
    if (
        model._abstract
        or model._transient
        or not model._auto
        and not model._table_query
        and not sql.table_exists(env.cr, model._table)
    ):
        raise CriterionError(
            env._("Records of “%(name)s” cannot be searched.", name=model_name)
        )
    if not model.has_access("read"):
        raise CriterionError(
            env._("You are not allowed to read “%(name)s”.", name=model._description)
        )
    domain = parse(env, text)
    _check_domain(model, domain)
    criterion = Criterion(key=0, model=model_name, domain=text, uid=env.uid)
    try_out(env, criterion, rows=False)
    if criterion.error:
        raise CriterionError(criterion.error)


def _check_domain(model, domain):
    for condition in domain.iter_conditions():
        last = _check_path(model, condition.field_expr)
        if condition.operator in ("any", "not any"):
            if last is None:
                raise CriterionError(
                    model.env._(
                        "“%(path)s” leads to no records: nothing of them can be asked.",
                        path=condition.field_expr,
                    )
                )
            _check_domain(last, Domain(condition.value))


def _check_path(model, path):
    """Walk the path as the user; return the model that its end points to."""
    env = model.env
    for name in path.split("."):
        if model is None:
            raise CriterionError(
                env._(
                    "“%(path)s”: nothing can follow “%(name)s”.", path=path, name=name
                )
            )
        field = model._fields.get(name)
        if field is None:
            raise CriterionError(
                env._(
                    "“%(model)s” has no field “%(name)s”; it may have been removed.",
                    model=model._description,
                    name=name,
                )
            )
        try:
            model._check_field_access(field, "read")
        except AccessError as error:
            raise CriterionError(
                env._("You are not allowed to read the field “%(name)s”.", name=name)
            ) from error
        if not field._description_searchable:
            raise CriterionError(
                env._(
                    "“%(label)s” (%(name)s) is worked out when it is shown and cannot"
                    " be searched.",
                    label=field.get_description(env, ["string"])["string"],
                    name=name,
                )
            )
        if field.type in ("properties", "date", "datetime"):
            # The rest of the path names a property, or a part of the date.
            return None
        model = env[field.comodel_name] if field.relational else None
        if model is not None and not model.has_access("read"):
            raise CriterionError(
                env._(
                    "You are not allowed to read “%(name)s”.", name=model._description
                )
            )
    return model


def touched_fields(env, criterion):
    """Names of the record's own fields that the criterion looks at.

    A criterion that cannot be read looks at none.
    """
    try:
        domain = criterion.parse(env)
    except CriterionError:
        return set()
    names = {
        condition.field_expr.partition(".")[0] for condition in domain.iter_conditions()
    }
    if criterion.active_test:
        names.add("active")
    return names
