"""Facts about leads that are found out rather than entered, in a narrow table.

How often a lead wrote, called or met us, when it last gave a sign of life, what kind of
e-mail address it has, its postcode as a number, and the country it is probably in. One
statement works all of it out for any number of leads and writes only rows that differ.
"""

import json
from dataclasses import dataclass, field

from odoo import fields
from odoo.tools import SQL

from .criterion import Diff, Ledger


@dataclass(frozen=True)
class FactSources:
    """Where the facts about leads come from.

    :param Ledger ledger: what happened; its records are leads
    :param dict counts: ids of the signal to count, by column
    :param tuple signs: ids of the signals that are signs of life
    :param tuple roles: what the addresses of no person begin with (``info``)
    :param str domains: table of e-mail domains (``name``, ``kind``, ``active``)
    :param dict countries: ids of countries by what tells of them: ``phone`` (digits
        that international numbers begin with), ``email`` (top-level domains) and
        ``language`` (ids of languages)
    :param visitors: many2many field of the lead to visitors, who have a
        ``country_id``; or ``None``
    """

    ledger: Ledger
    counts: dict
    signs: tuple
    roles: tuple
    domains: str
    countries: dict = field(default_factory=dict)
    visitors: object = None


class DaysSince(fields.Integer):
    """Whole days of UTC from a moment until today; it grows without being written.

    :param str since: name of the stored field with the moment
    """

    since = None
    _description_searchable = True

    def __init__(self, *args, since=None, **kwargs):
        kwargs.setdefault("compute", _compute_days_since)
        kwargs.setdefault("depends", (since,))
        super().__init__(*args, since=since, **kwargs)

    def to_sql(self, model, alias):
        moment = SQL.identifier(alias, self.since, to_flush=model._fields[self.since])
        return SQL("(%s::date - %s::date)", fields.Datetime.now().date(), moment)


def _compute_days_since(records):
    today = fields.Datetime.now().date()
    for days in records._fields.values():
        if isinstance(days, DaysSince):
            for record in records:
                moment = record[days.since]
                record[days.name] = (today - moment.date()).days if moment else 0


#: The digits of a postcode: those of a country whose codes are numbers. A country's
#: letters may stand before them, the letters of a Dutch code or a town behind.
_DIGITS = r"^\s*(?:[A-Za-z]{1,3}[ -]+)?(\d[\d -]*?)(?:\s?[A-Za-z]{2}|[ ,]+\D+)?\s*$"

_FACTS = """
WITH happened AS (
    SELECT event.%(record)s AS lead, event.%(signal)s AS signal, event.%(date)s AS date
      FROM %(ledger)s AS event
     WHERE %(own)s AND event.%(signal)s = ANY(%(signals)s)
 UNION ALL
    SELECT lead.id, event.%(signal)s, event.%(date)s
      FROM %(ledger)s AS event
      JOIN crm_lead AS lead ON lead.%(shared)s = event.%(shared)s
     WHERE event.%(record)s IS NULL AND %(within)s
       AND event.%(signal)s = ANY(%(signals)s)
), told AS (
    SELECT lead, %(counts)s,
           MAX(date) FILTER (WHERE signal = ANY(%(signs)s)) AS last_sign_date
      FROM happened GROUP BY lead
), fresh AS (
    SELECT lead.id, %(told)s, told.last_sign_date,
           COALESCE(told.last_sign_date, lead.create_date, %(now)s) AS silent_since,
           %(email)s AS email_kind, %(postcode)s AS postcode_number,
           COALESCE(lead.country_id, state.country_id, visitor.country_id,
                    hint.phone, hint.email, hint.language) AS country_id,
           CASE WHEN COALESCE(lead.country_id, state.country_id) IS NOT NULL
                     THEN 'entered'
                WHEN visitor.country_id IS NOT NULL THEN 'geoip'
                WHEN hint.phone IS NOT NULL THEN 'phone'
                WHEN hint.email IS NOT NULL THEN 'email'
                WHEN hint.language IS NOT NULL THEN 'language'
            END AS country_source
      FROM crm_lead AS lead
      LEFT JOIN told ON told.lead = lead.id
      LEFT JOIN res_country_state AS state
        ON state.id = lead.state_id AND lead.country_id IS NULL
      LEFT JOIN %(domains)s AS known ON known.active
       AND known.name = SPLIT_PART(lead.email_normalized, '@', 2)
      LEFT JOIN LATERAL (%(visitor)s) AS visitor ON lead.country_id IS NULL
     CROSS JOIN LATERAL (
           SELECT CASE WHEN lead.country_id IS NULL THEN %(hint_phone)s END AS phone,
                  CASE WHEN lead.country_id IS NULL THEN %(hint_email)s END AS email,
                  CASE WHEN lead.country_id IS NULL
                       THEN (%(languages)s::jsonb ->> lead.lang_id::text)::int
                   END AS language) AS hint
     WHERE %(within)s
), changed AS (
    UPDATE %(table)s AS own SET (%(columns)s) = (%(fresh)s) FROM fresh
     WHERE own.id = fresh.id AND %(mine)s
       AND (%(stored)s) IS DISTINCT FROM (%(fresh)s)
 RETURNING 1
), added AS (
    INSERT INTO %(table)s (id, %(columns)s)
    SELECT fresh.id, %(fresh)s FROM fresh
     WHERE NOT EXISTS (
           SELECT FROM %(table)s AS own WHERE own.id = fresh.id AND %(mine)s)
        ON CONFLICT DO NOTHING
 RETURNING 1
)
SELECT (SELECT COUNT(*) FROM added), (SELECT COUNT(*) FROM changed)
"""

_EMAIL = """
CASE WHEN COALESCE(lead.email_normalized, '') = '' THEN NULL
     WHEN known.kind IS NOT NULL AND known.kind <> 'company' THEN known.kind
     WHEN known.kind IS NULL AND LEFT(lead.email_domain_criterion, 1) <> '@' THEN 'free'
     WHEN RTRIM(SPLIT_PART(
              TRANSLATE(SPLIT_PART(lead.email_normalized, '@', 1), '.-_', '+++'),
              '+', 1), '0123456789') = ANY(%s)
     THEN 'role'
     ELSE 'company' END
"""

_POSTCODE = """
CASE WHEN COALESCE(lead.zip, '') = '' THEN 0
     WHEN lead.zip ~ '^[0-9]{1,9}$' THEN lead.zip::int
     ELSE COALESCE((
        SELECT CASE WHEN LENGTH(plain.digits) BETWEEN 1 AND 9
                    THEN plain.digits::int END
          FROM (SELECT SUBSTRING(lead.zip FROM %s) AS code) AS found
         CROSS JOIN LATERAL (
               SELECT CASE WHEN found.code ~ '^[0-9]{4}'
                           THEN SUBSTRING(found.code FROM '^[0-9]+')
                           ELSE REGEXP_REPLACE(found.code, '[^0-9]', '', 'g')
                       END AS digits) AS plain), 0)
 END
"""

_VISITOR = """
SELECT visitor.country_id
  FROM %(relation)s AS link
  JOIN %(visitors)s AS visitor ON visitor.id = link.%(visitor)s
 WHERE link.%(lead)s = lead.id AND visitor.country_id IS NOT NULL
 ORDER BY visitor.last_connection_datetime DESC NULLS LAST LIMIT 1
"""


def refresh_facts(env, table, sources, ids=None, id_range=None):
    """Bring the facts about leads up to date; return a :class:`Diff`.

    :param str table: a satellite of ``crm_lead``
    :param FactSources sources: where they come from
    :param ids: these leads only
    :param tuple id_range: leads with ``first <= id <= last`` only
    """
    env.flush_all()
    statement = SQL(
        _FACTS,
        table=SQL.identifier(table),
        domains=SQL.identifier(sources.domains),
        now=env.cr.now(),
        within=_within(SQL("lead.id"), ids, id_range),
        mine=_within(SQL("own.id"), ids, id_range),
        own=_within(SQL.identifier("event", sources.ledger.record), ids, id_range),
        email=SQL(_EMAIL, sorted(sources.roles)),
        postcode=SQL(_POSTCODE, _DIGITS),
        **_ledger(sources),
        **_hints(env, sources),
        **_columns(sources),
    )
    [[added, changed]] = env.execute_query(statement)
    return Diff(added=added, changed=changed)


def _ledger(sources):
    """The parts of the statement that name the ledger and its signals."""
    ledger, counts = sources.ledger, sources.counts
    return {
        "ledger": SQL.identifier(ledger.table),
        "record": SQL.identifier(ledger.record),
        "shared": SQL.identifier(ledger.shared),
        "signal": SQL.identifier(ledger.signal),
        "date": SQL.identifier(ledger.date),
        "signals": sorted({*counts.values(), *sources.signs}),
        "signs": sorted(sources.signs),
        "counts": SQL(", ").join(
            SQL("COUNT(*) FILTER (WHERE signal = %s) AS %s", signal, _name(name))
            for name, signal in counts.items()
        ),
        "told": SQL(", ").join(
            SQL("COALESCE(%s, 0)::int AS %s", _name("told", name), _name(name))
            for name in counts
        ),
    }


def _hints(env, sources):
    """The parts of the statement that tell the country where none is entered."""
    maps = {
        kind: json.dumps({str(key): value for key, value in found.items()})
        for kind, found in sources.countries.items()
    }
    return {
        "visitor": _visitor(env, sources.visitors),
        "hint_phone": _phone(sources.countries.get("phone", {}), maps),
        "hint_email": SQL(
            "(%s::jsonb ->>"
            " SUBSTRING(lead.email_normalized FROM '[.]([a-z]{2})$'))::int",
            maps.get("email", "{}"),
        ),
        "languages": maps.get("language", "{}"),
    }


def _columns(sources):
    """The parts of the statement that list the columns of the table."""
    columns = [
        *sources.counts,
        "last_sign_date",
        "silent_since",
        "email_kind",
        "postcode_number",
        "country_id",
        "country_source",
    ]
    return {
        "columns": SQL(", ").join(_name(name) for name in columns),
        "stored": SQL(", ").join(_name("own", name) for name in columns),
        "fresh": SQL(", ").join(_name("fresh", name) for name in columns),
    }


def _name(*parts):
    return SQL.identifier(*parts)


def _within(column, ids, id_range):
    """Which leads are asked for, said of a column with the id of a lead."""
    if ids is not None:
        return SQL("%s = ANY(%s)", column, list(ids))
    if id_range is not None:
        return SQL("%s BETWEEN %s AND %s", column, *id_range)
    return SQL("%s IS NOT NULL", column)


def _phone(prefixes, maps):
    """The country of a number that was written with the prefix of a country.

    Odoo completes a number without one by the company's own: that tells nothing.
    """
    lengths = sorted({len(prefix) for prefix in prefixes}, reverse=True)
    if not lengths:
        return SQL("NULL::int")
    return SQL(
        "CASE WHEN lead.phone ~ '^\\s*([+]|00)'"
        " AND LEFT(lead.phone_sanitized, 1) = '+'"
        " THEN COALESCE(%s)::int END",
        SQL(", ").join(
            SQL(
                "%s::jsonb ->> SUBSTRING(lead.phone_sanitized FROM 2 FOR %s)",
                maps["phone"],
                length,
            )
            for length in lengths
        ),
    )


def _visitor(env, link):
    """The country of the latest visitor of a lead that is known."""
    if link is None:
        return SQL("SELECT NULL::int AS country_id")
    return SQL(
        _VISITOR,
        relation=SQL.identifier(link.relation),
        visitors=SQL.identifier(env[link.comodel_name]._table),
        visitor=SQL.identifier(link.column2),
        lead=SQL.identifier(link.column1),
    )
