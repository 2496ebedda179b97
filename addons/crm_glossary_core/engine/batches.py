"""Ranges of ids: how a refresh of a large table is cut into short transactions."""

from odoo.tools import SQL


def next_range(env, table, position, size):
    """Return ``(first, last, count)`` of the next ``size`` ids after ``position``.

    ``None`` when there are none. Ids of archived records are among them.
    """
    [[first, last, count]] = env.execute_query(
        SQL(
            """
            SELECT MIN(id), MAX(id), COUNT(*)
              FROM (SELECT id FROM %s WHERE id > %s ORDER BY id LIMIT %s) AS batch
            """,
            SQL.identifier(table),
            position,
            size,
        )
    )
    return (first, last, count) if count else None


def count_range(env, table, first, last):
    """How many rows have an id from ``first`` to ``last``."""
    [[count]] = env.execute_query(
        SQL(
            "SELECT COUNT(*) FROM %s WHERE id BETWEEN %s AND %s",
            SQL.identifier(table),
            first,
            last,
        )
    )
    return count


def count_after(env, table, position):
    """How many rows have a greater id than ``position``: work that remains."""
    [[count]] = env.execute_query(
        SQL("SELECT COUNT(*) FROM %s WHERE id > %s", SQL.identifier(table), position)
    )
    return count
