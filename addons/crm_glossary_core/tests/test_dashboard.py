from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common_dashboard import DashboardCommon


class TestDashboard(DashboardCommon):
    # === EVERY NUMBER OPENS ITS RECORDS === #

    def test_numbers_open_their_records(self):
        for user in (self.seller, self.boss):
            for role in ("salesperson", "manager", "marketer", "administrator"):
                data = self._get(user, role)
                self._check_tiles(user, data)
                self._check_rows(user, data)

    def _check_tiles(self, user, data):
        self.assertTrue(data["tiles"])
        for tile in data["tiles"]:
            with self.subTest(tile=tile["code"], user=user.login):
                if user == self.seller and tile["code"] == "cost_per_customer":
                    self.assertIn("not allowed", tile["error"])
                    continue
                self.assertFalse(tile["error"])
                found = self._open(user, data, "tile", tile["id"])
                self.assertEqual(len(found), tile["count"])

    def _check_rows(self, user, data):
        for row in data["funnel"]:
            found = self._open(user, data, "funnel", row["stage_id"])
            self.assertEqual(len(found), row["count"])
            self.assertEqual(sum(found.mapped("expected_revenue")), row["amount"])
        for row in data["win_rate_by_source"]["rows"]:
            for part in ("numerator", "denominator"):
                found = self._open(user, data, "source", row["source_id"], part)
                self.assertEqual(len(found), row[part])
        for row in data["forecast"]["months"]:
            found = self._open(user, data, "forecast", row["month"], "won")
            self.assertEqual(len(found), row["won_count"])
            self.assertEqual(sum(found.mapped("expected_revenue")), row["won"])
            if "prorated" in row:
                found = self._open(user, data, "forecast", row["month"], "open")
                self.assertEqual(len(found), row["open_count"])
                total = sum(found.mapped("prorated_revenue"))
                self.assertAlmostEqual(total, row["prorated"])
        for row in data["attention"]:
            with self.subTest(attention=row["code"], user=user.login):
                found = self._open(user, data, "attention", row["code"])
                self.assertEqual(len(found), row["count"])

    # === WHAT THE NUMBERS ARE === #

    def test_funnel(self):
        rows = {row["stage_id"]: row for row in self._get(self.boss)["funnel"]}
        first, second = rows[self.first.id], rows[self.second.id]
        self.assertEqual((first["count"], first["amount"]), (9, 2700.0))
        self.assertEqual((second["count"], second["amount"]), (3, 1200.0))
        self.assertIsNone(first["conversion"])
        self.assertEqual(second["conversion"], 3 / 9)
        self.assertEqual(rows[self.won_stage.id]["count"], 1)

    def test_win_rate_by_source(self):
        [row] = self._get(self.boss)["win_rate_by_source"]["rows"]
        self.assertEqual(row["label"], "=Trade fair")
        self.assertEqual((row["numerator"], row["denominator"]), (1, 2))
        self.assertEqual(row["value"], 0.5)

    def test_forecast_band(self):
        months = self._get(self.boss)["forecast"]["months"]
        this_month = fields.Date.to_string(self.today.replace(day=1))
        [now] = [row for row in months if row["month"] == this_month]
        late = self.today - timedelta(days=3) >= self.today.replace(day=1)
        self.assertEqual(now["won"], 1000.0)
        self.assertEqual(now["open_count"], 2 + late)
        self.assertEqual((now["expected"], now["prorated"]), (200.0, 90.0))
        self.assertEqual((now["low"], now["high"]), (80.0, 110.0))
        self.assertNotIn("prorated", months[0])

    def test_attention(self):
        rows = {row["code"]: row["count"] for row in self._get(self.boss)["attention"]}
        self.assertEqual(rows["slipped_deals"], 1)
        self.assertEqual(rows["unassigned"], 1)
        self.assertEqual(rows["open_without_activity"], 7)

    def test_period(self):
        """What was closed before the period is not in it."""
        last_year = fields.Datetime.now() - relativedelta(years=1, months=1)
        self.won.date_closed = last_year
        data = self._get(self.boss)
        self.assertEqual(data["funnel"][-1]["count"], 0)
        [row] = data["win_rate_by_source"]["rows"]
        self.assertEqual((row["numerator"], row["denominator"]), (0, 1))
        data = self._get(
            self.boss,
            period="custom",
            date_from=fields.Date.to_string(last_year.date()),
            date_to=fields.Date.to_string(self.today),
        )
        self.assertEqual(data["funnel"][-1]["count"], 1)

    # === WHOSE NUMBERS === #

    def test_salesperson_sees_own_numbers(self):
        data = self._get(self.seller)
        self.assertEqual(data["role"], "salesperson")
        self.assertEqual(data["filters"]["user_id"], self.seller.id)
        self.assertEqual(data["scope"], "Your own records")
        self.assertEqual(data["funnel"][0]["count"], 5)
        users = [user["id"] for user in data["options"]["users"]]
        self.assertEqual(users, [self.seller.id])

    def test_salesperson_never_sees_a_colleagues_numbers(self):
        """Whatever is asked for: own records and those of nobody."""
        for filters in ({"user_id": False}, {"user_id": self.colleague.id}):
            data = self._get(self.seller, "manager", **filters)
            found = self._open(self.seller, data, "funnel", self.first.id)
            self.assertFalse(
                found.filtered(lambda lead: lead.user_id == self.colleague)
            )
            mine = 0 if filters["user_id"] else 6
            self.assertEqual(data["funnel"][0]["count"], mine)

    def test_manager_picks_a_person_and_a_team(self):
        data = self._get(self.boss, user_id=self.colleague.id, period="this_month")
        self.assertIn(self.colleague.name, data["scope"])
        self.assertEqual(data["funnel"][0]["count"], 3)
        team = self.env["crm.team"].create({"name": "Nobody sells"})
        data = self._get(self.boss, team_id=team.id)
        self.assertFalse(data["funnel"][0]["count"])
        self.assertTrue(all(not tile["value"] for tile in data["tiles"]))

    def test_another_company_is_never_counted(self):
        for user in (self.seller, self.boss):
            data = self._get(user)
            found = self._open(user, data, "funnel", self.first.id)
            self.assertNotIn("foreign", found.sudo().mapped("name"))
        with self.assertRaises(UserError):
            self._get(self.boss, company_id=self.other_company.id)

    def test_company_filter(self):
        self.boss.company_ids |= self.other_company
        dashboard = self.env["crm.dashboard"].with_user(self.boss)
        both = self.env.company | self.other_company
        dashboard = dashboard.with_context(allowed_company_ids=both.ids)
        rows = [row["count"] for row in dashboard.get_dashboard("manager")["funnel"]]
        self.assertEqual(rows[0], 10)
        filters = {"company_id": self.env.company.id}
        rows = dashboard.get_dashboard("manager", filters)["funnel"]
        self.assertEqual(rows[0]["count"], 9)

    def test_currencies_are_converted_and_said(self):
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.env.company.currency_id.id)], limit=1)
        )
        currency.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "name": self.today - timedelta(days=1),
                "rate": 2 * self.env.company.currency_id.rate,
                "company_id": self.env.company.id,
            }
        )
        self.other_company.currency_id = currency
        self.boss.company_ids |= self.other_company
        dashboard = self.env["crm.dashboard"].with_user(self.boss)
        both = self.env.company | self.other_company
        dashboard = dashboard.with_context(allowed_company_ids=both.ids)
        data = dashboard.get_dashboard("manager")
        self.assertIn(self.env.company.currency_id.name, data["currency"]["note"])
        self.assertAlmostEqual(data["funnel"][0]["amount"], 2700.0 + 2500.0)
        self.assertFalse([tile for tile in data["tiles"] if tile["error"]])
        alone = dashboard.with_context(allowed_company_ids=self.env.company.ids)
        self.assertFalse(alone.get_dashboard("manager")["currency"]["note"])

    def test_roles(self):
        tiles = {
            role: [tile["code"] for tile in self._get(self.boss, role)["tiles"]]
            for role in ("salesperson", "manager", "marketer")
        }
        self.assertEqual(self._get(self.boss)["role"], "manager")
        self.assertNotEqual(tiles["manager"], tiles["marketer"])
        self.assertNotIn("rotting_deals", tiles["manager"])
        self.assertLessEqual(max(map(len, tiles.values())), 8)

    def test_more_tiles(self):
        data = self._get(self.boss)
        more = (
            self.env["crm.dashboard"]
            .with_user(self.boss)
            .get_more_tiles("manager", data["filters"])
        )
        self.assertEqual(len(more), data["more_tiles"])
        shown = {tile["id"] for tile in data["tiles"]}
        self.assertFalse(shown & {tile["id"] for tile in more})

    # === BAD INPUT === #

    def test_outsiders_are_refused(self):
        outsider = new_test_user(self.env, "dashboard_outsider", "base.group_user")
        dashboard = self.env["crm.dashboard"].with_user(outsider)
        with self.assertRaises(AccessError):
            dashboard.get_dashboard()
        with self.assertRaises(AccessError):
            dashboard.open_records("attention", "unassigned")
        with self.assertRaises(AccessError):
            dashboard.get_more_tiles("manager", None)

    def test_bad_filters(self):
        bad = (
            {"period": "yesterday"},
            {"period": "next_month"},
            {"period": "custom"},
            {"period": "custom", "date_from": "soon", "date_to": "2026-01-01"},
            {"period": "custom", "date_from": "2026-02-01", "date_to": "2026-01-01"},
            {"team_id": 0x7FFFFFFF},
            {"user_id": "admin"},
            {"company_id": self.other_company.id},
            ["period"],
        )
        dashboard = self.env["crm.dashboard"].with_user(self.boss)
        for filters in bad:
            with self.subTest(filters=filters), self.assertRaises(UserError):
                dashboard.get_dashboard("manager", filters)
        with self.assertRaises(UserError):
            dashboard.get_dashboard("emperor")
        for kind, key in (
            ("secret", 1),
            ("tile", 0x7FFFFFFF),
            ("tile", "x"),
            ("funnel", 0x7FFFFFFF),
            ("forecast", "soon"),
            ("forecast", False),
            ("attention", "nothing"),
            ("source", [1]),
        ):
            with self.subTest(kind=kind, key=key), self.assertRaises(UserError):
                dashboard.open_records(kind, key)

    def test_a_broken_kpi_spoils_no_other(self):
        kpi = self.env["crm.kpi"].search([("code", "=", "won_revenue")])
        rate = self.env["crm.kpi"].search([("code", "=", "win_rate_closed")])
        for broken in kpi | rate:
            self.env.cr.execute(
                "UPDATE crm_kpi SET domain = %s WHERE id = %s",
                ["[('no_such_field', '=', 1)]", broken.id],
            )
        self.env.invalidate_all()
        data = self._get(self.boss)
        tiles = {tile["code"]: tile for tile in data["tiles"]}
        self.assertIn("no_such_field", tiles["won_revenue"]["error"])
        self.assertIsNone(tiles["won_revenue"]["value"])
        self.assertIn("no_such_field", data["win_rate_by_source"]["error"])
        working = [tile for tile in data["tiles"] if not tile["error"]]
        self.assertEqual(len(working), len(data["tiles"]) - 2)
        self.assertEqual(data["funnel"][0]["count"], 9)

    def test_an_empty_database(self):
        self.env["crm.lead"].with_context(active_test=False).search([]).unlink()
        data = self._get(self.boss)
        self.assertFalse(data["win_rate_by_source"]["rows"])
        self.assertTrue(all(not row["count"] for row in data["funnel"]))
        for tile in data["tiles"]:
            if tile["unit"] == "percent":
                self.assertIsNone(tile["value"], tile["code"])

    # === COST === #

    def test_queries(self):
        """At most 25, whatever the role and the period."""
        for role in ("salesperson", "manager", "marketer", "administrator"):
            for period in ("this_quarter", "last_30_days"):
                filters = {"period": period}
                self._get(self.boss, role, **filters)  # what is cached for long
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self._get(self.boss, role, **filters)
                count = self.env.cr.sql_log_count - before
                with self.subTest(role=role, period=period):
                    self.assertLessEqual(count, 25)
