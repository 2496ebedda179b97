"""The twenty rules of the scoring app's benchmark: fourteen on fields, six on events.

As records of the app and as SQL that a careful person writes for the same result: both
axes, the total, the grade and the breakdown.
"""

from datetime import UTC, datetime

from rules import Rules

#: Which of the rules on fields are among the twenty: of each kind some.
FIELDS = (0, 1, 3, 4, 5, 6, 8, 10, 12, 13, 16, 17, 18, 19)
#: Rules on events: signal, points, what else they say.
EVENTS = (
    (
        "page_visit",
        4,
        {
            "value_pattern": "/pricing*",
            "decay": "half_life",
            "half_life_days": 14,
            "cap": 40,
        },
    ),
    (
        "mail_opened",
        2,
        {
            "counting": "limited",
            "max_count": 3,
            "period": "week",
            "decay": "half_life",
            "half_life_days": 30,
            "cap_id": True,
        },
    ),
    (
        "mail_clicked",
        6,
        {
            "window_days": 180,
            "decay": "half_life",
            "half_life_days": 60,
            "cap_id": True,
        },
    ),
    (
        "form_submitted",
        20,
        {"counting": "once", "decay": "linear", "half_life_days": 90},
    ),
    ("meeting_held", 15, {}),
    ("mail_unsubscribed", -25, {"counting": "once"}),
)
CAP = 10


def make_records(env):
    """Write the twenty rules as one scoring model of the app, with readiness."""
    Model = env["crm.lead.score.model"]
    Model.search([]).write({"active": False})
    values = {"name": "Bench"}
    if "ready_score" in Model._fields:
        values |= {"ready_score": 60, "unready_score": 40}
    model = Model.create(values)
    cap = env["crm.lead.score.cap"].create(
        {"name": "Mailings", "model_id": model.id, "maximum": CAP}
    )
    signals = env["crm.lead.score.signal"]._get_ids_by_code()
    domains = Rules(env).domains()
    common = {"model_id": model.id}
    rules = [
        {**common, "axis": axis, "points": points, "domain": repr(domain)}
        for axis, points, domain in (domains[number] for number in FIELDS)
    ]
    rules += [
        {
            **common,
            "kind": "event",
            "axis": "engagement",
            "signal_id": signals[signal],
            "points": points,
            **extra,
            "cap_id": cap.id if "cap_id" in extra else False,
        }
        for signal, points, extra in EVENTS
    ]
    for number, vals in enumerate(rules, 1):
        vals |= {"name": f"Rule {number}", "sequence": number}
    env["crm.lead.score.rule"].create(rules)


def model_of(env):
    return env["crm.lead.score.model"].search([("name", "=", "Bench")])


def hand_sql(env, breakdown=True):
    """Return the hand-written statement: (SQL text, parameters).

    Its rows are ``(id, fit, engagement, total, grade_id, criterion_ids, points)``,
    without the last two when no breakdown is asked for.
    """
    _sql, params = Rules(env).hand_sql()
    model = model_of(env)
    params |= {
        "today_utc": datetime.now(UTC).date(),
        "cap": CAP,
        **env["crm.lead.score.signal"]._get_ids_by_code(),
    }
    count = len(FIELDS) + len(EVENTS)
    arrays = ""
    if breakdown:
        keys = ", ".join(
            f"CASE WHEN r{n} <> 0 THEN {rule.id} END"
            for n, rule in enumerate(model.rule_ids.sorted("sequence"), 1)
        )
        points = ", ".join(f"NULLIF(r{n}, 0)" for n in range(1, count + 1))
        arrays = (
            f", ARRAY_REMOVE(ARRAY[{keys}], NULL) AS criterion_ids"
            f", ARRAY_REMOVE(ARRAY[{points}], NULL) AS points"
        )
    grades = " ".join(
        "WHEN "
        + " AND ".join(["TRUE", *(f"{k} >= {v}" for k, v in minimums.items())])
        + f" THEN {grade}"
        for grade, minimums in model.grade_ids._to_bands()
    )
    total = " + ".join(f"r{n}" for n in range(9, count + 1))
    return (
        f"""
        SELECT id, fit, engagement, fit + engagement AS total,
               (CASE {grades} END)::int AS grade_id{arrays}
          FROM (SELECT *, r1 + r2 + r3 + r4 + r5 + r6 + r7 + r8 AS fit,
                       {total} AS engagement
                  FROM ({HAND_SQL}) AS given OFFSET 0) AS summed
        """,
        params,
    )


HAND_SQL = """
SELECT l.id,
       CASE WHEN l.source_id IN %(sources)s THEN 5 ELSE 0 END AS r1,
       CASE WHEN l.medium_id IN %(mediums)s THEN 4 ELSE 0 END AS r2,
       CASE WHEN c.code IN ('BG', 'RO', 'GR', 'DE') THEN 7 ELSE 0 END AS r3,
       CASE WHEN pc.code = 'BG' THEN 8 ELSE 0 END AS r4,
       CASE WHEN p.is_company THEN 3 ELSE 0 END AS r5,
       CASE WHEN t.name ->> 'en_US' ILIKE '%%north%%' THEN 2 ELSE 0 END AS r6,
       CASE WHEN l.name ILIKE '%%chair%%' THEN 9 ELSE 0 END AS r7,
       CASE WHEN l.function ILIKE '%%director%%' THEN 10 ELSE 0 END AS r8,
       CASE WHEN l.create_date >= %(year)s THEN 5 ELSE 0 END AS r9,
       CASE WHEN l.expected_revenue >= 1000 THEN 12 ELSE 0 END AS r10,
       CASE WHEN m.has_email THEN 15 ELSE 0 END AS r11,
       CASE WHEN m.is_recent THEN 6 ELSE 0 END AS r12,
       CASE WHEN a.res_id IS NOT NULL THEN -4 ELSE 0 END AS r13,
       CASE WHEN g.lead_id IS NOT NULL THEN 7 ELSE 0 END AS r14,
       COALESCE(e.visits, 0) AS r15,
       LEAST(COALESCE(e.opened, 0), %(cap)s) AS r16,
       LEAST(COALESCE(e.opened, 0) + COALESCE(e.clicked, 0), %(cap)s)
           - LEAST(COALESCE(e.opened, 0), %(cap)s) AS r17,
       COALESCE(e.forms, 0) AS r18,
       COALESCE(e.meetings, 0) AS r19,
       COALESCE(e.gone, 0) AS r20
  FROM crm_lead l
  LEFT JOIN res_country c ON c.id = l.country_id
  LEFT JOIN res_partner p ON p.id = l.partner_id
  LEFT JOIN res_country pc ON pc.id = p.country_id
  LEFT JOIN crm_team t ON t.id = l.team_id
  LEFT JOIN (
       SELECT res_id,
              BOOL_OR(message_type = 'email') AS has_email,
              BOOL_OR(date >= %(month)s) AS is_recent
         FROM mail_message
        WHERE model = 'crm.lead' AND message_type <> 'user_notification'
        GROUP BY res_id
       ) m ON m.res_id = l.id
  LEFT JOIN (
       SELECT DISTINCT res_id
         FROM mail_activity
        WHERE res_model = 'crm.lead' AND active AND date_deadline < %(today)s
       ) a ON a.res_id = l.id
  LEFT JOIN (
       SELECT DISTINCT lead_id FROM crm_tag_rel WHERE tag_id IN %(tags)s
       ) g ON g.lead_id = l.id
  LEFT JOIN (
       SELECT lead,
              LEAST((COALESCE(
                        SUM((400000 * POWER(0.5::float8, age / 14.0::float8))::int)
                            FILTER (WHERE signal_id = %(page_visit)s
                                    AND value ILIKE '/pricing%%'), 0)
                     + 50000) / 100000, 40)::int AS visits,
              ((SUM((200000 * POWER(0.5::float8, age / 30.0::float8))::int)
                    FILTER (WHERE signal_id = %(mail_opened)s AND nth <= 3)
                + 50000) / 100000)::int AS opened,
              ((SUM((600000 * POWER(0.5::float8, age / 60.0::float8))::int)
                    FILTER (WHERE signal_id = %(mail_clicked)s AND age <= 180)
                + 50000) / 100000)::int AS clicked,
              ((MAX((2000000 * GREATEST(1 - age / 180.0::float8, 0))::int)
                    FILTER (WHERE signal_id = %(form_submitted)s)
                + 50000) / 100000)::int AS forms,
              15 * (COUNT(*) FILTER (WHERE signal_id = %(meeting_held)s))::int
                  AS meetings,
              (MIN(-25) FILTER (WHERE signal_id = %(mail_unsubscribed)s)) AS gone
         FROM (
              SELECT lead, signal_id, value, %(today_utc)s::date - date::date AS age,
                     NULL::bigint AS nth
                FROM (
                     SELECT id, lead_id AS lead, signal_id, value, date
                       FROM crm_lead_score_event
                      WHERE lead_id IS NOT NULL
                      UNION ALL
                     SELECT event.id, lead.id, signal_id, value, date
                       FROM crm_lead_score_event event
                       JOIN crm_lead lead ON lead.partner_id = event.partner_id
                      WHERE event.lead_id IS NULL
                     ) AS own
               WHERE signal_id IN (%(page_visit)s, %(mail_clicked)s,
                     %(form_submitted)s, %(meeting_held)s, %(mail_unsubscribed)s)
               UNION ALL
              SELECT lead, signal_id, value, %(today_utc)s::date - date::date AS age,
                     ROW_NUMBER() OVER (PARTITION BY lead, DATE_TRUNC('week', date)
                         ORDER BY date, id) AS nth
                FROM (
                     SELECT id, lead_id AS lead, signal_id, value, date
                       FROM crm_lead_score_event
                      WHERE lead_id IS NOT NULL AND signal_id = %(mail_opened)s
                      UNION ALL
                     SELECT event.id, lead.id, signal_id, value, date
                       FROM crm_lead_score_event event
                       JOIN crm_lead lead ON lead.partner_id = event.partner_id
                      WHERE event.lead_id IS NULL AND signal_id = %(mail_opened)s
                     ) AS opened
              ) AS aged
        GROUP BY lead
       ) e ON e.lead = l.id
"""
