from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ActionCase


@tagged("post_install", "-at_install")
class TestSegmentAction(ActionCase):
    """What is done for those who enter, stay and leave."""

    def test_a_new_action_tells_no_effect(self):
        draft = self.env["crm.segment.action"].new({"segment_id": self.segment.id})
        self.assertIs(draft.uplift_text, False)

    def test_on_entry_once(self):
        action = self._action()
        self._enter(self.partner)
        self._work()
        self.assertEqual(self.partner.category_id & self.tag, self.tag)
        self.assertEqual(action.run_ids.mapped("state"), ["done"])
        self.assertFalse(self._work(), "the same entry twice does nothing")
        self.assertEqual(action.done_count, 1)

    def test_nothing_after_a_first_fill(self):
        self.partners[1:4].write({"city": "Ruse"})
        segment = self.make_segment(("city", "=", "Ruse"), refresh=False)
        action = self._action(segment=segment)
        segment.refresh()
        self.assertEqual(segment.member_count, 3)
        self._work()
        self.assertFalse(action.run_ids)

    def test_members_of_before_are_left_alone_unless_asked(self):
        with freeze_time("2026-03-01 08:00:00"):
            self._enter(self.partner)
        action = self._action(on=False)
        wizard = self.env["crm.segment.dry.run"].create({"action_id": action.id})
        wizard.action_switch_on()
        self._work()
        self.assertFalse(action.run_ids)
        action.action_switch_off()
        wizard.for_present = True
        wizard.action_switch_on()
        self._work()
        self.assertEqual(action.run_ids.partner_id, self.partner)

    def test_delay_and_leaving_before(self):
        action = self._action(delay=2, delay_unit="days")
        self._enter(self.partners[:2])
        self.assertFalse(self._work())
        self.assertEqual(action.run_ids.mapped("state"), ["planned"] * 2)
        self._leave(self.partner)
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            self._work()
        states = {run.partner_id: run.state for run in action.run_ids}
        self.assertEqual(states, {self.partner: "cancelled", self.partners[1]: "done"})

    def test_once_ever_and_each_time(self):
        ever = self._action(frequency="ever")
        each = self._action(kind="activity", activity_type_id=self.todo.id)
        for _turn in range(2):
            self._enter(self.partner)
            self._work()
            self._leave(self.partner)
            self._work()
        self.assertEqual(len(ever.run_ids), 1)
        self.assertEqual(len(each.run_ids), 2)
        self.assertEqual(len(self.partner.activity_ids), 2)

    def test_on_exit(self):
        action = self._action(
            trigger="exit", kind="activity", activity_type_id=self.todo.id
        )
        self._enter(self.partner)
        self.assertFalse(self._work())
        self._leave(self.partner)
        self._work()
        self.assertEqual(action.run_ids.mapped("state"), ["done"])

    def test_while_a_member(self):
        with freeze_time("2026-03-01 08:00:00"):
            action = self._action(
                trigger="stay",
                stay_days=7,
                kind="activity",
                activity_type_id=self.todo.id,
            )
            self._enter(self.partner)
            self.assertFalse(self._work())
        with freeze_time("2026-03-08 09:00:00"):
            self._work()
            self._work()
            self.assertEqual(len(action.run_ids), 1)
        with freeze_time("2026-03-15 09:00:00"):
            self._work()
        self.assertEqual(action.run_ids.mapped("state"), ["done"] * 2)

    def test_tag_goes_on_exit_if_the_segment_set_it(self):
        self._action()
        self.partners[1].category_id |= self.tag
        self._enter(self.partners[:2])
        self._work()
        states = self.Run.search([("partner_id", "=", self.partners[1].id)])
        self.assertEqual(states.state, "skipped", "it was there already")
        self._leave(self.partners[:2])
        self._work()
        self.assertNotIn(self.tag, self.partner.category_id)
        self.assertIn(self.tag, self.partners[1].category_id)

    def test_two_segments_claim_one_tag(self):
        other = self.make_segment(("is_company", "=", True), ("city", "=", "Ruse"))
        self._action()
        self._action(segment=other)
        self._enter(self.partner, other)
        self.segment.refresh()
        self._work()
        self.assertIn(self.tag, self.partner.category_id)
        other.write({"domain": "[('id', '=', 0)]"})
        other.refresh()
        self._work()
        self.assertIn(self.tag, self.partner.category_id, "the other still says so")
        self._leave(self.partner)
        self._work()
        self.assertNotIn(self.tag, self.partner.category_id)

    def _owners(self):
        first, second = self.salesperson, self.marketer
        strong = self.make_segment(("city", "=", "Ruse"), priority=1)
        weak = self.make_segment(("city", "=", "Ruse"), priority=9)
        self._action(segment=weak, kind="owner", owner_id=first.id)
        self._action(segment=strong, kind="owner", owner_id=second.id)
        return strong, weak, first, second

    def test_owner_by_priority_and_back(self):
        strong, weak, first, second = self._owners()
        before = self.env.user
        self.partner.user_id = before
        self._enter(self.partner, strong)
        weak.refresh()
        self._work()
        self.assertEqual(self.partner.user_id, second, "the lower number wins")
        strong.write({"domain": "[('id', '=', 0)]"})
        strong.refresh()
        self._work()
        self.assertEqual(self.partner.user_id, first, "the next one holds")
        weak.write({"domain": "[('id', '=', 0)]"})
        weak.refresh()
        self._work()
        self.assertEqual(self.partner.user_id, before, "the original comes back")

    def test_a_hand_edit_is_kept(self):
        strong, weak, _first, _second = self._owners()
        self._enter(self.partner, strong)
        weak.refresh()
        self._work()
        by_hand = self.env.ref("base.user_admin")
        self.partner.user_id = by_hand
        for segment in (strong, weak):
            segment.write({"domain": "[('id', '=', 0)]"})
            segment.refresh()
        self._work()
        self.assertEqual(self.partner.user_id, by_hand)

    def test_blacklisted_gets_no_mail(self):
        template = self.env["mail.template"].create(
            {
                "name": "Welcome",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "email_to": "{{ object.email }}",
                "subject": "Welcome",
                "body_html": "<p>Hello</p>",
            }
        )
        action = self._action(kind="email", mail_template_id=template.id)
        self.partners[0].email = "good@example.com"
        self.partners[1].email = "bad@example.com"
        self.partners[2].email = False
        self.env["mail.blacklist"]._add("bad@example.com")
        self._enter(self.partners[:3])
        self._work()
        found = {run.partner_id: (run.state, run.message) for run in action.run_ids}
        self.assertEqual(found[self.partners[0]][0], "done")
        self.assertEqual(found[self.partners[1]][0], "skipped")
        self.assertIn("blacklist", found[self.partners[1]][1])
        self.assertEqual(found[self.partners[2]][0], "skipped")

    def test_cap_of_the_day(self):
        self.env.company.segment_cap_day = 1
        template = self.env["mail.template"].create(
            {
                "name": "Mail",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "email_to": "{{ object.email }}",
                "subject": "Hello",
            }
        )
        self.partner.email = "cap@example.com"
        actions = [
            self._action(kind="email", mail_template_id=template.id) for _n in range(2)
        ]
        self._enter(self.partner)
        self._work()
        states = [action.run_ids.state for action in actions]
        self.assertEqual(sorted(states), ["done", "planned"])
        with freeze_time(fields.Datetime.now() + timedelta(days=1, minutes=1)):
            self._work()
        self.assertEqual([a.run_ids.state for a in actions], ["done", "done"])

    def test_one_failure_stops_no_other(self):
        server_action = self.env["ir.actions.server"].create(
            {
                "name": "Fails for one",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": "record.write({'color': 1 / (record.id"
                f" - {self.partner.id})}})",
            }
        )
        action = self._action(kind="server_action", server_action_id=server_action.id)
        self._enter(self.partners[:3])
        self._work()
        states = {run.partner_id: run.state for run in action.run_ids}
        self.assertEqual(states[self.partner], "failed")
        self.assertEqual(states[self.partners[1]], "done")
        failed = action.run_ids.filtered(lambda run: run.state == "failed")
        self.assertIn("zero", failed.message)
        failed.with_user(self.marketer).action_retry()
        self.assertEqual(failed.state, "planned")

    def test_pauses(self):
        action = self._action()
        self._enter(self.partner)
        self.env.company.segment_actions_paused = True
        self.assertFalse(self._work())
        self.env.company.segment_actions_paused = False
        self.segment.is_paused = True
        self.assertFalse(self._work())
        self.segment.is_paused = False
        self._work()
        self.assertEqual(action.run_ids.mapped("state"), ["done"])

    def test_dry_run_is_honest(self):
        self._enter(self.partners[:3])
        self.partners[1].category_id |= self.tag
        action = self._action(on=False)
        wizard = self.env["crm.segment.dry.run"].create({"action_id": action.id})
        tried = (wizard.done_count, wizard.skipped_count, wizard.failed_count)
        self.assertEqual(tried, (2, 1, 0))
        self.assertNotIn(self.tag, self.partner.category_id, "nothing has happened")
        self.assertFalse(action.run_ids)
        wizard.for_present = True
        wizard.action_switch_on()
        self._work()
        states = action.run_ids.mapped("state")
        self.assertEqual(
            (states.count("done"), states.count("skipped"), states.count("failed")),
            tried,
        )

    def test_code_is_not_tried(self):
        server_action = self.env["ir.actions.server"].create(
            {
                "name": "Code",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": "pass",
            }
        )
        action = self._action(
            on=False, kind="server_action", server_action_id=server_action.id
        )
        wizard = self.env["crm.segment.dry.run"].create({"action_id": action.id})
        self.assertIn("not tried", wizard.problem)
        self.assertFalse(wizard.tried_count)

    def test_holdout_and_uplift(self):
        people = self.env["res.partner"].create(
            [{"name": f"Held {n}", "ref": "segment-test"} for n in range(200)]
        )
        action = self._action(
            holdout=50, goal_domain=f"[('category_id', 'in', [{self.tag.id}])]"
        )
        self._enter(people)
        self._work()
        states = action.run_ids.mapped("state")
        self.assertEqual(states.count("done") + states.count("held_out"), 200)
        self.assertTrue(60 < states.count("held_out") < 140)
        self.assertIn("+100 points", action.uplift_text)
        sides = {run.partner_id: run.state for run in action.run_ids}
        self._leave(people)
        self._enter(people)
        self._work()
        again = {run.partner_id: run.state for run in action.run_ids[:200]}
        self.assertEqual(sides, again, "always on the same side")

    def test_everybody_is_asked_about(self):
        everybody = self.Segment.create({"name": "All", "domain": "[]"})
        action = self._action(on=False, segment=everybody)
        answer = action.action_switch_on()
        self.assertEqual(answer["res_model"], "crm.segment.dry.run")
        self.assertFalse(action.is_on)

    def test_what_is_missing_is_said(self):
        action = self._action(on=False, partner_tag_id=False)
        with self.assertRaisesRegex(UserError, "Contact Tag"):
            action.action_switch_on()
        template = self.env["mail.template"].create(
            {"name": "Lead", "model_id": self.env["ir.model"]._get_id("crm.lead")}
        )
        with self.assertRaises(ValidationError):
            self._action(on=False, kind="email", mail_template_id=template.id)

    def test_roles(self):
        action = self._action(on=False)
        with self.assertRaises(AccessError):
            action.with_user(self.salesperson).action_switch_on()
        with self.assertRaises(AccessError):
            self.Run.with_user(self.salesperson).search([])
        action.with_user(self.marketer).action_switch_on()
        self.assertEqual(action.user_id, self.marketer)
        with self.assertRaises(AccessError):
            self.Run.with_user(self.marketer).create(
                {"action_id": action.id, "segment_id": self.segment.id}
            )
        company = self.env["res.company"].create({"name": "Other"})
        self.segment.company_id = company
        self.env.flush_all()
        visible = self.env["crm.segment.action"].with_user(self.marketer)
        self.assertFalse(visible.search([("id", "=", action.id)]))
