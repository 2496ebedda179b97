from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestScorePanelTours(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.salesman = new_test_user(
            cls.env,
            "panel_tour_salesman",
            groups="sales_team.group_sale_salesman,base.group_partner_manager",
            lang="en_US",
        )
        models = cls.env["crm.lead.score.model"]
        models.search([]).active = False
        cls.env["crm.lead.scoring.frequency"].search([]).unlink()
        cls.model = models.create({"name": "Tour model", "ready_score": 100})
        cls._make_rules()
        cls.partner = cls.env["res.partner"].create({"name": "Tour Tea Ltd"})
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Tour tea house",
                "type": "opportunity",
                "expected_revenue": 5000,
                "partner_id": cls.partner.id,
                "user_id": cls.salesman.id,
            }
        )
        cls.env["crm.lead.score.event"].log(
            {
                "lead_id": cls.lead.id,
                "signal": "mail_opened",
                "value": "Spring offer",
                "origin": "panel tour",
            }
        )
        cls.env["crm.lead.score"]._refresh_all()

    @classmethod
    def _make_rules(cls):
        opened, held = (
            cls.env["crm.lead.score.signal"].search([("code", "=", code)]).id
            for code in ("mail_opened", "meeting_held")
        )
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
                {
                    "name": "Tour mailing",
                    "model_id": cls.model.id,
                    "axis": "engagement",
                    "points": 6,
                    "kind": "event",
                    "signal_id": opened,
                    "decay": "half_life",
                },
                {
                    "name": "Tour meeting",
                    "model_id": cls.model.id,
                    "axis": "engagement",
                    "points": 15,
                    "kind": "event",
                    "signal_id": held,
                },
            ]
        )

    def test_salesperson_opens_the_explanation(self):
        self.assertEqual(self.lead.lead_score, 71)
        self.start_tour(
            f"/odoo/crm/{self.lead.id}",
            "crm_lead_scoring_panel",
            login="panel_tour_salesman",
        )
        self.assertEqual(self.lead.lead_score, 86)

    def test_contact_opens_its_best_lead(self):
        self.start_tour(
            f"/odoo/contacts/{self.partner.id}",
            "crm_lead_scoring_best_lead",
            login="panel_tour_salesman",
        )
