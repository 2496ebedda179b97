"""Which events stand behind points: worked out when somebody looks."""

from odoo import fields
from odoo.tools import SQL

from .events import SCALE, EventPoints


def event_records(env, criterion, as_of=None):
    """Return the sub-query of the records that get points for events.

    The domain of the criterion is not looked at.

    :return: SQL that yields ids, for a condition ``("id", "in", ...)``
    """
    day = as_of or fields.Datetime.now().date()
    points = EventPoints(
        env[criterion.model], lambda record: SQL("%s IS NOT NULL", record), day
    )
    points.add(criterion)
    return points.matches()


def event_evidence(env, criteria, ids, as_of=None, limit=3):
    """Return the latest events that count for each criterion, record by record.

    The domain of the criteria is not looked at.

    :param criteria: criteria with events, of one model
    :param ids: ids of records
    :param date as_of: the day at whose end ages are taken; today if empty
    :param int limit: how many events of each criterion and record
    :return: dict ``{(record, key): (count, [(event id, points left), ...])}``, with the
        latest event first and points of either sign
    """
    criteria = [criterion for criterion in criteria if criterion.events]
    ids = list(ids)
    if not criteria or not ids:
        return {}
    day = as_of or fields.Datetime.now().date()
    model = env[criteria[0].model]
    points = EventPoints(model, lambda record: SQL("%s = ANY(%s)", record, ids), day)
    rows = env.execute_query(
        SQL(
            "SELECT * FROM (SELECT key, record, event, parts,"
            " COUNT(*) OVER (PARTITION BY key, record) AS total,"
            " ROW_NUMBER() OVER (PARTITION BY key, record"
            " ORDER BY date DESC, event DESC) AS rank"
            " FROM (%s) AS counted) AS ranked WHERE rank <= %s"
            " ORDER BY key, record, rank",
            SQL(" UNION ALL ").join(
                SQL(
                    "SELECT %s AS key, found.* FROM (%s) AS found",
                    criterion.key,
                    points.each(criterion),
                )
                for criterion in criteria
            ),
            limit,
        )
    )
    signs = {c.key: 1 if sum(c.points.values()) > 0 else -1 for c in criteria}
    found = {}
    for key, record, event, parts, total, _rank in rows:
        events = found.setdefault((record, key), (total, []))[1]
        events.append((event, signs[key] * parts / SCALE))
    return found
