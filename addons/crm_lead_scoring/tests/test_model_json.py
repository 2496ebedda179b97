import json
from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.crm_lead_scoring.tools import portable_domain

from .common_model_file import ModelFileCase


@tagged("post_install", "-at_install")
class TestModelJson(ModelFileCase):
    """A scoring model as a file: nothing gets lost, and nothing bad gets in."""

    def test_round_trip(self):
        text = self._text(self._make_full())
        self.model.active = False
        copy = self.Model._from_dict(json.loads(text))
        self.assertEqual(self._text(copy), text)
        self.assertEqual(copy.state, "observe")
        self.assertTrue(copy.active)
        self.assertEqual(copy.with_context(lang="bg_BG").name, "B2B модел")
        rules = copy.with_context(active_test=False).rule_ids
        self.assertEqual(
            rules.with_context(lang="ru_RU").mapped("name"), ["Дома", "Visits", "Old"]
        )
        self.assertEqual(rules[1].start_date, date(2026, 2, 3))
        self.assertEqual(rules[1].cap_id.maximum, 20)
        self.assertEqual(rules[1].cap_id.model_id, copy)
        self.assertEqual(copy.cap_ids.sorted().mapped("maximum"), [20, 7])
        self.assertIn(f"'country_id', 'in', [{self.bulgaria.id}]", rules[0].domain)
        self.assertIn(f"[{self.tag.id}]", rules[0].domain)

    def test_same_text_whoever_exports(self):
        text = self._text(self._make_full())
        self.assertEqual(self._text(self.model.with_context(lang="bg_BG")), text)
        self._make_users()
        self.assertEqual(self._text(self.model.with_user(self.manager)), text)

    def test_nothing_of_the_database(self):
        values = self._make_full()._to_dict()
        domain = values["rules"][0]["domain"]
        self.assertIn("('country_id', 'in', [ref('base.bg')])", domain)
        self.assertIn("('tag_ids', 'in', [named('Trade fair 2026')])", domain)
        self.assertIn("('user_id', '=', uid)", domain)
        self.assertEqual(
            values["readiness"]["ready_domain"], "[('country_id', '=', ref('base.bg'))]"
        )
        self.assertEqual(values["teams"], ["Team One"])
        self.assertEqual([cap.get("key") for cap in values["caps"]], [None, "Web #2"])
        self.assertNotIn("company_id", json.dumps(values))

    def test_follow_ups_are_named_and_left_out(self):
        plan = self.env["mail.activity.plan"].create(
            {"name": "Call at once", "res_model": "crm.lead"}
        )
        self.model.ready_activity_plan_id = plan
        values = self.model._to_dict()
        self.assertEqual(values["left_out"], ["activity plan: Call at once"])
        draft = self.Model._read_dict(values)
        self.assertTrue(any("Call at once" in note for note in draft.notes))

    def test_relations_below_the_lead(self):
        leads = self.env["crm.lead"]
        text = (
            f"['|', ('partner_id.country_id', '=', {self.bulgaria.id}),"
            f" ('partner_id', 'any', [('country_id', 'not in', [{self.bulgaria.id}])]),"
            " ('color', '=', 7), ('country_id.code', '=', 'BG')]"
        )
        portable = portable_domain.to_portable(leads, text)
        self.assertEqual(portable.count("ref('base.bg')"), 2)
        self.assertIn("('color', '=', 7)", portable)
        problems = []
        back = portable_domain.from_portable(leads, portable, problems)
        self.assertEqual((eval(back), problems), (eval(text), []))  # pylint: disable=eval-used

    def test_record_that_is_gone(self):
        rule = self._make_rule(f"[('tag_ids', 'in', [{self.tag.id}])]", name="Tagged")
        number = self.tag.id
        self.tag.unlink()
        values = self.model._to_dict()
        self.assertIn(f"missing({number})", values["rules"][0]["domain"])
        [part] = self.Model._read_dict(values).broken
        self.assertEqual(part.name, rule.name)
        self.assertIn(str(number), part.problems[0])

    def test_two_records_of_one_name(self):
        tags = self.env["res.partner.category"]
        tags.create([{"name": "Twin"}, {"name": "Twin"}])
        domain = "[('partner_id.category_id', 'in', [named('Twin'), named('Nobody')])]"
        [part] = self.Model._read_dict(self._values(self._rule(domain=domain))).broken
        self.assertEqual(len(part.problems), 2)
        self.assertIn("Several", part.problems[0])
        self.assertIn("“Nobody”", part.problems[1])

    def test_all_or_nothing(self):
        values = self._values(
            self._rule(domain="[('phone', '!=', False)]", name="Good"),
            self._rule(domain="[('no_such_field', '=', 1)]", name="Bad"),
            self._rule(domain="[('country_id', '=', ref('no.such'))]", name="Worse"),
        )
        before = self.Model.with_context(active_test=False).search_count([])
        with self.assertRaises(ValidationError) as raised:
            self.Model._from_dict(values)
        message = str(raised.exception)
        for text in ("Bad: ", "no_such_field", "Worse: ", "no.such"):
            self.assertIn(text, message)
        self.assertNotIn("Good", message)
        count = self.Model.with_context(active_test=False).search_count([])
        self.assertEqual(count, before)
        model = self.Model._from_dict(values, skip_broken=True)
        self.assertEqual(model.rule_ids.mapped("name"), ["Good"])
        self.assertEqual(model.team_ids, self.team_two)

    def test_scope_is_taken(self):
        self.model.team_ids = self.team_two
        draft = self.Model._read_dict(self._values(self._rule()))
        model = self.Model._create_from(draft)
        self.assertFalse(model.active)
        self.assertEqual(model.team_ids, self.team_two)
        self.assertIn("“Team Two”", draft.notes[-1])
        with self.assertRaises(ValidationError):
            self.Model._from_dict(self._values(self._rule()), active=True)

    def test_team_that_is_missing(self):
        """A model for some team must not take the leads of all others."""
        self.model.active = False
        draft = self.Model._read_dict(self._values(self._rule(), teams=["Nowhere"]))
        self.assertFalse(self.Model._create_from(draft).active)
        self.assertIn("Nowhere", draft.notes[0])

    def test_overrides(self):
        model = self.Model._from_dict(self._values(self._rule()), name="Mine")
        self.assertEqual(model.name, "Mine")

    def test_usual_grades_without_grades(self):
        model = self.Model._from_dict(self._values(self._rule()))
        self.assertEqual(len(model.grade_ids), 9)
        grades = [{"name": "Good", "fit_min": 10}, {"name": "Bad"}]
        model = self.Model._from_dict(self._values(self._rule(), grades=grades))
        self.assertEqual(model.grade_ids.mapped("name"), ["Good", "Bad"])


@tagged("post_install", "-at_install")
class TestModelFileAccess(ModelFileCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()

    def test_only_managers_import(self):
        values = self._values(self._rule())
        for user in (self.salesman, self.seller_all, self.employee):
            with self.assertRaises(AccessError):
                self.Model.with_user(user)._from_dict(values)
            with self.assertRaises(AccessError):
                self.env["crm.lead.score.import"].with_user(user).create({})
            with self.assertRaises(AccessError):
                self.model.with_user(user).action_export()
        self.assertTrue(self.Model.with_user(self.manager)._from_dict(values))

    def test_fields_that_the_reader_may_not_use(self):
        """A file gives nobody a look at what is not theirs."""
        rule = self._rule(domain="[('message_ids.mail_ids.state', '=', 'sent')]")
        draft = self.Model.with_user(self.manager)._read_dict(self._values(rule))
        self.assertTrue(draft.broken)

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Company Two"})
        self.model.company_id = company
        with self.assertRaises(AccessError):
            self.model.with_user(self.manager).action_export()
        with self.assertRaises(AccessError):
            self.model.with_user(self.manager)._to_dict()


@tagged("post_install", "-at_install")
class TestModelDownload(HttpCase):
    def test_download(self):
        model = self.env["crm.lead.score.model"].create(
            {"name": "Стандартен / B2B", "active": False}
        )
        url = f"/crm_lead_scoring/model/{model.id}"
        self.assertNotEqual(self.url_open(url, allow_redirects=False).status_code, 200)
        groups = "sales_team.group_sale_salesman"
        new_test_user(self.env, "file_salesman", groups=groups)
        groups = "sales_team.group_sale_manager"
        new_test_user(self.env, "file_manager", groups=groups)
        self.authenticate("file_salesman", "file_salesman")
        self.assertEqual(self.url_open(url).status_code, 403)
        self.authenticate("file_manager", "file_manager")
        response = self.url_open(url)
        self.assertEqual(response.json()["name"], "Стандартен / B2B")
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertIn("b2b.json", response.headers["Content-Disposition"])
        missing = self.url_open("/crm_lead_scoring/model/999999999")
        self.assertEqual(missing.status_code, 404)
