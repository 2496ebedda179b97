"""What a term says about this very database follows the database."""

from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command, Datetime
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common_glossary import GlossaryCommon

#: Claims that are often made and wrong in Odoo: each term says what really happens.
CLAIMED = (
    "expected_revenue",
    "probability",
    "predictive_scoring",
    "helpdesk",
    "marketing_automation",
    "recurring_revenue",
    "analytic_account",
    "conversion_rate",
    "gdpr",
    "consent",
    "omnichannel",
    "upselling",
    "customer",
    "kanban_view",
    "dashboard",
    "follow_up",
    "rotting_deal",
)


@tagged("post_install", "-at_install")
class TestGlossaryTruth(GlossaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parameters = cls.env["ir.config_parameter"].sudo()
        cls.colleague = new_test_user(
            cls.env, "glossary_peer", groups="sales_team.group_sale_salesman"
        )
        leads = cls.env["crm.lead"].with_context(
            active_test=False, tracking_disable=True
        )
        # salespeople see what belongs to nobody, too
        leads.search([("user_id", "=", False)]).user_id = cls.colleague

    def _truth(self, code, user=None, lang="en_US"):
        term = self.env.ref(f"crm_glossary_core.term_{code}")
        self.env.invalidate_all()
        term = term.with_user(user or self.reader).with_context(lang=lang)
        return "\n".join(term._get_truth())

    def _create_lead(self, **values):
        return self.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "user_id": self.reader.id,
                "company_id": False,
                **values,
            }
        )

    def _set_group(self, xml_id, switched_on):
        command = Command.link if switched_on else Command.unlink
        users = self.env.ref("base.group_user")
        users.implied_ids = [command(self.env.ref(xml_id).id)]

    def test_every_common_claim_is_answered(self):
        for code in CLAIMED:
            with self.subTest(code=code):
                self.assertTrue(self._truth(code))

    def test_every_sentence_is_translated(self):
        shipped = self._get_shipped_terms()
        method_codes = [code for code in shipped.mapped("code") if self._truth(code)]
        self.assertGreater(len(method_codes), 25)
        for code in method_codes:
            english = self._truth(code).splitlines()
            for lang in ("bg_BG", "ru_RU"):
                sentences = self._truth(code, lang=lang).splitlines()
                with self.subTest(code=code, lang=lang):
                    self.assertEqual(len(sentences), len(english))
                    self.assertFalse(set(sentences) & set(english))

    def test_it_stands_on_the_form_and_the_card(self):
        term = self.env.ref("crm_glossary_core.term_lead").with_user(self.reader)
        [card] = term.get_cards(["lead"])
        self.assertEqual(term.truth.splitlines(), card["truth"])
        self.assertFalse(self._create_term("Without").truth)

    def test_a_sentence_that_fails_hides_no_card(self):
        def fail(term):
            raise ValueError("broken")

        with (
            patch.object(type(self.Term), "_get_truth_lead", fail),
            mute_logger("odoo.addons.crm_glossary_core.models.crm_glossary_term_truth"),
        ):
            [card] = self.Term.with_user(self.reader).get_cards(["lead"])
        self.assertEqual(card["truth"], [])

    def test_revenue_is_that_of_the_reader(self):
        mine = self._create_lead(expected_revenue=1000)
        self._create_lead(expected_revenue=70000, user_id=self.colleague.id)
        mine.flush_recordset()
        text = self._truth("expected_revenue")
        self.assertIn("may see: 1.", text)
        self.assertIn("1,000.00", text)
        self.assertNotIn("70,000", text)
        mine.action_set_lost()
        self.assertIn("no open opportunity", self._truth("expected_revenue"))

    def test_probability_follows_the_settings(self):
        self.parameters.set_param("crm.pls_start_date", "2020-02-03")
        self.parameters.set_param("crm.pls_fields", "source_id,tag_ids")
        text = self._truth("probability")
        self.assertIn("Source, Tags", text)
        self.assertIn("02/03/2020", text)
        self.assertIn("is off", text)
        self.env.ref("crm.website_crm_score_cron").active = True
        self.assertIn("computes all open deals anew.", self._truth("probability"))
        self.parameters.set_param("crm.pls_fields", "")
        self.assertIn("alone", self._truth("probability"))
        self.parameters.set_param("crm.pls_start_date", "")
        self.assertIn("people type it", self._truth("probability"))

    def test_probability_counts_what_the_reader_may_see(self):
        self.parameters.set_param("crm.pls_start_date", "2020-02-03")
        lead = self._create_lead()
        self._create_lead(user_id=self.colleague.id).action_set_lost()
        lead.action_set_won()
        self.assertIn("won 1, lost 0", self._truth("probability"))

    def test_lead(self):
        self._set_group("crm.group_use_lead", True)
        self.assertIn("switched on", self._truth("lead"))
        self.assertIn("of the last 90 days", self._truth("conversion_rate"))
        self._set_group("crm.group_use_lead", False)
        self.assertIn("switched off", self._truth("lead"))
        self.assertIn("no step from lead", self._truth("conversion_rate"))

    def test_conversion_counts_lost_leads_too(self):
        self._set_group("crm.group_use_lead", True)
        before = self._create_lead(type="lead")
        lost = self._create_lead(type="lead")
        before.convert_opportunity(self.env["res.partner"])
        lost.action_set_lost()
        self.assertIn("by now 1, still leads 1", self._truth("conversion_rate"))

    def test_assignment(self):
        self.parameters.set_param("crm.lead.auto.assignment", False)
        self.assertIn("switched off", self._truth("lead_assignment"))
        self.parameters.set_param("crm.lead.auto.assignment", True)
        cron = self.env.ref("crm.ir_cron_crm_lead_assign")
        cron.active = False
        self.assertIn("presses the button", self._truth("lead_assignment"))
        cron.write({"active": True, "interval_number": 6, "interval_type": "hours"})
        self.assertIn("6 hours", self._truth("lead_assignment"))

    def test_rotting(self):
        stages = self.env["crm.stage"].search([])
        stages.rotting_threshold_days = 0
        self.assertIn("It is off", self._truth("rotting_deal"))
        self.assertIn("It is off", self._truth("follow_up"))
        stages[0].write({"name": "Fresh", "rotting_threshold_days": 9})
        self.assertIn("Fresh: 9.", self._truth("rotting_deal"))
        lead = self._create_lead(stage_id=stages[0].id)
        self.assertIn("may see: 0", self._truth("rotting_deal"))
        lead.date_last_stage_update = Datetime.now() - timedelta(days=30)
        self.env.flush_all()
        self.assertIn("may see: 1", self._truth("rotting_deal"))

    def test_follow_up_counts_deals_without_activity(self):
        lead = self._create_lead()
        self.assertIn(
            "may see: 1; without a planned activity: 1", self._truth("follow_up")
        )
        lead.activity_schedule("mail.mail_activity_data_todo", user_id=self.reader.id)
        self.assertIn("activity: 0", self._truth("follow_up"))
        self.assertIn("you have planned: 1", self._truth("activity"))
        self.assertIn("you have planned: 0", self._truth("activity", self.colleague))

    def test_forecast(self):
        self._create_lead()
        self._create_lead(date_deadline="2020-01-01")
        text = self._truth("forecast")
        self.assertIn("may see: 2;", text)
        self.assertIn("date: 1; with one that is over: 1", text)

    def test_recurring_revenue(self):
        self._set_group("crm.group_use_recurring_revenues", False)
        self.assertIn("switched off", self._truth("recurring_revenue"))
        self._set_group("crm.group_use_recurring_revenues", True)
        self.assertIn("Monthly", self._truth("recurring_revenue"))

    def test_stages(self):
        self.env["crm.stage"].search([]).is_won = False
        self.assertIn("No stage means", self._truth("sales_stage"))
        self.env["crm.stage"].create({"name": "Signed", "is_won": True, "sequence": 99})
        self.assertIn("won in: Signed.", self._truth("sales_stage"))

    def test_kanban(self):
        self.assertIn("moves the deal", self._truth("kanban_view"))

    def test_customer_without_contact(self):
        self._create_lead()
        self._create_lead(partner_id=self.reader.partner_id.id)
        self.assertIn("may see: 2;", self._truth("customer"))
        self.assertIn("contact: 1", self._truth("customer"))

    def test_installed_apps_are_told_from_others(self):
        modules = self.env["ir.module.module"]
        by_name = {m.name: m for m in modules.search([("name", "=", "helpdesk")])}
        helpdesk = by_name.get("helpdesk") or modules.create({"name": "helpdesk"})
        helpdesk.write({"shortdesc": "Tickets", "to_buy": True, "state": "uninstalled"})
        text = self._truth("helpdesk")
        self.assertRegex(text, r"Not installed here: .*Tickets \(Odoo Enterprise\)")
        helpdesk.write({"state": "installed"})
        self.assertRegex(self._truth("helpdesk"), r"(?m)^Installed here: .*Tickets")

    def test_teams(self):
        team = self.env["crm.team"].create({"name": "Exporters"})
        self.assertIn("You are in no team", self._truth("sales_team"))
        team.member_ids = [Command.link(self.reader.id)]
        self.assertIn("You are in: Exporters", self._truth("sales_team"))
        self.parameters.set_param("sales_team.membership_multi", "True")
        self.assertIn("several teams", self._truth("sales_team"))

    def test_digest(self):
        self.env["digest.digest"].search([]).state = "deactivated"
        self.assertIn("No digest", self._truth("digest_email"))
        digest = self.env["digest.digest"].create({"name": "Weekly Numbers"})
        self.assertIn("none of them", self._truth("digest_email"))
        digest.user_ids = [Command.link(self.reader.id)]
        self.assertIn("You get one", self._truth("digest_email"))

    def test_email_gateway(self):
        self.env.company.alias_domain_id = False
        self.assertIn("no e-mail domain", self._truth("email_gateway"))
        self.env.company.alias_domain_id = self.env["mail.alias.domain"].create(
            {"name": "glossary.example.com"}
        )
        self.env["crm.team"].create({"name": "Inbox", "alias_name": "glossary-leads"})
        self.assertIn(
            "glossary-leads@glossary.example.com", self._truth("email_gateway")
        )

    def test_geoip(self):
        from odoo.tools import config

        with patch.dict(config.options, {"geoip_city_db": __file__}):
            self.assertIn("has a GeoIP database", self._truth("geoip"))
        nothing = {"geoip_city_db": "/nowhere", "geoip_country_db": "/nowhere"}
        with patch.dict(config.options, nothing):
            self.assertIn("no GeoIP database", self._truth("geoip"))
