"""Many grouped sums in one statement, each with the rights of its reader."""

from odoo.tools import SQL


def read_many(env, requests):
    """Do what ``_read_group`` does, for many requests in one query.

    A dashboard asks twenty small questions; asked one by one they cost twenty round
    trips. Groups come as JSON holds them: the id of a linked record, the first day of
    a period as ``YYYY-MM-DD``; figures as numbers or ``None``.

    :param requests: ``(model, domain, groupby, aggregates)`` each, in the words of
        ``_read_group``; the model brings the user, ``active_test`` and the time zone
    :return: for each request a list of ``(groups, figures)``, both lists
    :raise: what ``_read_group`` raises for a request that does not work
    """
    parts = [_select(number, *request) for number, request in enumerate(requests)]
    results = [[] for _part in parts]
    if parts:
        rows = env.execute_query(SQL(" UNION ALL ").join(parts))
        for number, groups, figures in rows:
            specs = requests[number][2]
            results[number].append((_read_groups(specs, groups), figures))
    return results


def _select(number, model, domain, groupby, aggregates):
    """Return the statement of one request, with its number in front."""
    model.browse().check_access("read")
    query = model._search(domain)
    groups = [model._read_group_groupby(query.table, spec, query) for spec in groupby]
    figures = [model._read_group_select(spec, query) for spec in aggregates]
    if groups:
        query.groupby = SQL(", ").join(groups)
    return SQL("(%s)", query.select(SQL("%s", number), _array(groups), _array(figures)))


def _array(terms):
    return SQL("jsonb_build_array(%s)", SQL(", ").join(terms))


def _read_groups(specs, groups):
    """Periods without their time: they start at midnight of the reader."""
    return [
        value[:10] if ":" in spec and isinstance(value, str) else value
        for spec, value in zip(specs, groups, strict=True)
    ]
