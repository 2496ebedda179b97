from collections import deque
from unittest.mock import patch

from odoo.tests import Form, tagged

from odoo.addons.crm_glossary_core import engine

from ..tools.country_hints import phone_prefixes
from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestAttributes(ScoringCase):
    """What a lead is: each attribute gives points, at once after a change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What the demo data left to the scheduled job is done.
        cls.env["crm.lead.facts"]._find_out()
        cls.food, cls.trade = cls.env["res.partner.industry"].create(
            [{"name": "Tea and Coffee"}, {"name": "Corner Shops"}]
        )
        cls.company = cls.env["res.partner"].create(
            {"name": "Tea Ltd", "is_company": True, "industry_id": cls.food.id}
        )
        cls.person = cls.env["res.partner"].create(
            {"name": "Ana", "parent_id": cls.company.id}
        )

    def _patch_queue(self):
        """A column is made while the registry is built: there is a queue then."""
        return patch.object(self.registry, "_post_init_queue", deque(), create=True)

    # === INDUSTRY === #

    def test_industry_of_the_contacts_company(self):
        self._make_rule([("industry_id", "in", self.food.ids)], 8)
        lead = self._make_lead(partner_id=self.person.id)
        self.assertEqual(lead.industry_id, self.food)
        self.assertEqual(lead.lead_score, 8)
        self.company.industry_id = self.trade
        self.assertEqual(lead.industry_id, self.trade)
        self.assertEqual(lead.lead_score, 0)
        other = self.env["res.partner"].create(
            {"name": "Coffee Ltd", "is_company": True, "industry_id": self.food.id}
        )
        lead.partner_id = other
        self.assertEqual(lead.industry_id, self.food)
        self.assertEqual(lead.lead_score, 8)

    def test_industry_that_was_entered_stays(self):
        self._make_rule([("industry_id.name", "=", "Corner Shops")], 5)
        lead = self._make_lead(partner_id=self.person.id)
        lead.industry_id = self.trade
        self.person.write({"city": "Sofia", "phone": "+359 2 123 456"})
        lead.expected_revenue = 5
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(lead.industry_id, self.trade)
        self.assertEqual(lead.lead_score, 5)
        # A contact without an industry takes none away.
        lead.partner_id = self.env["res.partner"].create({"name": "Nobody"})
        self.assertEqual(lead.industry_id, self.trade)

    def test_industry_goes_to_a_new_contact(self):
        lead = self._make_lead(
            partner_name="New Ltd", contact_name="Eva", industry_id=self.food.id
        )
        lead._handle_partner_assignment(create_missing=True)
        self.assertEqual(lead.partner_id.name, "Eva")
        self.assertEqual(lead.partner_id.parent_id.industry_id, self.food)
        self.assertEqual(lead.partner_id.industry_id, self.food)
        self.assertEqual(lead.industry_id, self.food)

    def test_industry_survives_merging(self):
        self._make_rule([("industry_id", "=", self.food.id)], 5)
        lead = self._make_lead("One", email_from="one@tea.example.com")
        other = self._make_lead(
            "Two", email_from="one@tea.example.com", industry_id=self.food.id
        )
        merged = (lead + other)._merge_opportunity()
        self.assertEqual(merged.industry_id, self.food)
        self.assertEqual(merged.lead_score, 5)

    def test_industry_in_the_form(self):
        with Form(self.env["crm.lead"]) as form:
            form.name = "Kettles"
            form.partner_id = self.person
            self.assertEqual(form.industry_id, self.food)
            form.industry_id = self.trade
        self.assertEqual(form.record.industry_id, self.trade)

    def test_industry_beside_another_definition(self):
        """OCA's crm_industry defines the field plainly: the column is there before."""
        field = self.env["crm.lead"]._fields["industry_id"]
        lead = self._make_lead(industry_id=self.trade.id, partner_id=self.person.id)
        self.env.flush_all()
        columns = {"industry_id": {"udt_name": "int4", "is_nullable": "YES"}}
        with self._patch_queue():
            self.assertFalse(field.update_db(self.env["crm.lead"], columns))
        self.env.invalidate_all()
        self.assertEqual(lead.industry_id, self.trade)
        self.assertEqual(field.comodel_name, "res.partner.industry")

    def test_industry_of_existing_leads(self):
        """A new column is filled by one statement, without computing lead by lead."""
        lead = self._make_lead(partner_id=self.person.id)
        plain = self._make_lead()
        self.env.flush_all()
        self.cr.execute("ALTER TABLE crm_lead DROP COLUMN industry_id")
        field = self.env["crm.lead"]._fields["industry_id"]
        with self._patch_queue():
            self.assertFalse(field.update_db(self.env["crm.lead"], {}))
        self.env.invalidate_all()
        self.assertEqual(lead.industry_id, self.food)
        self.assertFalse(plain.industry_id)

    # === E-MAIL === #

    def test_kinds_of_email_address(self):
        expected = {
            "elena@balkantea.example.com": "company",
            "Elena <elena@balkantea.example.com>": "company",
            "info@balkantea.example.com": "role",
            "sales-eu@balkantea.example.com": "role",
            "office2@balkantea.example.com": "role",
            "no-reply@balkantea.example.com": "role",
            "schetovodstvo@balkantea.example.com": "role",
            "zakaz@balkantea.example.com": "role",
            "informer@balkantea.example.com": "company",
            "elena@gmail.com": "free",
            "elena@abv.bg": "free",
            "elena@mail.bg": "free",
            # The domain comes first, ours before Odoo's list.
            "info@abv.bg": "free",
            "info@mailinator.com": "disposable",
            "elena@yopmail.com": "disposable",
            "nonsense": False,
            "": False,
        }
        leads = self.Lead.create(
            [{"name": email or "-", "email_from": email} for email in expected]
        )
        found = dict(zip(expected, leads.mapped("email_kind"), strict=True))
        self.assertEqual(found, expected)
        # The scheduled job finds the same.
        self.env.invalidate_all()
        self.assertFalse(self.env["crm.lead.facts"]._find_out().total)
        self.assertEqual(leads.mapped("email_kind"), list(expected.values()))

    def test_kind_of_email_gives_points_at_once(self):
        self._make_rule([("email_kind", "=", "company")], 10)
        self._make_rule([("email_kind", "in", ["free", "disposable"])], -5)
        lead = self._make_lead(email_from="ana@gmail.com")
        self.assertEqual(lead.lead_score, -5)
        lead.email_from = "ana@tea.example.com"
        self.assertEqual(lead.lead_score, 10)
        lead.email_from = False
        self.assertEqual(lead.lead_score, 0)
        lead.partner_id = self.person
        self.person.email = "ana@tea.example.com"
        self.assertEqual(lead.lead_score, 10)
        self.assertScored(lead)

    def test_manager_lists_a_domain(self):
        lead = self._make_lead(email_from="ana@freepost.example.com")
        self.assertEqual(lead.email_kind, "company")
        self._make_users()
        domains = self.env["crm.lead.score.email.domain"].with_user(self.manager)
        domain = domains.create({"name": " @FreePost.example.com", "kind": "free"})
        self.assertEqual(domain.name, "freepost.example.com")
        rows = self.env["crm.criterion.refresh"]._get_rows()
        row = rows.filtered(lambda row: row.step == "crm.lead.facts")
        self.assertEqual(row.state, "waiting")
        self.env["crm.lead.facts"]._refresh_all()
        self.assertEqual(lead.email_kind, "free")
        # And the other way: a company that has the address of a provider.
        domains.create({"name": "example.com", "kind": "company"})
        lead.email_from = "ana@example.com"
        self.assertEqual(lead.email_kind, "company")

    # === POSTCODE === #

    def test_postcode_as_a_number(self):
        expected = {
            "1000": 1000,
            " 1000 ": 1000,
            "BG-1000": 1000,
            "D-10115": 10115,
            "01067": 1067,
            "00-950": 950,
            "114 55": 11455,
            "1011 AB": 1011,
            "1011ab": 1011,
            "1000 Sofia": 1000,
            "94105-1234": 94105,
            "1000-205": 1000,
            "100-0001": 1000001,
            "SW1A 1AA": 0,
            "M1 1AE": 0,
            "K1A 0B1": 0,
            "D02 AF30": 0,
            "none": 0,
            "99999999999999": 0,
            "1000\\": 0,
            False: 0,
        }
        leads = self.Lead.create(
            [{"name": str(code), "zip": code} for code in expected]
        )
        found = dict(zip(expected, leads.mapped("postcode_number"), strict=True))
        self.assertEqual(found, expected)

    def test_range_of_postcodes_gives_points(self):
        rule = self._make_rule(
            ["&", ("postcode_number", ">=", 1000), ("postcode_number", "<=", 1999)], 7
        )
        codes = ["0999", "1000", "BG-1999", "2000", "SW1A 1AA", False]
        leads = self.Lead.create([{"name": str(code), "zip": code} for code in codes])
        self.assertEqual(leads.mapped("lead_score"), [0, 7, 7, 0, 0, 0])
        self.assertIn("1,000", rule.describe())
        leads[0].zip = "1500"
        self.assertEqual(leads[0].lead_score, 7)
        self.assertScored(leads)

    # === COUNTRY === #

    def test_likely_country(self):
        bulgaria, germany, kazakhstan, bahamas = (
            self.env.ref(f"base.{code}") for code in ("bg", "de", "kz", "bs")
        )
        state = self.env["res.country.state"].search([], limit=1)
        bg = self.env["res.lang"]._activate_lang("bg_BG")
        en = self.env["res.lang"]._activate_lang("en_US")
        lead = self._make_lead

        def found(**values):
            made = lead(**{"country_id": False, "lang_id": False, **values})
            return made.score_country_id, made.score_country_source

        none = self.env["res.country"]
        self.assertEqual(
            found(country_id=germany.id, phone="+359 2 123 456"), (germany, "entered")
        )
        self.assertEqual(found(state_id=state.id), (state.country_id, "entered"))
        self.assertEqual(
            found(phone="+359 2 123 456", email_from="a@b.de"), (bulgaria, "phone")
        )
        self.assertEqual(found(phone="+7 701 123 4567"), (kazakhstan, "phone"))
        self.assertEqual(found(phone="+1 242 322 1234"), (bahamas, "phone"))
        # +1 is that of two large countries, and without a prefix Odoo takes our own.
        self.assertEqual(found(phone="+1 202 555 0123"), (none, False))
        self.assertEqual(found(phone="02 123 456"), (none, False))
        self.assertEqual(found(email_from="a@b.de", lang_id=bg.id), (germany, "email"))
        self.assertEqual(found(email_from="a@b.io"), (none, False))
        self.assertEqual(found(email_from="a@b.co.uk")[0], self.env.ref("base.uk"))
        self.assertEqual(found(lang_id=bg.id), (bulgaria, "language"))
        self.assertEqual(found(lang_id=en.id), (none, False))

    def test_likely_country_leaves_the_address_alone(self):
        self._make_rule([("score_country_id.code", "=", "BG")], 9)
        lead = self._make_lead(phone="+359 2 123 456", country_id=False)
        self.assertEqual(lead.lead_score, 9)
        self.assertFalse(lead.country_id)
        lead.country_id = self.env.ref("base.de")
        self.assertEqual(lead.lead_score, 0)
        self.assertEqual(lead.score_country_source, "entered")
        self.assertScored(lead)

    def test_prefixes_of_countries(self):
        prefixes = phone_prefixes()
        self.assertEqual(prefixes["359"], "BG")
        self.assertEqual(prefixes["7"], "RU")
        self.assertNotIn("1", prefixes)

    # === WHAT ODOO HAS ITSELF === #

    def test_odoo_fields_in_rules(self):
        lang = self.env["res.lang"]._activate_lang("bg_BG")
        tag = self.env["crm.tag"].create({"name": "Budget Approved"})
        source = self.env["utm.source"].create({"name": "Village Fair"})
        rules = {
            "[('phone_state', '=', 'correct')]": {
                "phone": "+359 2 123 456",
                "country_id": self.env.ref("base.bg").id,
            },
            "[('email_state', '=', 'incorrect')]": {"email_from": "nonsense"},
            "[('lang_id.code', '=', 'bg_BG')]": {"lang_id": lang.id},
            "[('function', 'ilike', 'director')]": {"function": "Managing Director"},
            "[('tag_ids', 'ilike', 'budget')]": {"tag_ids": tag.ids},
            "[('expected_revenue', '>=', 1000)]": {"expected_revenue": 1000},
            "[('source_id.name', '=', 'Village Fair')]": {"source_id": source.id},
            f"[('partner_id.parent_id.industry_id', '=', {self.food.id})]": {
                "partner_id": self.person.id
            },
            "[('state_id.country_id.code', '=', 'US')]": {
                "state_id": self.env.ref("base.state_us_5").id
            },
        }
        for domain in rules:
            self._make_rule(domain, 3)
        for domain, values in rules.items():
            with self.subTest(domain=domain):
                lead = self._make_lead()
                before = lead.lead_score
                lead.write(values)
                rule = self.model.rule_ids.filtered(lambda r, d=domain: r.domain == d)
                self.assertIn(rule, lead.score_line_ids.rule_id)
                self.assertGreater(lead.lead_score, before)
                self.assertScored(lead)

    def test_only_rules_on_what_changed_are_looked_at(self):
        """A postcode concerns no rule on e-mail addresses, nor the ledger's counts."""
        fields_ = self.env["crm.lead"]._fields
        refresh = self.env["crm.criterion.refresh"]
        changed = refresh._get_changed_fields(self.env["crm.lead"], {"zip"})
        self.assertIn("postcode_number", changed)
        self.assertFalse(changed & {"email_kind", "mail_in_count", "days_of_silence"})
        changed = refresh._get_changed_fields(self.env["crm.lead"], {"email_from"})
        self.assertIn("email_kind", changed)
        self.assertNotIn("postcode_number", changed)
        self.assertIsInstance(fields_["facts_id"], engine.Satellite)

    def test_seller_sees_facts_of_own_leads_only(self):
        self._make_users()
        own = self._make_lead(user_id=self.salesman.id, zip="1000")
        others = self._make_lead(user_id=self.seller_all.id, zip="1000")
        self._settle()
        facts = self.env["crm.lead.facts"]
        seen = facts.with_user(self.salesman).search([("postcode_number", "=", 1000)])
        self.assertIn(own.id, seen.ids)
        self.assertNotIn(others.id, seen.ids)
        leads = self.env["crm.lead"].with_user(self.salesman)
        found = leads.search([("postcode_number", "=", 1000)])
        self.assertEqual(own, found.with_env(own.env) & (own + others))
        self.assertEqual(own.with_user(self.salesman).postcode_number, 1000)
        self.assertFalse(facts.with_user(self.salesman).has_access("write"))
        self.assertFalse(facts.with_user(self.manager).has_access("write"))
        domains = self.env["crm.lead.score.email.domain"]
        self.assertFalse(domains.with_user(self.salesman).has_access("create"))
        self.assertTrue(domains.with_user(self.manager).has_access("create"))
