from odoo.tests import tagged

from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestLifeCycle(ScoringCase):
    """Creation, merging, conversion, archiving and deletion of leads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_rule([("email_state", "=", "correct")], 10)
        cls._make_rule([("partner_name", "!=", False)], 20)
        cls._make_rule([("expected_revenue", ">=", 100)], 30, "engagement")

    def test_every_lead_has_a_row(self):
        self.Lead.create([{"name": f"L{i}"} for i in range(5)])
        self.assertEveryLeadHasRow()

    def test_import_in_batch_is_scored(self):
        result = self.env["crm.lead"].load(
            ["name", "type", "email_from", "expected_revenue"],
            [[f"Row {i}", "lead", f"r{i}@example.com", "150"] for i in range(20)],
        )
        leads = self.env["crm.lead"].browse(result["ids"])
        self.assertEqual(set(leads.mapped("lead_score")), {40})

    def test_rows_are_healed(self):
        """A lead that came in behind the ORM's back gets its row at the refresh."""
        lead = self._make_lead(partner_name="Firm")
        self._settle()
        self.cr.execute("DELETE FROM crm_lead_score WHERE id = %s", [lead.id])
        self.env.invalidate_all()
        self.assertEqual(lead.lead_score, 0)
        self._refresh()
        self.assertEqual(lead.lead_score, 20)
        self.assertEveryLeadHasRow()

    def test_merge(self):
        first = self._make_lead("First", email_from="a@example.com")
        second = self._make_lead("Second", partner_name="Firm", expected_revenue=500)
        gone = (first + second).ids
        kept = (first + second).merge_opportunity()
        self.assertEqual(kept.lead_score, 60)
        self.assertScored(kept)
        rows = self.Score.search([("id", "in", gone)])
        self.assertEqual(rows.ids, kept.ids)

    def test_conversion_keeps_the_score(self):
        lead = self._make_lead("A lead", type="lead", email_from="a@example.com")
        self.assertEqual(lead.lead_score, 10)
        partner = self.env["res.partner"].create(
            {"name": "A", "email": "a@example.com"}
        )
        lead.convert_opportunity(partner)
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.lead_score, 10)
        self.assertScored(lead)

    def test_lost_lead_keeps_its_score(self):
        lead = self._make_lead(partner_name="Firm")
        lead.action_set_lost()
        self.assertFalse(lead.active)
        self._refresh()
        self.assertEqual(lead.lead_score, 20)
        self.assertScored(lead)

    def test_copy_has_a_score_of_its_own(self):
        lead = self._make_lead(partner_name="Firm", email_from="a@example.com")
        copy = lead.copy()
        self.assertEqual(copy.lead_score, lead.lead_score)
        self.assertNotEqual(copy.score_id, lead.score_id)

    def test_deleted_lead_takes_its_score_along(self):
        lead = self._make_lead()
        score = lead.score_id
        self._settle()
        self.assertTrue(score.exists())
        lead.unlink()
        self.assertFalse(score.exists())

    def test_neither_lead_nor_probability_is_written(self):
        lead = self._make_lead(partner_name="Firm")
        self._settle()
        self.env.flush_all()
        columns = "xmin::text, write_date, probability, automated_probability"
        query = f"SELECT {columns} FROM crm_lead WHERE id = %s"  # noqa: S608
        self.cr.execute(query, [lead.id])
        before = self.cr.fetchone()
        self.model.rule_ids.points = 99
        self._refresh()
        self.env.flush_all()
        self.assertEqual(lead.lead_score, 99)
        self.cr.execute(query, [lead.id])
        self.assertEqual(self.cr.fetchone(), before)

    def test_refresh_writes_only_what_differs(self):
        leads = self.Lead.create([{"name": f"L{i}"} for i in range(4)])
        self._refresh()
        row = self.Model._get_refresh_row()
        self.assertEqual(self.Score._score().total, 0)
        leads[:2].flush_recordset()
        self.cr.execute(
            "UPDATE crm_lead SET partner_name = 'Firm' WHERE id IN %s",
            [tuple(leads[:2].ids)],
        )
        self._refresh()
        self.assertEqual(row.changed, 2)

    def test_rules_of_an_older_version(self):
        """A rule from before there were events has nothing in their columns."""
        lead = self._make_lead(partner_name="Firm", expected_revenue=500)
        self._refresh()
        rules = self.model.rule_ids
        self.env.flush_all()
        self.cr.execute(
            "UPDATE crm_lead_score_rule SET window_days = NULL, cap = NULL,"
            " max_count = NULL, half_life_days = NULL, start_date = NULL"
            " WHERE id = ANY(%s)",
            [rules.ids],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertEqual(self.Score._score().total, 0, "no row is rewritten")
        self.assertScored(lead)
        rules[0].name = "Another name"
        self.assertEqual(rules.mapped("kind"), ["attribute"] * len(rules))

    def test_nothing_happens_in_state_observe(self):
        self.assertEqual(self.model.state, "observe")
        lead = self._make_lead(partner_name="Firm", expected_revenue=500)
        messages, activities = lead.message_ids, lead.activity_ids
        self._refresh()
        self.env.invalidate_all()
        self.assertEqual(lead.message_ids, messages)
        self.assertEqual(lead.activity_ids, activities)


@tagged("post_install", "-at_install")
class TestShippedModel(ScoringCase):
    """The model that comes with the app."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model.active = False
        cls.shipped = cls.env.ref("crm_lead_scoring.crm_lead_score_model_b2b")
        cls.shipped.active = True

    def test_it_observes_with_rules_of_both_kinds(self):
        rules = self.shipped.rule_ids
        self.assertEqual(self.shipped.state, "observe")
        self.assertGreaterEqual(len(rules), 14)
        for axis in ("fit", "engagement"):
            points = rules.filtered(lambda r, a=axis: r.axis == a).mapped("points")
            self.assertTrue(max(points) > 0 > min(points), axis)
        self.assertFalse(any(rules.mapped("error_message")))

    def test_good_and_bad_lead(self):
        good = self._make_lead(
            "Good",
            partner_name="Balkan Tea",
            email_from="elena@balkantea.example.com",
            function="Managing Director",
            website="https://example.com",
            country_id=self.env.ref("base.bg").id,
            phone="+359 2 980 1234",
            expected_revenue=60000,
            referred="A friend",
            priority="3",
        )
        bad = self._make_lead("Bad", user_id=False)
        private = self._make_lead("Private", email_from="somebody@gmail.com")
        self.assertEqual(good.lead_grade_id.name[0], "A")
        self.assertLess(bad.lead_score, good.lead_score)
        self.assertLess(bad.lead_score_fit, 0)
        self.assertIn(
            self.env.ref("crm_lead_scoring.crm_lead_score_rule_free_email"),
            private.score_line_ids.rule_id,
        )
        self._refresh()
        self.assertScored(good + bad + private)
