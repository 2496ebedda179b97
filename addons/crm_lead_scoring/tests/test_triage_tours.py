from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTriageTours(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The steps look for English words, whatever the language of the database.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.salesman = new_test_user(
            cls.env,
            "triage_tour_salesman",
            groups="sales_team.group_sale_salesman",
            lang="en_US",
        )
        cls.env["crm.lead"].search([]).active = False
        reasons = cls.env["crm.lost.reason"]
        reasons.search([]).active = False
        cls.reason = reasons.create({"name": "Tour too small"})
        models = cls.env["crm.lead.score.model"]
        models.search([]).active = False
        cls.team = cls.env["crm.team"].create({"name": "Tour team"})
        cls.model = models.create({"name": "Tour model", "team_ids": cls.team.ids})
        cls.env["crm.lead.score.rule"].create(
            [
                {
                    "name": name,
                    "model_id": cls.model.id,
                    "points": points,
                    "domain": f"[('expected_revenue', '>=', {revenue})]",
                }
                for name, points, revenue in (
                    ("Tour budget", 60, 9000),
                    ("Tour some", 20, 3000),
                    ("Tour little", 10, 1000),
                )
            ]
        )
        cls.env["crm.lead.score"]._refresh_all()
        cls.model.state = "live"

    def _make_lead(self, name, revenue, **values):
        return self.env["crm.lead"].create(
            {
                "name": name,
                "type": "lead",
                "expected_revenue": revenue,
                "team_id": self.team.id,
                "user_id": self.salesman.id,
                **values,
            }
        )

    def test_salesperson_by_keyboard(self):
        ready = self._make_lead("Tour ready", 9000, user_id=False)
        large = self._make_lead("Tour large", 3000)
        medium = self._make_lead("Tour medium", 1000)
        small = self._make_lead("Tour small", 0)
        self.env.cr.flush()
        self.assertEqual(ready.handover_state, "offered")
        self.start_tour(
            "/odoo", "crm_lead_scoring_triage", login="triage_tour_salesman"
        )
        self.env.invalidate_all()
        self.assertEqual(ready.handover_state, "accepted")
        self.assertEqual(ready.user_id, self.salesman)
        self.assertEqual(large.activity_ids.user_id, self.salesman)
        self.assertEqual(medium.type, "opportunity")
        self.assertEqual(small.won_status, "lost")
        self.assertEqual(small.lost_reason_id, self.reason)
        kept = small.triage_ids.sorted("id")
        self.assertEqual(kept.mapped("is_undone"), [True, False])
        self.assertEqual(kept[0].note, "Two desks and a dad")
