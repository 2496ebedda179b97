"""A refresh that is killed half-way: the next run reaches the same result."""

import signal
import subprocess

import pytest

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
CRON = f"""
from odoo.addons.crm_lead_scoring.models import crm_lead_score
crm_lead_score.BATCH_SIZE = {BATCH}
Cron = type(env["ir.cron"])
commit = Cron._commit_progress
def tell(self, *args, **options):
    left = commit(self, *args, **options)
    print("COMMITTED", flush=True)
    return left
Cron._commit_progress = tell
env["crm.criterion.refresh"]._cron_refresh()
env.cr.commit()
print("FINISHED", flush=True)
"""
SCORES = """
    SELECT md5(string_agg(format('%s %s %s %s', id, total, criterion_ids, points),
                          ',' ORDER BY id))
      FROM crm_lead_score
"""
MEMBERS = "SELECT count(*), count(DISTINCT lead_id) FROM crm_segment_member"
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
    odoo = testbed.odoo
    command = odoo.command("shell", "-c", odoo.conf, "-d", database, "--no-http")
    process = subprocess.Popen(
        [*command, "--log-level=error"],
        env=odoo.env(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    process.stdin.write(CRON)
    process.stdin.close()
    return process


def finish(testbed, database):
    """Let a refresh run to its end."""
    process = start(testbed, database)
    output = process.stdout.read()
    assert process.wait() == 0
    assert "FINISHED" in output


def kill_half_way(testbed, database):
    """Start a refresh and kill it (-9) after a few of its batches are committed.

    The past, meetings and visits are read before the first scores.
    """
    process = start(testbed, database)
    for _batch in range(25):
        assert "COMMITTED" in process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_a_killed_refresh_goes_on_where_it_stopped(testbed, database):
    sql = testbed.odoo.sql
    kill_half_way(testbed, database)
    [(state, position)] = sql(POSITION.format(step="crm.lead.score"), database)
    assert state == "running"
    [(done,)] = sql(
        "SELECT count(*) FROM crm_lead_score WHERE cardinality(criterion_ids) > 0",
        database,
    )
    assert 0 < int(done) < LEADS, "it was killed half-way"
    finish(testbed, database)
    [(state, _position)] = sql(POSITION.format(step="crm.lead.score"), database)
    assert state == "done"
    resumed = sql(SCORES, database)
    [(members, distinct)] = sql(MEMBERS, database)
    assert members == distinct == str(LEADS // 3)

    # A run that nobody disturbs, from nothing, comes to the same.
    sql(RESET, database)
    finish(testbed, database)
    assert sql(SCORES, database) == resumed
    assert sql(MEMBERS, database) == [(members, distinct)]
