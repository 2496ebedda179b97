"""Two tallies of the same records side by side, and nothing of them stored for good.

Used to compare two versions of a scorecard: the rows of both are worked out in one
statement and noted in a table that the comparison owns; satellites stay untouched.
"""

from dataclasses import dataclass, field

import psycopg2

from odoo.tools import SQL, mute_logger

from .batches import count_range
from .compiler import Lookups, query_of, system_model
from .compiler import compile as compile_criteria
from .criterion import TallyTable
from .errors import CriterionError
from .readiness import Gate
from .sync import tally_rows, try_out

#: Records of a range for one that is asked for, up to which all are worked out.
DENSE = 5


@dataclass
class Side:
    """One of the two tallies.

    :param TallyTable table: its columns and bands
    :param list criteria: what gives points; broken ones get their ``error``
    :param Gate gate: when a record is ready; its satellite says what is ready now
    :param dict ranks: number of each band, from the best on, 0 first
    """

    table: TallyTable
    criteria: list
    gate: Gate
    ranks: dict = field(default_factory=dict)


def compare(env, into, old, new, ids, open_records, as_of, values):
    """Note for each record what both sides say of it.

    ``into`` has the columns ``lead_id``, ``old_total``, ``new_total``, ``difference``,
    ``old_grade_id``, ``new_grade_id``, ``movement`` (up, down, same) and ``readiness``
    (becomes, loses, stays, never).

    A record that is ready now stays so above the lower threshold, a new one needs the
    upper one; one that is held back is not ready. The time that a total must last is
    left out of account.

    :param str into: name of a table
    :param Side old: what it was, ``new`` what it would be
    :param ids: the records, at least one
    :param Domain open_records: only these can be ready
    :param date as_of: the day at whose end ages of events are taken
    :param dict values: constants for the other columns of ``into``
    :return: number of records
    """
    env.execute_query(SQL("SET LOCAL work_mem = '128MB'"))
    env.execute_query(SQL("SET LOCAL jit = off"))
    while True:
        statement = _statement(env, into, old, new, ids, open_records, as_of, values)
        env.flush_query(statement)
        try:
            with mute_logger("odoo.sql_db"), env.cr.savepoint(flush=False):
                return len(env.execute_query(statement))
        except (psycopg2.DataError, psycopg2.ProgrammingError):
            sound = [c for c in _all_criteria(old, new) if not c.error]
            for criterion in sound:
                try_out(env, criterion)
            if not any(criterion.error for criterion in sound):
                raise


def forget(env, into, comparison_id):
    """Take away what an earlier run of a comparison noted."""
    env.execute_query(
        SQL(
            "DELETE FROM %s WHERE compare_id = %s RETURNING 1",
            SQL.identifier(into),
            comparison_id,
        )
    )


def _all_criteria(*sides):
    for side in sides:
        yield from side.criteria
        if side.gate.must:
            yield side.gate.must


# Both tallies, and what is compared of them, are worked out once: PostgreSQL would put
# their expressions in each place where they are used.
def _statement(env, into, old, new, ids, open_records, as_of, values):
    names = SQL(", ").join(SQL.identifier(name) for name in values)
    constants = SQL(", ").join(SQL("%s", value) for value in values.values())
    return SQL(
        """
        WITH old AS MATERIALIZED (
            SELECT id, total, grade_id FROM (%(old)s) AS tally
        ), new AS MATERIALIZED (
            SELECT id, total, grade_id FROM (%(new)s) AS tally
        )
        INSERT INTO %(into)s (
            lead_id, old_total, new_total, difference, old_grade_id, new_grade_id,
            movement, readiness, %(names)s
        )
        SELECT id, old_total, new_total, new_total - old_total, old_band, new_band,
               CASE WHEN new_rank < old_rank THEN 'up'
                    WHEN new_rank > old_rank THEN 'down' ELSE 'same' END,
               CASE WHEN was_ready AND is_ready THEN 'stays'
                    WHEN was_ready THEN 'loses'
                    WHEN is_ready THEN 'becomes' ELSE 'never' END,
               %(constants)s
          FROM (
            SELECT old.id, old.total AS old_total, new.total AS new_total,
                   old.grade_id AS old_band, new.grade_id AS new_band,
                   %(old_rank)s AS old_rank, %(new_rank)s AS new_rank,
                   %(was_ready)s AS was_ready, %(is_ready)s AS is_ready
              FROM old
              JOIN new ON new.id = old.id
              JOIN UNNEST(%(ids)s::int[]) AS wanted(id) ON wanted.id = old.id
              LEFT JOIN %(satellite)s AS own ON own.id = old.id
            OFFSET 0
          ) AS compared
     RETURNING 1
        """,
        into=SQL.identifier(into),
        names=names,
        constants=constants,
        ids=list(ids),
        old=_rows(env, old, ids, as_of),
        new=_rows(env, new, ids, as_of),
        old_rank=_rank(old, "old"),
        new_rank=_rank(new, "new"),
        was_ready=_ready(env, old, "old", open_records),
        is_ready=_ready(env, new, "new", open_records),
        satellite=SQL.identifier(old.gate.table),
    )


def _rows(env, side, ids, as_of):
    criteria = [criterion for criterion in side.criteria if not criterion.error]
    first, last = min(ids), max(ids)
    table = env[side.criteria[0].model]._table
    if count_range(env, table, first, last) < DENSE * len(ids):
        # Working all of a range out is quicker than looking most of it up by id.
        return compile_criteria(
            env, criteria, side.table, id_range=(first, last), as_of=as_of
        )
    return compile_criteria(env, criteria, side.table, ids=ids, as_of=as_of)


def _rank(side, alias):
    if not side.ranks:
        return SQL("0")
    band = SQL.identifier(alias, side.table.bands.column)
    whens = [SQL("WHEN %s THEN %s", key, rank) for key, rank in side.ranks.items()]
    return SQL("CASE %s %s ELSE %s END", band, SQL(" ").join(whens), len(whens))


def _ready(env, side, alias, open_records):
    """The condition that a record is ready by the rules of one side."""
    gate, total = side.gate, SQL.identifier(alias, "total")
    if gate.enter is None or gate.must and gate.must.error:
        return SQL("FALSE")
    domain, model = open_records, env(su=True, context={})[side.criteria[0].model]
    if gate.must:
        try:
            query_of(env, gate.must)
        except CriterionError:
            return SQL("FALSE")
        model = system_model(env, gate.must)
        domain &= Lookups(env).resolve(model, gate.must.parse(model.env))
    query = model._search(domain, active_test=False)
    return SQL(
        "(own.held_total IS NULL"
        " AND %(total)s >= CASE WHEN own.is_ready THEN %(leave)s ELSE %(enter)s END"
        " AND old.id IN (%(met)s))",
        total=total,
        leave=gate.leave if gate.leave is not None else gate.enter,
        enter=gate.enter,
        met=query.select(),
    )


def explain(env, sides, ids, as_of):
    """Return the points of each criterion of several tallies, for a few records.

    :return: for each side a dict ``{record id: {criterion's key: points}}``
    """
    found = []
    for side in sides:
        criteria = [criterion for criterion in side.criteria if not criterion.error]
        rows = tally_rows(env, side.table, criteria, ids=ids, as_of=as_of)
        found.append(
            {
                row["id"]: dict(zip(row["criterion_ids"], row["points"], strict=True))
                for row in rows
            }
        )
    return found
