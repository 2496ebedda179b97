"""The first touch of each lead: a date in a narrow table, kept when it happens.

To look for it in the messages of the 50,000 leads of a year takes more than a second.
"""

from odoo.tools import SQL


def note_touch(env, lead_ids, date):
    """Remember that leads were touched; an earlier touch stays the first."""
    env.execute_query(
        SQL(
            """
            INSERT INTO crm_lead_touch AS touch (lead_id, date_first_touch)
            SELECT lead.id, %s FROM crm_lead AS lead WHERE lead.id = ANY(%s)
                ON CONFLICT (lead_id) DO UPDATE
               SET date_first_touch = EXCLUDED.date_first_touch
             WHERE EXCLUDED.date_first_touch < touch.date_first_touch
            """,
            date,
            list(lead_ids),
        )
    )


def fill_touches(env, subtype_id, root_id):
    """Read the first touches of leads that have none out of their messages.

    :param int subtype_id: subtype of messages that are sent
    :param int root_id: the user who is no person
    """
    env.execute_query(
        SQL(
            """
            INSERT INTO crm_lead_touch (lead_id, date_first_touch)
            SELECT lead.id, MIN(message.date)
              FROM mail_message AS message
              JOIN crm_lead AS lead ON lead.id = message.res_id
             WHERE message.model = 'crm.lead'
               AND (message.mail_activity_type_id IS NOT NULL
                    OR message.message_type IN ('comment', 'email_outgoing')
                       AND message.subtype_id = %s)
               AND message.author_id IN (
                   SELECT person.partner_id FROM res_users AS person
                    WHERE person.id <> %s AND person.share IS NOT TRUE)
               AND NOT EXISTS (
                   SELECT FROM crm_lead_touch AS touch WHERE touch.lead_id = lead.id)
             GROUP BY lead.id
            """,
            subtype_id,
            root_id,
        )
    )
