"""The refresh of segments is killed, doubled and disturbed: the result is the same."""

import pytest

from jobs import Job

CONTACTS = 6000
SEGMENTS = 8

# Accounting wants a value in each contact's row, and gives none by itself.
ACCOUNTING = """
    DO $$ BEGIN
        ALTER TABLE res_partner ALTER autopost_bills SET DEFAULT 'ask';
    EXCEPTION WHEN undefined_column THEN NULL;
    END $$
"""
CONTACT_ROWS = f"""
    INSERT INTO res_partner (name, complete_name, active, ref, city, type, is_company,
                             create_date, write_date)
    SELECT 'Killed ' || i, 'Killed ' || i, TRUE, 'killed',
           CASE i % 3 WHEN 0 THEN 'Sofia' END, 'contact', FALSE, now(), now()
      FROM generate_series(1, {CONTACTS}) AS i;
    UPDATE res_partner SET commercial_partner_id = id WHERE ref = 'killed'
"""
SEGMENT_ROWS = f"""
    env["crm.segment"].search([]).active = False
    env["crm.segment"].create([
        {{"name": f"Killed {{i}}", "target": "partner",
          "domain": "[('ref', '=', 'killed'), ('city', '=', 'Sofia')]"}}
        for i in range({SEGMENTS})
    ])
"""
#: Each part of a filling is a transaction.
PREPARE = """
from odoo.addons.crm_segmentation.models import crm_segment_refresh_schedule as plan
plan.BATCH_SECONDS = 0
plan.PART = 2000
"""
REFRESH = 'env["crm.segment"]._cron_refresh_segments()'
MEMBERS = """
    SELECT s.id, count(*), count(DISTINCT m.partner_id)
      FROM crm_segment s
      LEFT JOIN crm_segment_member m ON m.segment_id = s.id AND m.date_to IS NULL
     WHERE s.name ->> 'en_US' LIKE 'Killed %' GROUP BY s.id ORDER BY s.id
"""
CLOSED = "SELECT count(*) FROM crm_segment_member WHERE date_to IS NOT NULL"
DUE = """
    SELECT count(*) FROM crm_segment
     WHERE active AND kind <> 'manual' AND next_refresh_at <= now() AT TIME ZONE 'UTC'
"""
MAKE_DUE = """
    UPDATE crm_segment SET next_refresh_at = now() - interval '1 minute',
           full_refresh_at = NULL, rule_changed = TRUE, fill_position = 0
     WHERE name ->> 'en_US' LIKE 'Killed %'
"""


@pytest.fixture(scope="module")
def database(testbed, shell):
    """A database with segments that are still to be filled."""
    name = testbed.clone()
    for statement in (ACCOUNTING, *CONTACT_ROWS.split(";")):
        testbed.odoo.sql(statement, name)
    shell(name, SEGMENT_ROWS)
    yield name
    testbed.odoo.drop(name)


def counts(testbed, database):
    """Members of each segment, and how many of them are different."""
    rows = testbed.odoo.sql(MEMBERS, database)
    return [(int(members), int(distinct)) for _id, members, distinct in rows]


def test_a_killed_refresh_goes_on(testbed, database):
    Job(testbed, database, REFRESH, PREPARE).kill_after(8)
    filled = counts(testbed, database)
    whole = (CONTACTS // 3, CONTACTS // 3)
    assert any(pair == whole for pair in filled), "one was complete"
    assert any(pair != whole for pair in filled), "it was killed half-way"
    Job(testbed, database, REFRESH, PREPARE).finish()
    assert counts(testbed, database) == [whole] * SEGMENTS
    assert testbed.odoo.sql(CLOSED, database) == [("0",)]
    assert testbed.odoo.sql(DUE, database) == [("0",)]


def test_two_at_once_while_contacts_go(testbed, database):
    """Two jobs refresh the same segments while contacts are deleted."""
    testbed.odoo.sql("DELETE FROM crm_segment_member", database)
    testbed.odoo.sql(MAKE_DUE, database)
    jobs = [Job(testbed, database, REFRESH, PREPARE) for _job in range(2)]
    gone = 30
    for _i in range(gone):
        testbed.odoo.sql(
            "DELETE FROM res_partner WHERE id = (SELECT max(id) FROM res_partner"
            " WHERE ref = 'killed' AND city = 'Sofia')",
            database,
        )
    for job in jobs:
        job.wait()
    Job(testbed, database, REFRESH, PREPARE).finish()
    left = CONTACTS // 3 - gone
    assert counts(testbed, database) == [(left, left)] * SEGMENTS
    assert testbed.odoo.sql(DUE, database) == [("0",)]
