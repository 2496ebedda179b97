from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..templates import TEMPLATES
from .common import ScoringCase

#: Rules that a template has at least, without any further app.
LEAST_RULES = 14
#: What a good lead did, and a lead of no use.
GOOD_EVENTS = ("meeting_held", "call_held", "mail_received", "mail_replied")
BAD_EVENTS = ("mail_bounced", "meeting_no_show", "call_not_held")
POOR_LEAD = {
    "name": "Poor",
    "type": "lead",
    "function": "Student",
    "email_from": "x@mailinator.com",
}


@tagged("post_install", "-at_install")
class TestRuleTemplates(ScoringCase):
    """Each template makes a scoring model that works, in every language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()
        cls.env["res.lang"]._activate_lang("bg_BG")
        cls.model.active = False
        cls.templates = cls.env["crm.lead.score.template"]

    def _wizard(self, template, lang="en_US", **values):
        wizards = self.env["crm.lead.score.from.template"].with_user(self.manager)
        return wizards.with_context(lang=lang).create({"template": template, **values})

    def _create(self, template, lang="en_US", **values):
        action = self._wizard(template, lang, **values).action_create()
        return self.Model.browse(action["res_id"])

    def _make_leads(self):
        """A lead as one wishes it, one of the usual kind, and one of no use."""
        country = self.env.ref("base.bg")
        industry = self.env["res.partner.industry"].search([], limit=1)
        company = self.env["res.partner"].create(
            {"name": "Tea", "is_company": True, "industry_id": industry.id}
        )
        now = fields.Datetime.now()
        good, usual, poor = self.Lead.create(
            [
                {
                    "name": "Good",
                    "type": "opportunity",
                    "partner_id": company.id,
                    "partner_name": "Tea",
                    "contact_name": "Ana Petrova",
                    "function": "Managing Director",
                    "email_from": "ana@teafactory.example.com",
                    "phone": "+359 2 987 6543",
                    "website": "https://teafactory.example.com",
                    "city": "Sofia",
                    "country_id": country.id,
                    "expected_revenue": 60_000,
                    "date_deadline": now.date() + timedelta(days=20),
                    "description": "A line for tea bags",
                    "referred": "Ivan",
                    "tag_ids": [Command.create({"name": "Lines"})],
                },
                {
                    "name": "Usual",
                    "type": "lead",
                    "partner_name": "Shelves",
                    "contact_name": "Boris",
                    "email_from": "boris@shelves.example.com",
                    "phone": "+359 2 987 6544",
                    "country_id": country.id,
                    "expected_revenue": 3_000,
                },
                POOR_LEAD,
            ]
        )
        for number, signal in enumerate(GOOD_EVENTS):
            self._log(good, signal, days=number)
        self._log(usual, "mail_received", days=5)
        for signal in BAD_EVENTS:
            self._log(poor, signal, days=1)
        return good, usual, poor

    def test_each_makes_a_model_that_works(self):
        good, usual, poor = self._make_leads()
        for code in TEMPLATES:
            with self.subTest(template=code):
                model = self._create(code, scope="default")
                self._refresh()
                self.env.invalidate_all()
                self.assertTrue(model.active)
                self.assertEqual(model.state, "observe")
                rules = model.rule_ids
                self.assertGreaterEqual(len(rules), LEAST_RULES)
                self.assertFalse(rules.filtered("error_message"))
                self.assertFalse(model.ready_error_message)
                for wanted in (
                    rules.filtered(lambda rule: rule.kind == "event"),
                    rules.filtered(lambda rule: rule.kind == "attribute"),
                    rules.filtered(lambda rule: rule.axis == "fit"),
                    rules.filtered(lambda rule: rule.axis == "engagement"),
                    rules.filtered(lambda rule: rule.points < 0),
                    rules.filtered(lambda rule: rule.decay != "none"),
                    rules.filtered("window_days"),
                    rules.filtered("cap"),
                    rules.filtered("cap_id"),
                ):
                    self.assertTrue(wanted)
                self.assertFalse(rules.filtered("warning"), "no protected traits")
                self.assertEqual(good.lead_grade_id.name, "A1", good.lead_score)
                self.assertTrue(good.is_sales_ready)
                self.assertNotIn(usual.lead_grade_id.name, ("A1", "C3"))
                self.assertFalse(usual.is_sales_ready)
                self.assertEqual(poor.lead_grade_id.name, "C3")
                self.assertLess(poor.lead_score, 0)
                self.assertGreater(good.lead_score, usual.lead_score)
                model.active = False

    def test_scores_at_once_in_a_small_database(self):
        """Nobody who takes a template sees the points of the model before it."""
        lead = self._make_lead("Ann", email_from="ann@example.com")
        self.model.active = True
        self._refresh()
        self.assertEqual(lead.lead_grade_id.model_id, self.model)
        model = self._create("saas", scope="default")
        self.assertFalse(self.model.active)
        self.assertEqual(lead.lead_grade_id.model_id, model)
        self.assertEqual(model.lead_count, self.Lead.search_count([]))
        self.assertFalse(model.is_refresh_pending)

    def test_works_without_any_app(self):
        """With the apps' rules left out there are enough, and the preview says so."""
        modules = self.env["ir.module.module"].search(
            [("name", "in", list({r["needs"] for t in TEMPLATES.values()
                                  for r in t["rules"] if "needs" in r}))]
        )  # fmt: skip
        for state in ("uninstalled", "installed"):
            modules.state = state
            for code, template in TEMPLATES.items():
                preview = self.templates._get_preview(code)
                apps = [rule for rule in template["rules"] if "needs" in rule]
                if state == "uninstalled":
                    self.assertEqual(len(preview["left_out"]), len(apps))
                    self.assertIn("“", preview["left_out"][0]["reason"])
                else:
                    self.assertFalse(preview["left_out"])
                self.assertGreaterEqual(len(preview["rules"]), LEAST_RULES)
                self.assertEqual(
                    len(preview["rules"]) + len(preview["left_out"]),
                    len(template["rules"]),
                )
                self.assertTrue(all(rule["sentence"] for rule in preview["rules"]))

    def test_field_that_is_not_there(self):
        """A rule on a field that the database lacks is left out and named."""
        broken = {
            "name": TEMPLATES["b2b"]["name"],
            "axis": "fit",
            "points": 5,
            "domains": ("[('not_here', '=', 1)]",),
        }
        template = TEMPLATES["b2b"]
        rules = [*template["rules"], broken]
        self.patch(
            type(self.templates),
            "_get_templates",
            lambda _self: {"b2b": {**template, "rules": rules}},
        )
        self.assertIn(
            "not_here", self.templates._get_preview("b2b")["left_out"][0]["reason"]
        )
        model = self._create("b2b", scope="default")
        self.assertFalse(model.rule_ids.filtered(lambda r: "not_here" in r.domain))

    def test_names_in_all_languages(self):
        for lang in ("en_US", "bg_BG"):
            for code in TEMPLATES:
                model = self._create(code, lang, scope="archived")
                for record in (model, *model.rule_ids, *model.cap_ids):
                    english = record.with_context(lang="en_US").name
                    bulgarian = record.with_context(lang="bg_BG").name
                    self.assertTrue(english.isascii(), english)
                    self.assertFalse(bulgarian.isascii(), bulgarian)

    def test_own_name(self):
        model = self._create("b2c", name="Ours", scope="archived")
        self.assertEqual(model.name, "Ours")

    def test_scope(self):
        free = Form(self.env["crm.lead.score.from.template"].with_user(self.manager))
        self.assertEqual(free.scope, "default")
        first = self._create("b2b", scope="default")
        taken = Form(self.env["crm.lead.score.from.template"].with_user(self.manager))
        self.assertEqual(taken.scope, "archived")
        self.assertEqual(taken.rival_id, first)
        self.assertFalse(self._create("b2c", scope="archived").active)
        self.assertTrue(first.active)
        second = self._create("saas", scope="default")
        self.assertTrue(second.active)
        self.assertFalse(first.active)
        third = self._create("services", scope="teams", team_ids=self.team.ids)
        self.assertEqual(third.team_ids, self.team)
        self.assertTrue(third.active and second.active)
        with self.assertRaises(UserError):
            self._create("services", scope="teams")

    def test_access(self):
        wizards = self.env["crm.lead.score.from.template"]
        with self.assertRaises(AccessError):
            wizards.with_user(self.salesman).create({"template": "b2b"})
