"""The way of each lead through the stages: one row a stay, in a narrow table.

Odoo keeps the history of stages in tracked messages. To read the stays out of them for
100,000 leads takes more than a second, so they are kept: a change of a lead closes its
open stay and opens the next; what happened before the table existed is read out of the
messages once.
"""

from odoo.tools import SQL

from .criterion import Diff

#: What became of a stay, from the old stage, the new one and the lead.
_OUTCOME = SQL(
    """
    CASE WHEN new.id IS NULL OR new.id = old.id THEN 'lost'
         WHEN new.is_won OR (new.sequence, new.id) > (old.sequence, old.id)
         THEN 'forward' ELSE 'back' END
    """
)


_CLOSE = """
WITH closed AS (
    UPDATE crm_stage_visit AS visit
       SET date_to = stay.date_to,
           days = EXTRACT(EPOCH FROM stay.date_to - visit.date_from)
                  / 86400,
           next_stage_id = NULLIF(lead.stage_id, visit.stage_id),
           outcome = %(outcome)s
      FROM crm_lead AS lead
      LEFT JOIN crm_stage AS new ON new.id = lead.stage_id
     CROSS JOIN LATERAL (
           SELECT COALESCE(
                      CASE WHEN lead.won_status = 'lost'
                           THEN lead.date_closed
                           ELSE lead.date_last_stage_update END,
                      %(now)s) AS date_to) AS stay
     CROSS JOIN crm_stage AS old
     WHERE visit.lead_id = lead.id AND visit.date_to IS NULL
       AND old.id = visit.stage_id AND %(leads)s
       AND (lead.stage_id IS DISTINCT FROM visit.stage_id
            OR lead.won_status = 'lost')
 RETURNING 1
)
SELECT COUNT(*) FROM closed
"""
_OPEN = """
WITH opened AS (
    INSERT INTO crm_stage_visit
                (lead_id, stage_id, date_from, outcome)
    SELECT lead.id, lead.stage_id,
           CASE WHEN last.stage_id = lead.stage_id
                THEN %(now)s
                ELSE COALESCE(last.date_to, lead.create_date, %(now)s)
            END,
           'open'
      FROM crm_lead AS lead
      LEFT JOIN LATERAL (
           SELECT visit.stage_id, visit.date_to
             FROM crm_stage_visit AS visit
            WHERE visit.lead_id = lead.id
            ORDER BY visit.date_from DESC, visit.id DESC LIMIT 1
           ) AS last ON TRUE
     WHERE %(leads)s AND lead.stage_id IS NOT NULL
       AND lead.won_status IS DISTINCT FROM 'lost'
       AND NOT EXISTS (
           SELECT FROM crm_stage_visit AS visit
            WHERE visit.lead_id = lead.id AND visit.date_to IS NULL)
 RETURNING 1
)
SELECT COUNT(*) FROM opened
"""
_FILL = """
WITH lead AS (
    SELECT lead.* FROM crm_lead AS lead
     WHERE %(leads)s AND lead.stage_id IS NOT NULL AND NOT EXISTS (
           SELECT FROM crm_stage_visit AS visit
            WHERE visit.lead_id = lead.id)
), change AS (
    SELECT lead.id AS lead_id, value.id, value.create_date AS date,
           value.old_value_integer AS old_id,
           value.new_value_integer AS new_id,
           LEAD(value.create_date) OVER way AS next_date,
           LEAD(value.new_value_integer) OVER way AS next_id,
           ROW_NUMBER() OVER way AS number
      FROM lead
      JOIN mail_message AS message
        ON message.model = 'crm.lead' AND message.res_id = lead.id
      JOIN mail_tracking_value AS value
        ON value.mail_message_id = message.id
       AND value.field_id = %(field)s
    WINDOW way AS (PARTITION BY lead.id ORDER BY value.id)
), stay AS (
    SELECT lead.id AS lead_id, COALESCE(first.old_id, lead.stage_id)
           AS stage_id, lead.create_date AS date_from,
           first.date AS date_to, first.new_id AS next_id
      FROM lead
      LEFT JOIN change AS first
        ON first.lead_id = lead.id AND first.number = 1
 UNION ALL
    SELECT lead_id, new_id, date, next_date, next_id FROM change
)
INSERT INTO crm_stage_visit
            (lead_id, stage_id, date_from, date_to, days, next_stage_id,
             outcome)
SELECT stay.lead_id, stay.stage_id, stay.date_from, stay.date_to,
       EXTRACT(EPOCH FROM stay.date_to - stay.date_from) / 86400,
       new.id, CASE WHEN stay.date_to IS NULL THEN 'open'
                    ELSE %(outcome)s END
  FROM stay
  JOIN crm_stage AS old ON old.id = stay.stage_id
  LEFT JOIN crm_stage AS new ON new.id = stay.next_id
 ORDER BY stay.lead_id, stay.date_from
"""


def follow_stages(env, ids=None, id_range=None):
    """Make the stays of leads end with where the leads are now; return a Diff.

    :param ids: these leads only
    :param tuple id_range: leads with ``first <= id <= last`` only
    """
    env.flush_all()
    fill_stages(env, ids, id_range)
    leads, now = _restriction(ids, id_range), env.cr.now()
    close = SQL(_CLOSE, outcome=_OUTCOME, leads=leads, now=now)
    [[closed]] = env.execute_query(close)
    [[opened]] = env.execute_query(SQL(_OPEN, leads=leads, now=now))
    return Diff(added=opened, changed=closed)


def fill_stages(env, ids=None, id_range=None):
    """Read the stays of leads that have none out of their tracked messages."""
    env.execute_query(
        SQL(
            _FILL,
            leads=_restriction(ids, id_range),
            outcome=_OUTCOME,
            field=env["ir.model.fields"]._get("crm.lead", "stage_id").id,
        )
    )
    if ids is None and id_range is None:
        # The planner knows nothing of a table that was just filled.
        env.execute_query(SQL("ANALYZE crm_stage_visit"))


def drop_stages(env, ids):
    """Forget the stays of leads that are merged into another."""
    env.execute_query(
        SQL("DELETE FROM crm_stage_visit WHERE lead_id = ANY(%s)", list(ids))
    )


def _restriction(ids, id_range):
    if ids is not None:
        return SQL("lead.id = ANY(%s)", list(ids))
    if id_range is not None:
        return SQL("lead.id BETWEEN %s AND %s", *id_range)
    return SQL("TRUE")
