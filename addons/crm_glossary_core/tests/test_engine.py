from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.crm_glossary_core import engine
from odoo.addons.crm_glossary_core.engine import compiler

from .common_engine import HISTORY, PAIRS, TALLY, EngineCase

DOMAINS = (
    "[]",
    "[('type', '=', 'lead')]",
    "['|', ('city', '=', 'Sofia'), '&', ('email_from', '!=', False),"
    " ('expected_revenue', '>=', 100)]",
    "[('source_id.name', 'ilike', 'source 1')]",
    "[('source_id.name', 'not ilike', 'source 1')]",
    "[('source_id.name', '=', False)]",
    "[('source_id', '=', False)]",
    "[('partner_id.country_id.code', '!=', False)]",
    "[('partner_id.name', 'like', 'partner 2')]",
    "[('tag_ids.name', '=', 'Engine tag 1')]",
    "['!', ('tag_ids', 'any', [('name', '=', 'Engine tag 0')])]",
    "[('tag_ids', '=', False)]",
    "[('active', '=', False)]",
    "[('create_date', '>=', 'today -1d')]",
    "[('phone_mobile_search', 'ilike', '555')]",
)


@tagged("post_install", "-at_install")
class TestEngine(EngineCase):
    def refresh(self, table, criteria, **scope):
        scope.setdefault("ids", self.leads.ids)
        return engine.refresh(self.env, table, criteria, **scope)

    def pairs(self):
        return set(self.rows("SELECT rule_id, lead_id FROM test_pairs"))

    def expected(self, criteria, leads=None):
        leads = self.leads if leads is None else leads
        return {
            (criterion.key, lead.id)
            for criterion in criteria
            for lead in self.Lead.search(engine.parse(self.env, criterion.domain))
            & leads
        }

    def test_pairs_equal_search(self):
        criteria = [self.criterion(i, domain) for i, domain in enumerate(DOMAINS)]
        self.refresh(PAIRS, criteria)
        self.assertFalse([c.error for c in criteria if c.error])
        self.assertEqual(self.pairs(), self.expected(criteria))
        self.assertGreater(len(self.pairs()), 50)

    def test_only_differing_rows_are_written(self):
        criteria = [self.criterion(1, "[('city', '=', 'Sofia')]")]
        first = self.refresh(PAIRS, criteria)
        self.assertTrue(first.added)
        versions = self.rows("SELECT id, xmin, ctid FROM test_pairs ORDER BY id")
        self.assertFalse(self.refresh(PAIRS, criteria))
        self.assertEqual(
            self.rows("SELECT id, xmin, ctid FROM test_pairs ORDER BY id"), versions
        )
        sofia = self.leads.filtered(lambda lead: lead.active and lead.city == "Sofia")
        sofia[0].city = "Varna"
        self.leads.filtered("active")[1].city = "Sofia"
        diff = self.refresh(PAIRS, criteria)
        self.assertEqual(diff.gone, 1)
        self.assertEqual(self.pairs(), self.expected(criteria))

    def test_history(self):
        criteria = [self.criterion(1, "[('city', '=', 'Sofia')]")]
        self.refresh(HISTORY, criteria)
        lead = self.leads.filtered(lambda lead: lead.active and lead.city == "Sofia")[0]
        lead.city = "Ruse"
        self.assertEqual(self.refresh(HISTORY, criteria).gone, 1)
        lead.city = "Sofia"
        self.assertEqual(self.refresh(HISTORY, criteria).added, 1)
        rows = self.rows(
            "SELECT date_to IS NULL, reason_in, reason_out FROM test_history"
            " WHERE lead_id = %s ORDER BY id",
            lead.id,
        )
        self.assertEqual(rows, [(False, "rule", "left"), (True, "rule", None)])

    def test_ids_and_ranges_leave_the_rest(self):
        criteria = [self.criterion(1, "[]")]
        some = self.leads.filtered("active")[:5]
        self.refresh(PAIRS, criteria, ids=some.ids)
        self.assertEqual(self.pairs(), {(1, lead.id) for lead in some})
        rest = (min(self.leads.ids), max(self.leads.ids))
        self.refresh(PAIRS, criteria, ids=None, id_range=rest)
        self.assertEqual(self.pairs(), self.expected(criteria))
        none = [self.criterion(1, "[('id', '=', 0)]")]
        self.refresh(PAIRS, none, ids=some.ids)
        self.assertEqual(self.pairs(), self.expected(criteria, self.leads - some))

    def tally(self, few):
        self.cr.execute("DELETE FROM test_tally")
        engine.fill_satellite(self.env, "test_tally", "crm_lead", self.leads.ids)
        criteria = [
            self.criterion(
                i,
                domain,
                active_test=False,
                points={"fit": i + 1} if i % 2 else {"engagement": 3 - i},
            )
            for i, domain in enumerate(DOMAINS)
        ]
        with patch.object(compiler, "FEW_RECORDS", 1000 if few else 0):
            self.refresh(TALLY, criteria)
        self.assertFalse([c.error for c in criteria if c.error])
        return criteria

    def test_tally_equals_a_count_by_hand(self):
        Lead = self.Lead.with_context(active_test=False)
        for few in (True, False):
            with self.subTest(few=few):
                criteria = self.tally(few)
                rows = self.rows(
                    "SELECT id, fit, engagement, total, criterion_ids, points, grade_id"
                    " FROM test_tally"
                )
                self.assertEqual(len(rows), len(self.leads))
                for lead_id, fit, engagement, total, keys, points, grade in rows:
                    hits = [
                        criterion
                        for criterion in criteria
                        if Lead.search_count(
                            engine.parse(self.env, criterion.domain)
                            & engine.parse(self.env, f"[('id', '=', {lead_id})]")
                        )
                    ]
                    self.assertEqual(keys, [c.key for c in hits])
                    self.assertEqual(points, [sum(c.points.values()) for c in hits])
                    self.assertEqual(fit, sum(c.points.get("fit", 0) for c in hits))
                    self.assertEqual(total, sum(points))
                    self.assertEqual(total, fit + engagement)
                    expected = 2 if fit >= 10 else 3
                    if fit >= 20 and engagement >= 5:
                        expected = 1
                    self.assertEqual(grade, expected)

    def test_tally_of_many_set_criteria(self):
        """More set criteria than one word of bits holds."""
        engine.fill_satellite(self.env, "test_tally", "crm_lead", self.leads.ids)
        criteria = [
            self.criterion(
                i,
                f"[('tag_ids.name', '=', 'Engine tag {i % 4}')]",
                active_test=False,
                points={"fit": 1},
            )
            for i in range(130)
        ]
        with patch.object(compiler, "FEW_RECORDS", 0):
            self.refresh(TALLY, criteria)
        for lead_id, keys in self.rows("SELECT id, criterion_ids FROM test_tally"):
            tags = len(self.Lead.browse(lead_id).tag_ids)
            self.assertEqual(keys, [i for i in range(130) if i % 4 < tags])

    def test_broken_criteria_stop_no_other(self):
        sound = [self.criterion(1, "[]"), self.criterion(9, "[('city', '=', 'Sofia')]")]
        broken = [
            self.criterion(2, "[('x_removed', '=', 1)]"),
            self.criterion(3, "[('name', 'resembles', 'x')]"),
            self.criterion(4, "[('expected_revenue', '>', 'much')]"),
            self.criterion(5, r"[('name', '=like', '%\\')]"),
            self.criterion(6, "__import__('os')"),
            self.criterion(7, "[('is_automated_probability', '=', True)]"),
            engine.Criterion(key=8, model="no.such.model", domain="[]"),
        ]
        self.cr.execute(
            "INSERT INTO test_pairs (rule_id, lead_id) VALUES (2, %s)",
            [self.leads[0].id],
        )
        self.refresh(PAIRS, sound + broken)
        self.assertFalse([c.error for c in sound if c.error])
        for criterion in broken:
            with self.subTest(domain=criterion.domain):
                self.assertTrue(criterion.error)
        kept = {(2, self.leads[0].id)}
        self.assertEqual(self.pairs() - kept, self.expected(sound))
        self.assertLessEqual(kept, self.pairs(), "rows of a broken criterion stay")

    def test_pending_writes_are_seen_and_survive_a_refusal(self):
        lead = self.leads.filtered("active")[0]
        lead.city = "Burgas"
        criteria = [
            self.criterion(1, "[('city', '=', 'Burgas')]"),
            self.criterion(2, r"[('name', '=like', '%\\')]"),
        ]
        self.refresh(PAIRS, criteria)
        self.assertEqual(self.pairs(), {(1, lead.id)})
        lead.invalidate_recordset()
        self.assertEqual(lead.city, "Burgas")

    def test_company(self):
        company = self.env["res.company"].create({"name": "Engine company"})
        lead = self.Lead.create({"name": "Other", "company_id": company.id})
        here = self.criterion(1, "[]", company_id=self.env.company.id)
        there = self.criterion(2, "[]", company_id=company.id)
        lead_ids = [lead.id, self.leads.filtered("active")[0].id]
        self.leads.filtered("active")[0].company_id = False
        self.refresh(PAIRS, [here, there], ids=lead_ids)
        self.assertEqual(
            self.pairs(), {(1, lead_ids[1]), (2, lead_ids[0]), (2, lead_ids[1])}
        )

    def test_a_company_s_criterion_may_look_things_up(self):
        lead = self.leads.filtered(lambda lead: lead.active and lead.source_id)[0]
        criterion = self.criterion(
            1,
            f"[('source_id.name', '=', '{lead.source_id.name}')]",
            company_id=self.env.company.id,
        )
        self.refresh(PAIRS, [criterion])
        self.assertFalse(criterion.error)
        self.assertIn((1, lead.id), self.pairs())

    def test_a_tally_without_change_writes_nothing(self):
        self.tally(few=False)
        versions = self.rows("SELECT id, xmin, ctid FROM test_tally ORDER BY id")
        criteria = [
            self.criterion(i, domain, active_test=False, points={"fit": i + 1})
            for i, domain in enumerate(DOMAINS)
        ]
        self.assertEqual(self.refresh(TALLY, criteria).changed, len(self.leads))
        self.assertFalse(self.refresh(TALLY, criteria))
        self.assertNotEqual(
            self.rows("SELECT id, xmin, ctid FROM test_tally ORDER BY id"), versions
        )
        versions = self.rows("SELECT id, xmin, ctid FROM test_tally ORDER BY id")
        self.assertFalse(self.refresh(TALLY, criteria))
        self.assertEqual(
            self.rows("SELECT id, xmin, ctid FROM test_tally ORDER BY id"), versions
        )

    def test_nothing_to_match(self):
        self.assertFalse(self.refresh(PAIRS, []))
        self.assertFalse(engine.next_range(self.env, "test_pairs", 0, 10))
