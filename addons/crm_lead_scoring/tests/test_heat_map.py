from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestHeatMap(ScoringCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()
        cls.HeatMap = cls.env["crm.lead.score.heat.map"]
        cls._make_rule([("expected_revenue", ">=", 100)], 80)
        cls._make_rule([("expected_revenue", ">=", 1000)], -35)
        cls._make_rule([("phone", "!=", False)], 60, axis="engagement")
        cls.env["crm.lead"].search([]).active = False
        cls._make_lead("A1", expected_revenue=100, phone="1", user_id=cls.salesman.id)
        cls._make_lead("A1 free", expected_revenue=200, phone="1", user_id=False)
        cls._make_lead("A3", expected_revenue=300, user_id=cls.seller_all.id)
        cls._make_lead("B1", expected_revenue=1000, phone="1", type="lead")
        cls._make_lead("C3", user_id=cls.salesman.id, team_id=cls.team.id)
        cls.won = cls._make_lead("Won", expected_revenue=100)
        cls.won.action_set_won()
        cls._make_lead("Lost", expected_revenue=100).action_set_lost()

    def _map(self, user=None, **filters):
        self._settle()
        heat_map = self.HeatMap.with_user(user or self.manager)
        return heat_map.get_heat_map({"model_id": self.model.id, **filters})

    def _names(self, data, part, row=None, column=None, user=None):
        """Names of the leads that a part opens, as the web client reads them."""
        heat_map = self.HeatMap.with_user(user or self.manager)
        action = heat_map.open_leads(part, row, column, data["filters"])
        leads = self.env[action["res_model"]].with_user(user or self.manager)
        found = leads.with_context(**action["context"]).search(action["domain"])
        return sorted(found.mapped("name"))

    def assertOpensWhatItCounts(self, data, user=None):
        """Every number of the matrix is the length of the list that it opens."""
        leads = self.env["crm.lead"].with_user(user or self.manager)
        heat_map = self.HeatMap.with_user(user or self.manager)

        def check(place, part, row=None, column=None):
            action = heat_map.open_leads(part, row, column, data["filters"])
            found = leads.search(action["domain"])
            said = (part, row, column)
            self.assertEqual(len(found), place["count"], said)
            self.assertEqual(sum(found.mapped("is_sales_ready")), place["ready"], said)
            amount = sum(found.mapped("expected_revenue"))
            self.assertAlmostEqual(amount, place["amount"], msg=said)
            return found

        check(data["total"], "all")
        check(data["ungraded"], "ungraded")
        for row, band in enumerate(data["rows"]):
            check(band, "row", row)
            for column, cell in enumerate(data["cells"][row]):
                found = check(cell, "cell", row, column)
                if found:
                    self.assertEqual(found.lead_grade_id.name, cell["grade"])
        for column, band in enumerate(data["columns"]):
            check(band, "column", column=column)
        for bands in (data["rows"], data["columns"]):
            for name in ("count", "ready"):
                self.assertEqual(sum(band[name] for band in bands), data["total"][name])

    def test_the_matrix_of_the_grades(self):
        data = self._map()
        self.assertEqual([row["name"] for row in data["rows"]], ["A", "B", "C"])
        self.assertEqual([one["name"] for one in data["columns"]], ["1", "2", "3"])
        self.assertEqual(
            [row["label"] for row in data["rows"]],
            ["70 or more", "40 to 69", "below 40"],
        )
        self.assertEqual(
            [[cell["grade"] for cell in row] for row in data["cells"]],
            [["A1", "A2", "A3"], ["B1", "B2", "B3"], ["C1", "C2", "C3"]],
        )
        self.assertEqual(
            [[cell["count"] for cell in row] for row in data["cells"]],
            [[2, 0, 1], [1, 0, 0], [0, 0, 1]],
        )
        self.assertEqual(data["cells"][0][0]["amount"], 300)
        self.assertEqual(data["cells"][0][0]["ready"], 2)
        self.assertEqual(data["total"], {"count": 5, "amount": 1600, "ready": 4})
        self.assertEqual(data["ungraded"]["count"], 0)
        self.assertOpensWhatItCounts(data)
        self.assertEqual(self._names(data, "cell", 0, 0), ["A1", "A1 free"])
        self.assertEqual(self._names(data, "column", column=2), ["A3", "C3"])

    def test_filters(self):
        for filters, count in (
            ({"owner": "free"}, 1),
            ({"owner": "mine"}, 0),
            ({"type": "lead"}, 1),
            ({"type": "opportunity"}, 4),
            ({"team_id": self.team.id}, 1),
            ({"period": "last_30_days"}, 5),
        ):
            data = self._map(**filters)
            self.assertEqual(data["total"]["count"], count, filters)
            self.assertOpensWhatItCounts(data)
        old = self.env["crm.lead"].search([("name", "=", "A1")])
        old._write({"create_date": fields.Datetime.now() - timedelta(days=40)})
        self.env.invalidate_all()
        data = self._map(period="last_30_days")
        self.assertEqual(data["total"]["count"], 4)
        self.assertOpensWhatItCounts(data)
        for filters in ({"period": "custom"}, {"owner": "x"}, {"model_id": 0.5}):
            with self.assertRaises(UserError):
                self._map(**filters)

    def test_a_matrix_of_other_grades(self):
        """Grades may be fewer than the cells, and called anything."""
        grades = (("Hot", 80, 60), ("Good fit", 80, 0), ("Rest", 0, 0))
        self.model.grade_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "name": name,
                        "sequence": place,
                        "fit_min": fit,
                        "engagement_min": engagement,
                    }
                )
                for place, (name, fit, engagement) in enumerate(grades)
            ),
        ]
        self._refresh()
        data = self._map()
        self.assertEqual(
            [[cell["grade"] for cell in row] for row in data["cells"]],
            [["Hot", "Good fit"], ["Rest", "Rest"]],
        )
        self.assertEqual(
            [[cell["count"] for cell in row] for row in data["cells"]],
            [[2, 1], [1, 1]],
        )
        self.assertEqual([row["name"] for row in data["rows"]], ["", "Rest"])
        self.assertOpensWhatItCounts(data)

    def test_grades_out_of_date(self):
        """Until the refresh, leads of deleted grades stand among those without one."""
        self.model.grade_ids.filtered(lambda grade: grade.name == "A1").unlink()
        data = self._map()
        self.assertOpensWhatItCounts(data)
        self.assertEqual(data["total"]["count"] + data["ungraded"]["count"], 5)
        self.model.grade_ids = [Command.clear()]
        self._refresh()
        data = self._map()
        self.assertEqual((data["cells"], data["ungraded"]["count"]), ([], 5))
        self.assertOpensWhatItCounts(data)
        with self.assertRaises(UserError):
            self._names(data, "cell", 0, 0)

    def test_several_models(self):
        other = self.Model.create({"name": "Two", "team_ids": self.team_two.ids})
        self._make_rule([], 45, model=other)
        self._make_lead("Of two", team_id=self.team_two.id)
        self.assertEqual(self._map()["total"]["count"], 5)
        data = self._map(model_id=other.id)
        self.assertEqual(data["total"]["count"], 1)
        self.assertEqual(data["cells"][1][2]["count"], 1)
        self.assertOpensWhatItCounts(data)
        self.assertEqual(self._map(model_id=False)["model"]["id"], self.model.id)

    def test_no_model(self):
        self.Model.search([]).active = False
        data = self.HeatMap.with_user(self.manager).get_heat_map()
        self.assertFalse(data["model"])
        self.assertEqual((data["cells"], data["total"]["count"]), ([], 0))
        self.assertTrue(data["can_manage"])

    def test_each_role_counts_what_it_may_see(self):
        data = self._map(self.salesman)
        self.assertEqual(data["total"]["count"], 3)
        self.assertOpensWhatItCounts(data, self.salesman)
        self.assertFalse(data["can_manage"])
        self.assertEqual(self._map(self.salesman, owner="mine")["total"]["count"], 2)
        data = self._map(self.seller_all)
        self.assertEqual(data["total"]["count"], 5)
        self.assertOpensWhatItCounts(data, self.seller_all)
        for method, arguments in (("get_heat_map", []), ("open_leads", ["all"])):
            with self.assertRaises(AccessError):
                getattr(self.HeatMap.with_user(self.employee), method)(*arguments)

    def test_companies_and_currencies(self):
        currency = self.env["res.currency"].create(
            {
                "name": "ZZZ",
                "symbol": "Z",
                "rate_ids": [Command.create({"rate": 4, "name": "2020-01-01"})],
            }
        )
        company = self.env["res.company"].create(
            {"name": "Company Two", "currency_id": currency.id}
        )
        values = {"user_id": False, "team_id": False, "expected_revenue": 400}
        self._make_lead("Two", company_id=company.id, **values)
        self.assertEqual(self._map()["total"]["count"], 5)
        self.manager.company_ids += company
        both = (self.manager.company_id + company).ids
        heat_map = self.HeatMap.with_user(self.manager)
        heat_map = heat_map.with_context(allowed_company_ids=both)
        self._settle()
        data = heat_map.get_heat_map({"model_id": self.model.id})
        self.assertEqual(data["total"]["count"], 6)
        self.assertAlmostEqual(data["total"]["amount"], 1600 + 100)
        self.assertTrue(data["currency"]["note"])

    def test_number_of_queries(self):
        """Leads cost no queries: one groups them, whatever their number."""
        self._make_lead_batch(3)
        counts = []
        for _turn in range(3):
            self._make_lead_batch(20)
            self._settle()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._map()
            counts.append(self.cr.sql_log_count - before)
        # The first one fills the caches.
        self.assertEqual(counts[1], counts[2])

    def _make_lead_batch(self, count):
        self.Lead.create(
            [
                {"name": "x", "type": "lead", "expected_revenue": 99 * number}
                for number in range(count)
            ]
        )
