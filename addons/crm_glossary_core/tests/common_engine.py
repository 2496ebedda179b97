from odoo.tests import TransactionCase

from odoo.addons.crm_glossary_core import engine

PAIRS = engine.MatchTable("test_pairs", criterion="rule_id", record="lead_id")
HISTORY = engine.MatchTable(
    "test_history",
    criterion="rule_id",
    record="lead_id",
    history=True,
    values={"reason_in": "rule"},
    closing={"reason_out": "left"},
)
TALLY = engine.TallyTable(
    "test_tally",
    columns=("fit", "engagement"),
    bands=engine.Bands(
        "grade_id", ((1, {"fit": 20, "engagement": 5}), (2, {"fit": 10}), (3, {}))
    ),
)


class EngineCase(TransactionCase):
    """Leads of every kind, and tables for what matches, gone after each test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Lead = cls.env["crm.lead"]
        countries = cls.env["res.country"].search([], limit=3)
        tags = cls.env["crm.tag"].create(
            [{"name": f"Engine tag {i}"} for i in range(3)]
        )
        sources = cls.env["utm.source"].create(
            [{"name": f"Engine source {i}"} for i in range(3)]
        )
        partners = cls.env["res.partner"].create(
            [
                {"name": f"Engine partner {i}", "country_id": countries[i % 3].id}
                for i in range(4)
            ]
        )
        cls.leads = cls.Lead.with_context(tracking_disable=True).create(
            [
                {
                    "name": f"Engine lead {i}",
                    "type": "lead" if i % 3 else "opportunity",
                    "expected_revenue": i * 10,
                    "email_from": f"{i}@example.com" if i % 2 else False,
                    "city": ("Sofia", "Plovdiv", False)[i % 3],
                    "source_id": (sources.ids + [False])[i % 4],
                    "partner_id": partners[i % 4].id if i % 5 else False,
                    "tag_ids": tags[: i % 4].ids,
                    "active": i % 7 != 0,
                    "priority": str(i % 4),
                }
                for i in range(24)
            ]
        )
        cls.env.flush_all()
        cls.sources, cls.partners, cls.tags = sources, partners, tags
        cls.cr.execute(
            """
            CREATE TABLE test_pairs (id serial PRIMARY KEY, rule_id int, lead_id int,
                UNIQUE (rule_id, lead_id));
            CREATE TABLE test_history (id serial PRIMARY KEY, rule_id int, lead_id int,
                date_from timestamp, date_to timestamp, reason_in text,
                reason_out text);
            CREATE UNIQUE INDEX ON test_history (rule_id, lead_id)
                WHERE date_to IS NULL;
            CREATE TABLE test_tally (id int PRIMARY KEY, fit int, engagement int,
                total int, grade_id int, criterion_ids int[], points int[],
                fingerprint bigint);
            """
        )

    def criterion(self, key, domain, **values):
        return engine.Criterion(key=key, model="crm.lead", domain=domain, **values)

    def rows(self, statement, *params):
        self.cr.execute(statement, params or None)  # pylint: disable=sql-injection
        return self.cr.fetchall()
