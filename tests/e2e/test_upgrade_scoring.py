"""An upgrade from the first version of lead scoring keeps rules, scores and lines.

That version had rules on field values only and no readiness. Its database is made out
of a present one: what it did not have yet is taken away, by SQL.
"""

import pytest

ADDON = "crm_lead_scoring"
#: The columns that the tables of the first version had; it had no other tables.
FIRST = {
    "crm_lead_score": "id total fit engagement grade_id criterion_ids points"
    " fingerprint",
    "crm_lead_score_grade": "id model_id sequence name fit_min engagement_min color"
    " create_uid create_date write_uid write_date",
    "crm_lead_score_model": "id name sequence active state company_id create_uid"
    " create_date write_uid write_date",
    "crm_lead_score_model_crm_team_rel": "crm_lead_score_model_id crm_team_id",
    "crm_lead_score_rule": "id name sequence model_id company_id model_name domain"
    " active error_message axis points kind create_uid create_date write_uid"
    " write_date",
}
# What somebody had made of it: an own rule, a changed one, one that is switched off.
LIFE = """
    model = env["crm.lead.score.model"].search([], limit=1)
    rules = model.rule_ids
    rules.filtered(lambda rule: rule.kind == "event").unlink()
    rules = rules.exists().sorted("id")
    rules[0].points = 33
    rules[1].active = False
    rules.create({
        "name": "Own rule", "model_id": model.id, "points": -7,
        "axis": "engagement", "domain": "[('priority', '=', '2')]",
    })
    env["crm.lead"].create([
        {
            "name": f"Lead {number}",
            "type": "lead" if number % 2 else "opportunity",
            "priority": str(number % 4),
            "email_from": f"ann@company-{number}.example" if number % 3 else False,
            "phone": "+359 2 999 1234" if number % 5 else False,
        }
        for number in range(60)
    ])
    env.cr.flush()
    env["crm.lead.score"]._refresh_all()
"""
REFRESH = """
    env["crm.lead.score"]._refresh_all()
"""
KEPT = {
    "rules": "SELECT id, name, points, axis, domain, active FROM crm_lead_score_rule",
    "scores": """
        SELECT id, total, fit, engagement, grade_id, criterion_ids, points
          FROM crm_lead_score
    """,
    "grades": "SELECT id, name, fit_min, engagement_min FROM crm_lead_score_grade",
    "models": "SELECT id, name, state, active FROM crm_lead_score_model",
}


def kept(odoo, database):
    """What an upgrade has to keep, as text."""
    return {
        title: sorted(map(str, odoo.sql(query, database)))
        for title, query in KEPT.items()
    }


def take_away(odoo, database):
    """Take away what the first version did not have; return how many columns."""
    like = "table_schema = 'public' AND table_name LIKE 'crm\\_lead\\_%'"
    rows = odoo.sql(
        f"""
        SELECT table_name, column_name FROM information_schema.columns
          JOIN information_schema.tables USING (table_schema, table_name)
         WHERE {like} AND table_type = 'BASE TABLE'
           AND (table_name LIKE 'crm\\_lead\\_score%'
                OR table_name = 'crm_lead_facts')
        """,
        database,
    )
    new_tables = {table for table, _column in rows} - FIRST.keys()
    for table in sorted(new_tables):
        odoo.sql(f"DROP TABLE {table} CASCADE", database)
        model = table.replace("_", ".")
        odoo.sql(
            f"DELETE FROM ir_model_data WHERE module = '{ADDON}' AND model = '{model}'",
            database,
        )
    columns = [
        (table, column)
        for table, column in rows
        if table in FIRST and column not in FIRST[table].split()
    ]
    for table, column in columns:
        odoo.sql(f"ALTER TABLE {table} DROP COLUMN {column} CASCADE", database)
    odoo.sql("ALTER TABLE crm_lead DROP COLUMN IF EXISTS industry_id", database)
    return len(columns)


@pytest.fixture(scope="module")
def upgraded(testbed, shell):
    """A database that was upgraded, and what it held before."""
    odoo, database = testbed.odoo, testbed.clone()
    try:
        shell(database, LIFE)
        before = kept(odoo, database)
        assert take_away(odoo, database) > 20
        assert kept(odoo, database) == before
        odoo.install(database, [], upgrade=[ADDON])
        yield database, before
    finally:
        odoo.drop(database)


def test_rules_scores_and_lines_are_kept(testbed, upgraded):
    database, before = upgraded
    assert len(before["scores"]) >= 60
    assert kept(testbed.odoo, database) == before


def test_the_new_columns_are_filled(testbed, upgraded):
    database, _before = upgraded
    [[empty]] = testbed.odoo.sql(
        """
        SELECT COUNT(*) FROM crm_lead_score_rule
         WHERE kind IS NULL OR counting IS NULL OR decay IS NULL
        """,
        database,
    )
    [[thresholds]] = testbed.odoo.sql(
        "SELECT COUNT(*) FROM crm_lead_score_model WHERE unready_score > ready_score"
        " OR ready_score IS NULL OR ready_domain IS NULL",
        database,
    )
    [[signals]] = testbed.odoo.sql(
        "SELECT COUNT(*) FROM crm_lead_score_signal", database
    )
    assert (int(empty), int(thresholds)) == (0, 0)
    assert int(signals) >= 17


def test_the_next_refresh_gives_the_same_scores(testbed, shell, upgraded):
    database, before = upgraded
    shell(database, REFRESH)
    assert kept(testbed.odoo, database) == before
    # What is new works on them: who has the points is ready.
    [[wrong]] = testbed.odoo.sql(
        """
        SELECT COUNT(*) FROM crm_lead_score AS score
          JOIN crm_lead AS lead USING (id)
         WHERE lead.active AND lead.won_status = 'pending'
           AND (score.is_ready IS TRUE) <> (score.total >= 60)
        """,
        database,
    )
    assert int(wrong) == 0
