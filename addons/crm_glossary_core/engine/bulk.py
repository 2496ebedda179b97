"""Many new records in one statement, for tables of people's calls and the like.

What a model's ``create()`` does besides writing is left out: values must be complete,
checked and normal. Stored computed fields that are not given are computed after.
"""

import json

from odoo.tools import SQL


def insert(env, model_name, rows):
    """Add records and return their ids, in the order of the rows.

    :param str model_name: a model with a table of its own
    :param list rows: dicts with the same keys each: names of stored columns, values as
        the database has them (ids of records, ``None`` for empty)
    """
    if not rows:
        return []
    env.flush_all()
    model = env[model_name]
    fields = model._fields
    names = list(rows[0])
    missing = [
        name
        for name, field in fields.items()
        if field.store and field.column_type and name not in {*names, "id"}
    ]
    defaults = _get_defaults(model, missing)
    arrays = [
        SQL(
            "%s::%s[]",
            [_to_column(fields[name], row[name]) for row in rows],
            SQL.identifier(fields[name].column_type[0]),
        )
        for name in names
    ]
    constants = {
        **defaults,
        "create_uid": env.uid,
        "write_uid": env.uid,
        "create_date": env.cr.now(),
        "write_date": env.cr.now(),
    }
    ids = env.execute_query(
        SQL(
            """
            INSERT INTO %(table)s (%(columns)s, %(constants)s)
            SELECT %(given)s, %(values)s
              FROM unnest(%(arrays)s) WITH ORDINALITY AS new (%(given)s, row_order)
             ORDER BY new.row_order
         RETURNING id
            """,
            table=SQL.identifier(model._table),
            columns=SQL(", ").join(map(SQL.identifier, names)),
            constants=SQL(", ").join(map(SQL.identifier, constants)),
            given=SQL(", ").join(map(SQL.identifier, names)),
            values=SQL(", ").join(SQL("%s", value) for value in constants.values()),
            arrays=SQL(", ").join(arrays),
        )
    )
    records = model.browse(row[0] for row in ids)
    for name in missing:
        if fields[name].compute and name not in defaults:
            env.add_to_compute(fields[name], records)
    return records.ids


def _get_defaults(model, names):
    """Return what ``create()`` would fill in for columns that are not given."""
    return {
        name: model._fields[name].convert_to_column_insert(value, model)
        for name, value in model.default_get(names).items()
        if name in names and not model._fields[name].compute
    }


def _to_column(field, value):
    if field.type == "json" and value is not None:
        return json.dumps(value)
    return value
