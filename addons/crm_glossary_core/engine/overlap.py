"""How many records groups have in common, counted by the database."""

from odoo.tools import SQL

#: Each group is one bit of a number.
MOST = 60


def overlaps(rows, domain, keys, criterion="segment_id", record="partner_id"):
    """Count records by the combination of groups that they are in.

    One pass over the rows, whatever the number of groups; memory grows with the
    combinations that occur, not with the records.

    :param rows: model with one row for each pair of group and record; its record rules
        hold
    :param domain: which rows count
    :param list keys: ids of groups, at most :data:`MOST`
    :param str criterion: column that holds the group
    :param str record: column that holds the record
    :return: dict ``{frozenset of keys: number of records}``
    """
    if len(keys) > MOST:
        raise ValueError(f"at most {MOST} groups")
    rows.flush_model()
    query = rows._search([*domain, (criterion, "in", list(keys))])
    pairs = query.select(
        SQL("%s AS grouped", SQL.identifier(query.table, criterion)),
        SQL("%s AS record", SQL.identifier(query.table, record)),
    )
    statement = SQL(
        """
        SELECT combined.mask, COUNT(*)
        FROM (
            SELECT bit_or(1::bigint << (array_position(%(keys)s, grouped) - 1)) AS mask
            FROM (%(pairs)s) AS pairs
            WHERE record IS NOT NULL
            GROUP BY record
        ) AS combined
        GROUP BY combined.mask
        """,
        keys=list(keys),
        pairs=pairs,
    )
    return {
        frozenset(key for bit, key in enumerate(keys) if mask >> bit & 1): count
        for mask, count in rows.env.execute_query(statement)
    }
