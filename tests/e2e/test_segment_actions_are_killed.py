"""The actions for 10,000 entrants: killed, doubled, and never done twice."""

import pytest

from jobs import Job

CONTACTS = 10_000
BATCH = 100

#: The members of before are none; all of the contacts enter after the switch.
ENTER = f"""
    env["res.partner"].with_context(tracking_disable=True).create([
        {{"name": f"Acted {{n}}", "ref": "acted"}} for n in range({CONTACTS})
    ])
    env["crm.segment"].search([]).active = False
    segment = env["crm.segment"].create({{
        "name": "Acted", "target": "partner",
        "domain": "[('ref', '=', 'acted'), ('city', '=', 'Ruse')]",
    }})
    segment.refresh()
    tag = env["res.partner.category"].create({{"name": "Acted"}})
    action = env["crm.segment.action"].create({{
        "segment_id": segment.id, "name": "Acted", "kind": "tag",
        "partner_tag_id": tag.id,
    }})
    action.with_context(is_confirmed=True).action_switch_on()
    env.cr.execute("UPDATE res_partner SET city = 'Ruse' WHERE ref = 'acted'")
    env.invalidate_all()
    segment.refresh()
"""
RUN = 'env["crm.segment.run"]._cron_run()'
STATES = """
    SELECT run.state, count(*), count(DISTINCT run.member_id)
      FROM crm_segment_run run JOIN crm_segment_action action
        ON action.id = run.action_id AND action.name = 'Acted'
     GROUP BY run.state ORDER BY run.state
"""
TAGS = """
    SELECT count(*) FROM res_partner_res_partner_category_rel rel
      JOIN res_partner_category tag ON tag.id = rel.category_id
       AND tag.name ->> 'en_US' = 'Acted'
"""
#: A batch that is under way locks its own rows, and no others.
FREE = """
    SELECT count(*) FROM (SELECT id FROM res_partner WHERE ref = 'acted'
                             FOR UPDATE SKIP LOCKED) AS free
"""
LEAVE = """
    env.cr.execute("UPDATE res_partner SET city = NULL WHERE ref = 'acted'")
    env.invalidate_all()
    env["crm.segment"].search([("name", "=", "Acted")]).refresh()
"""


@pytest.fixture(scope="module")
def database(testbed, shell):
    """A database where 10,000 contacts have just entered a segment that acts."""
    name = testbed.clone()
    shell(name, ENTER)
    yield name
    testbed.odoo.drop(name)


def count(testbed, database, query):
    return int(testbed.odoo.sql(query, database)[0][0])


def states(testbed, database):
    """How many runs are in each state, and of how many members."""
    rows = testbed.odoo.sql(STATES, database)
    return {state: (int(runs), int(members)) for state, runs, members in rows}


def test_a_killed_job_goes_on(testbed, database):
    Job(testbed, database, RUN).kill_after(12)
    found = states(testbed, database)
    done, planned = found["done"][0], found["planned"][0]
    assert 0 < done < CONTACTS and done % BATCH == 0, "whole batches"
    assert done + planned == CONTACTS
    assert count(testbed, database, TAGS) == done


def test_two_at_once_and_no_long_locks(testbed, database):
    before = states(testbed, database)["done"][0]
    jobs = [Job(testbed, database, RUN) for _turn in range(2)]
    for _turn in range(5):
        line = jobs[0].process.stdout.readline()
        assert count(testbed, database, FREE) >= CONTACTS - 2 * BATCH
        if "COMMITTED" not in line:
            # It met the other one, which goes on alone.
            break
    for job in jobs:
        job.wait()
    Job(testbed, database, RUN).finish()
    assert before < CONTACTS
    assert states(testbed, database) == {"done": (CONTACTS, CONTACTS)}
    assert count(testbed, database, TAGS) == CONTACTS


def test_a_killed_return_goes_on(testbed, shell, database):
    shell(database, LEAVE)
    Job(testbed, database, RUN).kill_after(6)
    left = count(testbed, database, TAGS)
    assert 0 < left < CONTACTS
    Job(testbed, database, RUN).finish()
    assert count(testbed, database, TAGS) == 0
