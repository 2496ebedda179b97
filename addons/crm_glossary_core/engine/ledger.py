"""Ledgers of events: rows that are written once, and neither changed nor taken back."""

from odoo.tools import SQL, split_every

#: Rows of one INSERT.
CHUNK = 1000
#: Rows of one DELETE: a short transaction stays short.
PURGE = 50_000


def append_events(env, ledger, rows, unique="origin"):
    """Write events that the ledger does not hold yet.

    Two transactions that write the same event at once do not make two of it: the later
    one waits, and then writes nothing or is tried again.

    :param Ledger ledger: where to
    :param list rows: dicts of values by column, all with the same columns
    :param str unique: the column that tells whether the ledger holds an event
    :return: ids of the new rows, in the order of ``rows``
    """
    ids = []
    for chunk in split_every(CHUNK, rows):
        names = list(chunk[0])
        ids += env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s ON CONFLICT (%s) DO NOTHING"
                " RETURNING id",
                SQL.identifier(ledger.table),
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(
                    SQL("(%s)", SQL(", ").join(SQL("%s", row[name]) for name in names))
                    for row in chunk
                ),
                SQL.identifier(unique),
            )
        )
    return [event_id for [event_id] in ids]


def move_events(env, ledger, into, ids):
    """Give the events of the records ``ids`` to the record ``into``; return how many.

    Call it before the records are deleted.
    """
    column = SQL.identifier(ledger.record)
    moved = env.execute_query(
        SQL(
            "UPDATE %s SET %s = %s WHERE %s = ANY(%s) RETURNING id",
            SQL.identifier(ledger.table),
            column,
            into,
            column,
            list(ids),
        )
    )
    return len(moved)


def purge_events(env, ledger, before):
    """Delete the oldest events, a part of them.

    :param datetime before: events of an earlier moment go
    :return: how many went, and whether there may be more
    """
    name, date = SQL.identifier(ledger.table), SQL.identifier(ledger.date)
    gone = env.execute_query(
        SQL(
            "DELETE FROM %s WHERE id IN"
            " (SELECT id FROM %s WHERE %s < %s ORDER BY %s LIMIT %s) RETURNING id",
            name,
            name,
            date,
            before,
            date,
            PURGE,
        )
    )
    return len(gone), len(gone) == PURGE
