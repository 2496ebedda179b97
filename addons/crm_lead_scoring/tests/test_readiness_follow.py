from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_lead_scoring.models import crm_lead_score_run

from .common_readiness import ReadinessCase

LOGGER = "odoo.addons.crm_lead_scoring.models.crm_lead_score_run"


@tagged("post_install", "-at_install")
class TestReadinessFollow(ReadinessCase):
    """What follows: once, in order, logged, and never in circles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = new_test_user(
            cls.env, "follow_seller", groups="sales_team.group_sale_salesman"
        )
        cls.model.state = "live"

    def _make_ready(self, name="Ready", **values):
        tags = self.tag_40 + self.tag_30
        values = {"user_id": self.person.id, **values}
        return self._make_lead(name, tag_ids=tags.ids, **values)

    def _make_marker(self, text, **values):
        """An action that leaves a line in the lead's description."""
        code = f"record.write({{'referred': (record.referred or '') + '{text}'}})"
        return self._make_action(code, name=f"Mark {text}", **values)

    def _run_job(self):
        """Run the scheduled job in a transaction of its own, until it is stopped."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            try:
                self.Run.with_env(self.env(cr=cr))._cron_follow()
            except KeyboardInterrupt:
                cr.rollback()
        self.env.invalidate_all()

    def _make_plan(self):
        return self.env["mail.activity.plan"].create(
            {
                "name": "First contact",
                "res_model": "crm.lead",
                "template_ids": [
                    Command.create(
                        {
                            "activity_type_id": self.env.ref(
                                "mail.mail_activity_data_call"
                            ).id,
                            "summary": "Call at once",
                            "responsible_type": "on_demand",
                        }
                    )
                ],
            }
        )

    def test_nothing_in_observe(self):
        self.model.state = "observe"
        self.model.ready_action_ids = self._make_marker("a")
        lead = self._make_ready()
        self._end()
        self.assertTrue(lead.is_sales_ready)
        self.assertFalse(self._runs(lead))
        self.assertFalse(lead.handover_ids)
        self.assertFalse(lead.referred)

    def test_everything_that_follows(self):
        plan = self._make_plan()
        self.model.write(
            {
                "ready_convert": True,
                "ready_notify": True,
                "ready_activity_plan_id": plan.id,
                "ready_action_ids": (
                    self._make_marker("a") + self._make_marker("b")
                ).ids,
            }
        )
        lead = self._make_ready(type="lead")
        self._end()
        runs = self._runs(lead)
        self.assertEqual(
            runs.mapped("kind"),
            ["handover", "convert", "plan", "notify", "action", "action"],
        )
        self.assertEqual(set(runs.mapped("state")), {"done"}, runs.mapped("message"))
        self.assertEqual(set(runs.mapped("direction")), {"ready"})
        self.assertTrue(all(runs.mapped("done_at")))
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.referred, "ab")
        self.assertEqual(lead.activity_ids.user_id, self.person)
        self.assertEqual(lead.handover_ids.state, "offered")
        notified = self.env["mail.message"].search(
            [("model", "=", "crm.lead"), ("res_id", "=", lead.id),
             ("message_type", "=", "user_notification")]
        )  # fmt: skip
        self.assertEqual(notified.partner_ids, self.person.partner_id)
        # Nothing more follows from the same.
        self._refresh()
        self._end()
        self.assertEqual(self._runs(lead), runs)
        self.assertEqual(lead.referred, "ab")

    def test_no_longer_ready(self):
        self.model.unready_action_ids = self._make_marker("x")
        lead = self._make_ready()
        self._end()
        self._set_points(lead, 40)
        self._end()
        self.assertEqual(lead.referred, "x")
        self.assertEqual(lead.handover_ids.state, "withdrawn")
        runs = self._runs(lead, direction="unready")
        self.assertEqual(runs.mapped("kind"), ["withdraw", "action"])
        self.assertEqual(set(runs.mapped("number")), {2})

    def test_key_is_unique(self):
        lead = self._make_ready()
        self._end()
        runs = self._runs(lead)
        for _time in range(2):
            self.model._follow([(lead.id, True, lead.score_id.transitions)])
            self._end()
        self.assertEqual(self._runs(lead), runs)
        self.assertEqual(len(lead.handover_ids), 1)

    def test_failure_stops_no_other(self):
        bad = self._make_action("raise UserError('No way')", name="Bad")
        worse = self._make_action("env.cr.execute('SELECT no_such_column')")
        worst = self._make_action("record.write({'name': False})")
        self.model.ready_action_ids = (
            self._make_marker("a") + bad + worse + worst + self._make_marker("b")
        )
        with mute_logger("odoo.sql_db", LOGGER):
            lead = self._make_ready()
            self._end()
        self.assertEqual(lead.referred, "ab")
        self.assertTrue(lead.name)
        failed = self._runs(lead, state="failed")
        self.assertEqual(len(failed), 3)
        self.assertIn("No way", failed[0].message)
        self.assertIn("no_such_column", failed[1].message)
        # Mended and tried again.
        bad.code = "record.write({'referred': record.referred + 'c'})"
        failed[0].action_retry()
        self.assertEqual(failed[0].state, "done")
        self.assertEqual(lead.referred, "abc")

    def test_deleted_and_changed_actions(self):
        gone, moved = self._make_marker("a"), self._make_marker("b")
        self.model.ready_action_ids = gone + moved
        lead = self._make_ready()
        self._settle()
        gone.unlink()
        self.cr.execute(
            "UPDATE ir_act_server SET model_id = %s WHERE id = %s",
            [self.env["ir.model"]._get_id("res.partner"), moved.id],
        )
        self.env.invalidate_all()
        with mute_logger(LOGGER):
            self._end()
        skipped, failed = self._runs(lead, kind="action")
        self.assertEqual((skipped.state, failed.state), ("skipped", "failed"))
        self.assertIn("deleted", skipped.message)
        self.assertIn("not an action for leads", failed.message)

    def test_action_that_deletes_the_lead(self):
        self.model.ready_action_ids = self._make_action("record.unlink()")
        lead = self._make_ready()
        self._end()
        self.assertFalse(lead.exists())

    def test_no_circles(self):
        """Actions that take and give the points which make the lead ready."""
        worth = self.tag_40.id
        self.model.ready_action_ids = self._make_action(
            f"record.write({{'tag_ids': [Command.unlink({worth})]}})"
        )
        self.model.unready_action_ids = self._make_action(
            f"record.write({{'tag_ids': [Command.link({worth})]}})"
        )
        lead = self._make_ready()
        self._end()
        self.assertFalse(lead.is_sales_ready)
        self.assertEqual(self._runs(lead, direction="ready", state="skipped"), self.Run)
        skipped = self._runs(lead, direction="unready")
        self.assertEqual(set(skipped.mapped("state")), {"skipped"})
        self.assertIn("circles", skipped[0].message)
        self._refresh()
        self._end()
        self.assertEqual(lead.score_id.transitions, 2)

    def test_no_circles_through_what_nobody_watches(self):
        """An activity is no field of the lead: only the next refresh would see it."""
        self._make_rule([("activity_ids", "!=", False)], -50)
        self.model.ready_action_ids = self._make_action(
            "record.activity_schedule('mail.mail_activity_data_todo')"
        )
        self.model.unready_action_ids = self._make_action(
            "record.activity_ids.unlink()"
        )
        self._refresh()
        lead = self._make_ready()
        self._end()
        self.assertFalse(lead.is_sales_ready)
        self.assertTrue(lead.activity_ids)
        for _time in range(3):
            self._refresh()
            self._end()
        self.assertEqual(lead.score_id.transitions, 2)

    def test_two_leads_that_drive_each_other(self):
        other = self._make_lead("Other", user_id=self.person.id)
        tags = (self.tag_40 + self.tag_30).ids
        self.model.ready_action_ids = self._make_action(
            "others = env['crm.lead'].search("
            f"[('name', 'in', ['Ready', 'Other']), ('id', '!=', record.id)])\n"
            f"others.write({{'tag_ids': [Command.set({tags})]}})"
        )
        lead = self._make_ready()
        self._end()
        self.assertTrue(lead.is_sales_ready and other.is_sales_ready)
        self.assertEqual(other.handover_ids.state, "offered")
        self.assertEqual(len(self._runs(lead)), 2)
        self.assertEqual(len(self._runs(other)), 2)

    def test_too_often(self):
        self.patch(crm_lead_score_run, "MOST_IN_A_DAY", 3)
        lead = self._make_ready()
        self._end()
        for points in (0, 70, 0, 70):
            self._set_points(lead, points)
            self._end()
        last = self._runs(lead, number=5)
        self.assertEqual(set(last.mapped("state")), {"skipped"})
        self.assertIn("to and fro", last[0].message)

    def test_only_the_latest_counts(self):
        """Ready and back before anything was done: nothing is done about the first."""
        self.model.ready_action_ids = self._make_marker("a")
        self.model.unready_action_ids = self._make_marker("x")
        lead = self._make_ready()
        self._settle()
        self._set_points(lead, 0)
        self._end()
        self.assertEqual(lead.referred, "x")
        actions = self._runs(lead, kind="action")
        self.assertEqual(
            actions.mapped(lambda run: (run.direction, run.state)),
            [("ready", "skipped"), ("unready", "done")],
        )
        self.assertEqual(lead.handover_ids.state, "withdrawn")

    def test_many_leads_wait_for_the_job(self):
        """Killed in mid-run: what was committed stays done, the rest is done next."""
        self.patch(crm_lead_score_run, "AT_ONCE", 1)
        self.model.ready_action_ids = self._make_marker("a")
        tags = (self.tag_40 + self.tag_30).ids
        leads = self.Lead.create(
            [
                {"name": f"L{i}", "type": "opportunity", "tag_ids": tags}
                for i in range(4)
            ]
        )
        self._end()
        self.assertEqual(leads.mapped("referred"), [False] * 4)
        self.assertEqual(len(self.Run.search([("lead_id", "in", leads.ids)])), 8)
        do_for = type(self.Run)._do_for
        done = []

        def kill_third(runs, lead_ids):
            if len(done) == 2:
                raise KeyboardInterrupt
            done.append(lead_ids)
            return do_for(runs, lead_ids)

        with patch.object(type(self.Run), "_do_for", kill_third):
            self._run_job()
        self.assertEqual(leads.mapped("referred"), ["a", "a", False, False])
        self._run_job()
        self._run_job()
        self.assertEqual(leads.mapped("referred"), ["a"] * 4)
        runs = self.Run.search([("lead_id", "in", leads.ids)])
        self.assertEqual(set(runs.mapped("state")), {"done"})

    def test_two_workers_at_once(self):
        """What another worker has taken is left to it."""
        self.patch(crm_lead_score_run, "AT_ONCE", 0)
        self.model.ready_action_ids = self._make_marker("a")
        lead = self._make_ready()
        self._end()

        def taken(runs, **_options):
            return runs[:1]

        with patch.object(type(self.Run), "try_lock_for_update", taken):
            self.Run._do_for(lead.ids)
        self.assertFalse(lead.referred)
        self.assertEqual(set(self._runs(lead).mapped("state")), {"waiting"})
        for _time in range(2):
            self.Run._do_for(lead.ids)
        self.assertEqual(lead.referred, "a")

    def test_a_conflict_is_the_next_run_s(self):
        """A concurrent change is no failure of the action."""
        self.patch(crm_lead_score_run, "AT_ONCE", 0)
        self.model.ready_action_ids = self._make_marker("a")
        lead = self._make_ready()
        self._end()
        kind = type(self.Run)
        with patch.object(kind, "_follow_action", side_effect=SerializationFailure):
            self._run_job()
        self.assertEqual(set(self._runs(lead).mapped("state")), {"waiting"})
        self._run_job()
        self.assertEqual(set(self._runs(lead).mapped("state")), {"done"})
        self.assertEqual(lead.referred, "a")

    def test_going_live_asks(self):
        self.model.state = "observe"
        action = self.model.action_go_live()
        self.assertFalse(action)
        self.assertEqual(self.model.state, "live")
        self.model.action_observe()
        lead = self._make_ready()
        self._end()
        action = self.model.action_go_live()
        self.assertEqual(self.model.state, "observe")
        context = action["context"]
        wizard = self.env[action["res_model"]].with_context(**context).create({})
        self.assertEqual(wizard.ready_lead_count, 1)
        wizard.action_apply()
        self._end()
        self.assertEqual(self.model.state, "live")
        self.assertFalse(self._runs(lead))
        # Asked for it, once and no more.
        for _time in range(2):
            self.model.action_observe()
            wizard = self.env[action["res_model"]].with_context(**context)
            wizard.create({"scope": "all"}).action_apply()
            self._end()
        self.assertEqual(lead.handover_ids.state, "offered")
        self.assertEqual(len(self._runs(lead)), 1)

    def test_back_to_observe_stops_what_waits(self):
        self.patch(crm_lead_score_run, "AT_ONCE", 0)
        lead = self._make_ready()
        self._end()
        self.assertEqual(self._runs(lead).state, "waiting")
        self.model.action_observe()
        self.assertEqual(self._runs(lead).state, "skipped")
        self.model.state = "live"
        self.env.ref("crm_lead_scoring.ir_cron_follow_readiness")
        self.Run._do_for(lead.ids)
        self.assertFalse(lead.handover_ids)

    def test_merge_keeps_the_log(self):
        first, second = self._make_ready("One"), self._make_ready("Two")
        self._end()
        runs = self._runs(first) + self._runs(second)
        kept = (first + second).merge_opportunity()
        self.assertEqual(runs.lead_id, kept)
        self.assertEqual(
            sorted(kept.handover_ids.mapped("state")), ["offered", "withdrawn"]
        )
        self._end()
        self.assertTrue(kept.is_sales_ready)

    def test_neither_probability_nor_lead_is_written(self):
        self._end()
        lead = self._make_ready()
        before = lead.probability
        self._end()
        self.assertEqual(lead.probability, before)
