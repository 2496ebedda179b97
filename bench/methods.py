"""The ways to score that the benchmark compares. Each takes ``env`` and measures itself
by nothing: :mod:`common` does that around it.
"""

import random
from datetime import datetime

import common
from rules import Rules

TABLE = "crm_lead_score"
#: A side table without breakdown, to see what the breakdown costs.
PLAIN = "bench_plain_score"


def tally():
    from odoo.addons.crm_glossary_core import engine

    return engine.TallyTable(TABLE, ("fit", "engagement"))


def criteria(env):
    """Return the twenty rules as the engine's criteria."""
    from odoo.addons.crm_glossary_core import engine

    return [
        engine.Criterion(
            key=number,
            model="crm.lead",
            domain=repr(domain),
            active_test=False,
            points={axis: points},
        )
        for number, (axis, points, domain) in enumerate(Rules(env).domains(), 1)
    ]


def _compiled(env, **restriction):
    from odoo.addons.crm_glossary_core import engine

    found = criteria(env)
    statement = engine.compile(env, found, tally(), **restriction)
    broken = [criterion.error for criterion in found if criterion.error]
    if broken:
        raise ValueError(f"rules do not compile: {broken}")
    return statement


# === COMPUTE ONLY: (leads, sum of all scores) === #


def scan(env):
    env.cr.execute("SELECT COUNT(*), SUM(LENGTH(website)) FROM crm_lead")
    return env.cr.fetchone()


def hand(env):
    sql, params = Rules(env).hand_sql()
    env.cr.execute(f"SELECT COUNT(*), SUM(score) FROM ({sql}) AS scored", params)
    return env.cr.fetchone()


def hand_resolved(env):
    """The same with small look-ups done first: what a patient expert would add."""
    sql, params = Rules(env).hand_resolved_sql()
    env.cr.execute(f"SELECT COUNT(*), SUM(score) FROM ({sql}) AS scored", params)
    return env.cr.fetchone()


def compiled(env):
    from odoo.tools import SQL

    statement = _compiled(env)
    return env.execute_query(
        SQL("SELECT COUNT(*), SUM(total) FROM (%s) AS scored", statement)
    )[0]


def compiled_breakdown(env):
    from odoo.tools import SQL

    return env.execute_query(
        SQL(
            "SELECT COUNT(*), SUM(total), SUM(CARDINALITY(criterion_ids)),"
            " SUM(CARDINALITY(points)) FROM (%s) AS scored",
            _compiled(env),
        )
    )[0]


def separate_counts(env):
    """Twenty counts: nothing is kept, each rule is read on its own."""
    from odoo.tools import SQL

    # in the context, active_test would reach the activities too and count done ones
    Lead = env["crm.lead"]

    def count(domain):
        query = Lead._search(domain, active_test=False).select(SQL("COUNT(*)"))
        return env.execute_query(query)[0][0]

    total = sum(points * count(domain) for _a, points, domain in Rules(env).domains())
    return count([]), total


def difference(env):
    """Return how many leads the engine and the hand-written SQL score differently."""
    from odoo.tools import SQL

    sql, params = Rules(env).hand_sql()
    statement = _compiled(env)
    text = env.cr.mogrify(sql, params).decode()
    return env.execute_query(
        SQL(
            "SELECT COUNT(*) FROM (%s) AS mine FULL JOIN (%s) AS hand USING (id)"
            " WHERE mine.total IS DISTINCT FROM hand.score",
            statement,
            SQL(text.replace("%", "%%")),
        )
    )[0][0]


# === STORE === #


def refresh(env, found=None, **restriction):
    """Compute and store; ``found`` are the criteria where the caller has them."""
    from odoo.addons.crm_glossary_core import engine

    return engine.refresh(env, tally(), found or criteria(env), **restriction).changed


def refresh_in_ranges(env):
    """As the scheduled job does it: batches of ids (there each one is committed)."""
    from odoo.addons.crm_glossary_core import engine
    from odoo.addons.crm_lead_scoring.models.crm_lead_score import BATCH_SIZE

    changed, position = 0, 0
    while batch := engine.next_range(env, "crm_lead", position, BATCH_SIZE):
        changed += refresh(env, id_range=batch[:2])
        position = batch[1]
    return changed


def spoil(share, table=TABLE):
    """Return a preparation after which so large a share of the scores is out of date.

    It is committed: rows that the same transaction wrote before would have their
    foreign keys checked once more.
    """
    step = round(1 / share)
    stale = ", fingerprint = NULL" if table == TABLE else ""

    def prepare(env):
        env.cr.execute(
            f"UPDATE {table} SET total = total + 1{stale} WHERE id %% %s = 0", [step]
        )
        env.cr.commit()

    return prepare


def make_plain_table(env):
    env.cr.execute(
        f"""
        CREATE TABLE IF NOT EXISTS {PLAIN} (
            id int PRIMARY KEY REFERENCES crm_lead ON DELETE CASCADE, total int
        ) WITH (fillfactor = 70);
        INSERT INTO {PLAIN} SELECT id, 0 FROM crm_lead ON CONFLICT DO NOTHING;
        CREATE INDEX IF NOT EXISTS {PLAIN}_total ON {PLAIN} (total DESC, id DESC);
        """
    )
    refresh_plain(env)


def refresh_plain(env):
    """The engine's scores, stored without their breakdown."""
    from odoo.tools import SQL

    return env.execute_query(
        SQL(
            """
            WITH written AS (
                UPDATE bench_plain_score AS old SET total = new.total
                  FROM (SELECT id, total FROM (%s) AS scored OFFSET 0) AS new
                 WHERE new.id = old.id AND old.total IS DISTINCT FROM new.total
             RETURNING 1
            )
            SELECT COUNT(*) FROM written
            """,
            _compiled(env),
        )
    )[0][0]


def product_refresh(env):
    """The scoring app's own step, with its bands, from its own records."""
    Score = env["crm.lead.score"]
    position, changed = 0, 0
    while position is not None:
        position, _done, more = Score._refresh_batch(position)
        changed += more
    return changed


def make_product_rules(env):
    """Write the twenty rules as one scoring model of the app."""
    env["crm.lead.score.model"].search([]).write({"active": False})
    model = env["crm.lead.score.model"].create({"name": "Bench"})
    env["crm.lead.score.rule"].create(
        [
            {
                "name": f"Rule {number}",
                "model_id": model.id,
                "axis": axis,
                "points": points,
                "domain": repr(domain),
            }
            for number, (axis, points, domain) in enumerate(Rules(env).domains(), 1)
        ]
    )


# === FEW LEADS === #


def some_leads(env, count, seed=7):
    """Return ids of leads chosen at random, the same ones at every run."""
    env.cr.execute("SELECT MIN(id), MAX(id) FROM crm_lead")
    low, high = env.cr.fetchone()
    return random.Random(seed).sample(range(low, high + 1), count)


def warm(env):
    """Fill the caches of a worker, and of its connection, that has worked before.

    A new connection reads the catalogue for a tenth of a second; who serves users or
    runs jobs has one that is warm.
    """
    sql, params = Rules(env).hand_sql()
    env.cr.execute(f"EXPLAIN {sql}", params)
    found = criteria(env)
    _compiled(env)
    for lead_id in some_leads(env, 20, seed=8):
        refresh(env, found, ids=[lead_id])
    env.cr.commit()


def one_lead(env, count=200):
    """Score leads one by one; the cost of one is this divided by the count."""
    found = criteria(env)
    for lead_id in some_leads(env, count):
        refresh(env, found, ids=[lead_id])
    return count


def thousand_leads(env):
    return refresh(env, ids=some_leads(env, 1000))


# === THE WAYS OF THE ORM (samples) === #


def orm_filtered(env, count=500):
    """What an add-on usually does: each lead asks each rule, then is written."""
    rules = Rules(env).domains()
    for lead in env["crm.lead"].browse(some_leads(env, count)):
        score = sum(
            points for _a, points, domain in rules if lead.filtered_domain(domain)
        )
        lead.write({"color": score})
    env.flush_all()
    return count


def orm_search_count(env, count=60):
    Lead = env["crm.lead"].with_context(active_test=False)
    rules = Rules(env).domains()
    for lead_id in some_leads(env, count):
        score = sum(
            points
            for _a, points, domain in rules
            if Lead.search_count([("id", "=", lead_id), *domain])
        )
        Lead.browse(lead_id).color = score
    env.flush_all()
    return count


def orm_rule_by_rule(env, count=2000):
    """For each rule, for each lead that it finds: add the points to a column."""
    Lead = env["crm.lead"].with_context(active_test=False)
    ids = some_leads(env, count)
    for _axis, points, domain in Rules(env).domains():
        for lead in Lead.search([("id", "in", ids), *domain]):
            lead.color += points
    env.flush_all()
    return count


def predictive(env):
    """Odoo's own predictive scoring of all pending leads; it commits its batches."""
    env["crm.lead"]._update_automated_probabilities()
    env.cr.execute("SELECT COUNT(*) FROM crm_lead WHERE won_status = 'pending'")
    return env.cr.fetchone()[0]


def prepare_predictive(env):
    set_param = env["ir.config_parameter"].set_param
    set_param("crm.pls_start_date", "2020-01-01")
    set_param("crm.pls_fields", "phone_state,email_state,source_id,country_id")
    env["crm.lead"]._rebuild_pls_frequency_table()
    env.flush_all()


# === WRITE-AHEAD LOG AND LOCKS === #


def wal_of_refresh(env):
    """Return the bytes of log that a refresh of 2 % of the scores makes."""
    from odoo.api import Environment

    from odoo.addons.crm_glossary_core import engine

    captured = []
    execute_query = Environment.execute_query

    def spy(self, statement):
        if "UPDATE" in statement.code and TABLE in statement.code:
            captured.append(statement)
        return execute_query(self, statement)

    Environment.execute_query = spy
    try:
        engine.refresh(env, tally(), criteria(env))
    finally:
        Environment.execute_query = execute_query
    spoil(0.02)(env)
    return sum(
        common.explain_wal(env.cr._obj, statement.code, statement.params)
        for statement in captured
    )


def wal_of_wide_update(env):
    """Return the bytes of log when the same 2 % are written on the leads."""
    statement = "UPDATE crm_lead SET color = color + 1 WHERE id % 50 = 0"
    return common.explain_wal(env.cr._obj, statement)


def users_meanwhile(env, count=200):
    """Users write leads while a refresh is not committed yet; return the failures."""
    import psycopg2

    spoil(0.02)(env)
    refresh(env)
    failures = 0
    connection = psycopg2.connect(dbname=env.cr.dbname)
    connection.set_session(isolation_level="REPEATABLE READ")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
        connection.commit()
        for lead_id in some_leads(env, count):
            try:
                cursor.execute(
                    "UPDATE crm_lead SET write_date = %s WHERE id = %s",
                    [datetime(2026, 10, 2), lead_id],
                )
            except psycopg2.Error:
                failures += 1
            connection.rollback()
    connection.close()
    return failures
