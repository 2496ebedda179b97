from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestHeatMapTours(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The steps look for English words, whatever the language of the database.
        cls.env["res.lang"]._activate_lang("en_US")
        new_test_user(
            cls.env,
            "heat_map_tour_manager",
            groups="sales_team.group_sale_manager",
            name="Tour Manager",
            lang="en_US",
        )
        models = cls.env["crm.lead.score.model"]
        models.search([]).active = False
        cls.env["crm.lead"].search([]).active = False
        cls.model = models.create({"name": "Tour model"})
        for axis, field, points in (
            ("fit", "expected_revenue", 80),
            ("engagement", "priority", 60),
        ):
            cls.env["crm.lead.score.rule"].create(
                {
                    "name": f"Tour {axis}",
                    "model_id": cls.model.id,
                    "axis": axis,
                    "points": points,
                    "domain": f"[('{field}', '>', '0')]"
                    if axis == "engagement"
                    else f"[('{field}', '>', 0)]",
                }
            )
        cls.env["crm.lead"].create(
            [
                {"name": f"Tour {number}", "type": "opportunity", **values}
                for number, values in enumerate(
                    [
                        {"expected_revenue": 100, "priority": "1"},
                        {"expected_revenue": 100, "priority": "1"},
                        {"expected_revenue": 100},
                        {},
                    ]
                )
            ]
        )

    def test_manager_opens_a_cell(self):
        self.start_tour(
            "/odoo", "crm_lead_scoring_heat_map", login="heat_map_tour_manager"
        )
