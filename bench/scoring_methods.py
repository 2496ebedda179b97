"""The ways to score with events that the benchmark compares; see :mod:`methods`."""

import common
import methods
from scoring_rules import hand_sql

from odoo.tools import SQL

TABLE = methods.TABLE
#: A table like the app's, that hand-written SQL keeps up to date.
HAND = "bench_hand_score"
#: The same without breakdown, kept up to date by the app's statement.
PLAIN = "bench_plain_tally"


def compiled(env, **restriction):
    """The statement of the app's own engine for the app's own records."""
    from odoo.addons.crm_glossary_core import engine

    [plan, *_rest] = env["crm.lead.score.model"]._get_plans()
    Score = env["crm.lead.score"]
    criteria = plan.criteria(env["crm.lead.score.model"]._get_today())
    table = engine.TallyTable(Score._table, ("fit", "engagement"), plan.bands)
    statement = engine.compile(env, criteria, table, **restriction)
    broken = [criterion.error for criterion in criteria if criterion.error]
    if broken:
        raise ValueError(f"rules do not compile: {broken}")
    return statement


# === COMPUTE ONLY: (leads, sums) === #


def _totals(env, statement):
    return env.execute_query(
        SQL(
            "SELECT COUNT(*), SUM(fit), SUM(engagement), SUM(grade_id) FROM (%s) AS s",
            statement,
        )
    )[0]


def _breakdown(env, statement):
    return env.execute_query(
        SQL(
            "SELECT COUNT(*), SUM(fit), SUM(engagement), SUM(grade_id),"
            " SUM(CARDINALITY(criterion_ids)), SUM(points[1]) FROM (%s) AS s",
            statement,
        )
    )[0]


def _hand(env, breakdown):
    sql, params = hand_sql(env, breakdown)
    return SQL(env.cr.mogrify(sql, params).decode().replace("%", "%%"))


def hand(env):
    return _totals(env, _hand(env, False))


def hand_breakdown(env):
    return _breakdown(env, _hand(env, True))


def engine_totals(env):
    return _totals(env, compiled(env))


def engine_breakdown(env):
    return _breakdown(env, compiled(env))


def difference(env):
    """Return how many leads the engine and the hand-written SQL see differently."""
    names = ("fit", "engagement", "total", "grade_id", "criterion_ids", "points")
    return env.execute_query(
        SQL(
            "SELECT COUNT(*) FROM (%s) AS mine FULL JOIN (%s) AS hand USING (id)"
            " WHERE (%s) IS DISTINCT FROM (%s)",
            compiled(env),
            _hand(env, True),
            SQL(", ").join(SQL.identifier("mine", name) for name in names),
            SQL(", ").join(SQL.identifier("hand", name) for name in names),
        )
    )[0][0]


# === STORE === #


def product_refresh(env):
    """The app's step: batches of ids, grades, breakdown, readiness."""
    return methods.product_refresh(env)


def make_hand_tables(env):
    env.cr.execute(
        f"""
        DROP TABLE IF EXISTS {HAND}, {PLAIN};
        CREATE TABLE {HAND} (
            id int PRIMARY KEY REFERENCES crm_lead ON DELETE CASCADE,
            fit int, engagement int, total int, grade_id int,
            criterion_ids int[] NOT NULL DEFAULT '{{}}',
            points int[] NOT NULL DEFAULT '{{}}'
        ) WITH (fillfactor = 70);
        CREATE TABLE {PLAIN} (
            id int PRIMARY KEY REFERENCES crm_lead ON DELETE CASCADE,
            fit int, engagement int, total int, grade_id int
        ) WITH (fillfactor = 70);
        INSERT INTO {HAND} SELECT id FROM crm_lead;
        INSERT INTO {PLAIN} SELECT id FROM crm_lead;
        CREATE INDEX {HAND}_total ON {HAND} (total DESC, id DESC);
        CREATE INDEX {PLAIN}_total ON {PLAIN} (total DESC, id DESC);
        """
    )
    hand_refresh(env)
    plain_refresh(env)


def _update(table, names, statement):
    columns = [SQL.identifier(name) for name in names]
    return SQL(
        "WITH written AS (UPDATE %s AS old SET %s FROM (%s) AS new"
        " WHERE new.id = old.id AND (%s) IS DISTINCT FROM (%s) RETURNING 1)"
        " SELECT COUNT(*) FROM written",
        SQL.identifier(table),
        SQL(", ").join(SQL("%s = new.%s", column, column) for column in columns),
        statement,
        SQL(", ").join(SQL("old.%s", column) for column in columns),
        SQL(", ").join(SQL("new.%s", column) for column in columns),
    )


def hand_refresh(env):
    """Hand-written SQL for the same result: computes all, writes what differs."""
    names = ("fit", "engagement", "total", "grade_id", "criterion_ids", "points")
    return env.execute_query(_update(HAND, names, _hand(env, True)))[0][0]


def plain_refresh(env):
    """The engine's result, stored without its breakdown."""
    names = ("fit", "engagement", "total", "grade_id")
    columns = SQL(", ").join(SQL.identifier(name) for name in ("id", *names))
    statement = SQL("SELECT %s FROM (%s) AS s OFFSET 0", columns, compiled(env))
    return env.execute_query(_update(PLAIN, names, statement))[0][0]


# === FEW LEADS === #


def warm(env):
    """Fill the caches of a worker that has worked before."""
    methods.warm(env)
    sql, params = hand_sql(env)
    env.cr.execute(f"EXPLAIN {sql}", params)
    one_lead(env, count=5)
    env.cr.rollback()
    after_write(env, count=5)
    env.cr.rollback()
    after_event(env, count=5)
    env.cr.rollback()


def settle(env):
    """Say that all scores are up to date, as after the scheduled job."""
    env["crm.criterion.refresh"]._get_rows().write({"state": "done"})
    env.flush_all()


def one_lead(env, count=200):
    """All rules for one lead, one lead after the other."""
    Score = env["crm.lead.score"]
    for lead_id in methods.some_leads(env, count):
        Score._score(ids=[lead_id])
    return count


def after_write(env, count=200):
    """What a write of one field costs the app: only rules on that field."""
    Score = env["crm.lead.score"]
    for lead in env["crm.lead"].browse(methods.some_leads(env, count)):
        Score._refresh_records(lead, {"expected_revenue"})
    return count


def after_event(env, count=200):
    """A new event is logged and the lead is scored."""
    Event = env["crm.lead.score.event"]
    for lead_id in methods.some_leads(env, count):
        Event.log(
            [{"lead_id": lead_id, "signal": "page_visit", "origin": f"one/{lead_id}"}]
        )
        env.cr.precommit.run()
    return count


def thousand_leads(env):
    return env["crm.lead.score"]._score(ids=methods.some_leads(env, 1000)).total


# === LISTS === #

LIST_FIELDS = ("name", "contact_name", "email_from", "phone", "city", "create_date")
LIST_RECORDS = (
    "country_id",
    "user_id",
    "team_id",
    "stage_id",
    "partner_id",
    "lead_grade_id",
)


def _list(order):
    def read(env, count=10):
        specification = {name: {} for name in (*LIST_FIELDS, "lead_score")}
        specification |= {
            name: {"fields": {"display_name": {}}} for name in LIST_RECORDS
        }
        for _time in range(count):
            env.invalidate_all()
            env["crm.lead"].web_search_read(
                [], specification, limit=80, order=order, count_limit=10001
            )
        return count

    return read


list_default = _list(None)
list_by_score = _list("lead_score desc, id desc")


def warm_lists(env):
    list_default(env, count=1)
    list_by_score(env, count=1)


# === WRITE-AHEAD LOG === #


def wal_of_refresh(env):
    """Return the bytes of log that the app makes for 2 % of the scores."""
    from odoo.api import Environment

    captured, execute_query = [], Environment.execute_query

    def spy(self, statement):
        if "UPDATE" in statement.code and TABLE in statement.code:
            captured.append(statement)
        return execute_query(self, statement)

    Environment.execute_query = spy
    try:
        product_refresh(env)
    finally:
        Environment.execute_query = execute_query
    methods.spoil(0.02)(env)
    return sum(
        common.explain_wal(env.cr._obj, statement.code, statement.params)
        for statement in captured
    )
