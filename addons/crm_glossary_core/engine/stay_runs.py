"""What is to be done for those who entered, stay in or left: planned in one statement.

A *stay* is an open or closed row of a :class:`MatchTable` with a history. A *run* is
one thing that is done for one stay, once. Planning again changes nothing: a run's key
is what is done, the stay and the round.
"""

from dataclasses import dataclass
from datetime import datetime

from odoo import fields
from odoo.tools import SQL

#: Seconds of a day.
DAY = 86_400


@dataclass(frozen=True)
class Plan:
    """What to plan runs for.

    :param int action: id of what is done
    :param int criterion: id of the criterion whose stays count
    :param str record: column of the stays that holds the record
    :param str trigger: ``entry``, ``exit``, or ``stay``: every ``days`` days of it
    :param datetime since: earlier entries and exits do not count
    :param tuple ignored: reasons of entry or exit that do not count
    :param int delay: seconds to wait
    :param int days: of the trigger ``stay``
    :param bool once: once ever for each record, however often it comes back
    :param int holdout: of 100 records, so many are left alone, to compare
    """

    action: int
    criterion: int
    record: str
    trigger: str
    since: datetime
    ignored: tuple = ()
    delay: int = 0
    days: int = 1
    once: bool = False
    holdout: int = 0


def plan_runs(env, stays, runs, plan):
    """Add the runs that are missing; return how many.

    :param str stays: table of the stays
    :param str runs: table of the runs, with ``action_id``, ``member_id``, ``round``,
        ``partner_id``, ``lead_id``, ``segment_id``, ``state`` and ``due``
    :param Plan plan: for what
    """
    moment, turn, conditions = _when(plan)
    if plan.once:
        conditions.append(_never_before(runs, plan))
    record = SQL.identifier("stay", plan.record)
    [[count]] = env.execute_query(
        SQL(
            """
            WITH planned AS (
                INSERT INTO %(runs)s (action_id, segment_id, member_id, round,
                       partner_id, lead_id, state, due)
                SELECT %(action)s, stay.segment_id, stay.id, %(turn)s,
                       stay.partner_id, stay.lead_id, %(side)s,
                       %(moment)s + %(delay)s * INTERVAL '1 second'
                  FROM %(stays)s AS stay
                 WHERE stay.segment_id = %(criterion)s AND %(record)s IS NOT NULL
                   AND %(conditions)s
                    ON CONFLICT DO NOTHING
             RETURNING 1
            )
            SELECT COUNT(*) FROM planned
            """,
            runs=SQL.identifier(runs),
            stays=SQL.identifier(stays),
            action=plan.action,
            criterion=plan.criterion,
            record=record,
            turn=turn,
            side=_side(record, plan),
            moment=moment,
            delay=plan.delay,
            conditions=SQL(" AND ").join(conditions),
        )
    )
    return count


def _when(plan):
    """Return from when the delay counts, which round it is, and the conditions."""
    now = fields.Datetime.now()
    is_open = SQL("stay.date_to IS NULL")
    if plan.trigger == "entry":
        happened = _happened("date_from", "reason_in", plan)
        return SQL("stay.date_from"), SQL("0"), [*happened, is_open]
    if plan.trigger == "exit":
        happened = _happened("date_to", "reason_out", plan)
        return SQL("stay.date_to"), SQL("-1"), happened
    stayed = SQL(
        "FLOOR(EXTRACT(EPOCH FROM (%s - GREATEST(stay.date_from, %s))) / %s)::int",
        now,
        plan.since,
        plan.days * DAY,
    )
    return SQL("%s", now), stayed, [SQL("%s >= 1", stayed), is_open]


def _happened(moment, reason, plan):
    """The conditions that the entry, or the exit, counts."""
    return [
        SQL("%s >= %s", SQL.identifier("stay", moment), plan.since),
        SQL(
            "COALESCE(%s, '') <> ALL(%s)",
            SQL.identifier("stay", reason),
            list(plan.ignored),
        ),
    ]


def _never_before(runs, plan):
    """The condition that the record had no run of this in an earlier stay."""
    return SQL(
        "NOT EXISTS (SELECT FROM %s AS earlier WHERE earlier.action_id = %s"
        " AND earlier.%s = stay.%s AND earlier.member_id IS DISTINCT FROM stay.id"
        " AND earlier.state IN ('planned', 'done', 'held_out'))",
        SQL.identifier(runs),
        plan.action,
        SQL.identifier(plan.record),
        SQL.identifier(plan.record),
    )


def _side(record, plan):
    """Which side of the comparison a record is on: always the same one."""
    return SQL(
        "CASE WHEN mod(abs(hashtext(%s || ':' || %s)::bigint), 100) < %s"
        " THEN 'held_out' ELSE 'planned' END",
        str(plan.action),
        record,
        plan.holdout,
    )


def cancel_runs(env, stays, runs, actions):
    """Call off what waits for stays that have ended; return how many.

    :param actions: ids of what is done on entry or during a stay
    """
    [[count]] = env.execute_query(
        SQL(
            """
            WITH ended AS (
                UPDATE %s AS run SET state = 'cancelled'
                  FROM %s AS stay
                 WHERE stay.id = run.member_id AND stay.date_to IS NOT NULL
                   AND run.state = 'planned' AND run.action_id = ANY(%s)
             RETURNING 1
            )
            SELECT COUNT(*) FROM ended
            """,
            SQL.identifier(runs),
            SQL.identifier(stays),
            list(actions),
        )
    )
    return count
