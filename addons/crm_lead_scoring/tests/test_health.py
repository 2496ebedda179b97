"""The health line: each problem is made, seen, mended by its fix, and gone."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.crm_lead_score_health import Problem
from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestHealth(ScoringCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()
        cls._make_rule([("name", "=", "never")])
        cls.health = cls.env["crm.lead.score.health"].with_user(cls.manager)
        cls.jobs = cls.env["ir.cron"]
        for name in (
            "crm_glossary_core.ir_cron_refresh",
            "crm_lead_scoring.ir_cron_follow_readiness",
        ):
            cls.jobs |= cls.env.ref(name)
        soon = fields.Datetime.now() + timedelta(minutes=30)
        cls.jobs.write({"active": True, "failure_count": 0, "nextcall": soon})
        cls.env["crm.lead.score.run"].search([("state", "=", "failed")]).unlink()
        cls._set_leads_setting(True)
        cls.env.registry.clear_cache()
        cls.Score._refresh_all()
        cls.env["ir.config_parameter"].set_param(
            "crm_lead_scoring.health_ignored", "pages_not_tracked,no_cookies_bar"
        )

    @classmethod
    def _set_leads_setting(cls, is_on):
        group = cls.env.ref("crm.group_use_lead")
        command = Command.link if is_on else Command.unlink
        cls.env.ref("base.group_user").implied_ids = [command(group.id)]

    def _codes(self, user=None):
        self.env.invalidate_all()
        health = self.health.with_user(user or self.manager)
        return [problem["code"] for problem in health.get_health()]

    def _problem(self, code):
        self.env.invalidate_all()
        [found] = [p for p in self.health.get_health() if p["code"] == code]
        self.assertTrue(found["message"])
        return found

    def _assert_mended(self, code, user=None):
        """The fix does it by itself: the problem is gone and the screen is renewed."""
        self.assertIn(code, self._codes(user))
        action = self.health.with_user(user or self.manager).fix(code)
        self.assertEqual(action["tag"], "display_notification", action)
        self.assertTrue(action["params"]["message"])
        self.assertNotIn(code, self._codes(user))

    def _make_run(self, **values):
        lead = self._make_lead()
        return self.env["crm.lead.score.run"].create(
            {
                "lead_id": lead.id,
                "model_id": self.model.id,
                "key": f"test {lead.id}",
                "direction": "ready",
                "kind": "notify",
                "date": fields.Datetime.now(),
                "number": lead.score_id.transitions,
                **values,
            }
        )

    def test_nothing_is_said_when_all_is_well(self):
        self.assertEqual(self._codes(), [])

    def test_managers_only(self):
        for user in (self.salesman, self.seller_all, self.employee):
            health = self.health.with_user(user)
            for call in (
                health.get_health,
                lambda health=health: health.fix("job_off"),
                lambda health=health: health.ignore("leads_off"),
            ):
                with self.assertRaises(AccessError):
                    call()

    # === JOBS === #

    def test_a_job_is_off(self):
        for job in self.jobs:
            job.active = False
            self.assertEqual(self._problem("job_off")["level"], "danger")
            self.assertIn(job.name, self._problem("job_off")["message"])
            self._assert_mended("job_off")
            self.assertTrue(job.active)

    def test_both_jobs_are_off(self):
        self.jobs.active = False
        self.assertEqual(self._codes(), ["job_off", "job_off_2"])
        self.health.fix("job_off")
        self._assert_mended("job_off")
        self.assertEqual(self.jobs.mapped("active"), [True, True])

    def test_a_job_fails(self):
        self.jobs[0].failure_count = 2
        self.assertIn("2", self._problem("job_fails")["message"])
        self._assert_mended("job_fails")

    def test_jobs_do_not_run(self):
        """The fix does what they should have done."""
        self.env.cr.execute(
            "INSERT INTO crm_lead (name, type, active) VALUES ('never', 'lead', true)"
            " RETURNING id"
        )
        lead = self.Lead.browse(self.env.cr.fetchone())
        self.assertFalse(lead.lead_score)
        self.jobs.nextcall = fields.Datetime.now() - timedelta(hours=4)
        self._assert_mended("jobs_late")
        self.env.invalidate_all()
        self.assertEqual(lead.lead_score, 10)

    def test_a_job_that_is_a_little_late_is_no_problem(self):
        self.jobs.nextcall = fields.Datetime.now() - timedelta(hours=2)
        self.assertEqual(self._codes(), [])

    def test_the_refresh_failed(self):
        rows = self.env["crm.criterion.refresh"]._get_rows()
        row = rows.filtered(lambda row: row.step == "crm.lead.score")
        row.write({"state": "failed", "error_message": "no space left"})
        self.assertIn("no space left", self._problem("refresh_failed")["message"])
        self._assert_mended("refresh_failed")
        self.assertEqual(row.state, "waiting")

    def test_steps_of_other_apps_are_not_ours(self):
        rows = self.env["crm.criterion.refresh"]._get_rows()
        rows.filtered(lambda row: row.sequence > 10).state = "failed"
        self.assertEqual(self._codes(), [])

    # === WHAT FOLLOWS === #

    def test_runs_failed(self):
        run = self._make_run(state="failed", message="no mail server")
        self.model.state = "live"
        self._assert_mended("runs_failed")
        self.assertIn(run.state, ("done", "skipped"))

    def test_runs_that_fail_again_are_shown(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Fails",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "code",
                "code": "raise UserError('again')",
            }
        )
        self.model.state = "live"
        run = self._make_run(state="failed", kind="action", action_id=action.id)
        action = self.health.fix("runs_failed")
        self.assertEqual(action["res_model"], "crm.lead.score.run")
        self.assertEqual(action["res_id"], run.id)
        self.assertIn("runs_failed", self._codes())

    def test_runs_wait(self):
        before = fields.Datetime.now() - timedelta(hours=5)
        run = self._make_run(date=before)
        self._assert_mended("runs_wait")
        self.assertNotEqual(run.state, "waiting")

    # === RULES AND MODELS === #

    def test_a_rule_is_broken(self):
        rule = self._make_rule([("name", "=", "x")])
        rule.error_message = "There is no field x_gone."
        self.assertEqual(self._problem("broken_rules")["level"], "danger")
        action = self.health.fix("broken_rules")
        self.assertEqual((action["res_model"], action["res_id"]), (rule._name, rule.id))
        rule.with_user(self.manager).write({"domain": "[('name', '=', 'y')]"})
        self._refresh()
        self.assertEqual(self._codes(), [])

    def test_many_rules_are_broken(self):
        rules = self._make_rule([]) | self._make_rule([("name", "=", "x")])
        rules.error_message = "There is no field x_gone."
        action = self.health.fix("broken_rules")
        self.assertEqual(self.Rule.search(action["domain"]), rules.sorted())
        self.assertEqual(action["views"][0][1], "list")

    def test_rules_of_an_archived_model_break_nothing(self):
        self._make_rule([]).error_message = "There is no field x_gone."
        self.model.active = False
        self.assertNotIn("broken_rules", self._codes())

    def test_must_haves_are_broken(self):
        self.model.ready_error_message = "There is no field x_gone."
        action = self.health.fix("broken_must_haves")
        self.assertEqual(action["res_id"], self.model.id)
        self.model.with_user(self.manager).ready_domain = "[]"
        self.assertEqual(self._codes(), [])

    def test_a_model_has_no_rules(self):
        self.model.rule_ids.active = False
        self.assertEqual(self._codes(), ["no_rules"])
        action = self.health.fix("no_rules")
        self.assertEqual((action["res_model"], action["res_id"]), self._ref(self.model))
        self.model.with_context(active_test=False).rule_ids.active = True
        self.assertEqual(self._codes(), [])

    def _ref(self, record):
        return record._name, record.id

    def test_a_model_observes_for_long(self):
        code = f"observes_{self.model.id}"
        self._age_model(29)
        self.assertNotIn(code, self._codes())
        self._age_model(31)
        self._assert_mended(code)
        self.assertEqual(self.model.state, "live")

    def test_to_go_live_asks_about_ready_leads(self):
        self._make_rule([("name", "=", "Ready")], points=90)
        self._make_lead("Ready")
        self._refresh()
        self._age_model(31)
        action = self.health.fix(f"observes_{self.model.id}")
        self.assertEqual(action["res_model"], "crm.lead.score.go.live")

    def _age_model(self, days):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead_score_model SET create_date = now() at time zone 'utc'"
            " - %s * interval '1 day' WHERE id = %s",
            [days, self.model.id],
        )
        self.env.invalidate_all()

    def test_leads_that_no_model_scores(self):
        self._make_lead()
        self.model.active = False
        self.assertIn("no_model", self._codes())
        self._assert_mended("no_model")
        taken = self.Model.search([])
        self.assertEqual(len(taken), 1, "an archived model was taken")

    def test_leads_of_other_teams_have_no_model(self):
        """There is none to take: a new one is opened."""
        self.Model.with_context(active_test=False).search([]).team_ids = self.team_two
        self.model.team_ids = self.team
        lead = self._make_lead(team_id=self.team_two.id)
        self.assertIn("no_model", self._codes())
        action = self.health.fix("no_model")
        self.assertEqual(action["views"], [(False, "form")])
        self.Model.with_user(self.manager).create(
            {"name": "For the rest", "rule_ids": [Command.create({"name": "All"})]}
        )
        self.assertTrue(lead)
        self.assertNotIn("no_model", self._codes())

    # === SETTINGS === #

    def test_the_leads_setting_is_off(self):
        """Who may not change settings reads of it; an administrator changes it."""
        self._set_leads_setting(False)
        self.env.registry.clear_cache()
        self.assertFalse(self._problem("leads_off")["label"])
        self.assertIn("An administrator", self._problem("leads_off")["message"])
        with self.assertRaises(UserError):
            self.health.fix("leads_off")
        self._assert_mended("leads_off", self.env.ref("base.user_admin"))

    # === HINTS === #

    def test_hints_are_ignored_for_good(self):
        self._set_leads_setting(False)
        self.env.registry.clear_cache()
        self.assertEqual(self._codes(), ["leads_off"])
        self.health.ignore("leads_off")
        self.assertEqual(self._codes(), [])

    def test_what_is_worse_cannot_be_ignored(self):
        self.jobs.active = False
        with self.assertRaises(UserError):
            self.health.ignore("job_off")

    def test_the_worst_comes_first(self):
        self._set_leads_setting(False)
        self.env.registry.clear_cache()
        self.model.rule_ids.active = False
        self.jobs[0].active = False
        self.assertEqual(self._codes(), ["job_off", "no_rules", "leads_off"])

    def test_what_is_mended_already(self):
        self.assertEqual(self.health.fix("job_off")["tag"], "display_notification")

    # === HOOKS === #

    def test_problems_of_bridges(self):
        """What signals say of themselves is shown; without an action, without fix."""
        place = {"type": "ir.actions.act_window", "res_model": "crm.lead"}
        found = [
            {"code": "one", "message": "No mail server.", "action": place},
            {"code": "one", "message": "No other either.", "action": False},
        ]
        self.patch(
            type(self.env["crm.lead.score.signal"]),
            "_get_health_problems",
            lambda self: found,
        )
        self.assertEqual(self._codes(), ["one", "one_2"])
        self.assertEqual(self.health.fix("one"), place)
        self.assertFalse(self._problem("one_2")["label"])

    def test_problems_of_partners(self):
        Health = type(self.env["crm.lead.score.health"])
        original = Health._find_problems

        def find(health):
            mend = lambda: mended.append(1) or "Mended."  # noqa: E731
            own = [] if mended else [Problem("own", "Own problem.", fix=mend)]
            return original(health) + own

        mended = []
        self.patch(Health, "_find_problems", find)
        self._assert_mended("own")
