"""A gate over a tally: which records are ready, and which have just become so.

A record becomes ready when its total reaches one threshold and stops being ready below
a second, lower one, so that a total which swings around one number does not open and
shut the gate each time. It may have to meet a criterion besides, and to stay above the
threshold for a while first.

The state stands in the satellite's own row, in the columns ``is_ready``,
``ready_since``, ``reached_since`` (the threshold is reached, the time is running),
``held_total`` (held back until the total exceeds this) and ``transitions`` (how many
times the gate has opened or shut: the number names the latest time).
"""

from dataclasses import dataclass

import psycopg2

from odoo.api import Environment
from odoo.fields import Domain
from odoo.tools import SQL

from .compiler import Lookups, guarded, run_safely, system_model
from .criterion import Criterion
from .errors import CriterionError
from .sync import asked, try_out

# Holding and passing are said of the row as it stands and of the total it has now.
_MOVEMENT = """
    WITH seen AS (
        SELECT own.id, COALESCE(own.is_ready, FALSE) AS was_ready,
               own.reached_since, own.held_total, own.total,
               %(met)s AS met,
               own.held_total IS NULL OR own.total > own.held_total AS free
          FROM %(records)s
          JOIN %(table)s AS own ON own.id = %(id)s
         WHERE %(where)s AND %(near)s AND %(moving)s
    ), judged AS (
        SELECT *, was_ready AND met AND %(holds)s AS holds,
               met AND free AND %(passes)s AS passes
          FROM seen
    ), asked AS (
        SELECT id, was_ready, reached_since, held_total,
               holds OR passes
               AND COALESCE(reached_since, %(now)s) <= %(since)s AS ready,
               CASE WHEN holds THEN reached_since
                    WHEN passes THEN COALESCE(reached_since, %(now)s)
                END AS reached,
               CASE WHEN NOT free THEN LEAST(held_total, total) END AS held
          FROM judged
    ), wanted AS MATERIALIZED (
        SELECT * FROM asked
         WHERE (was_ready, reached_since, held_total)
               IS DISTINCT FROM (ready, reached, held)
        %(limit)s
    ), written AS (
        UPDATE %(table)s AS own
           SET is_ready = wanted.ready,
               ready_since = CASE WHEN wanted.ready
                             THEN COALESCE(own.ready_since, %(now)s) END,
               reached_since = wanted.reached,
               held_total = wanted.held,
               transitions = COALESCE(own.transitions, 0)
                           + (wanted.was_ready <> wanted.ready)::int
          FROM wanted
         WHERE own.id = wanted.id
     RETURNING own.id, own.is_ready, own.transitions, wanted.was_ready
    )
    SELECT id, is_ready, transitions, is_ready <> was_ready FROM written ORDER BY id
"""


@dataclass(frozen=True)
class Gate:
    """When a record is ready.

    :param str table: the satellite
    :param int enter: total from which a record becomes ready; ``None``: never
    :param int leave: total below which it is ready no longer, at most ``enter``
    :param int dwell: seconds for which ``enter`` must have been reached without a break
    :param Criterion must: what it has to meet besides
    """

    table: str
    enter: int | None = None
    leave: int | None = None
    dwell: int = 0
    must: Criterion | None = None


@dataclass(frozen=True)
class FollowUp:
    """One thing that follows when the gate opens (``ready``) or shuts.

    :param int action_id: the record that says what to do, where the kind needs one
    """

    ready: bool
    sequence: int
    kind: str
    action_id: int | None = None


def may_concern(env, table, enter, ids):
    """Whether a gate could move for one of these few records: cheap, and errs to yes.

    :param int enter: the lowest threshold of all gates
    """
    return bool(
        env.execute_query(
            SQL(
                "SELECT 1 FROM %s AS own WHERE own.id = ANY(%s) AND %s LIMIT 1",
                SQL.identifier(table),
                list(ids),
                _moving(enter),
            )
        )
    )


def move(env, gate, model, now, scope, ids=None, id_range=None, most=None):
    """Open and shut the gate, writing only rows that differ.

    :param model: the records' model, with system rights
    :param Domain scope: which records are looked at; the others stay as they are
    :param ids: only these of them
    :param tuple id_range: only those with ``first <= id <= last``
    :param int most: write so many rows at most, those with the lowest ids
    :return: ``[(id, ready, number of the transition)]`` of those that went through, and
        the id up to which all is done where there may be more than ``most``, else
        ``None``. When the criterion does not work its ``error`` says why, and no gate
        moves.
    """
    if ids is not None:
        scope &= Domain("id", "in", list(ids))
    if id_range is not None:
        scope &= Domain("id", ">=", id_range[0]) & Domain("id", "<=", id_range[1])
    query = model._search(scope, active_test=False)
    met = _met(env, gate.must, query)
    if met is None:
        return [], None
    near = asked(SQL("own.id"), ids, id_range)
    statement = _movement(gate, query, met, now, near, most)
    try:
        # Without a condition there is nothing that the database could refuse.
        run = Environment.execute_query if met.code == "TRUE" else run_safely
        rows = run(env, statement)
    except (psycopg2.DataError, psycopg2.ProgrammingError):
        try_out(env, gate.must)
        if not gate.must.error:
            raise
        return [], None
    last = rows[-1][0] if most is not None and len(rows) == most else None
    return [row[:3] for row in rows if row[3]], last


def _movement(gate, query, met, now, near, most):
    """The statement of :func:`move`.

    :param SQL met: condition on a record of the query
    :param SQL near: which records are asked for, said of the satellite too: PostgreSQL
        would read all of it for each range
    """
    return SQL(
        _MOVEMENT,
        table=SQL.identifier(gate.table),
        records=query.from_clause,
        id=SQL.identifier(query.table, "id"),
        where=query.where_clause or SQL("TRUE"),
        near=near,
        moving=_moving(gate.enter),
        met=met,
        holds=_reaches(gate.leave),
        passes=_reaches(gate.enter),
        now=SQL("%s::timestamp", now),
        since=SQL("%s::timestamp - %s * INTERVAL '1 second'", now, gate.dwell),
        limit=SQL() if most is None else SQL("ORDER BY id LIMIT %s", most),
    )


def _reaches(threshold):
    return SQL("FALSE") if threshold is None else SQL("total >= %s", threshold)


def _moving(enter):
    """Rows whose gate can move: most records are far from it."""
    near = SQL("FALSE") if enter is None else SQL("own.total >= %s", enter)
    return SQL(
        "(own.is_ready OR own.reached_since IS NOT NULL OR own.held_total IS NOT NULL"
        " OR %s)",
        near,
    )


def _met(env, must, query):
    """The condition that a record of the query meets the criterion.

    It is asked of the few records whose gate can move, so each is looked at by itself.

    :return: :class:`SQL`, or ``None`` when the criterion is broken
    """
    if must is None:
        return SQL("TRUE")

    def compiled(criterion):
        model = system_model(env, criterion)
        domain = Lookups(env).resolve(model, criterion.parse(model.env))
        domain = domain.optimize_full(model)
        if domain.is_true():
            return SQL("TRUE")
        # What is unknown (an empty field) is not met.
        condition = domain._to_sql(model, query.table, query)
        return SQL("COALESCE(%s, FALSE)", condition)

    must.error = None
    return guarded(env, must, compiled)


def shut(env, table, record_id):
    """Shut the gate by hand, and hold it until the total exceeds what it is now.

    :return: ``[(id, False, number of the transition)]``, empty when it was shut
    """
    return env.execute_query(
        SQL(
            """
            WITH seen AS (
                SELECT id, is_ready FROM %(table)s WHERE id = %(id)s FOR UPDATE
            ), written AS (
                UPDATE %(table)s AS own
                   SET is_ready = FALSE, ready_since = NULL, reached_since = NULL,
                       held_total = own.total,
                       transitions = COALESCE(own.transitions, 0)
                                   + COALESCE(seen.is_ready, FALSE)::int
                  FROM seen WHERE own.id = seen.id
             RETURNING own.id, own.transitions, seen.is_ready AS was_ready
            )
            SELECT id, FALSE, transitions FROM written WHERE was_ready
            """,
            table=SQL.identifier(table),
            id=record_id,
        )
    )


def release(env, table, record_ids):
    """Hold these records back no longer."""
    env.execute_query(
        SQL(
            "UPDATE %s SET held_total = NULL"
            " WHERE id = ANY(%s) AND held_total IS NOT NULL",
            SQL.identifier(table),
            list(record_ids),
        )
    )


def reopen(env, table, record_id, since):
    """Take back what :func:`shut` did: ready again since then, and held back no longer.

    The number of transitions stays: nothing follows from a step that was a mistake.
    """
    env.execute_query(
        SQL(
            "UPDATE %s SET is_ready = TRUE, ready_since = %s, reached_since = %s,"
            " held_total = NULL WHERE id = %s",
            SQL.identifier(table),
            since,
            since,
            record_id,
        )
    )


def merge(env, table, into, record_ids):
    """Let a record that others are merged into be ready if one of them was.

    Its own total decides at the next look whether it stays so. Call it before the
    others are deleted.
    """
    env.execute_query(
        SQL(
            """
            UPDATE %(table)s AS own
               SET is_ready = TRUE, ready_since = gone.since, held_total = NULL
              FROM (SELECT MIN(ready_since) AS since FROM %(table)s
                     WHERE id = ANY(%(ids)s) AND is_ready) AS gone
             WHERE own.id = %(into)s AND own.is_ready IS NOT TRUE
               AND gone.since IS NOT NULL
            """,
            table=SQL.identifier(table),
            ids=list(record_ids),
            into=into,
        )
    )


def queue(env, table, transitions, follow_ups, values):
    """Note what follows from transitions: one row for each, and each only once.

    :param str table: has the columns ``lead_id``, ``number``, ``direction``, ``kind``,
        ``action_id``, ``sequence`` and ``key`` (unique: record, number and what to do)
    :param transitions: as :func:`move` returns them
    :param follow_ups: :class:`FollowUp` objects
    :param dict values: constants for the other columns
    :return: ids of the new rows
    """
    if not transitions or not follow_ups:
        return []
    names = SQL(", ").join(SQL.identifier(name) for name in values)
    constants = SQL(", ").join(SQL("%s", value) for value in values.values())
    rows = env.execute_query(
        SQL(
            """
            INSERT INTO %(table)s (lead_id, number, direction, kind, action_id,
                                   sequence, key, %(names)s)
            SELECT went.id, went.number,
                   CASE WHEN went.ready THEN 'ready' ELSE 'unready' END,
                   todo.kind, todo.action_id, todo.sequence,
                   CONCAT_WS(':', went.id, went.number, todo.kind, todo.action_id),
                   %(constants)s
              FROM UNNEST(%(ids)s::int[], %(readies)s::bool[], %(numbers)s::int[])
                   AS went(id, ready, number)
              JOIN UNNEST(%(when)s::bool[], %(sequences)s::int[], %(kinds)s::text[],
                          %(actions)s::int[])
                   AS todo(ready, sequence, kind, action_id)
                ON todo.ready = went.ready
             ORDER BY went.id, todo.sequence
                ON CONFLICT (key) DO NOTHING
         RETURNING id
            """,
            table=SQL.identifier(table),
            names=names,
            constants=constants,
            ids=[record_id for record_id, _ready, _number in transitions],
            readies=[ready for _id, ready, _number in transitions],
            numbers=[number for _id, _ready, number in transitions],
            when=[item.ready for item in follow_ups],
            sequences=[item.sequence for item in follow_ups],
            kinds=[item.kind for item in follow_ups],
            actions=[item.action_id for item in follow_ups],
        )
    )
    return [row_id for (row_id,) in rows]


def cancel(env, table, model_ids, message):
    """What waits for records of these scoring models is not done any more."""
    env.execute_query(
        SQL(
            "UPDATE %s SET state = 'skipped', message = %s"
            " WHERE model_id = ANY(%s) AND state = 'waiting'",
            SQL.identifier(table),
            message,
            list(model_ids),
        )
    )


def is_held(env, table, record_id):
    """Whether a record is held back until its total exceeds ``held_total``."""
    return bool(
        env.execute_query(
            SQL(
                "SELECT 1 FROM %s WHERE id = %s AND held_total IS NOT NULL",
                SQL.identifier(table),
                record_id,
            )
        )
    )


def unmet(env, criterion, record_id):
    """Return the parts of a criterion that one record does not meet.

    :return: list of :class:`Domain`: of a list of conditions those that fail, of
        alternatives all of them together
    :raise CriterionError: when the criterion does not work
    """
    model = system_model(env, criterion)
    domain = criterion.parse(model.env)
    own = Domain("id", "=", record_id)
    parts = domain.children if getattr(domain, "OPERATOR", "") == "&" else [domain]
    failing = []
    for part in parts:
        query = guarded(
            env, criterion, lambda _c, p=part: model._search(own & p, active_test=False)
        )
        if query is None:
            raise CriterionError(criterion.error)
        if not run_safely(env, query.select()):
            failing.append(part)
    return failing
