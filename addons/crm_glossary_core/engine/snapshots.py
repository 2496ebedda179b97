"""How many records matched at the end of each day, from a history of matches."""

from odoo.tools import SQL

_SNAPSHOTS = """
WITH days AS (
    SELECT day::date FROM generate_series(
           %(first)s::timestamp, %(last)s::timestamp, INTERVAL '1 day') AS day
), owner AS (
    SELECT UNNEST(%(keys)s::int[]) AS key
), present AS (
    SELECT %(criterion)s AS key, COUNT(*) AS size FROM %(history)s
     WHERE date_to IS NULL AND %(criterion)s = ANY(%(keys)s) GROUP BY 1
), moved AS (
    SELECT key, day, SUM(came) AS came, SUM(went) AS went FROM (
           SELECT %(criterion)s AS key, date_from::date AS day, 1 AS came, 0 AS went
             FROM %(history)s
            WHERE date_from >= %(first)s AND %(criterion)s = ANY(%(keys)s)
         UNION ALL
           SELECT %(criterion)s, date_to::date, 0, 1 FROM %(history)s
            WHERE date_to >= %(first)s AND %(criterion)s = ANY(%(keys)s)) AS move
     GROUP BY key, day
), fresh AS (
    SELECT owner.key, days.day,
           COALESCE(present.size, 0) - COALESCE(SUM(moved.came - moved.went)
               OVER (PARTITION BY owner.key ORDER BY days.day DESC
                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS size,
           COALESCE(moved.came, 0) AS entered, COALESCE(moved.went, 0) AS left_count
      FROM owner CROSS JOIN days
      LEFT JOIN present ON present.key = owner.key
      LEFT JOIN moved ON moved.key = owner.key AND moved.day = days.day
), written AS (
    INSERT INTO %(table)s AS old (%(criterion)s, date, size, entered, "left")
    SELECT key, day, size, entered, left_count FROM fresh
        ON CONFLICT (%(criterion)s, date) DO UPDATE
       SET size = EXCLUDED.size, entered = EXCLUDED.entered, "left" = EXCLUDED."left"
     WHERE (old.size, old.entered, old."left")
           IS DISTINCT FROM (EXCLUDED.size, EXCLUDED.entered, EXCLUDED."left")
 RETURNING 1
)
SELECT COUNT(*) FROM written
"""


def write_snapshots(env, history, table, keys, first, last):
    """Write size, entries and exits of each day, where they differ.

    Sizes are worked out backwards from who matches now; days are those of UTC.

    :param MatchTable history: a table with a history
    :param str table: columns: the criterion's, ``date`` (unique together), ``size``,
        ``entered``, ``left``
    :param keys: ids of the criteria
    :param date first: first day
    :param date last: last day: today
    :return: number of rows written
    """
    [[written]] = env.execute_query(
        SQL(
            _SNAPSHOTS,
            criterion=SQL.identifier(history.criterion),
            history=SQL.identifier(history.table),
            table=SQL.identifier(table),
            keys=list(keys),
            first=first,
            last=last,
        )
    )
    return written
