from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestAccess(ScoringCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()
        cls.rule = cls._make_rule([("expected_revenue", ">=", 100)], 30)
        values = {"expected_revenue": 500}
        cls.own = cls._make_lead("Own", user_id=cls.salesman.id, **values)
        cls.free = cls._make_lead("Free", user_id=False, **values)
        cls.foreign = cls._make_lead("Foreign", user_id=cls.seller_all.id, **values)
        cls.leads = cls.own + cls.free + cls.foreign

    def _seen(self, user):
        """Ids of the test's leads whose scores, and whose lines, the user sees."""
        domain = [("lead_id", "in", self.leads.ids)]
        scores = self.Score.with_user(user).search(domain)
        lines = self.Line.with_user(user).search(domain)
        return set(scores.ids), set(lines.mapped("lead_id").ids)

    def test_scores_follow_the_leads(self):
        some = set((self.own + self.free).ids)
        self.assertEqual(self._seen(self.salesman), (some, some))
        everything = set(self.leads.ids)
        self.assertEqual(self._seen(self.seller_all), (everything, everything))
        self.assertEqual(self._seen(self.manager), (everything, everything))
        with self.assertRaises(AccessError):
            self._seen(self.employee)
        with self.assertRaises(AccessError):
            self.foreign.score_id.with_user(self.salesman).read(["total"])
        with self.assertRaises(AccessError):
            self.foreign.sudo().score_line_ids.with_user(self.salesman).read(["points"])

    def test_score_without_sales_rights(self):
        """The group of the app alone shows no more than the leads' own rules."""
        user = new_test_user(
            self.env, "score_only", groups="crm_lead_scoring.group_lead_scoring_user"
        )
        self.assertEqual(self._seen(user), ({self.free.id}, {self.free.id}))

    def test_lead_fields_for_each_role(self):
        for user in (self.salesman, self.seller_all, self.manager):
            lead = self.own.with_user(user)
            [values] = lead.read(["lead_score", "lead_grade_id", "score_line_ids"])
            self.assertEqual(values["lead_score"], 30)
            self.assertEqual(values["lead_grade_id"][1], "C3")
            self.assertEqual(len(values["score_line_ids"]), 1)
            self.assertEqual(lead.score_line_ids.rule_id, self.rule)

    def test_who_writes_the_set_up(self):
        for user, may in ((self.salesman, False), (self.seller_all, False),
                          (self.manager, True), (self.employee, False)):  # fmt: skip
            for model in (self.Model, self.Rule, self.model.grade_ids):
                for operation in ("create", "write", "unlink"):
                    self.assertEqual(
                        model.with_user(user).has_access(operation), may, operation
                    )
        with self.assertRaises(AccessError):
            self.model.with_user(self.salesman).action_recompute()
        self.model.with_user(self.manager).action_recompute()

    def test_salesperson_reads_rules(self):
        rule = self.rule.with_user(self.salesman)
        self.assertIn("Expected Revenue", rule.domain_sentence)
        # Counted are the leads that this salesperson may see.
        leads = self.env["crm.lead"].with_user(self.salesman)
        domain = [("expected_revenue", ">=", 100)]
        self.assertEqual(rule.matching_count, leads.search_count(domain))
        self.assertLess(rule.matching_count, self.rule.matching_count)
        self.Model.with_user(self.salesman).get_freshness()
        with self.assertRaises(AccessError):
            self.Model.with_user(self.employee).get_freshness()

    def test_salesperson_saves_a_lead(self):
        """Scores are written for a user who may not write scores."""
        lead = self.env["crm.lead"].with_user(self.salesman)
        lead = lead.create({"name": "By a salesperson", "expected_revenue": 100})
        self.assertEqual(lead.lead_score, 30)
        lead.expected_revenue = 0
        self.assertEqual(lead.lead_score, 0)

    def test_manager_writes_a_whole_model(self):
        model = self.Model.with_user(self.manager).create(
            {"name": "By the manager", "team_ids": self.team.ids}
        )
        rule = self.Rule.with_user(self.manager).create(
            {"name": "R", "model_id": model.id, "domain": "[]", "points": 3}
        )
        lead = self._make_lead(team_id=self.team.id)
        self.assertEqual(lead.lead_score, 3)
        rule.unlink()
        model.unlink()

    def test_companies(self):
        company = self.env["res.company"].create({"name": "Company Two"})
        model = self.Model.create({"name": "Two", "company_id": company.id})
        rule = self._make_rule([], 5, model=model)
        self.assertEqual(rule.company_id, company)
        lead = self._make_lead(company_id=company.id, user_id=False, team_id=False)
        self.assertEqual(lead.lead_score, 5)
        for records in (model, rule, model.grade_ids, lead.score_id):
            self.assertFalse(
                records.with_user(self.manager).search([("id", "in", records.ids)])
            )
        self.assertFalse(
            self.Line.with_user(self.manager).search([("lead_id", "=", lead.id)])
        )
        self.manager.company_ids += company
        both = self.manager.company_ids.ids
        for records in (model, rule, model.grade_ids, lead.score_id):
            found = records.with_user(self.manager).with_context(
                allowed_company_ids=both
            )
            self.assertEqual(found.search([("id", "in", records.ids)]), records)

    def test_everybody_reads_grade_names(self):
        """Employees who reach a lead in another app see its badge."""
        self.assertTrue(self.model.grade_ids.with_user(self.employee).mapped("name"))
