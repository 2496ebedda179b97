"""The rows of the requirement table that the living glossary closes.

One test a row, named after its number: the definition is there, bound to what it
names, with the number or the screen that the row promises. What a row leaves to
another app is tested with that app.
"""

from glossary_case import CrmCase

from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestRows(CrmCase):
    def card(self, code, lang=None):
        """The card of a term, as any reader gets it."""
        [card] = self.env["crm.glossary.term"].get_cards(codes=[code], lang=lang)
        self.assertTrue(card["definition"])
        return card

    def assert_number(self, code, kpi=None):
        """A card carries a live number."""
        number = self.card(code)["kpi"]
        self.assertTrue(number, code)
        self.assertEqual(number["code"], kpi or number["code"])

    def assert_bound(self, code, *references):
        """A card leads to things of this database, and they are there."""
        bindings = self.card(code)["bindings"]
        found = {b["reference"]: b["state"] for b in bindings}
        for reference in references:
            self.assertEqual(found.get(reference), "ok", f"{code}: {reference}")

    def assert_same(self, code, *words):
        """People find a term by the words they say."""
        for word in words:
            found = self.env["crm.glossary.term"].search_terms(word)
            self.assertIn(code, [match["code"] for match in found[:2]], word)

    def dashboard(self, role="manager"):
        return self.env["crm.dashboard"].get_dashboard(role)

    # === A TO Z === #

    def test_row_001_activity(self):
        self.assert_bound("activity", "mail.activity", "crm.lead.activity_ids")
        self.assert_number("activity")
        self.assert_number("follow_up", "open_without_activity")

    def test_row_002_analytic_account(self):
        self.assertIn("service", self.card("analytic_account")["pitfall"])

    def test_row_006_business_intelligence(self):
        tiles = self.dashboard()["tiles"]
        self.assertGreaterEqual(len(tiles), 6)
        self.assert_bound("business_intelligence", "crm.crm_menu_report")

    def test_row_009_contact(self):
        self.assert_bound("contact", "res.partner", "res.partner.phone")

    def test_row_010_conversion_rate(self):
        self.assert_number("conversion_rate", "lead_conversion")
        self.assert_number("stage_conversion", "stage_conversion")
        self.assertTrue(self.dashboard()["funnel"])

    def test_row_012_dashboard(self):
        for role in ("salesperson", "manager", "marketer", "administrator"):
            self.assertTrue(self.dashboard(role)["tiles"], role)

    def test_row_013_deal(self):
        self.assert_same("opportunity", "opportunity", "възможност", "возможность")
        self.assert_same("deal", "deal", "сделка")
        related = [term["code"] for term in self.card("deal")["related"]]
        self.assertIn("opportunity", related)

    def test_row_014_domain(self):
        self.assert_bound("domain", "crm.team.assignment_domain")

    def test_row_015_expected_revenue(self):
        self.assert_bound("expected_revenue", "crm.lead.expected_revenue")
        self.assert_bound("prorated_revenue", "crm.lead.prorated_revenue")
        self.assertIn("not multiplied", self.card("expected_revenue")["pitfall"])

    def test_row_017_follow_up(self):
        self.assert_number("follow_up")
        self.assert_number("rotting_deal", "rotting_deals")

    def test_row_018_forecast(self):
        self.assert_number("forecast", "forecast_month")
        self.assert_number("forecast_accuracy", "forecast_error")
        self.assert_number("slipped_deal", "slipped_deals")

    def test_row_020_helpdesk(self):
        card = self.card("helpdesk")
        self.assertEqual(card["edition"], "enterprise")
        states = {binding["state"] for binding in card["bindings"]}
        self.assertEqual(states, {"not_installed"})

    def test_row_022_invoice(self):
        card = self.card("invoice")
        if "account" not in self.modules:
            self.assertTrue(card["module"]["installable"])

    def test_row_023_kpi(self):
        kpis = self.env["crm.kpi"].search([])
        self.assertGreaterEqual(len(kpis), 12)
        for kpi in kpis:
            self.assertTrue(kpi.description and kpi.direction and kpi.version)

    def test_row_024_lead(self):
        self.assert_bound("lead", "crm.lead", "crm.lead.type")
        self.assert_number("lead", "new_leads")

    def test_row_027_meeting(self):
        self.assert_bound("meeting", "calendar.event", "calendar.event.opportunity_id")

    def test_row_028_opportunity(self):
        self.assert_bound("opportunity", "crm.lead.name", "crm.menu_crm_opportunities")

    def test_row_030_pipeline(self):
        self.assert_bound("pipeline", "crm.menu_crm_opportunities")
        self.assert_number("pipeline", "pipeline_value")
        self.assertTrue(self.terms["pipeline"].action_open())

    def test_row_031_probability(self):
        self.assert_bound("probability", "crm.lead.probability")
        self.assertTrue(self.card("probability")["truth"], "how this database does it")

    def test_row_034_reporting(self):
        self.assert_bound("reporting", "crm.crm_opportunity_report_action")

    def test_row_035_recurring_revenue(self):
        self.assert_bound("recurring_revenue", "crm.lead.recurring_revenue_monthly")

    def test_row_037_sales_stage(self):
        self.assert_bound("sales_stage", "crm.stage", "crm.lead.stage_id")
        self.assertIn("reminder only", self.card("sales_stage")["pitfall"])

    def test_row_043_win_rate(self):
        self.assert_number("win_rate", "win_rate_closed")
        self.assert_number("win_rate_cohort", "win_rate_cohort")
        self.assertTrue(self.dashboard()["win_rate_by_source"])

    def test_row_044_zero_touch_automation(self):
        self.assert_number("zero_touch_automation", "touchless_share")

    # === AROUND THE TERMS === #

    def test_row_045_definition_practice_number_mistakes_related(self):
        card = self.card("win_rate")
        for part in ("practice", "pitfall", "related", "bindings", "kpi"):
            self.assertTrue(card[part], part)

    def test_row_046_bulgarian(self):
        card = self.card("win_rate", lang="bg_BG")
        self.assertEqual(card["language"]["state"], "approved")
        labels = {b["reference"]: b["ui_label"] for b in card["bindings"]}
        self.assertEqual(labels["crm.crm_opportunity_report_menu"], "Входен поток")

    def test_row_047_roles(self):
        terms = self.env["crm.glossary.term"]
        for name in ("Salesperson", "Sales manager", "Marketer", "Administrator"):
            self.assertTrue(terms.search_count([("audience_ids.name", "=", name)]))

    # === TERMINOLOGY === #

    def test_row_051_funnel(self):
        self.assertTrue(self.dashboard()["funnel"])
        self.assert_same("sales_funnel", "funnel", "фуния")

    def test_row_056_crm(self):
        self.assert_bound("crm", "crm.crm_menu_root")

    def test_row_057_sales_cycle(self):
        self.assert_number("sales_cycle", "sales_cycle_median")
        self.assert_bound("sales_cycle", "crm.lead.day_close")

    def test_row_059_sales_stage_has_no_probability(self):
        self.assertIn("no probability", self.card("sales_stage")["pitfall"])

    def test_row_060_lead_may_be_unknown(self):
        self.assertIn("you do not know well", self.card("lead")["definition"])

    def test_row_062_customer(self):
        self.assertIn("Not every contact", self.card("customer")["pitfall"])

    def test_row_063_targets(self):
        kpi = self.env["crm.kpi"].search([("code", "=", "won_revenue")])
        kpi.target_ids.unlink()
        target = kpi.target_ids.create(
            {"kpi_id": kpi.id, "date_from": self.today, "value": 50000}
        )
        self.assertEqual(target.date_from, self.today.replace(day=1))
        month = target.date_from, target.date_to
        [tile] = kpi._get_tiles(*month, {})
        self.assertEqual(tile["target"], 50000)

    def test_row_068_kanban_view(self):
        self.assertIn("not only for looking", self.card("kanban_view")["pitfall"])

    def test_row_069_list_view(self):
        self.assert_bound("list_view", "crm.crm_lead_opportunities")

    def test_row_072_campaign(self):
        self.assert_bound("campaign", "utm.campaign", "crm.lead.campaign_id")
        self.assert_number("acquisition_cost", "cost_per_customer")
