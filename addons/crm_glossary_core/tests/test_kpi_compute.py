"""Arguments, rights, time zones, groups, broken KPIs and no data."""

from datetime import date, datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_kpi import KpiCase

MAY = (date(2024, 5, 1), date(2024, 5, 31))


@tagged("post_install", "-at_install")
class TestKpiCompute(KpiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        at = datetime(2024, 5, 10, 9)
        cls.mine = cls.make_lead("mine", created=at, source_id=cls.source.id)
        cls.theirs = cls.make_lead("theirs", created=at, user_id=cls.boris.id)
        cls.nobodys = cls.make_lead("nobody's", created=at, user_id=False)
        cls.elsewhere = cls.make_lead(
            "elsewhere",
            created=at,
            user_id=cls.stranger.id,
            company_id=cls.other_company.id,
        )

    def make_kpi(self, **values):
        values = {
            "name": "Test",
            "code": "test",
            "model_name": "crm.lead",
            "date_field": "create_date",
            "include_archived": True,
            **values,
        }
        kpi = self.env["crm.kpi"].create(values)
        return kpi.with_user(self.manager)

    def may(self, kpi, **kwargs):
        [row] = kpi.compute_values(*MAY, **kwargs)
        return row["value"]

    def test_salespeople_see_their_own_numbers(self):
        kpi = self.kpi("new_leads")
        self.assertEqual(self.may(kpi.with_user(self.anna)), 2)
        self.assertEqual(self.may(kpi.with_user(self.boris)), 2)
        self.assertEqual(self.may(kpi.with_user(self.manager)), 3)
        filters = {"user_id": self.anna.id}
        row = kpi.with_user(self.anna)._get_values(*MAY, filters)[kpi.id]
        self.assertEqual(row["value"], 1)

    def test_other_companies_are_never_counted(self):
        kpi = self.kpi("new_leads")
        self.assertEqual(self.may(kpi.with_user(self.stranger)), 1)
        both = kpi.with_context(
            allowed_company_ids=(self.company + self.other_company).ids
        )
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.other_company
        self.assertEqual(self.may(both.with_user(admin)), 4)
        filters = {"company_ids": self.other_company.ids}
        row = both.with_user(admin)._get_values(*MAY, filters)[kpi.id]
        self.assertEqual(row["value"], 1)

    def test_reports_follow_the_rules_of_leads(self):
        leads = self.mine + self.theirs + self.nobodys + self.elsewhere
        for code in ("speed_to_first_touch", "touchless_share", "stage_conversion"):
            model = self.env[self.kpi(code).model_name]
            for user, allowed in (
                (self.anna, self.mine + self.nobodys),
                (self.manager, self.mine + self.theirs + self.nobodys),
                (self.stranger, self.elsewhere),
            ):
                seen = model.with_user(user).search([("lead_id", "in", leads.ids)])
                self.assertEqual(set(seen.sudo().lead_id.ids), set(allowed.ids), code)

    def test_who_may_not_read_leads_gets_no_number(self):
        reader = new_test_user(
            self.env, "kpi_reader", groups="crm_glossary_core.group_glossary_user"
        )
        kpi = self.kpi("new_leads", reader)
        self.assertEqual(kpi.name, "New Leads")
        with self.assertRaises(UserError):
            kpi.compute_values(*MAY)
        row = kpi._get_values(*MAY)[kpi.id]
        self.assertTrue(row["error"])
        self.assertIsNone(row["value"])
        outsider = new_test_user(self.env, "kpi_out", groups="base.group_user")
        with self.assertRaises(AccessError):
            kpi.with_user(outsider).compute_values(*MAY)

    def test_a_day_is_the_users_day(self):
        """Midnight in Sofia is 21:00 UTC in summer; the last day is included."""
        self.manager.tz = "Europe/Sofia"
        kpi = self.make_kpi(domain="[('name', 'like', 'border')]")
        self.make_lead("border in", created=datetime(2024, 4, 30, 21, 0))
        self.make_lead("border out", created=datetime(2024, 4, 30, 20, 59, 59))
        self.make_lead("border last", created=datetime(2024, 5, 31, 20, 59, 59))
        self.make_lead("border next", created=datetime(2024, 5, 31, 21, 0))
        self.assertEqual(self.may(kpi), 2)
        rows = kpi.compute_values("2024-04-01", "2024-06-30", "period:month")
        self.assertEqual(
            [(row["group"], row["value"]) for row in rows],
            [("2024-04-01", 1), ("2024-05-01", 2), ("2024-06-01", 1)],
        )
        for row in rows:
            action = kpi.action_open_records(
                "2024-04-01", "2024-06-30", "period:month", row["group"]
            )
            self.assertEqual(self.count_of(action), row["value"])
        there = kpi.with_context(tz="America/New_York")
        self.assertEqual(self.may(there), 2)
        rows = there.compute_values(*MAY, "period:day")
        self.assertEqual({row["group"] for row in rows}, {"2024-05-31"})

    def test_groups_and_their_lists(self):
        kpi = self.kpi("new_leads")
        rows = kpi.compute_values(*MAY, group_by="source_id")
        self.assertEqual(
            {row["group"]: (row["label"], row["value"]) for row in rows},
            {self.source.id: ("KPI source", 1), False: ("None", 2)},
        )
        for row in rows:
            action = kpi.action_open_records(*MAY, "source_id", row["group"])
            self.assertEqual(self.count_of(action), row["value"])
        rows = kpi.compute_values(*MAY, group_by="partner_id.industry_id")
        for row in rows:
            action = kpi.action_open_records(
                *MAY, "partner_id.industry_id", row["group"]
            )
            self.assertEqual(self.count_of(action), row["value"])

    def test_a_further_domain(self):
        kpi = self.kpi("new_leads")
        domain = [("user_id", "=", self.anna.id)]
        self.assertEqual(self.may(kpi, domain=domain), 1)
        action = kpi.action_open_records(*MAY, domain=domain)
        self.assertEqual(self.count_of(action), 1)

    def test_bad_arguments_are_refused_in_words(self):
        kpi = self.kpi("win_rate_closed")
        for arguments in (
            {"date_from": "soon"},
            {"date_from": "2024-06-01"},
            {"date_to": False},
            {"group_by": "email_from"},
            {"group_by": "period:century"},
            {"group_by": 7},
            {"domain": "[('name'"},
            {"domain": [("no_such_field", "=", 1)]},
            {"domain": 7},
        ):
            with self.subTest(arguments), self.assertRaises(UserError):
                kpi.compute_values(
                    **{"date_from": MAY[0], "date_to": MAY[1], **arguments}
                )
        with self.assertRaises(UserError):
            kpi.action_open_records(*MAY, part="middle")
        with self.assertRaises(UserError):
            self.kpi("new_leads").action_open_records(*MAY, part="denominator")
        with self.assertRaises(UserError):
            self.kpi("pipeline_value").compute_values(*MAY, group_by="period:month")

    def test_nothing_to_divide_by_is_no_data(self):
        empty = (date(2001, 1, 1), date(2001, 1, 31))
        for code in ("win_rate_closed", "average_deal_size", "sales_cycle_median"):
            row = self.row(code, window=empty)
            self.assertIsNone(row["value"], code)
            [tile] = self.kpi(code)._get_tiles(*empty)
            self.assertIsNone(tile["value"])
            self.assertEqual(tile["display"], "No data")
            self.assertFalse(tile["error"])

    def test_a_broken_kpi_stops_no_other(self):
        kpi = self.make_kpi(domain="[('probability', '>', 5)]")
        columns = {
            "removed field": "[('no_such_field', '=', 1)]",
            "no domain": "[('name', '=']",
            "refused by the database": r"[('name', '=like', '\\')]",
        }
        others = self.kpi("new_leads") + self.kpi("win_rate_closed")
        for reason, domain in columns.items():
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE crm_kpi SET domain = %s WHERE id = %s", (domain, kpi.id)
            )
            self.env.invalidate_all()
            with self.subTest(reason):
                broken, *tiles = (kpi + others)._get_tiles(*MAY)
                self.assertTrue(broken["error"])
                self.assertIsNone(broken["value"])
                self.assertEqual(tiles[0]["value"], 3)
                self.assertFalse(any(tile["error"] for tile in tiles))
                with self.assertRaises(UserError):
                    kpi.compute_values(*MAY)
        snapshots = self.env["crm.kpi.snapshot"]
        snapshots._take(kpi.sudo() + others.sudo(), self.company, MAY[1])
        self.assertTrue(kpi.error_message)
        self.assertIn("Test", snapshots._refresh_problem())
        self.assertFalse(others[0].error_message)

    def test_a_kpi_is_checked_when_it_is_written(self):
        for values in (
            {"domain": "[('no_such_field', '=', 1)]"},
            {"date_field": "name"},
            {"measure": "sum"},
            {"measure": "sum", "measure_field": "name"},
            {"measure": "ratio", "denominator_domain": "[('nope', '=', 1)]"},
            {"fixed_period": "month", "date_field": False},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.make_kpi(**values)
        with self.assertRaises(AccessError):
            self.kpi("new_leads", self.anna).write({"name": "Mine"})

    def test_fields_of_an_administrator(self):
        model = self.env["ir.model"]._get("crm.lead")
        self.env["ir.model.fields"].create(
            {
                "model_id": model.id,
                "name": "x_kpi_region",
                "field_description": "Region",
                "ttype": "selection",
                "selection": "[('n', 'North'), ('s', 'South')]",
            }
        )
        self.mine["x_kpi_region"] = "n"
        kpi = self.make_kpi(
            domain="[('x_kpi_region', '!=', False)]", group_by_fields="x_kpi_region"
        )
        [row] = kpi.compute_values(*MAY, group_by="x_kpi_region")
        self.assertEqual((row["group"], row["label"], row["value"]), ("n", "North", 1))

    def test_several_currencies(self):
        """Amounts become the reader's company's currency, at today's rate."""
        self.env.ref("base.EUR").active = True
        currency = self.env["res.currency"].create(
            {
                "name": "KPX",
                "symbol": "K",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 2.0})],
            }
        )
        self.other_company.currency_id = currency
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.other_company
        self.mine.expected_revenue = 100
        self.elsewhere.expected_revenue = 50
        kpi = self.make_kpi(
            measure="sum", measure_field="expected_revenue", unit="currency"
        )
        both = self.company + self.other_company
        kpi = kpi.with_user(admin).with_context(allowed_company_ids=both.ids)
        rate = currency._convert(
            50, self.company.currency_id, self.company, date.today(), round=False
        )
        self.assertNotEqual(rate, 50)
        self.assertAlmostEqual(self.may(kpi), 100 + rate, 4)
        tile = kpi._get_tiles(*MAY)[0]
        self.assertFalse(tile["error"])
        self.assertAlmostEqual(tile["value"], 100 + rate, 4)
        kpi.sudo().write({"measure": "median"})
        with self.assertRaises(UserError):
            kpi.compute_values(*MAY)
