"""The twenty rules of the scoring benchmark, as domains and as hand-written SQL.

Two by source and medium, one more by source with points taken away, five by a path
over many2one fields (one of two steps), four by text, four by date or number, three
over one2many fields and one over a many2many.
"""

from datetime import date, timedelta

#: "Today" of the generated data: results do not depend on the day of the run.
TODAY = date(2026, 10, 1)


def day(offset):
    """Return the ISO date so many days after ``TODAY``."""
    return (TODAY + timedelta(days=offset)).isoformat()


class Rules:
    """The rules for one database.

    :param env: environment of a generated database
    """

    def __init__(self, env):
        def ids(model, domain=(), limit=None):
            return env[model].search(list(domain), limit=limit, order="id").ids

        self.env = env
        named = [("name", "like", "Bench")]
        sources = ids("utm.source", named)
        self.sources, self.bad_sources = sources[:15], sources[20:30]
        self.mediums = ids("utm.medium", named, 5)
        self.tags = ids("crm.tag", named, 12)

    def domains(self):
        """Return the rules as (axis, points, domain)."""
        email = [("message_type", "=", "email")]
        year = f"{day(-365)} 00:00:00"
        month = f"{day(-30)} 00:00:00"
        return [
            ("fit", 5, [("source_id", "in", self.sources)]),
            ("fit", 4, [("medium_id", "in", self.mediums)]),
            ("fit", -6, [("source_id", "in", self.bad_sources)]),
            ("fit", 7, [("country_id.code", "in", ["BG", "RO", "GR", "DE"])]),
            ("fit", 8, [("partner_id.country_id.code", "=", "BG")]),
            ("fit", 3, [("partner_id.is_company", "=", True)]),
            ("fit", 2, [("team_id.name", "ilike", "north")]),
            ("fit", 6, [("source_id.name", "ilike", "letter")]),
            ("fit", 9, [("name", "ilike", "chair")]),
            ("fit", -3, [("email_from", "ilike", "@gmail.com")]),
            ("fit", 10, [("function", "ilike", "director")]),
            ("fit", 1, [("website", "ilike", ".bg")]),
            ("engagement", 5, [("create_date", ">=", year)]),
            ("engagement", 12, [("expected_revenue", ">=", 1000)]),
            (
                "engagement",
                4,
                [("date_deadline", ">=", day(0)), ("date_deadline", "<=", day(60))],
            ),
            (
                "engagement",
                3,
                [("probability", ">=", 20), ("probability", "<=", 80)],
            ),
            ("engagement", 15, [("message_ids", "any", email)]),
            ("engagement", 6, [("message_ids", "any", [("date", ">=", month)])]),
            (
                "engagement",
                -4,
                [("activity_ids", "any", [("date_deadline", "<", day(0))])],
            ),
            ("engagement", 7, [("tag_ids", "in", self.tags)]),
        ]

    def hand_sql(self):
        """Return the floor: one statement with joins that yields (id, score).

        It reads each table once; this is what a careful person writes for these rules.

        :return: (SQL text, parameters)
        """
        params = {
            "sources": tuple(self.sources),
            "bad_sources": tuple(self.bad_sources),
            "mediums": tuple(self.mediums),
            "tags": tuple(self.tags),
            "today": day(0),
            "in_60": day(60),
            "year": f"{day(-365)} 00:00:00",
            "month": f"{day(-30)} 00:00:00",
        }
        return HAND_SQL, params

    def hand_resolved_sql(self):
        """Return the floor again with look-ups in small tables done beforehand."""
        sql, params = self.hand_sql()
        env = self.env

        def ids(model, domain):
            found = env[model].with_context(active_test=False).search(domain)
            return tuple(found.ids or [0])

        params |= {
            "countries": ids("res.country", [("code", "in", ["BG", "RO", "GR", "DE"])]),
            "bulgaria": ids("res.country", [("code", "=", "BG")]),
            "north": ids("crm.team", [("name", "ilike", "north")]),
            "letter": ids("utm.source", [("name", "ilike", "letter")]),
        }
        for old, new in RESOLVED:
            if old not in sql:
                raise ValueError(f"the hand-written SQL has changed: {old}")
            sql = sql.replace(old, new)
        return sql, params


HAND_SQL = """
SELECT l.id,
       CASE WHEN l.source_id IN %(sources)s THEN 5 ELSE 0 END
     + CASE WHEN l.medium_id IN %(mediums)s THEN 4 ELSE 0 END
     + CASE WHEN l.source_id IN %(bad_sources)s THEN -6 ELSE 0 END
     + CASE WHEN c.code IN ('BG', 'RO', 'GR', 'DE') THEN 7 ELSE 0 END
     + CASE WHEN pc.code = 'BG' THEN 8 ELSE 0 END
     + CASE WHEN p.is_company THEN 3 ELSE 0 END
     + CASE WHEN t.name ->> 'en_US' ILIKE '%%north%%' THEN 2 ELSE 0 END
     + CASE WHEN s.name ILIKE '%%letter%%' THEN 6 ELSE 0 END
     + CASE WHEN l.name ILIKE '%%chair%%' THEN 9 ELSE 0 END
     + CASE WHEN l.email_from ILIKE '%%@gmail.com%%' THEN -3 ELSE 0 END
     + CASE WHEN l.function ILIKE '%%director%%' THEN 10 ELSE 0 END
     + CASE WHEN l.website ILIKE '%%.bg%%' THEN 1 ELSE 0 END
     + CASE WHEN l.create_date >= %(year)s THEN 5 ELSE 0 END
     + CASE WHEN l.expected_revenue >= 1000 THEN 12 ELSE 0 END
     + CASE WHEN l.date_deadline BETWEEN %(today)s AND %(in_60)s THEN 4 ELSE 0 END
     + CASE WHEN l.probability BETWEEN 20 AND 80 THEN 3 ELSE 0 END
     + CASE WHEN m.has_email THEN 15 ELSE 0 END
     + CASE WHEN m.is_recent THEN 6 ELSE 0 END
     + CASE WHEN a.res_id IS NOT NULL THEN -4 ELSE 0 END
     + CASE WHEN g.lead_id IS NOT NULL THEN 7 ELSE 0 END AS score
  FROM crm_lead l
  LEFT JOIN res_country c ON c.id = l.country_id
  LEFT JOIN res_partner p ON p.id = l.partner_id
  LEFT JOIN res_country pc ON pc.id = p.country_id
  LEFT JOIN crm_team t ON t.id = l.team_id
  LEFT JOIN utm_source s ON s.id = l.source_id
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
"""

#: What differs when an expert looks small tables up first and joins none of them.
RESOLVED = (
    ("c.code IN ('BG', 'RO', 'GR', 'DE')", "l.country_id IN %(countries)s"),
    ("pc.code = 'BG'", "p.country_id IN %(bulgaria)s"),
    ("t.name ->> 'en_US' ILIKE '%%north%%'", "l.team_id IN %(north)s"),
    ("s.name ILIKE '%%letter%%'", "l.source_id IN %(letter)s"),
    ("  LEFT JOIN res_country c ON c.id = l.country_id\n", ""),
    ("  LEFT JOIN res_country pc ON pc.id = p.country_id\n", ""),
    ("  LEFT JOIN crm_team t ON t.id = l.team_id\n", ""),
    ("  LEFT JOIN utm_source s ON s.id = l.source_id\n", ""),
)
