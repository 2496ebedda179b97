"""Data for the benchmarks, written by SQL: the same for the same size and seed.

    python bench/generate.py DATABASE --leads 100000 [--seed 1]

For N leads: N/2 contacts, N messages and N events (70 % of them on leads), N/10
activities, 0.45 N tags on leads, 10 teams, 100 salespeople, 50 sources, 10 mediums.
60 % are leads and 40 % opportunities; 80 % pending, 8 % won, 12 % lost.
"""

import argparse
import time

import common
from rules import day

# deterministic noise: a hash of the row and of the column, as a number below 1
FUNCTIONS = """
CREATE OR REPLACE FUNCTION bench_noise(row_id bigint, salt int) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (hashint8extended(row_id, salt::bigint * 1000 + %(seed)s) & 1073741823)
           / 1073741824.0::float8
$$;
CREATE OR REPLACE FUNCTION bench_pick(row_id bigint, salt int, count bigint)
RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 1 + floor(bench_noise(row_id, salt) * count)::int
$$;
"""

# small tables: an array of ids for each, to pick from
USERS = """
WITH people AS (
    INSERT INTO res_partner (name, complete_name, active, type, company_id, create_date)
    SELECT 'Bench Seller ' || i, 'Bench Seller ' || i, TRUE, 'contact', NULL, now()
      FROM generate_series(1, 100) AS i
 RETURNING id, name
), users AS (
    INSERT INTO res_users
           (login, active, company_id, partner_id, notification_type, share)
    SELECT 'bench_' || id, TRUE, (SELECT MIN(id) FROM res_company), id, 'email', FALSE
      FROM people
 RETURNING id
)
INSERT INTO res_company_users_rel (cid, user_id)
SELECT (SELECT MIN(id) FROM res_company), id FROM users
"""

PARTNERS = """
INSERT INTO res_partner (name, complete_name, active, is_company, type, country_id,
       city, email, email_normalized, phone, color, create_date, write_date,
       commercial_partner_id)
SELECT name, name, TRUE, bench_noise(i, 1) < 0.3, 'contact',
       CASE WHEN bench_noise(i, 2) < 0.9
            THEN countries[bench_pick(i, 3, array_length(countries, 1))] END,
       (ARRAY['Sofia','Plovdiv','Varna','Berlin','Athens','Bucharest','Paris','Rome'])
           [bench_pick(i, 4, 8)],
       'contact' || i || '@example.com', 'contact' || i || '@example.com',
       '+3592' || (1000000 + i), 0, now(), now(), NULL
  FROM (SELECT i, 'Bench Contact ' || i AS name
          FROM generate_series(1, %(leads)s / 2) AS i) AS numbers,
       (SELECT array_agg(id ORDER BY id) AS countries FROM res_country) AS c
"""

LEADS = """
INSERT INTO crm_lead (name, type, active, company_id, partner_id, user_id, team_id,
       stage_id, source_id, medium_id, country_id, email_from, email_normalized, phone,
       phone_sanitized, contact_name, partner_name, function, website, city, zip,
       description, won_status, date_deadline, expected_revenue, prorated_revenue,
       probability, automated_probability, date_open, date_closed, create_date,
       write_date, date_last_stage_update, priority, color, phone_state, email_state,
       lost_reason_id)
SELECT (ARRAY['Offer','Request','Order','Question','Renewal'])[bench_pick(i, 10, 5)]
           || ' for ' || bench_pick(i, 11, 400) || ' '
           || (ARRAY['chairs','tables','lamps','desks','shelves','sofas','doors',
                     'windows','kitchens','carpets'])[bench_pick(i, 12, 10)]
           || ' number ' || i,
       CASE WHEN bench_noise(i, 13) < 0.6 THEN 'lead' ELSE 'opportunity' END,
       state <> 'lost', company,
       CASE WHEN bench_noise(i, 14) < 0.7
            THEN partners[bench_pick(i, 15, array_length(partners, 1))] END,
       CASE WHEN bench_noise(i, 16) < 0.8 THEN users[bench_pick(i, 17, 100)] END,
       CASE WHEN bench_noise(i, 18) < 0.9 THEN teams[bench_pick(i, 19, 10)] END,
       CASE WHEN state = 'won' THEN won ELSE stages[bench_pick(i, 20,
            array_length(stages, 1))] END,
       CASE WHEN bench_noise(i, 21) < 0.85 THEN sources[bench_pick(i, 22, 50)] END,
       CASE WHEN bench_noise(i, 23) < 0.85 THEN mediums[bench_pick(i, 24, 10)] END,
       CASE WHEN bench_noise(i, 25) < 0.9
            THEN countries[bench_pick(i, 26, array_length(countries, 1))] END,
       email, email, phone, replace(phone, ' ', ''),
       (ARRAY['Ivan','Maria','Georgi','Elena','Petar','Anna','Dimitar','Olga'])
           [bench_pick(i, 27, 8)] || ' Person ' || i,
       CASE WHEN bench_noise(i, 28) < 0.5
            THEN 'Company ' || bench_pick(i, 29, 90000) END,
       CASE WHEN bench_noise(i, 30) < 0.6 THEN
            (ARRAY['Sales Director','Buyer','Owner','Managing Director','Engineer',
                   'Assistant','Accountant','Head of Purchasing'])
            [bench_pick(i, 31, 8)] END,
       CASE WHEN bench_noise(i, 32) < 0.3 THEN 'https://www.company' || i
            || (ARRAY['.bg','.com','.de','.eu'])[bench_pick(i, 33, 4)] END,
       (ARRAY['Sofia','Plovdiv','Varna','Berlin','Athens','Bucharest','Paris','Rome'])
           [bench_pick(i, 34, 8)],
       (1000 + bench_pick(i, 35, 8999))::text,
       CASE WHEN bench_noise(i, 36) < 0.4 THEN
            '<p>' || repeat('Wants an answer before the end of the month. ',
                            bench_pick(i, 37, 6)) || '</p>' END,
       state,
       CASE WHEN bench_noise(i, 38) < 0.5
            THEN %(today)s::date - 180 + bench_pick(i, 39, 365) END,
       revenue, revenue * probability / 100, probability, probability,
       created + interval '1 day',
       CASE WHEN state <> 'pending' THEN created + interval '30 days' END,
       created, created, created, (bench_pick(i, 40, 4) - 1)::text, 0,
       'correct', 'correct',
       CASE WHEN state = 'lost' THEN reason END
  FROM (SELECT i,
               CASE WHEN bench_noise(i, 50) < 0.8 THEN 'pending'
                    WHEN bench_noise(i, 50) < 0.88 THEN 'won' ELSE 'lost' END AS state,
               CASE WHEN bench_noise(i, 50) < 0.8
                    THEN round((bench_noise(i, 51) * 98 + 1)::numeric, 2)::float8
                    WHEN bench_noise(i, 50) < 0.88 THEN 100 ELSE 0 END AS probability,
               round((exp(bench_noise(i, 52) * 12))::numeric, 2) AS revenue,
               'person' || i || (ARRAY['@gmail.com','@abv.bg','@mail.bg','@yahoo.com',
                   '@example.com','@example.org','@firm.de','@shop.bg','@corp.eu',
                   '@outlook.com'])[bench_pick(i, 53, 10)] AS email,
               '+359 8' || (10000000 + i) AS phone,
               %(today)s::timestamp
                   - bench_noise(i, 54) * interval '730 days' AS created
          FROM generate_series(1, %(leads)s) AS i) AS numbers,
       (SELECT array_agg(id ORDER BY id) AS partners FROM res_partner
         WHERE name LIKE 'Bench Contact%%') AS p,
       (SELECT array_agg(id ORDER BY id) AS users FROM res_users
         WHERE login LIKE 'bench_%%') AS u,
       (SELECT array_agg(id ORDER BY id) AS teams FROM crm_team
         WHERE name ->> 'en_US' LIKE 'Bench%%') AS t,
       (SELECT array_agg(id ORDER BY id) FILTER (WHERE NOT coalesce(is_won, FALSE))
               AS stages, MIN(id) FILTER (WHERE is_won) AS won FROM crm_stage) AS s,
       (SELECT array_agg(id ORDER BY id) AS sources FROM utm_source
         WHERE name LIKE 'Bench%%') AS us,
       (SELECT array_agg(id ORDER BY id) AS mediums FROM utm_medium
         WHERE name LIKE 'Bench%%') AS um,
       (SELECT array_agg(id ORDER BY id) AS countries FROM res_country) AS c,
       (SELECT MIN(id) AS company FROM res_company) AS co,
       (SELECT MIN(id) AS reason FROM crm_lost_reason) AS lr
"""

MESSAGES = """
INSERT INTO mail_message (model, res_id, message_type, subtype_id, author_id, subject,
       email_from, body, date, create_date, write_date)
SELECT CASE WHEN on_lead THEN 'crm.lead' ELSE 'res.partner' END,
       CASE WHEN on_lead THEN leads[bench_pick(i, 61, array_length(leads, 1))]
            ELSE partners[bench_pick(i, 62, array_length(partners, 1))] END,
       (ARRAY['email','comment','notification','comment','email','auto_comment'])
           [bench_pick(i, 63, 6)],
       subtype, partners[bench_pick(i, 64, array_length(partners, 1))],
       CASE WHEN bench_noise(i, 65) < 0.4 THEN 'Your question number ' || i END,
       'person' || i || '@example.com',
       '<p>' || repeat('Thank you for the offer, we will answer soon. ',
                       bench_pick(i, 66, 5)) || '</p>',
       sent, sent, sent
  FROM (SELECT i, bench_noise(i, 60) < 0.7 AS on_lead,
               %(today)s::timestamp - bench_noise(i, 67) * interval '365 days' AS sent
          FROM generate_series(1, %(leads)s) AS i) AS numbers,
       (SELECT array_agg(id ORDER BY id) AS leads FROM crm_lead) AS l,
       (SELECT array_agg(id ORDER BY id) AS partners FROM res_partner
         WHERE name LIKE 'Bench Contact%%') AS p,
       (SELECT MIN(id) AS subtype FROM mail_message_subtype) AS s
"""

ACTIVITIES = """
INSERT INTO mail_activity (res_model_id, res_model, res_id, res_name, activity_type_id,
       user_id, summary, date_deadline, active, automated, create_date)
SELECT model, 'crm.lead', leads[bench_pick(i, 70, array_length(leads, 1))],
       'Lead', kinds[bench_pick(i, 71, array_length(kinds, 1))],
       users[bench_pick(i, 72, 100)], 'Call back',
       %(today)s::date - 30 + bench_pick(i, 73, 60), bench_noise(i, 74) < 0.9, FALSE,
       now()
  FROM generate_series(1, %(leads)s / 10) AS i,
       (SELECT id AS model FROM ir_model WHERE model = 'crm.lead') AS m,
       (SELECT array_agg(id ORDER BY id) AS leads FROM crm_lead) AS l,
       (SELECT array_agg(id ORDER BY id) AS kinds FROM mail_activity_type
         WHERE res_model IS NULL) AS k,
       (SELECT array_agg(id ORDER BY id) AS users FROM res_users
         WHERE login LIKE 'bench_%%') AS u
"""

TAGS = """
INSERT INTO crm_tag_rel (lead_id, tag_id)
SELECT DISTINCT leads[bench_pick(i, 80, array_length(leads, 1))],
       tags[bench_pick(i, 81, array_length(tags, 1))]
  FROM generate_series(1, %(leads)s * 45 / 100) AS i,
       (SELECT array_agg(id ORDER BY id) AS leads FROM crm_lead) AS l,
       (SELECT array_agg(id ORDER BY id) AS tags FROM crm_tag
         WHERE name ->> 'en_US' LIKE 'Bench%%') AS t
"""

# what leads (70 %) and contacts did in the last year, where the ledger is installed
EVENTS = """
INSERT INTO crm_lead_score_event (lead_id, partner_id, signal_id, date, value, origin,
       create_date)
SELECT CASE WHEN on_lead THEN leads[bench_pick(i, 91, array_length(leads, 1))] END,
       CASE WHEN NOT on_lead
            THEN partners[bench_pick(i, 92, array_length(partners, 1))] END,
       (codes ->> (ARRAY['page_visit', 'page_visit', 'page_visit', 'page_visit',
            'page_visit', 'page_visit', 'page_visit', 'page_visit', 'mail_opened',
            'mail_opened', 'mail_opened', 'mail_opened', 'mail_opened', 'mail_clicked',
            'mail_clicked', 'form_submitted', 'meeting_held', 'mail_unsubscribed',
            'call_held', 'return_visit'])[bench_pick(i, 93, 20)])::int,
       %(today)s::timestamp - bench_noise(i, 94) * interval '365 days',
       (ARRAY['/pricing', '/Pricing/teams', '/blog/chairs', '/contactus',
              'Offer of May', 'Offer of June'])[bench_pick(i, 95, 6)],
       'bench/' || i, now()
  FROM (SELECT i, bench_noise(i, 90) < 0.7 AS on_lead
          FROM generate_series(1, %(leads)s) AS i) AS numbers,
       (SELECT array_agg(id ORDER BY id) AS leads FROM crm_lead) AS l,
       (SELECT array_agg(id ORDER BY id) AS partners FROM res_partner
         WHERE name LIKE 'Bench Contact%%') AS p,
       (SELECT json_object_agg(code, id) AS codes FROM crm_lead_score_signal) AS s
"""

# the way to where a lead is: a stay in each stage up to its own
STAYS = """
INSERT INTO crm_stage_visit
       (lead_id, stage_id, date_from, date_to, days, next_stage_id, outcome)
SELECT id, stage_id, created, left_on, EXTRACT(EPOCH FROM left_on - created) / 86400,
       next_id, CASE WHEN next_id IS NOT NULL THEN 'forward'
                     WHEN left_on IS NOT NULL THEN 'lost' ELSE 'open' END
  FROM (SELECT lead.id, stage.id AS stage_id,
               lead.create_date + way.step * interval '4 days' AS created,
               CASE WHEN lead.won_status = 'lost' OR stage.id <> lead.stage_id
                    THEN lead.create_date + (way.step + bench_noise(lead.id, 90))
                         * interval '4 days' + interval '1 hour' END AS left_on,
               CASE WHEN stage.id <> lead.stage_id
                    THEN stages[way.step + 2] END AS next_id
          FROM crm_lead AS lead
         CROSS JOIN (SELECT array_agg(id ORDER BY sequence, id) AS stages
                       FROM crm_stage) AS all_stages
         CROSS JOIN LATERAL generate_series(
               0, array_position(stages, lead.stage_id) - 1) AS way (step)
          JOIN crm_stage AS stage ON stage.id = stages[way.step + 1]) AS stays
"""

LARGE_TABLES = (
    "res_partner",
    "crm_lead",
    "mail_message",
    "mail_activity",
    "crm_lead_score_event",
)


def generate(registry, leads, seed=1):
    """Fill the registry's database; it must hold no generated data yet.

    :param int leads: how many leads
    :param int seed: another seed gives other data of the same shape
    """
    from odoo.api import SUPERUSER_ID, Environment

    start = time.perf_counter()
    params = {"leads": leads, "seed": seed, "today": day(0)}
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
        cr.execute("SET LOCAL work_mem = '256MB'")
        cr.execute("SET LOCAL maintenance_work_mem = '512MB'")
        create_small_tables(env)
        env.flush_all()
        cr.execute(FUNCTIONS, params)
        cr.execute(USERS)
        # building an index once is faster than adding a million entries to it
        indexes = drop_indexes(cr)
        statements = [PARTNERS, LEADS, MESSAGES, ACTIVITIES, TAGS]
        if "crm.lead.score.event" in env:
            statements.append(EVENTS)
        for statement in statements:
            cr.execute(statement, params)
        cr.execute(
            "UPDATE res_partner SET commercial_partner_id = id"
            " WHERE commercial_partner_id IS NULL"
        )
        for definition in indexes:
            cr.execute(definition)
        if "crm.stage.visit" in env:
            cr.execute(STAYS)
        if "crm.lead.score" in env:
            env["crm.lead.score"]._ensure_rows()
    common.close_connections()
    common.query(registry.db_name, "VACUUM ANALYZE")
    seconds = time.perf_counter() - start
    print(f"  {leads:,} leads generated in {seconds:.0f} s", flush=True)


def create_small_tables(env):
    """Create what leads point to, through the ORM."""
    regions = ("North", "South", "East", "West", "Centre")
    env["crm.team"].create(
        [{"name": f"Bench {regions[i % 5]} {i}", "use_leads": True} for i in range(10)]
    )
    kinds = ("Letter", "Fair", "Search", "Friend", "Advert")
    env["utm.source"].create(
        [{"name": f"Bench {kinds[i % 5]} {i:02}"} for i in range(50)]
    )
    env["utm.medium"].create([{"name": f"Bench Medium {i}"} for i in range(10)])
    env["crm.tag"].create([{"name": f"Bench Tag {i:02}"} for i in range(40)])


def drop_indexes(cr):
    """Drop the indexes of the large tables; return how to make them again."""
    cr.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN %s"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)",
        [LARGE_TABLES],
    )
    rows = cr.fetchall()
    for name, _definition in rows:
        cr.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in rows]


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("database", help="an Odoo database with crm and no such data")
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    common.use_server()
    common.load_odoo()
    from odoo.orm.registry import Registry

    generate(Registry(options.database), options.leads, options.seed)


if __name__ == "__main__":
    main()
