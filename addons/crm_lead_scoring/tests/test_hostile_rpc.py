import json

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, new_test_user, tagged

from .common import ScoringCase

#: What may come where the id of a record belongs.
NO_IDS = (
    None,
    False,
    True,
    0,
    -1,
    1.5,
    "abc",
    [],
    [1, 2],
    {},
    {"a": 1},
    "\0",
    "\ud800",
)
HUGE = (999_999_999, 2**40, 2**70)


@tagged("post_install", "-at_install")
class TestHostileRpc(ScoringCase):
    """Remote calls with arguments that make no sense, and by those who may not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()
        cls.portal = new_test_user(cls.env, "score_portal", groups="base.group_portal")
        cls.lead = cls._make_lead("Mine", user_id=cls.salesman.id, type="lead")
        cls.rule = cls._make_rule([], 5)
        company = cls.env["res.company"].create({"name": "Other company"})
        cls.foreign = cls.Model.create(
            {"name": "Secret model", "company_id": company.id}
        )
        cls._make_rule([], 9, model=cls.foreign, name="Secret rule")
        cls.foreign_lead = cls._make_lead("Secret lead", company_id=company.id)
        cls.stranger = new_test_user(
            cls.env,
            "score_stranger",
            groups="sales_team.group_sale_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def _call(self, user, model, method, *args, **kwargs):
        return call_kw(self.env(user=user)[model], method, list(args), kwargs)

    def _refuses(self, *args, **kwargs):
        with self.subTest(args[1:]), self.assertRaises(UserError):
            self._call(*args, **kwargs)

    def _event(self, **values):
        return {
            "lead_id": self.lead.id,
            "signal": "page_visit",
            "origin": "hostile",
            **values,
        }

    def test_no_ids(self):
        for value in NO_IDS:
            for model, method in (
                ("crm.lead.score", "get_panel"),
                ("crm.lead.score.rule", "test_on_lead"),
                ("crm.lead.score.rule", "get_results_of_lead"),
                ("crm.lead.score.triage", "get_lead"),
                ("crm.lead.score.triage", "accept"),
                ("crm.lead.score.triage", "undo"),
            ):
                self._refuses(self.salesman, model, method, value)
            for method in ("action_return_to_marketing",):
                self._refuses(self.salesman, "crm.lead", method, self.lead.ids, value)
            if value:
                self._refuses(
                    self.manager,
                    "crm.lead.score.rule",
                    "test_on_lead",
                    self.lead.id,
                    value,
                )
            self._refuses(
                self.salesman, "crm.lead.score.triage", "discard", self.lead.id, value
            )

    def test_ids_that_do_not_exist(self):
        for value in HUGE:
            self._refuses(self.salesman, "crm.lead.score", "get_panel", value)
            self._refuses(self.salesman, "crm.lead.score.rule", "test_on_lead", value)
            triage = "crm.lead.score.triage"
            self.assertFalse(self._call(self.salesman, triage, "get_lead", value))
            for method in ("accept", "undo"):
                answer = self._call(self.salesman, triage, method, value)
                self.assertFalse(answer["done"])

    def test_queue_and_matrix(self):
        queue = ("crm.lead.score.triage", "get_queue")
        for value in (True, "abc", [1], 5):
            self._refuses(self.salesman, *queue, value)
        for value in (True, "abc", [1], {"a": 1}, -1):
            self._refuses(self.salesman, *queue, {"team_id": value})
            self._call(self.salesman, *queue, {"grade": value, "owner": value}, value)
            for name in ("model_id", "team_id", "owner", "type", "period"):
                self._refuses(
                    self.salesman,
                    "crm.lead.score.heat.map",
                    "get_heat_map",
                    {name: value},
                )

    def test_dates_and_notes_of_a_decision(self):
        triage = "crm.lead.score.triage"
        for until in ("abc", 5, {"a": 1}, "2026-13-01"):
            self._refuses(self.salesman, triage, "nurture", self.lead.id, until)
        note = "<script>alert(1)</script>\0\ud800"
        self._call(self.salesman, triage, "nurture", self.lead.id, None, None, note)
        decision = self.env[triage].search([("lead_id", "=", self.lead.id)])
        self.assertEqual(decision.note, "<script>alert(1)</script>?")
        self.assertNotIn("<script>", decision.activity_id.note)

    def test_events(self):
        log = ("crm.lead.score.event", "log")
        for value in (None, True, 5, "abc", [5], [None], [[1]]):
            self._refuses(self.salesman, *log, value)
        for values in (
            *({"lead_id": value} for value in (*NO_IDS, *HUGE)),
            *({"signal": value} for value in NO_IDS),
            *(
                {"res_model": "res.partner", "res_id": v}
                for v in (True, -1, "x", 2**40)
            ),
            *({"date": value} for value in (5, {"a": 1}, "abc")),
            {"date": "0001-01-01T00:00:00+14:00"},
            {"origin": "x" * 501},
            {"origin": "\0"},
            {"bogus": 1},
        ):
            self._refuses(self.salesman, *log, [self._event(**values)])
        [event_id] = self._call(
            self.salesman, *log, [self._event(value="a\0b\ud800", email={"a": 1})]
        )
        self.assertEqual(self.Event.browse(event_id).value, "ab?")

    def test_values_of_a_tested_rule(self):
        rule = {"name": "New", "model_id": self.model.id, "axis": "fit", "points": 5}
        for values in (
            *({name: v} for name in ("axis", "kind") for v in (True, [1], "x", 5)),
            *({name: [1, 2]} for name in ("points", "model_id", "signal_id")),
            {"points": "abc"},
            {"valid_from": "abc"},
            {"model_id": self.foreign.id},
        ):
            self._refuses(
                self.manager,
                "crm.lead.score.rule",
                "test_on_lead",
                self.lead.id,
                False,
                {**rule, **values},
            )
        for values in (True, "abc", [1]):
            self._refuses(
                self.manager,
                "crm.lead.score.rule",
                "test_on_lead",
                self.lead.id,
                False,
                values,
            )

    def test_secret_fields(self):
        """Who may not read a field cannot find it out by way of a rule either."""
        field = type(self.env["res.partner"]).signup_type
        self.assertTrue(field.groups, "the test needs a field that is not for all")
        self.env.invalidate_all()
        domain = "[('partner_id.signup_type', '=', 'x')]"
        values = {
            "name": "Spy",
            "model_id": self.model.id,
            "axis": "fit",
            "points": 5,
            "domain": domain,
        }
        rules = self.Rule.with_user(self.manager)
        with self.assertRaisesRegex(ValidationError, "signup_type"):
            rules.create(values)
        with self.assertRaisesRegex(ValidationError, "signup_type"):
            rules.browse(self.rule.id).domain = domain
        with self.assertRaisesRegex(ValidationError, "signup_type"):
            self.model.with_user(self.manager).ready_domain = domain
        with self.assertRaisesRegex(ValidationError, "leads to no records"):
            rules.create({**values, "domain": "[('id', 'any', [('id', '=', 1)])]"})
        self.assertTrue(self.Rule.create(values), "an administrator may")

    def test_steps_and_health(self):
        onboarding, health = "crm.lead.score.onboarding", "crm.lead.score.health"
        for value in (None, 5, [], {}, "abc", "__class__"):
            self._refuses(self.manager, onboarding, "open_step", value)
            self._call(self.manager, health, "fix", value)
            self._call(self.manager, health, "ignore", value)
        parameters = self.env["ir.config_parameter"]
        self.assertFalse(parameters.get_param("crm_lead_scoring.health_ignored"))

    def test_comparison_of_a_foreign_model(self):
        """Another company's rules are not told, however the comparison came to them."""
        compare = self.env["crm.lead.score.compare"].with_user(self.manager)
        compare = compare.create(
            {"old_model_id": self.model.id, "new_model_id": self.model.copy().id}
        )
        compare.action_compare()
        compare.sudo().new_model_id = self.foreign
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            compare.line_ids.mapped("explanation")
        with self.assertRaises(UserError):
            self.Model.with_user(self.manager).browse().action_compare()

    def test_wizards_are_of_those_who_opened_them(self):
        for name in ("nurture", "return", "log"):
            model = f"crm.lead.score.{name}"
            values = {"lead_ids": self.lead.ids}
            if name == "return":
                values["reason_id"] = self.env["crm.lead.score.return.reason"].search(
                    [], limit=1
                )
            if name == "log":
                values["signal_id"] = self.env["crm.lead.score.signal"].search(
                    [], limit=1
                )
            values = {key: getattr(v, "id", v) for key, v in values.items()}
            wizard = self.env[model].with_user(self.salesman).create(values)
            with self.assertRaises(AccessError):
                self._call(self.seller_all, model, "read", wizard.ids, ["lead_ids"])
            self.assertFalse(self._call(self.seller_all, model, "search", []))

    def test_others_see_nothing(self):
        calls = (
            ("crm.lead.score", "get_panel", self.lead.id),
            ("crm.lead.score.rule", "test_on_lead", self.lead.id),
            ("crm.lead.score.rule", "get_results_of_lead", self.lead.id),
            ("crm.lead.score.triage", "get_queue"),
            ("crm.lead.score.triage", "accept", self.lead.id),
            ("crm.lead.score.triage", "get_lead", self.lead.id),
            ("crm.lead.score.heat.map", "get_heat_map"),
            ("crm.lead.score.event", "log", [self._event()]),
            ("crm.lead.score.health", "get_health"),
            ("crm.lead.score.onboarding", "close"),
            ("crm.lead.score.model", "action_view_leads", self.model.ids),
            ("crm.lead.score.model", "action_view_ready_leads", self.model.ids),
        )
        for user in (self.employee, self.portal):
            for model, method, *args in calls:
                with self.subTest((user.login, model, method)):
                    with self.assertRaises(AccessError):
                        self._call(user, model, method, *args)
        for model, method, _lead_id in calls[:3]:
            with self.subTest(method), self.assertRaises(AccessError):
                self._call(self.manager, model, method, self.foreign_lead.id)
        queue = self._call(self.manager, "crm.lead.score.triage", "get_queue")
        self.assertNotIn("Secret", json.dumps(queue))


@tagged("post_install", "-at_install")
class TestHostileRequests(HttpCase):
    def test_download(self):
        url = "/crm_lead_scoring/model"
        new_test_user(self.env, "score_portal", groups="base.group_portal")
        new_test_user(self.env, "score_boss", groups="sales_team.group_sale_manager")
        model = self.env["crm.lead.score.model"].create(
            {"name": "<script>", "active": False}
        )
        self.assertIn("/web/login", self.url_open(f"{url}/{model.id}").url)
        self.authenticate("score_portal", "score_portal")
        for number in (model.id, 999_999_999, 2**70):
            self.assertEqual(self.url_open(f"{url}/{number}").status_code, 403)
        self.authenticate("score_boss", "score_boss")
        self.assertEqual(self.url_open(f"{url}/{model.id}").status_code, 200)
        for number in (999_999_999, 2**70):
            self.assertEqual(self.url_open(f"{url}/{number}").status_code, 404)
