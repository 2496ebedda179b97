"""A marketer of one company neither changes nor learns what is another company's."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import ActionCase


@tagged("post_install", "-at_install")
class TestSegmentCompanies(ActionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Company B"})
        cls.foreign = new_test_user(
            cls.env,
            "seg_company_b",
            groups="crm_segmentation.group_segmentation_user",
            company_id=cls.other.id,
            company_ids=[Command.set(cls.other.ids)],
        )
        cls.hidden, cls.shared = cls.partners[:2]
        cls.hidden.company_id = cls.env.company
        cls.lead = cls.leads[0]
        cls.lead.company_id = cls.env.company

    def _switch_on(self, user, segment=None, **vals):
        """An action of a user's, for the present members too."""
        action = self._action(on=False, segment=segment, **vals).with_user(user)
        wizard = self.env["crm.segment.dry.run"].with_user(user)
        wizard.create({"action_id": action.id, "for_present": True}).action_switch_on()
        self._work()
        return action.sudo()

    def _states(self, action):
        return {run.partner_id or run.lead_id: run.state for run in action.run_ids}

    def test_contacts_of_another_company_are_left_alone(self):
        self._enter(self.hidden | self.shared)
        action = self._switch_on(self.foreign, kind="owner", owner_id=self.foreign.id)
        states = self._states(action)
        self.assertEqual(states, {self.hidden: "skipped", self.shared: "done"})
        self.assertFalse(self.hidden.user_id)
        run = action.run_ids.filtered(lambda run: run.partner_id == self.hidden)
        self.assertIn(self.env.company.name, run.message)

    def test_leads_of_another_company_are_left_alone(self):
        segment = self.make_segment(target="lead")
        vals = {"kind": "activity", "activity_type_id": self.todo.id}
        action = self._switch_on(self.foreign, segment, **vals)
        self.assertEqual(self._states(action)[self.lead], "skipped")
        self.assertFalse(self.lead.activity_ids)

    def test_all_leads_of_ones_company_are_treated(self):
        segment = self.make_segment(target="lead")
        self.marketer.group_ids = self.env.ref(
            "crm_segmentation.group_segmentation_user"
        )
        vals = {"kind": "activity", "activity_type_id": self.todo.id}
        action = self._switch_on(self.marketer, segment, **vals)
        self.assertEqual(set(self._states(action).values()), {"done"})

    def test_a_branch_treats_the_contacts_of_its_parent(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.env.company.id}
        )
        self.foreign.write(
            {"company_ids": [Command.set(branch.ids)]} | {"company_id": branch.id}
        )
        self._enter(self.hidden)
        action = self._switch_on(self.foreign)
        self.assertEqual(self._states(action), {self.hidden: "done"})

    def test_a_trial_names_nobody_of_another_company(self):
        self._enter(self.hidden | self.shared)
        action = self._action(on=False)
        trials = self.env["crm.segment.dry.run"]
        trial = trials.with_user(self.foreign).create({"action_id": action.id})
        self.assertEqual((trial.tried_count, trial.done_count), (1, 1))
        self.assertNotIn(self.hidden.name, trial.report)
        self.assertEqual(trials.create({"action_id": action.id}).tried_count, 2)

    def test_runs_and_claims_of_hidden_records_are_hidden(self):
        self._enter(self.hidden | self.shared)
        self._action(segment=self.segment)
        self._switch_on(self.env.user)
        for model in ("crm.segment.run", "crm.segment.claim"):
            with self.subTest(model):
                rows = self.env[model].search([("segment_id", "=", self.segment.id)])
                self.assertEqual(rows.partner_id, self.hidden | self.shared)
                seen = rows.with_user(self.foreign).search([("id", "in", rows.ids)])
                self.assertEqual(seen.sudo().partner_id, self.shared)
                own = rows.with_user(self.marketer).search([("id", "in", rows.ids)])
                self.assertEqual(own, rows)
        lead_segment = self.make_segment(target="lead")
        vals = {"kind": "activity", "activity_type_id": self.todo.id}
        runs = self._switch_on(self.env.user, lead_segment, **vals).run_ids
        seen = runs.with_user(self.foreign).search([("id", "in", runs.ids)])
        self.assertNotIn(self.lead, seen.sudo().lead_id)

    def _figures(self, segment):
        """The sizes and refreshes of a segment."""
        domain = [("segment_id", "=", segment.id)]
        Snapshot = self.env["crm.segment.snapshot"]
        Snapshot._write_snapshots()
        return Snapshot.search(domain), self.env["crm.segment.log"].search(domain)

    def test_figures_of_hidden_members_are_hidden(self):
        segment = self.make_segment(("id", "in", (self.hidden | self.shared).ids))
        for rows in self._figures(segment):
            self.assertTrue(rows)
            self.assertTrue(
                rows.with_user(self.marketer).search([("id", "in", rows.ids)])
            )
            with self.assertRaises(AccessError):
                rows.with_user(self.foreign).read(["segment_id"])
            self.assertFalse(
                rows.with_user(self.foreign).search([("id", "in", rows.ids)])
            )
        shared = self.make_segment(("id", "=", self.shared.id))
        for rows in self._figures(shared):
            rows.with_user(self.foreign).read(["segment_id"])
        self.foreign.company_ids |= self.env.company
        self.env.flush_all()
        for rows in self._figures(segment):
            rows.with_user(self.foreign).read(["segment_id"])

    def test_figures_of_leads_are_for_who_sees_all_leads(self):
        segment = self.make_segment(target="lead")
        sizes, _log = self._figures(segment)
        sizes.with_user(self.marketer).read(["size"])
        self.assertTrue(segment.with_user(self.marketer).has_visible_figures)
        self.assertFalse(segment.with_user(self.salesperson).has_visible_figures)
        with self.assertRaises(AccessError):
            sizes.with_user(self.salesperson).read(["size"])
        with self.assertRaises(AccessError):
            segment.with_user(self.salesperson).read(["last_entered"])
        views = self.Segment.with_user(self.salesperson).get_views([(False, "form")])
        self.assertNotIn("last_left", views["views"]["form"]["arch"])
