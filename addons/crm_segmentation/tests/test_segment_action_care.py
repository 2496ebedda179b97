from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.crm_segmentation.models import crm_segment_run as job

from .common import ActionCase


@tagged("post_install", "-at_install")
class TestSegmentActionCare(ActionCase):
    """Nothing is sent by a trial, nothing is lost or done twice by the job."""

    def _empty(self, segment):
        segment.write({"domain": "[('id', '=', 0)]"})
        segment.refresh()

    def _server_action(self, **vals):
        return self.env["ir.actions.server"].create(
            {
                "name": "Server action",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                **vals,
            }
        )

    def _try(self, action):
        wizard = self.env["crm.segment.dry.run"].create({"action_id": action.id})
        return wizard.done_count, wizard

    # === TRIALS === #
    def test_a_trial_sends_no_text(self):
        self.partner.phone = "+359 88 812 3456"
        self._enter(self.partner)
        action = self._action(on=False, kind="sms", message="Hello")
        with patch.object(type(self.env["sms.sms"]), "send") as send:
            done, _wizard = self._try(action)
            self.assertEqual(done, 1)
            self.assertFalse(self.env["sms.sms"].search([("body", "ilike", "Hello")]))
            action.with_context(is_confirmed=True).action_switch_on()
            action._plan_present()
            self._work()
            send.assert_not_called()
        self.assertEqual(action.run_ids.state, "done")
        self.assertEqual(
            self.env["sms.sms"].search([("partner_id", "=", self.partner.id)]).state,
            "outgoing",
            "the queue sends it: once, however often the job is stopped",
        )

    def _told(self, action):
        """How many pushes left at once, and how many mails leave at the commit."""
        pushed = "odoo.addons.mail.models.mail_thread.push_to_end_point"
        mails = self.env.registry["mail.mail"]
        with patch(pushed) as push, patch.object(mails, "send_after_commit") as mail:
            action()
        return push.call_count, mail.call_count

    def test_a_trial_tells_nobody(self):
        self._enter(self.partner)
        self.segment.user_id = self.marketer
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("mail.web_push_vapid_private_key", "key")
        parameters.set_param("mail.web_push_vapid_public_key", "key")
        self.env["mail.push.device"].create(
            {
                "partner_id": self.marketer.partner_id.id,
                "endpoint": "https://push.example.com/1",
                "keys": "{}",
            }
        )
        for kind, told in (("inbox", (1, 0)), ("email", (0, 1))):
            self.marketer.notification_type = kind
            action = self._action(on=False, kind="notify", message="Look")
            self.assertEqual(self._told(lambda a=action: self._try(a)), (0, 0))
            action.with_context(is_confirmed=True).action_switch_on()
            action._plan_present()
            self.assertEqual(self._told(self._work), told)

    def test_texts_of_a_server_action_are_not_tried(self):
        inner = self._server_action(state="sms")
        outer = self._server_action(state="multi", child_ids=[Command.set(inner.ids)])
        action = self._action(on=False, kind="server_action", server_action_id=outer.id)
        self.assertIn("not tried", self._try(action)[1].problem)

    # === RIGHTS === #
    def test_nobody_acts_in_the_name_of_another(self):
        admin = self.env.ref("base.user_admin")
        action = self._action(on=False).with_user(self.marketer)
        for vals in (
            {"user_id": admin.id},
            {"is_on": True},
            {"since": "2020-01-01 00:00:00"},
        ):
            with self.assertRaises(UserError):
                action.write(vals)
            with self.assertRaises(UserError):
                self.env["crm.segment.action"].with_user(self.marketer).create(
                    {"segment_id": self.segment.id, "name": "No", **vals}
                )
        action.action_switch_on()
        self.assertEqual(action.user_id, self.marketer)

    def test_what_is_on_stays_as_it_is(self):
        first = self._server_action(state="object_write")
        second = self._server_action(state="object_write")
        action = self._action(kind="server_action", server_action_id=first.id)
        with self.assertRaisesRegex(UserError, "Switch the action off"):
            action.with_user(self.marketer).server_action_id = second
        action.with_user(self.marketer).name = "Renamed"

    # === WHAT IS PLANNED === #
    def test_switched_off_and_on_again(self):
        action = self._action(delay=1)
        self._enter(self.partner)
        self._work()
        action.action_switch_off()
        self.assertEqual(action.run_ids.state, "cancelled")
        wizard = self.env["crm.segment.dry.run"].create({"action_id": action.id})
        wizard.for_present = True
        wizard.action_switch_on()
        self.assertEqual(action.run_ids.state, "planned")

    def test_from_entry_to_exit(self):
        action = self._action(kind="activity", activity_type_id=self.todo.id)
        self._enter(self.partner)
        self._work()
        action.action_switch_off()
        action.trigger = "exit"
        action.with_context(is_confirmed=True).action_switch_on()
        self._leave(self.partner)
        self._work()
        self.assertEqual(action.run_ids.mapped("state"), ["done", "done"])

    def test_an_exit_is_not_for_present_members(self):
        self._enter(self.partner)
        action = self._action(
            on=False, trigger="exit", kind="activity", activity_type_id=self.todo.id
        )
        wizard = self.env["crm.segment.dry.run"].create({"action_id": action.id})
        wizard.for_present = True
        wizard.action_switch_on()
        self.assertFalse(action.run_ids)

    def test_archived_waits(self):
        action = self._action()
        self._enter(self.partner)
        action.active = False
        self._work()
        self.assertFalse(action.run_ids)
        action.active = True
        self.segment.active = False
        self.assertFalse(self._work())

    def test_a_tag_again_and_again(self):
        action = self._action(trigger="stay", stay_days=1)
        self._enter(self.partner)
        for day in (1, 2, 3):
            with self.later(days=day, minutes=1):
                self._work()
            self.partner.category_id = False
        self.assertEqual(action.run_ids.mapped("state"), ["done"] * 3)

    # === CLAIMS === #
    def _owner_action(self, priority, user, **vals):
        segment = self.make_segment(("city", "=", "Ruse"), priority=priority)
        self._action(segment=segment, kind="owner", owner_id=user.id, **vals)
        return segment

    def test_a_hand_edit_between_two_segments(self):
        first = self._owner_action(5, self.salesperson)
        self._enter(self.partner, first)
        self._work()
        by_hand = self.env.ref("base.user_admin")
        self.partner.user_id = by_hand
        second = self.make_segment(("function", "=", "CEO"), priority=6)
        self._action(segment=second, kind="owner", owner_id=self.marketer.id)
        self.partner.function = "CEO"
        self.env.cr.flush()
        second.refresh()
        self._work()
        self.assertEqual(self.partner.user_id, self.marketer)
        self._empty(second)
        self._empty(first)
        self._work()
        self.assertEqual(self.partner.user_id, by_hand)

    def test_what_stays_after_an_exit_wins_over_nobody(self):
        first = self._owner_action(1, self.salesperson, is_reverted=False)
        self._enter(self.partner, first)
        self._work()
        self._empty(first)
        self._work()
        self.assertEqual(self.partner.user_id, self.salesperson, "it stays")
        second = self._owner_action(9, self.marketer)
        self._leave(self.partner, second)
        self._enter(self.partner, second)
        self._work()
        self.assertEqual(self.partner.user_id, self.marketer)

    def test_two_segments_want_the_same_owner(self):
        before = self.env.ref("base.user_admin")
        self.partner.user_id = before
        first = self._owner_action(1, self.salesperson)
        second = self._owner_action(2, self.salesperson)
        self._enter(self.partner, first)
        second.refresh()
        self._work()
        self._empty(first)
        self._work()
        self.assertEqual(self.partner.user_id, self.salesperson, "the second's too")
        self._empty(second)
        self._work()
        self.assertEqual(self.partner.user_id, before)

    def test_a_former_owner_who_is_gone(self):
        gone = new_test_user(self.env, "seg_gone", groups="base.group_user")
        self.partner.user_id = gone
        segment = self._owner_action(1, self.salesperson)
        tagged_too = self._action(segment=segment)
        self._enter(self.partners[:2], segment)
        self._work()
        self.assertEqual(tagged_too.run_ids.mapped("state"), ["done"] * 2)
        gone.unlink()
        self._empty(segment)
        self._work()
        self.assertFalse(self.partner.user_id)
        self.assertFalse(self.partners[:2].category_id, "it stops no other")
        self.assertFalse(
            self.env["crm.segment.claim"].search(
                [("partner_id", "in", self.partners.ids)]
            )
        )

    def test_deleted_segments_give_back(self):
        segment = self._owner_action(1, self.salesperson)
        self._enter(self.partner, segment)
        self._work()
        self.assertEqual(self.partner.user_id, self.salesperson)
        segment.unlink()
        self._work()
        self.assertFalse(self.partner.user_id)
        self._leave(self.partner)
        action = self._action()
        self._enter(self.partner)
        self._work()
        self.assertIn(self.tag, self.partner.category_id)
        action.unlink()
        self._work()
        self.assertNotIn(self.tag, self.partner.category_id)

    def test_a_pause_gives_nothing_back(self):
        self._action()
        self._enter(self.partner)
        self._work()
        self.segment.is_paused = True
        self._leave(self.partner)
        self._work()
        self.assertIn(self.tag, self.partner.category_id)
        self.segment.is_paused = False
        self._work()
        self.assertNotIn(self.tag, self.partner.category_id)

    # === THE JOB === #
    def test_in_batches_that_go_on(self):
        people = self.env["res.partner"].create(
            [{"name": f"Many {n}", "ref": "segment-test"} for n in range(250)]
        )
        action = self._action()
        self._enter(people)
        sizes = []

        def commit(_cron, processed=0, **_vals):
            sizes.append(processed)
            return 0 if sum(sizes) == 2 * job.BATCH else 60

        with patch.object(IrCron, "_commit_progress", commit):
            self.Run._cron_run()
            self.assertEqual(sum(sizes), 2 * job.BATCH, "stopped: time is over")
            self.assertEqual(action.done_count, 2 * job.BATCH)
            self.Run._cron_run()
            self.assertEqual(max(sizes), job.BATCH)
        self.assertEqual(sum(sizes), 250)
        self.assertEqual(set(action.run_ids.mapped("state")), {"done"})
        self.assertEqual(len(action.run_ids), 250)

    def test_a_batch_that_met_a_change_is_done_anew(self):
        action = self._action()
        self._enter(self.partners[:2])
        failures = [SerializationFailure(), SerializationFailure()]
        execute = type(self.Run)._execute_some

        def sometimes(runs):
            if failures:
                raise failures.pop()
            return execute(runs)

        with (
            patch.object(type(self.Run), "_execute_some", sometimes),
            patch.object(IrCron, "_commit_progress", return_value=60),
            patch.object(self.env.cr, "rollback") as rollback,
        ):
            self.Run._cron_run()
        self.assertEqual(rollback.call_count, 2)
        self.assertEqual(action.run_ids.mapped("state"), ["done"] * 2)

    def test_an_action_that_deletes(self):
        server_action = self._server_action(
            state="code", code=f"if record.id == {self.partners[5].id}: record.unlink()"
        )
        action = self._action(kind="server_action", server_action_id=server_action.id)
        self._enter(self.partners[4:6])
        self._work()
        self.assertFalse(self.partners[5].exists())
        self.assertEqual(action.run_ids.mapped("state"), ["done"])

    def test_a_goal_that_no_longer_works(self):
        action = self._action(holdout=50, goal_domain="[('gone', '=', 1)]")
        self._enter(self.partners)
        self._work()
        action.invalidate_recordset(["uplift_text"])
        self.assertTrue(action.uplift_text)

    def test_the_goal_takes_time(self):
        people = self.env["res.partner"].create(
            [{"name": f"Goal {n}", "ref": "segment-test"} for n in range(40)]
        )
        action = self._action(holdout=50, goal_days=7)
        self._enter(people)
        self._work()
        self.assertNotIn("points", action.uplift_text)
        with self.later(days=8):
            action.invalidate_recordset(["uplift_text"])
            self.assertIn("points", action.uplift_text)

    def test_every_kind_for_a_lead(self):
        lead = self.leads[0]
        segment = self.make_segment(("city", "=", "Ruse"), target="lead")
        tag = self.env["crm.tag"].create({"name": "From a segment"})
        plan = self.env["mail.activity.plan"].create(
            {
                "name": "Plan",
                "res_model": "crm.lead",
                "template_ids": [
                    Command.create(
                        {
                            "activity_type_id": self.todo.id,
                            "responsible_type": "on_demand",
                            "summary": "Call",
                        }
                    )
                ],
            }
        )
        kinds = [
            {"kind": "tag", "lead_tag_id": tag.id},
            {"kind": "plan", "plan_id": plan.id},
            {"kind": "notify", "message": "Look at it"},
            {"kind": "owner", "owner_id": self.marketer.id},
            {"kind": "activity", "activity_type_id": self.todo.id, "message": "Do"},
        ]
        actions = [self._action(segment=segment, **vals) for vals in kinds]
        lead.city = "Ruse"
        self.env.cr.flush()
        segment.refresh()
        self._work()
        for action in actions:
            self.assertEqual(action.run_ids.state, "done", action.run_ids.message)
        self.assertEqual(lead.tag_ids, tag)
        self.assertEqual(lead.user_id, self.marketer)
        summaries = lead.activity_ids.mapped("summary")
        self.assertEqual(sorted(summaries), ["Call", "Do"])
