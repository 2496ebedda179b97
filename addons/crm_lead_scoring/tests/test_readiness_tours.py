from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestReadinessTours(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The steps look for English words, whatever the language of the database.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.salesman = new_test_user(
            cls.env,
            "ready_tour_salesman",
            groups="sales_team.group_sale_salesman",
            lang="en_US",
        )
        cls.manager = new_test_user(
            cls.env,
            "ready_tour_manager",
            groups="sales_team.group_sale_manager",
            lang="en_US",
        )
        # The scorecard of the tours, whatever else the database holds.
        models = cls.env["crm.lead.score.model"]
        models.search([]).active = False
        cls.env["crm.lead.score.handover"].search([]).unlink()
        cls.team = cls.env["crm.team"].create({"name": "Tour team"})
        cls.model = models.create({"name": "Tour model", "team_ids": cls.team.ids})
        cls.env["crm.lead.score.rule"].create(
            {
                "name": "Tour budget",
                "model_id": cls.model.id,
                "points": 60,
                "domain": "[('expected_revenue', '>=', 1000)]",
            }
        )
        cls.env["crm.lead.score"]._refresh_all()

    def _make_lead(self, name, **values):
        values.update(team_id=self.team.id, user_id=self.salesman.id)
        lead = self.env["crm.lead"].create(
            {"name": name, "type": "opportunity", **values}
        )
        self.env.cr.flush()
        return lead

    def test_salesperson_accepts_and_returns(self):
        self.model.state = "live"
        reason = self.env["crm.lead.score.return.reason"].create(
            {"name": "Tour no budget"}
        )
        bakery = self._make_lead("Tour bakery")
        hotel = self._make_lead("Tour hotel", expected_revenue=9000)
        self.assertEqual(hotel.handover_state, "offered")
        self.start_tour(
            "/odoo", "crm_lead_scoring_readiness", login="ready_tour_salesman"
        )
        self.env.invalidate_all()
        self.assertEqual(bakery.handover_state, "accepted")
        self.assertEqual(bakery.handover_ids.user_id, self.salesman)
        handover = hotel.handover_ids
        self.assertEqual(handover.state, "returned")
        self.assertEqual(handover.reason_id, reason)
        self.assertEqual(handover.note, "Asks again in May")
        self.assertEqual(handover.decisive_rule_ids, self.model.rule_ids)

    def test_manager_goes_live(self):
        hotel = self._make_lead("Tour hotel", expected_revenue=9000)
        self.assertFalse(hotel.handover_ids)
        self.start_tour(
            "/odoo/lead-scoring-models",
            "crm_lead_scoring_go_live",
            login="ready_tour_manager",
        )
        self.env.invalidate_all()
        self.assertEqual(self.model.state, "live")
        self.assertEqual(self.model.unready_score, 40)
        self.assertEqual(hotel.handover_state, "offered")
