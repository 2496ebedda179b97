from unittest.mock import patch

from odoo.tests import tagged

from ..models import crm_lead_score, crm_lead_score_model_follow, crm_lead_score_run
from .common_readiness import ReadinessCase


@tagged("post_install", "-at_install")
class TestReadinessBatches(ReadinessCase):
    """Many leads at once: a part at a time, and what was done is not done again."""

    def setUp(self):
        super().setUp()
        self.patch(crm_lead_score_run, "AT_ONCE", 0)
        self.model.state = "live"
        self.row = self.env["crm.criterion.refresh"]._get_rows()
        self.row = self.row.filtered(lambda row: row.step == "crm.lead.score")

    def _make_leads(self, count, **values):
        tags = (self.tag_40 + self.tag_30).ids
        return self.Lead.create(
            [
                {"name": f"L{number}", "tag_ids": tags, **values}
                for number in range(count)
            ]
        )

    def _start(self):
        self.row.write({"state": "waiting", "position": 0})

    def _run_job(self):
        """Run the scheduled job in a transaction of its own."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.Run.with_env(self.env(cr=cr))._cron_follow()
        self.env.invalidate_all()

    def assertHandedOver(self, leads):
        self.assertEqual(len(leads.handover_ids), len(leads))
        self.assertEqual(set(leads.handover_ids.mapped("state")), {"offered"})
        runs = self.Run.search([("lead_id", "in", leads.ids)])
        self.assertEqual(len(runs), len(leads))
        self.assertEqual(set(runs.mapped("state")), {"done"})

    def test_a_batch_writes_a_part_and_the_next_goes_on(self):
        self.model.ready_score = 80
        leads = self._make_leads(7)
        self._refresh()
        self.assertFalse(any(leads.mapped("is_sales_ready")))
        self.model.ready_score = 60
        # One hand-over to each: three leads in a batch.
        self.patch(crm_lead_score, "READY_ROWS", 3 * len(self.Model._get_scopes()) * 3)
        self._start()
        ready = []
        while self.row.state != "done":
            self.row._run_batch()
            self.env.invalidate_all()
            ready.append(sum(leads.mapped("is_sales_ready")))
            runs = self.Run.search([("lead_id", "in", leads.ids)])
            self.assertEqual(len(runs), ready[-1], "what follows is noted with it")
        self.assertEqual(ready, [3, 6, 7])
        every = self.Lead.with_context(active_test=False).search_count([])
        self.assertEqual(self.row.processed, every)
        self._start()
        while self.row.state != "done":
            self.row._run_batch()
        self.assertEqual(len(self.Run.search([("lead_id", "in", leads.ids)])), 7)
        self._run_job()
        self.assertHandedOver(leads)

    def test_several_models_go_on_together(self):
        """The one that is behind says where the next batch begins."""
        second = self.Model.create(
            {"name": "Second", "team_ids": self.team.ids, "ready_score": 1}
        )
        self._make_rule([], 5, model=second)
        self.model.ready_score = 80
        leads = self._make_leads(5, team_id=False) + self._make_leads(
            5, team_id=self.team.id
        )
        self._refresh()
        self.assertEqual(sum(leads.mapped("is_sales_ready")), 5)
        self.model.ready_score, second.ready_score = 60, 50
        second.unready_score = 50
        self.patch(crm_lead_score, "READY_ROWS", 1)
        self._refresh()
        self.assertEqual(
            leads.mapped("is_sales_ready"), [True] * 5 + [False] * 5, "all were seen"
        )

    def test_going_live_with_many_ready_leads(self):
        """They are noted by the job, a part at a time; a second try adds nothing."""
        self.model.state = "observe"
        leads = self._make_leads(5)
        self._refresh()
        self.patch(crm_lead_score_model_follow, "CATCH_UP", 2)
        wizard = self.env["crm.lead.score.go.live"]
        wizard.create({"model_id": self.model.id, "scope": "all"}).action_apply()
        self.assertTrue(self.model.is_catching_up)
        self.assertEqual(len(self.Run.search([("lead_id", "in", leads.ids)])), 2)
        follow = type(self.Model)._follow_some_ready_leads
        calls = []

        def stopped(model, position):
            calls.append(position)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return follow(model, position)

        with (
            patch.object(type(self.Model), "_follow_some_ready_leads", stopped),
            self.assertRaises(KeyboardInterrupt),
        ):
            self._run_job()
        self.env.invalidate_all()
        self.assertTrue(self.model.is_catching_up)
        self._run_job()
        self.assertFalse(self.model.is_catching_up)
        self.assertHandedOver(leads)
        self._run_job()
        self.assertHandedOver(leads)

    def test_going_back_stops_catching_up(self):
        self.model.state = "observe"
        leads = self._make_leads(3)
        self._refresh()
        self.patch(crm_lead_score_model_follow, "CATCH_UP", 2)
        wizard = self.env["crm.lead.score.go.live"]
        wizard.create({"model_id": self.model.id, "scope": "all"}).action_apply()
        self.model.action_observe()
        self.assertFalse(self.model.is_catching_up)
        self._run_job()
        runs = self.Run.search([("lead_id", "in", leads.ids)])
        self.assertEqual(set(runs.mapped("state")), {"skipped"})
        self.assertFalse(leads.handover_ids)
