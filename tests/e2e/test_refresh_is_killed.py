"""A refresh that is killed half-way: the next run reaches the same result."""

import pytest

from jobs import Job

LEADS = 12_000
#: Small batches, so that the kill finds the refresh between two of them.
BATCH = 200

LEAD_ROWS = f"""
    INSERT INTO crm_lead (name, type, active, stage_id, company_id, expected_revenue,
                          city, email_from, create_date, write_date)
    SELECT 'Killed ' || i, 'lead', TRUE, (SELECT MIN(id) FROM crm_stage),
           (SELECT MIN(id) FROM res_company), i % 5000,
           CASE i % 3 WHEN 0 THEN 'Sofia' END, 'killed' || i || '@example.com',
           now() - i % 90 * interval '1 day', now()
      FROM generate_series(1, {LEADS}) AS i
"""
SEGMENT = """
    segment = env["crm.segment"].create({
        "name": "Killed", "target": "lead", "domain": "[('city', '=', 'Sofia')]",
    })
    # The installation left the scores up to date.
    env["crm.criterion.refresh"]._get_rows().write({"state": "waiting", "position": 0})
    return segment.id
"""
PREPARE = f"""
from odoo.addons.crm_lead_scoring.models import crm_lead_score
crm_lead_score.BATCH_SIZE = {BATCH}
"""
REFRESH = 'env["crm.criterion.refresh"]._cron_refresh()'
SCORES = """
    SELECT md5(string_agg(format('%s %s %s %s', id, total, criterion_ids, points),
                          ',' ORDER BY id))
      FROM crm_lead_score
"""
MEMBERS = """
    SELECT count(*), count(DISTINCT l.id) FROM crm_segment_member m
      JOIN crm_segment s ON s.id = m.segment_id AND s.name ->> 'en_US' = 'Killed'
      JOIN crm_lead l ON l.id = m.lead_id AND l.name LIKE 'Killed %'
"""
POSITION = "SELECT state, position FROM crm_criterion_refresh WHERE step = '{step}'"
RESET = "UPDATE crm_lead_score SET total = 0, criterion_ids = '{}', fingerprint = NULL"


@pytest.fixture(scope="module")
def database(testbed, shell):
    """A database whose leads came in behind the ORM's back: all is still to be done."""
    name = testbed.clone()
    testbed.odoo.sql(LEAD_ROWS, name)
    shell(name, SEGMENT)
    yield name
    testbed.odoo.drop(name)


def start(testbed, database):
    """Run the refresh in a process of its own, as the scheduled job does."""
    return Job(testbed, database, REFRESH, PREPARE)


def test_a_killed_refresh_goes_on_where_it_stopped(testbed, database):
    sql = testbed.odoo.sql
    # The past, meetings and visits are read before the first scores.
    start(testbed, database).kill_after(25)
    [(state, position)] = sql(POSITION.format(step="crm.lead.score"), database)
    assert state == "running"
    [(done,)] = sql(
        "SELECT count(*) FROM crm_lead_score WHERE cardinality(criterion_ids) > 0",
        database,
    )
    assert 0 < int(done) < LEADS, "it was killed half-way"
    start(testbed, database).finish()
    [(state, _position)] = sql(POSITION.format(step="crm.lead.score"), database)
    assert state == "done"
    resumed = sql(SCORES, database)
    [(members, distinct)] = sql(MEMBERS, database)
    assert members == distinct == str(LEADS // 3)

    # A run that nobody disturbs, from nothing, comes to the same.
    sql(RESET, database)
    start(testbed, database).finish()
    assert sql(SCORES, database) == resumed
    assert sql(MEMBERS, database) == [(members, distinct)]
