"""Records around which something changed: noted fast, worked off later.

The table is appended to by whoever changes something, at the end of the transaction and
in one statement: nobody waits for anybody. Only the scheduled job takes rows away. Its
columns are ``target`` and ``record`` (model and id of what to look at again),
``source`` (model of what changed, or nothing) and ``is_later``.
"""

from odoo.tools import SQL

_KEY = "crm_glossary_core.dirty"


def note(env, table, model_name, ids, source=None, later=False, then=None):
    """Remember records that must be looked at again, written when the work is done.

    :param str model_name: model of the records
    :param str source: model of what changed; nothing: they changed themselves
    :param bool later: they can wait for the next look of the hour
    :param then: called once, after the rows were written, if some cannot wait
    """
    precommit = env.cr.precommit
    if _KEY not in precommit.data:
        precommit.data[_KEY] = {}
        precommit.add(lambda: write(env))
    rows, _then = precommit.data[_KEY].setdefault(table, (set(), then))
    rows.update((model_name, int(id_), source or None, later) for id_ in ids if id_)


def write(env):
    """Write what was noted in this transaction; does nothing when nothing was."""
    for table, (rows, then) in env.cr.precommit.data.pop(_KEY, {}).items():
        if not rows:
            continue
        columns = [list(column) for column in zip(*rows, strict=True)]
        env.execute_query(
            SQL(
                "INSERT INTO %s (target, record, source, is_later) SELECT * FROM"
                " UNNEST(%s::varchar[], %s::int[], %s::varchar[], %s::bool[])"
                " RETURNING 1",
                SQL.identifier(table),
                *columns,
            )
        )
        if then and not all(columns[3]):
            then()


def take(env, table, limit, later=False):
    """Take rows away, oldest first; rows that somebody else takes are left to them.

    :param bool later: those that waited for the hour, otherwise those that cannot
    :return: ``{(model, source): ids}``
    """
    found = {}
    for target, source, ids in env.execute_query(
        SQL(
            """
            WITH taken AS (
                DELETE FROM %(table)s WHERE id IN (
                    SELECT id FROM %(table)s WHERE is_later = %(later)s
                     ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
             RETURNING target, source, record
            )
            SELECT target, source, ARRAY_AGG(DISTINCT record) FROM taken
             GROUP BY target, source
            """,
            table=SQL.identifier(table),
            later=later,
            limit=limit,
        )
    ):
        found[target, source] = ids
    return found


def waits(env, table, later=False, at_least=1):
    """Whether so many rows wait."""
    [[count]] = env.execute_query(
        SQL(
            "SELECT COUNT(*) FROM (SELECT 1 FROM %s WHERE is_later = %s LIMIT %s) AS w",
            SQL.identifier(table),
            later,
            at_least,
        )
    )
    return count >= at_least


def forget(env, table, later=False):
    """Take all rows away: everything is evaluated anew instead."""
    env.execute_query(
        SQL(
            "DELETE FROM %s WHERE id IN (SELECT id FROM %s WHERE is_later = %s"
            " FOR UPDATE SKIP LOCKED) RETURNING 1",
            SQL.identifier(table),
            SQL.identifier(table),
            later,
        )
    )
