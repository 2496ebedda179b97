"""For random domains and random edits the engine agrees with ``search()``."""

from datetime import timedelta
from unittest.mock import patch

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from odoo.fields import Command, Domain
from odoo.tests import tagged

from odoo.addons.crm_glossary_core import engine
from odoo.addons.crm_glossary_core.engine import compiler

from .common_engine import PAIRS, TALLY, EngineCase

CHARS = st.sampled_from(["Sofia", "sof", "Plovdiv", "example", "lead 1", "2", "%", "_"])
TEXT = st.sampled_from(["=", "!=", "ilike", "not ilike", "like", "=like", "=ilike"])
ORDER = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
MEMBER = st.sampled_from(["in", "not in"])
NUMBERS = st.integers(-1, 24).map(lambda number: number * 10)
IDS = st.lists(st.integers(0, 3), max_size=3)
PATHS = ["source_id.name", "partner_id.name", "partner_id.country_id.name"]
MULTI = ["tag_ids.name", "partner_id.child_ids.name"]


def conditions():
    """Conditions of every kind a person can click together, valid on any data."""
    unset = st.sampled_from(
        ["city", "email_from", "source_id", "partner_id", "tag_ids"]
    )
    relation = st.sampled_from(["source_id", "partner_id", "tag_ids"])
    return st.one_of(
        st.tuples(st.sampled_from(["name", "city", "email_from"]), TEXT, CHARS),
        st.tuples(st.sampled_from(PATHS + MULTI), TEXT, CHARS),
        st.tuples(st.just("expected_revenue"), ORDER, NUMBERS),
        st.tuples(unset, st.sampled_from(["=", "!="]), st.just(False)),
        st.tuples(st.just("type"), MEMBER, st.just(["lead"])),
        st.tuples(relation, MEMBER, IDS),
        st.tuples(st.just("active"), st.just("="), st.booleans()),
        st.tuples(st.just("create_date"), ORDER, st.sampled_from(["today", "-1d"])),
    )


def domains():
    def grow(inner):
        pair = st.tuples(inner, inner)
        return st.one_of(
            pair.map(lambda two: ["&", *two[0], *two[1]]),
            pair.map(lambda two: ["|", *two[0], *two[1]]),
            inner.map(lambda one: ["!", *one]),
        )

    return st.recursive(conditions().map(lambda one: [one]), grow, max_leaves=6)


PROFILE = settings(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@tagged("post_install", "-at_install")
class TestEngineProperties(EngineCase):
    def real(self, domain):
        """Put real ids where the strategy can only put small numbers."""
        known = {
            "source_id": self.sources.ids,
            "partner_id": self.partners.ids,
            "tag_ids": self.tags.ids,
        }
        return [
            (item[0], item[1], [known[item[0]][i % 3] for i in item[2]])
            if item[0] in known and isinstance(item[2], list)
            else item
            for item in domain
        ]

    def found(self, domain):
        return set((self.Lead.search(Domain(domain)) & self.leads).ids)

    def matched(self, domains_, few=True):
        # What an earlier example left would not belong to any criterion of this one.
        self.cr.execute("DELETE FROM test_pairs")
        criteria = [self.criterion(i, repr(d)) for i, d in enumerate(domains_)]
        engine.refresh(self.env, PAIRS, criteria, ids=self.leads.ids)
        self.assertFalse([c.error for c in criteria if c.error])
        self.cr.execute("DELETE FROM test_tally")
        engine.fill_satellite(self.env, "test_tally", "crm_lead", self.leads.ids)
        tallied = [
            self.criterion(i, repr(d), points={"fit": 1})
            for i, d in enumerate(domains_)
        ]
        with patch.object(compiler, "FEW_RECORDS", 1000 if few else 0):
            engine.refresh(self.env, TALLY, tallied, ids=self.leads.ids)
        return (
            set(self.rows("SELECT rule_id, lead_id FROM test_pairs")),
            set(self.rows("SELECT unnest(criterion_ids), id FROM test_tally")),
        )

    @seed(20260901)
    @PROFILE
    @given(st.lists(domains(), min_size=1, max_size=3), st.booleans())
    def test_matches_equal_search(self, domains_, few):
        domains_ = [self.real(domain) for domain in domains_]
        pairs, tallied = self.matched(domains_, few)
        expected = {
            (index, lead_id)
            for index, domain in enumerate(domains_)
            for lead_id in self.found(domain)
        }
        self.assertEqual(pairs, expected)
        self.assertEqual(tallied, expected)

    @seed(20260902)
    @PROFILE
    @given(
        domains(),
        st.lists(
            st.tuples(
                st.integers(0, 23),
                st.one_of(
                    st.tuples(st.just("city"), st.sampled_from(["Sofia", "Ruse"])),
                    st.tuples(st.just("expected_revenue"), NUMBERS),
                    st.tuples(st.just("source_id"), st.integers(0, 2)),
                    st.tuples(st.just("tag_ids"), st.integers(0, 2)),
                    st.tuples(st.just("active"), st.booleans()),
                ),
            ),
            min_size=1,
            max_size=4,
        ),
    )
    def test_incremental_equals_full(self, domain, edits):
        """Refreshing only the leads that changed gives what a full refresh gives."""
        domain = self.real(domain)
        criteria = [self.criterion(0, repr(domain))]
        engine.refresh(self.env, PAIRS, criteria, ids=self.leads.ids)
        for index, (name, value) in edits:
            if name in ("source_id", "tag_ids"):
                value = (self.sources if name == "source_id" else self.tags)[value].id
            lead = self.leads[index]
            lead.write({name: [Command.set([value])] if name == "tag_ids" else value})
            touched = engine.touched_fields(self.env, criteria[0])
            if name in touched:
                engine.refresh(self.env, PAIRS, criteria, ids=lead.ids)
        incremental = set(self.rows("SELECT lead_id FROM test_pairs"))
        diff = engine.refresh(self.env, PAIRS, criteria, ids=self.leads.ids)
        self.assertFalse(diff, "a full refresh finds nothing left to do")
        self.assertEqual({row[0] for row in incremental}, self.found(domain))

    def test_time_passes(self):
        """A relative date matches other records on another day, without an edit."""
        lead = self.leads.filtered("active")[0]
        lead.date_deadline = self.env.cr.now().date() - timedelta(days=5)
        domain = [("date_deadline", ">=", "today -5d"), ("date_deadline", "!=", False)]
        self.assertEqual(self.matched([domain])[0], {(0, lead.id)})
        lead.date_deadline -= timedelta(days=1)
        self.assertEqual(self.matched([domain])[0], set())
