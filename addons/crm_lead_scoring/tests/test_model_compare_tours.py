from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestModelCompareTours(HttpCase):
    def test_manager_compares_a_copy(self):
        self.env["res.lang"]._activate_lang("en_US")
        new_test_user(
            self.env,
            "score_tour_comparer",
            groups="sales_team.group_sale_manager",
            lang="en_US",
        )
        models = self.env["crm.lead.score.model"]
        models.search([]).active = False
        team = self.env["crm.team"].create({"name": "Tour team"})
        model = models.create({"name": "Tour model", "team_ids": team.ids})
        self.env["crm.lead.score.rule"].create(
            {
                "name": "Tour budget",
                "model_id": model.id,
                "points": 80,
                "domain": "[('expected_revenue', '>=', 1000)]",
            }
        )
        lead = self.env["crm.lead"].create(
            {
                "name": "Tour tea factory",
                "type": "opportunity",
                "expected_revenue": 5000,
                "team_id": team.id,
            }
        )
        self.assertEqual(lead.lead_score, 80)
        self.start_tour(
            "/odoo", "crm_lead_scoring_compare", login="score_tour_comparer"
        )
        copy = model.search([("copied_from_id", "=", model.id), ("active", "=", False)])
        self.assertEqual(copy.rule_ids.points, 20)
        self.assertEqual(lead.lead_score, 80)
