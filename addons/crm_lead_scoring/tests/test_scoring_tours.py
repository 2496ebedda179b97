from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestScoringTours(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The steps look for English words, whatever the language of the database.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.salesman = new_test_user(
            cls.env,
            "score_tour_salesman",
            groups="sales_team.group_sale_salesman",
            name="Tour Salesman",
            lang="en_US",
        )
        cls.manager = new_test_user(
            cls.env,
            "score_tour_manager",
            groups="sales_team.group_sale_manager",
            name="Tour Manager",
            lang="en_US",
        )
        # The scorecard of the tours, whatever else the database holds: it scores the
        # leads of a team of its own, so that counts are of the tour's lead alone.
        models = cls.env["crm.lead.score.model"]
        models.search([]).active = False
        team = cls.env["crm.team"].create({"name": "Tour team"})
        cls.model = models.create({"name": "Tour model", "team_ids": team.ids})
        cls.env["crm.lead.score.rule"].create(
            [
                {
                    "name": "Tour budget",
                    "model_id": cls.model.id,
                    "points": 80,
                    "domain": "[('expected_revenue', '>=', 1000)]",
                },
                {
                    "name": "Tour silence",
                    "model_id": cls.model.id,
                    "axis": "engagement",
                    "points": -15,
                    "domain": "[('phone', '=', False)]",
                },
            ]
        )
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Tour tea factory",
                "type": "opportunity",
                "expected_revenue": 5000,
                "team_id": team.id,
                "user_id": cls.salesman.id,
            }
        )

    def test_salesperson_sees_the_score(self):
        self.assertEqual(self.lead.lead_score, 65)
        self.start_tour(
            "/odoo", "crm_lead_scoring_salesperson", login="score_tour_salesman"
        )

    def test_manager_writes_a_rule(self):
        self.start_tour("/odoo", "crm_lead_scoring_manager", login="score_tour_manager")
        rule = self.model.rule_ids.filtered(lambda rule: rule.name == "Tour large")
        self.assertEqual(rule.points, 25)
        self.assertEqual(rule.domain, '[("expected_revenue", "=", 5000)]')
        self.env["crm.lead.score"]._refresh_all()
        self.assertEqual(self.lead.lead_score, 90)
