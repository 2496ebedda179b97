from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.crm_lead_scoring.models import crm_lead_score

from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestModelScope(ScoringCase):
    """Which scoring model a lead belongs to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_rule([], 1)
        cls.model_two = cls.Model.create(
            {"name": "Second", "team_ids": cls.team_two.ids}
        )
        cls._make_rule([], 100, model=cls.model_two)
        cls.company_two = cls.env["res.company"].create({"name": "Company Two"})

    def test_team_decides(self):
        lead_one = self._make_lead(team_id=self.team.id)
        lead_two = self._make_lead(team_id=self.team_two.id)
        lead_none = self._make_lead(team_id=False, user_id=False)
        self.assertEqual(lead_one.lead_score, 1)
        self.assertEqual(lead_two.lead_score, 100)
        self.assertEqual(lead_none.lead_score, 1)
        self.assertEqual(lead_two.lead_grade_id.model_id, self.model_two)
        lead_one.team_id = self.team_two
        self.assertEqual(lead_one.lead_score, 100)
        self._refresh()
        self.assertScored(lead_one + lead_two + lead_none)

    def test_two_models_for_one_team(self):
        with self.assertRaises(ValidationError) as raised:
            self.Model.create({"name": "Third", "team_ids": self.team_two.ids})
        self.assertIn("Team Two", str(raised.exception))

    def test_two_default_models(self):
        with self.assertRaises(ValidationError) as raised:
            self.Model.create({"name": "Third"})
        self.assertIn("all other teams already", str(raised.exception))
        third = self.Model.create({"name": "Third", "active": False})
        with self.assertRaises(ValidationError):
            third.active = True
        self.model.active = False
        third.active = True

    def test_company_model_comes_first(self):
        model = self.Model.create(
            {"name": "Of company two", "company_id": self.company_two.id}
        )
        self._make_rule([], 10000, model=model)
        own = self._make_lead(
            company_id=self.company_two.id, team_id=False, user_id=False
        )
        shared = self._make_lead(company_id=False, team_id=False, user_id=False)
        self.assertEqual(own.lead_score, 10000)
        self.assertEqual(shared.lead_score, 1)
        self.assertScored(own + shared)
        shared.company_id = self.company_two
        self.assertEqual(shared.lead_score, 10000)
        self._refresh()
        self.assertScored(own + shared)

    def test_company_model_claims_shared_team(self):
        with self.assertRaises(ValidationError):
            self.Model.create(
                {
                    "name": "Overlaps",
                    "company_id": self.company_two.id,
                    "team_ids": self.team_two.ids,
                }
            )

    def test_archived_model_gives_back_its_leads(self):
        lead = self._make_lead(team_id=self.team_two.id)
        self.model_two.active = False
        self._refresh()
        self.assertEqual(lead.lead_score, 1)
        self.assertScored(lead)

    def test_no_model_at_all(self):
        lead = self._make_lead()
        (self.model + self.model_two).active = False
        self._refresh()
        self.assertEqual(lead.lead_score, 0)
        self.assertFalse(lead.lead_grade_id)
        self.assertFalse(lead.score_line_ids)
        new = self._make_lead("Made without a model")
        self.assertEqual(new.lead_score, 0)
        self.assertEveryLeadHasRow()

    def test_model_without_rules(self):
        self.model_two.rule_ids.unlink()
        lead = self._make_lead(team_id=self.team_two.id)
        self.assertEqual(lead.lead_score, 0)
        self.assertEqual(lead.lead_grade_id.name, "C3")
        self.assertEqual(lead.lead_grade_id.model_id, self.model_two)

    def test_deleted_model(self):
        lead = self._make_lead(team_id=self.team_two.id)
        self.model_two.unlink()
        self.env.invalidate_all()
        self.assertEqual(
            lead.lead_score, sum(lead.score_line_ids.mapped("points")), "before"
        )
        self._refresh()
        self.assertEqual(lead.lead_score, 1)

    def test_archived_and_restored_by_hand(self):
        """A small database need not wait for the scheduled job."""
        lead = self._make_lead(team_id=self.team_two.id)
        self._refresh()
        for action, model in (
            (self.model_two.action_archive, self.model),
            (self.model_two.action_unarchive, self.model_two),
        ):
            action()
            self.assertEqual(lead.lead_grade_id.model_id, model)
            self.assertFalse(model.is_refresh_pending)

    def test_copy_is_archived(self):
        copy = self.model_two.copy()
        self.assertFalse(copy.active)
        self.assertFalse(copy.team_ids)
        self.assertEqual(copy.name, "Second (copy)")
        self.assertEqual(len(copy.grade_ids), 9)
        self.assertEqual(copy.rule_ids.mapped("points"), [100])

    def test_recompute_at_once_and_by_the_job(self):
        lead = self._make_lead()
        self.model.rule_ids.points = 3
        action = self.model.action_recompute()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(lead.lead_score, 3)
        self.assertTrue(self.model.refreshed_at)
        self.patch(type(self.Score), "_is_small_database", lambda scores: False)
        self.model.rule_ids.points = 4
        self.model.action_recompute()
        self.assertEqual(lead.lead_score, 3)
        self.assertEqual(self.model._get_refresh_row().state, "waiting")
        with self.enter_registry_test_mode():
            self.env.ref("crm_glossary_core.ir_cron_refresh").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(lead.lead_score, 4)
        self.assertEqual(self.model._get_refresh_row().state, "done")

    def test_batches(self):
        """Small batches reach the same result as one large one."""
        leads = self.Lead.create(
            [{"name": f"L{i}", "team_id": self.team.id} for i in range(7)]
        )
        self.model.rule_ids.points = 5
        self.patch(crm_lead_score, "BATCH_SIZE", 2)
        self._refresh()
        self.assertScored(leads)

    def test_freshness(self):
        self._refresh()
        freshness = self.Model.get_freshness()
        self.assertTrue(freshness["refreshed_at"])
        self.assertFalse(freshness["pending"])
        self.model.rule_ids.points = 9
        self.assertTrue(self.Model.get_freshness()["pending"])
