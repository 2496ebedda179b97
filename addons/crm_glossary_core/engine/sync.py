"""A match table made equal to what matches, writing only the rows that differ."""

import psycopg2

from odoo import fields
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL, mute_logger

from .compiler import compile as compile_criteria
from .compiler import query_of, refusal, run_safely
from .criterion import Diff, TallyTable
from .errors import CriterionError


def refresh(env, table, criteria, ids=None, id_range=None, scope=None, stored=()):
    """Compile the criteria and make ``table`` equal to what they match.

    The parameters are those of :func:`compile`.

    A criterion that the database refuses (it compiles, but its values do not fit the
    data) is found, left out and marked; the others are refreshed all the same.

    :return: :class:`Diff`
    """
    criteria = [criterion for criterion in criteria if not criterion.error]
    while True:
        matches = compile_criteria(
            env, criteria, table, ids, id_range, scope, stored=stored
        )
        sound = [criterion for criterion in criteria if not criterion.error]
        # Written before the savepoint: going back to it must not lose it.
        env.flush_query(matches)
        try:
            with mute_logger("odoo.sql_db"), env.cr.savepoint(flush=False):
                return sync(env, table, matches, sound, ids, id_range)
        except psycopg2.errors.ForeignKeyViolation as error:
            # It matched as this transaction sees the world; it is gone in the real one.
            raise ConcurrencyError("A record was deleted meanwhile") from error
        except (psycopg2.DataError, psycopg2.ProgrammingError):
            for criterion in sound:
                try_out(env, criterion)
            if not any(criterion.error for criterion in sound):
                raise
            criteria = [criterion for criterion in sound if not criterion.error]
            if not criteria and isinstance(table, TallyTable):
                return Diff()


def try_out(env, criterion, rows=True):
    """Run one criterion; a refusal of the database is kept in its ``error``.

    :param bool rows: evaluate it on the records; otherwise only plan it, which is
        cheap and finds values of a wrong type
    """
    try:
        query = query_of(env, criterion)
    except CriterionError:
        # What is wrong stands on the criterion already.
        return
    statement = SQL("SELECT 1 FROM (%s) AS tried", query.select())
    if not rows:
        statement = SQL("%s LIMIT 0", statement)
    try:
        run_safely(env, SQL("SELECT COUNT(*) FROM (%s) AS counted", statement))
    except (psycopg2.DataError, psycopg2.ProgrammingError) as error:
        criterion.error = refusal(env, error)


def sync(env, table, matches, criteria=(), ids=None, id_range=None):
    """Make ``table`` equal to ``matches`` and return the :class:`Diff`.

    :param table: a :class:`MatchTable` or a :class:`TallyTable`
    :param SQL matches: what :func:`compile` or :func:`pairs` returned for it
    :param criteria: for a match table, those whose rows are compared; rows of other
        criteria (broken ones among them) stay as they are
    :param ids: compare rows of these records only
    :param tuple id_range: compare rows with ``first <= record <= last`` only
    """
    if ids is None:
        # Hashing whole tables needs more memory than the default grants, and JIT costs
        # more than it saves; both settings end with the transaction.
        env.execute_query(SQL("SET LOCAL work_mem = '128MB'"))
        env.execute_query(SQL("SET LOCAL jit = off"))
    if isinstance(table, TallyTable):
        return _sync_tally(env, table, matches, ids, id_range)
    return _sync_pairs(env, table, matches, criteria, ids, id_range)


def pairs(criterion_key, ids):
    """Matches that are known already: a criterion's key and the ids of its records."""
    return SQL(
        "SELECT %s::int AS criterion, record FROM UNNEST(%s::int[]) AS record",
        criterion_key,
        list(ids),
    )


def tally_rows(env, table, criteria, ids=None, scope=None, as_of=None):
    """Work out the rows of a tally without storing them; see :func:`compile`.

    :return: list of dicts by column
    """
    statement = compile_criteria(env, criteria, table, ids, None, scope, as_of)
    names = ["id", *_tally_columns(table)]
    return [
        dict(zip(names, row, strict=True))
        for row in env.execute_query(
            SQL(
                "SELECT %s FROM (%s) AS tally",
                SQL(", ").join(map(SQL.identifier, names)),
                statement,
            )
        )
    ]


def _tally_columns(table):
    names = [*table.columns, "total", "criterion_ids", "points", "fingerprint"]
    return [*names, table.bands.column] if table.bands else names


def _sync_tally(env, table, matches, ids, id_range):
    columns = [SQL.identifier(name) for name in _tally_columns(table)]
    [[changed]] = env.execute_query(
        SQL(
            """
            WITH written AS (
                UPDATE %(table)s AS old SET %(assignments)s
                  FROM (%(matches)s) AS new
                 WHERE new.id = old.id
                   AND %(compared)s
                   AND old.fingerprint IS DISTINCT FROM new.fingerprint
             RETURNING 1
            )
            SELECT COUNT(*) FROM written
            """,
            table=SQL.identifier(table.table),
            assignments=SQL(", ").join(SQL("%s = new.%s", c, c) for c in columns),
            matches=matches,
            # Said of the table too: PostgreSQL would read all of it for each range.
            compared=asked(SQL("old.id"), ids, id_range),
        )
    )
    return Diff(changed=changed)


def _sync_pairs(env, table, matches, criteria, ids, id_range):
    record, criterion = map(SQL.identifier, (table.record, table.criterion))
    values = {**table.values, **({"date_from": _now()} if table.history else {})}
    rows = env.execute_query(
        SQL(
            """
            WITH new AS (
                SELECT criterion, record FROM (%(matches)s) AS matches
            ), old AS (
                SELECT id, %(criterion)s AS criterion, %(record)s AS record
                  FROM %(table)s WHERE %(compared)s
            ), differing AS MATERIALIZED (
                SELECT old.id AS old_id, new.criterion, new.record
                  FROM new FULL JOIN old
                    ON old.criterion = new.criterion AND old.record = new.record
                 WHERE old.id IS NULL OR new.record IS NULL
            ), gone AS (%(remove)s), added AS (
                INSERT INTO %(table)s (%(columns)s)
                SELECT %(values)s FROM differing WHERE old_id IS NULL
                    ON CONFLICT DO NOTHING
             RETURNING %(criterion)s AS criterion
            )
            SELECT criterion, SUM(came)::int, SUM(went)::int
              FROM (SELECT criterion, 1 AS came, 0 AS went FROM added
                     UNION ALL SELECT criterion, 0, 1 FROM gone) AS change
             GROUP BY criterion
            """,
            matches=matches,
            criterion=criterion,
            record=record,
            table=SQL.identifier(table.table),
            compared=_compared(table, criteria, ids, id_range),
            remove=_removal(table),
            columns=SQL(", ").join(
                [criterion, record, *(SQL.identifier(name) for name in values)]
            ),
            values=SQL(", ").join(
                [
                    SQL("criterion"),
                    SQL("record"),
                    *(SQL("%s", v) for v in values.values()),
                ]
            ),
        )
    )
    return Diff(
        added=sum(row[1] for row in rows),
        gone=sum(row[2] for row in rows),
        by_key={key: (came, went) for key, came, went in rows},
    )


def _compared(table, criteria, ids, id_range):
    """Which rows are held against the matches: others stay as they are."""
    record = SQL.identifier(table.record)
    keys = [item.key for item in criteria]
    terms = [
        SQL("%s = ANY(%s)", SQL.identifier(table.criterion), keys),
        # A table may hold records of several models, each in a column of its own.
        SQL("%s IS NOT NULL", record),
    ]
    if table.history:
        terms.append(SQL("date_to IS NULL"))
    terms.append(asked(record, ids, id_range))
    return SQL(" AND ").join(terms)


def asked(record, ids, id_range):
    """The condition that a column holds one of the records that are compared."""
    terms = [SQL("TRUE")]
    if ids is not None:
        terms.append(SQL("%s = ANY(%s)", record, list(ids)))
    if id_range is not None:
        terms.append(SQL("%s BETWEEN %s AND %s", record, *id_range))
    return SQL(" AND ").join(terms)


def _removal(table):
    # An array: a table that was never analysed would be joined row by row.
    rows = SQL("ANY(ARRAY(SELECT old_id FROM differing WHERE old_id IS NOT NULL))")
    name, key = SQL.identifier(table.table), SQL.identifier(table.criterion)
    if not table.history:
        return SQL(
            "DELETE FROM %s WHERE id = %s RETURNING %s AS criterion", name, rows, key
        )
    changes = {"date_to": _now(), **table.closing}
    return SQL(
        "UPDATE %s SET %s WHERE id = %s RETURNING %s AS criterion",
        name,
        SQL(", ").join(
            SQL("%s = %s", SQL.identifier(column), value)
            for column, value in changes.items()
        ),
        rows,
        key,
    )


def _now():
    return fields.Datetime.now()
