"""Signals are read once: by two runs at the same time, and by one that is killed."""

import pytest

from jobs import Job

LEADS = 300
#: Views of pages by the visitor of each lead, a different page each.
VIEWS = 10
MAILS = 1000

VISITORS = f"""
    WITH leads AS (
        INSERT INTO crm_lead (name, type, active, stage_id, company_id)
        SELECT 'Visited ' || i, 'lead', TRUE, (SELECT MIN(id) FROM crm_stage),
               (SELECT MIN(id) FROM res_company)
          FROM generate_series(1, {LEADS}) AS i
        RETURNING id
    ), visitors AS (
        INSERT INTO website_visitor
            (access_token, last_connection_datetime, visit_count)
        SELECT md5(id::text), now() AT TIME ZONE 'UTC', 1 FROM leads
        RETURNING id, access_token
    ), links AS (
        INSERT INTO crm_lead_website_visitor_rel (crm_lead_id, website_visitor_id)
        SELECT leads.id, visitors.id
          FROM leads JOIN visitors ON access_token = md5(leads.id::text)
    )
    INSERT INTO website_track (visitor_id, url, visit_datetime, scoring_state)
    SELECT id, 'https://site.example/page/' || i,
           now() AT TIME ZONE 'UTC' - i * interval '1 minute', 'waiting'
      FROM visitors, generate_series(1, {VIEWS}) AS i
"""
MESSAGES = f"""
    INSERT INTO mail_message (message_type, model, res_id, subject, date)
    SELECT 'email', 'crm.lead', (SELECT MIN(id) + i %% {LEADS} FROM crm_lead
           WHERE name LIKE 'Visited%%'), 'Mail ' || i,
           now() AT TIME ZONE 'UTC' - interval '9 days'
      FROM generate_series(1, {MAILS}) AS i
""".replace("%%", "%")
PREPARE = """
from odoo.addons.crm_lead_scoring.models import crm_lead_score_history
from odoo.addons.crm_lead_scoring_website.models import website_track
website_track.BATCH_SIZE = crm_lead_score_history.BATCH_SIZE = 100
"""
REFRESH = 'env["crm.criterion.refresh"]._cron_refresh()'
ANEW = """
    env["crm.lead.score.history"]._get_rows().action_read()
    env["crm.criterion.refresh"]._get_rows().write({"state": "waiting", "position": 0})
"""
EVENTS = """
    SELECT s.code, count(*), count(DISTINCT e.origin)
      FROM crm_lead_score_event e JOIN crm_lead_score_signal s ON s.id = e.signal_id
      JOIN crm_lead l ON l.id = e.lead_id WHERE l.name LIKE 'Visited%'
     GROUP BY s.code ORDER BY s.code
"""
WAITING = "SELECT count(*) FROM website_track WHERE scoring_state = 'waiting'"
FORGET = """
    DELETE FROM crm_lead_score_event;
    UPDATE website_track SET scoring_state = 'waiting' WHERE scoring_state = 'counted';
    UPDATE crm_lead_score_history SET state = 'waiting', position = 0;
    UPDATE crm_criterion_refresh SET state = 'waiting', position = 0
"""
ALL = [
    ["mail_received", str(MAILS), str(MAILS)],
    ["page_visit", str(LEADS * VIEWS), str(LEADS * VIEWS)],
]


@pytest.fixture(scope="module")
def database(testbed, shell):
    """A database with visits that wait to be counted, and a past to read."""
    name = testbed.clone()
    testbed.odoo.sql(VISITORS, name)
    testbed.odoo.sql(MESSAGES, name)
    shell(name, ANEW)
    yield name
    testbed.odoo.drop(name)


def start(testbed, database):
    """Run the refresh in a process of its own, as the scheduled job does."""
    return Job(testbed, database, REFRESH, PREPARE)


def events(testbed, database):
    """What was counted, by signal: how many, and how many different."""
    return [list(row) for row in testbed.odoo.sql(EVENTS, database)]


def test_a_killed_run_goes_on_where_it_stopped(testbed, database):
    for commits in (8, 25):
        start(testbed, database).kill_after(commits)
        assert events(testbed, database) != ALL
    assert 0 < int(testbed.odoo.sql(WAITING, database)[0][0]) < LEADS * VIEWS
    start(testbed, database).finish()
    assert events(testbed, database) == ALL


def test_two_runs_at_once_count_nothing_twice(testbed, database):
    testbed.odoo.sql(FORGET, database)
    runs = [start(testbed, database) for _run in range(2)]
    for run in runs:
        run.wait()
    start(testbed, database).finish()
    assert events(testbed, database) == ALL
    assert testbed.odoo.sql(WAITING, database)[0][0] == "0"
