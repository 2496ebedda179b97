"""Records that are merged: the histories of several become the history of one."""

from odoo.tools import SQL, groupby


def merge_history(env, table, into, ids, follow=None):
    """Give the rows of the records ``ids`` to the record ``into``, each moment once.

    Periods of one criterion that overlap become one, from the earliest start to the
    latest end; it keeps the reason of its first row for the start and of its last row
    for the end. Call it before the merged records are deleted.

    :param MatchTable table: a table with a history; ``closing`` names the columns that
        describe the end of a row
    :param int into: id of the record that stays
    :param ids: ids of the records that go
    :param follow: called with ``{id of a row that goes: id of the row it becomes part
        of}`` before rows go, for what refers to them
    :return: number of rows that went
    """
    name, record = SQL.identifier(table.table), SQL.identifier(table.record)
    ends = [SQL.identifier(column) for column in ("date_to", *table.closing)]
    rows = env.execute_query(
        SQL(
            "SELECT id, %s, date_from, %s FROM %s WHERE %s = ANY(%s)"
            " ORDER BY 2, 3, id FOR UPDATE",
            SQL.identifier(table.criterion),
            SQL(", ").join(ends),
            name,
            record,
            [into, *ids],
        )
    )
    kept, extended, gone = _unite(rows)
    if follow:
        follow(gone)
        env.flush_all()
    if gone:
        env.execute_query(SQL("DELETE FROM %s WHERE id = ANY(%s)", name, list(gone)))
    for row_id, values in extended.items():
        assignments = [SQL("%s = %s", *pair) for pair in zip(ends, values, strict=True)]
        env.execute_query(
            SQL(
                "UPDATE %s SET %s WHERE id = %s",
                name,
                SQL(", ").join(assignments),
                row_id,
            )
        )
    env.execute_query(
        SQL(
            "UPDATE %(table)s SET %(record)s = %(into)s"
            " WHERE id = ANY(%(kept)s) AND %(record)s <> %(into)s",
            table=name,
            record=record,
            into=into,
            kept=kept,
        )
    )
    return len(gone)


def _unite(rows):
    """Unite the periods that overlap.

    :param rows: tuples ``(id, criterion, date_from, date_to, *reasons)``, sorted by
        criterion and start; no ``date_to`` means that the period is still open
    :return: ids to keep, ``{id: (date_to, *reasons)}`` of kept rows whose end changes,
        ``{id that goes: id to keep that has its time now}``
    """
    kept, extended, gone = [], {}, {}
    for _criterion, group in groupby(rows, key=lambda row: row[1]):
        end = ()
        for row_id, _criterion, start, *own_end in group:
            if end and (end[0] is None or start < end[0]):
                gone[row_id] = kept[-1]
                if end[0] is not None and (own_end[0] is None or own_end[0] > end[0]):
                    end = extended[kept[-1]] = own_end
            else:
                kept.append(row_id)
                end = own_end
    return kept, extended, gone
