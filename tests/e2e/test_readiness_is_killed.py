"""Many leads become ready at once, and the jobs are killed: all happens, once."""

import pytest

from jobs import Job

LEADS = 2000
#: Every tenth becomes ready.
READY = LEADS // 10

LEAD_ROWS = f"""
    INSERT INTO crm_lead (name, type, active, stage_id, company_id, city, won_status,
                          probability, automated_probability, create_date, write_date)
    SELECT 'Killed ' || i, 'lead', TRUE, (SELECT MIN(id) FROM crm_stage),
           (SELECT MIN(id) FROM res_company), CASE i % 10 WHEN 0 THEN 'Sofia' END,
           'pending', 0, 0, now(), now()
      FROM generate_series(1, {LEADS}) AS i
"""
#: The action shows on the lead how many times it was done.
MODEL = """
    env["crm.lead.score.model"].search([]).write({"active": False})
    action = env["ir.actions.server"].create({
        "name": "Count", "model_id": env["ir.model"]._get_id("crm.lead"),
        "state": "code", "usage": "ir_actions_server",
        "code": "record.write({'referred': (record.referred or '') + 'x'})",
    })
    model = env["crm.lead.score.model"].create({
        "name": "Killed", "state": "live", "ready_score": 50, "unready_score": 40,
        "ready_convert": True, "ready_action_ids": action.ids,
    })
    env["crm.lead.score.rule"].create({
        "name": "Sofia", "model_id": model.id, "points": 60,
        "domain": "[('city', '=', 'Sofia')]",
    })
    env["crm.criterion.refresh"]._get_rows().write({"state": "waiting", "position": 0})
"""
#: A batch of the refresh takes ten leads through the gate.
PREPARE = """
from odoo.addons.crm_lead_scoring.models import crm_lead_score
crm_lead_score.READY_ROWS = 50

def counts(env):
    rows = env["crm.criterion.refresh"]._get_rows()
    return rows.filtered(lambda row: row.step == "crm.lead.score").position > 0
"""
REFRESH = 'env["crm.criterion.refresh"]._cron_refresh()'
FOLLOW = 'env["crm.lead.score.run"]._cron_follow()'
GATE = "SELECT count(*) FROM crm_lead_score WHERE is_ready"
POSITION = """
    SELECT state, position FROM crm_criterion_refresh WHERE step = 'crm.lead.score'
"""
RUNS = """
    SELECT kind, state, count(*), count(DISTINCT lead_id) FROM crm_lead_score_run
     GROUP BY kind, state ORDER BY kind, state
"""
LEFT = "SELECT count(*) FROM crm_lead_score_run WHERE state = 'waiting'"
#: What the leads say themselves: what was done, and how often.
DONE = """
    SELECT type, coalesce(referred, ''), handovers, count(*)
      FROM crm_lead l
      JOIN crm_lead_score s ON s.id = l.id AND s.is_ready,
           LATERAL (SELECT count(*) AS handovers FROM crm_lead_score_handover h
                     WHERE h.lead_id = l.id) AS h
     GROUP BY type, referred, handovers
"""


@pytest.fixture(scope="module")
def database(testbed, shell):
    """A database where many leads are about to become ready."""
    name = testbed.clone()
    testbed.odoo.sql("DELETE FROM crm_lead", name)
    testbed.odoo.sql(LEAD_ROWS, name)
    shell(name, MODEL)
    yield name
    testbed.odoo.drop(name)


def number(testbed, database, query):
    """The one number that a query finds."""
    [(found,)] = testbed.odoo.sql(query, database)
    return int(found)


def test_a_killed_refresh_loses_no_transition(testbed, database):
    """Through the gate and noted what follows: both in one transaction, or neither."""
    seen = []
    for commits in (4, 5):
        Job(testbed, database, REFRESH, PREPARE).kill_after(commits)
        ready = number(testbed, database, GATE)
        assert number(testbed, database, LEFT) == 3 * ready
        seen.append(ready)
    assert 0 < seen[0] < seen[1] < READY, "killed half-way, twice"
    [(state, position)] = testbed.odoo.sql(POSITION, database)
    assert state == "running"
    assert int(position) > 0
    Job(testbed, database, REFRESH, PREPARE).finish()
    assert number(testbed, database, GATE) == READY
    waiting = [str(READY), str(READY)]
    assert [list(row) for row in testbed.odoo.sql(RUNS, database)] == [
        [kind, "waiting", *waiting] for kind in ("action", "convert", "handover")
    ]


def test_what_follows_is_done_once(testbed, database):
    """Killed twice, and then done by two workers at once."""
    for commits in (20, 30):
        Job(testbed, database, FOLLOW).kill_after(commits)
    assert 0 < number(testbed, database, LEFT) < 3 * READY
    workers = [Job(testbed, database, FOLLOW) for _worker in range(2)]
    for worker in workers:
        worker.wait()
    Job(testbed, database, FOLLOW).finish()
    assert number(testbed, database, LEFT) == 0
    once = [str(READY), str(READY)]
    assert [list(row) for row in testbed.odoo.sql(RUNS, database)] == [
        [kind, "done", *once] for kind in ("action", "convert", "handover")
    ]
    assert [list(row) for row in testbed.odoo.sql(DONE, database)] == [
        ["opportunity", "x", "1", str(READY)]
    ]
