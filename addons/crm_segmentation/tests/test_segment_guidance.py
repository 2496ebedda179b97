from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentGuidance(SegmentCase):
    """The first steps and the health line: what marketers read above the list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param(
            "crm_segmentation.onboarding_closed", False
        )
        cls.env.flush_all()
        cls.env.cr.execute("UPDATE crm_segment SET create_uid = %s", [SUPERUSER_ID])
        cls.env.invalidate_all()
        cls.onboarding = cls.env["crm.segment.onboarding"].with_user(cls.marketer)
        cls.health = cls.env["crm.segment.health"].with_user(cls.marketer)

    def done(self):
        self.env.flush_all()
        return [s["code"] for s in self.onboarding.get_onboarding() if s["is_done"]]

    def make_own(self, **vals):
        return self.Segment.with_user(self.marketer).create({"name": "Own", **vals})

    def test_four_steps(self):
        steps = self.onboarding.get_onboarding()
        codes = [step["code"] for step in steps]
        self.assertEqual(codes, ["segment", "members", "combine", "act"])
        for step in steps:
            self.assertTrue(step["title"] and step["text"] and step["label"])
            action = self.onboarding.open_step(step["code"])
            self.assertEqual(action["type"], "ir.actions.act_window")
        self.assertNotIn("segment", self.done(), "opening a step does not do it")

    def test_steps_are_done_by_the_data(self):
        segment = self.make_own(domain="[('ref', '=', 'segment-test')]")
        self.assertIn("segment", self.done())
        self.assertNotIn("members", self.done())
        action = self.onboarding.open_step("members")
        self.assertEqual(action["domain"], [("segment_ids", "in", segment.ids)])
        self.assertIn("members", self.done(), "looking at a new segment fills it")
        self.assertEqual(self.onboarding.open_step("act")["res_id"], segment.id)

    def test_the_last_step_is_an_action_of_ones_own(self):
        self.env["crm.segment.action"].search([]).unlink()
        segment = self.make_own()
        vals = {"segment_id": segment.id, "kind": "notify", "message": "Look"}
        self.env["crm.segment.action"].with_user(SUPERUSER_ID).create(vals)
        self.assertNotIn("act", self.done(), "the sample's action does not count")
        self.env["crm.segment.action"].with_user(self.marketer).create(vals)
        self.assertIn("act", self.done())

    def test_closed_for_the_company(self):
        self.onboarding.close()
        self.assertEqual(self.onboarding.get_onboarding(), [])
        other = self.env["res.company"].create({"name": "Other"})
        self.marketer.company_ids |= other
        elsewhere = self.onboarding.with_company(other)
        self.assertEqual(len(elsewhere.get_onboarding()), 4)

    def test_unknown_step(self):
        for code in ("nothing", None, {}, "close"):
            with self.assertRaises(UserError):
                self.onboarding.open_step(code)

    def test_only_for_marketers(self):
        onboarding = self.onboarding.with_user(self.salesperson)
        health = self.health.with_user(self.salesperson)
        for method in (onboarding.get_onboarding, onboarding.close, health.get_health):
            with self.assertRaises(AccessError):
                method()
        with self.assertRaises(AccessError):
            onboarding.open_step("segment")
        with self.assertRaises(AccessError):
            health.open_problem("broken")

    def problems(self):
        self.env.flush_all()
        return {found["code"]: found for found in self.health.get_health()}

    def test_healthy(self):
        self.make_segment()
        self.assertNotIn("broken", self.problems())
        self.assertNotIn("late", self.problems())

    def test_broken_and_late(self):
        broken = self.make_segment(name="Old rule")
        broken.error_message = "No such field."
        late = self.make_segment(name="Waiting long")
        late.next_refresh_at = "2020-01-01 00:00:00"
        problems = self.problems()
        self.assertIn("Old rule", problems["broken"]["message"])
        self.assertEqual(problems["broken"]["level"], "danger")
        self.assertIn("Waiting long", problems["late"]["message"])
        self.assertEqual(self.health.open_problem("broken")["res_id"], broken.id)
        self.assertEqual(self.health.open_problem("late")["res_id"], late.id)
        broken.error_message = False
        with self.assertRaises(UserError):
            self.health.open_problem("broken")

    def test_job_switched_off(self):
        self.assertNotIn("job_off", self.problems())
        self.env.ref("crm_glossary_core.ir_cron_refresh").active = False
        self.assertEqual(self.problems()["job_off"]["level"], "danger")
