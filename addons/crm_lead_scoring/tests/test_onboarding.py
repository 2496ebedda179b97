"""The first steps: each is done when the data say so, and not before."""

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestOnboarding(ScoringCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()
        cls.onboarding = cls.env["crm.lead.score.onboarding"].with_user(cls.manager)
        parameters = cls.env["ir.config_parameter"]
        for name in ("onboarding_closed", "rules_checked"):
            parameters.set_param(f"crm_lead_scoring.{name}", False)
        # As after an installation: rules of the system, no event, nothing live.
        cls.model.with_user(SUPERUSER_ID).rule_ids = False
        cls._make_rule([("name", "=", "Ann")])
        cls._forget_people()
        cls.env.cr.execute("DELETE FROM crm_lead_score_event")
        cls.Model.with_context(active_test=False).search([]).with_user(
            SUPERUSER_ID
        ).state = "observe"
        cls.env.invalidate_all()

    @classmethod
    def _forget_people(cls):
        """All models and rules are as an installation leaves them."""
        cls.env.flush_all()
        for table in ("crm_lead_score_model", "crm_lead_score_rule"):
            cls.env.cr.execute(
                f"UPDATE {table} SET create_uid = 1, write_uid = 1"  # noqa: S608
            )
        cls.env.invalidate_all()

    def _done(self):
        self.env.flush_all()
        return [s["code"] for s in self.onboarding.get_onboarding() if s["is_done"]]

    def test_four_steps_are_to_be_done(self):
        steps = self.onboarding.get_onboarding()
        codes = [step["code"] for step in steps]
        self.assertEqual(codes, ["rules", "check", "signals", "live"])
        self.assertEqual(self._done(), [])
        for step in steps:
            self.assertTrue(step["title"] and step["text"] and step["label"])

    def test_to_open_a_step_does_not_do_it(self):
        for step in ("rules", "check", "signals", "live"):
            action = self.onboarding.open_step(step)
            self.assertIn(
                action["type"], ("ir.actions.act_window", "ir.actions.client"), step
            )
        self.assertEqual(self._done(), [])

    def test_rules_of_ones_own(self):
        self._make_rule([]).with_user(self.manager).points = 5
        self.assertEqual(self._done(), ["rules"])

    def test_a_model_of_ones_own(self):
        self.Model.with_user(self.manager).create(
            {"name": "Ours", "team_ids": self.team.ids}
        )
        self.assertEqual(self._done(), ["rules"])

    def test_a_rule_that_was_tried_on_a_lead(self):
        """By a manager: salespeople may look too, and that is no check."""
        lead = self._make_lead(user_id=self.salesman.id)
        for user, done in ((self.salesman, []), (self.manager, ["check"])):
            self.Rule.with_user(user).test_on_lead(lead.id, self.model.rule_ids.id)
            self.assertEqual(self._done(), done)

    def test_the_rules_of_the_best_lead(self):
        """The place that the step leads to is where it is done."""
        lead = self._make_lead("Ann", user_id=self.manager.id)
        self._refresh()
        action = self.onboarding.open_step("check")
        best = self.Lead.search([], order="lead_score desc", limit=1)
        self.assertEqual(action["context"]["active_id"], best.id)
        self.Rule.with_user(self.manager).get_results_of_lead(lead.id)
        self.assertEqual(self._done(), ["check"])

    def test_models_that_were_compared(self):
        other = self.model.with_user(SUPERUSER_ID).copy()
        self._forget_people()
        self.env["crm.lead.score.compare"].with_user(self.manager).create(
            {"old_model_id": self.model.id, "new_model_id": other.id}
        ).action_compare()
        self.assertEqual(self._done(), ["check"])

    def test_signals_of_leads(self):
        """A stage that we changed ourselves is not what a lead did."""
        lead = self._make_lead()
        self._log(lead, "stage_change")
        self.assertEqual(self._done(), [])
        self._log(lead, "page_visit")
        self.assertEqual(self._done(), ["signals"])

    def test_live(self):
        """Who goes live has accepted the rules."""
        self.model.with_user(SUPERUSER_ID).state = "live"
        self.assertEqual(self._done(), ["rules", "check", "live"])

    def test_the_panel_closes_when_all_is_done(self):
        self.model.with_user(self.manager).state = "live"
        self._log(self._make_lead(), "page_visit")
        self.assertEqual(self.onboarding.get_onboarding(), [])

    def test_closed_for_good_for_one_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.company_ids |= other
        self.onboarding.close()
        self.assertEqual(self.onboarding.get_onboarding(), [])
        self.assertEqual(len(self.onboarding.with_company(other).get_onboarding()), 4)

    def test_managers_only(self):
        for user in (self.salesman, self.employee):
            onboarding = self.onboarding.with_user(user)
            for call in (
                onboarding.get_onboarding,
                onboarding.close,
                lambda onboarding=onboarding: onboarding.open_step("live"),
            ):
                with self.assertRaises(AccessError):
                    call()
