from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.crm_call_center.models import crm_call_list_fill as fill

from .common import CallCenterCase


@tagged("post_install", "-at_install")
class TestRefresh(CallCenterCase):
    """The step of the pipeline that fills the lists in the background."""

    def setUp(self):
        super().setUp()
        self.step = self.env["crm.call.list"].sudo()
        self.step.search([]).write({"state": "draft", "is_filling": False})

    def _run(self, position=0):
        """Run the step to its end; return the numbers of calls that batches added."""
        added = []
        while position is not None:
            position, _done, changed = self.step._refresh_batch(position)
            added.append(changed)
        return added

    def test_is_a_step(self):
        steps = self.env["crm.criterion.refresh"]._get_refresh_steps()
        self.assertIn((30, "crm.call.list"), steps)
        self.assertFalse(self.step._refresh_watches())

    def test_large_lists_are_filled_in_the_background(self):
        self._leads(5)
        call_list = self._list()
        with patch.object(fill, "AT_ONCE", 3), patch.object(fill, "BATCH", 2):
            call_list.action_start()
            self.assertTrue(call_list.is_filling)
            self.assertFalse(call_list.call_count)
            row = self.env["crm.criterion.refresh"].search(
                [("step", "=", "crm.call.list")]
            )
            self.assertEqual(row.state, "waiting")
            self.assertEqual(self._run(), [2, 2, 1, 0])
        self.assertFalse(call_list.is_filling)
        self.assertEqual(call_list.call_count, 5)
        self.assertEqual(self._run(), [0, 0])

    def test_filling_goes_on_where_it_stopped(self):
        leads = self._leads(5)
        self.env["phone.blacklist"].create(
            [{"number": leads[0].phone}, {"number": leads[4].phone}]
        )
        call_list = self._list()
        with patch.object(fill, "AT_ONCE", 3), patch.object(fill, "BATCH", 2):
            call_list.action_start()
            position, _done, added = self.step._refresh_batch(0)
            self.assertEqual((position, added), (call_list.id, 1))
            # The worker is killed here; the next run is told where it stopped, or not.
            self.env.invalidate_all()
            self._run(0)
        self.assertEqual(call_list.call_ids.opportunity_id, leads[1:4])
        self.assertEqual(call_list.blocked_count, 2)

    def test_running_lists_grow_by_themselves(self):
        dynamic = self._running_list(1)
        frozen = self._running_list(refill_policy="frozen")
        draft = self._list()
        self._lead(60)
        self._run()
        self.assertEqual(dynamic.call_count, 2)
        self.assertEqual(frozen.call_count, 1)
        self.assertEqual(draft.call_count, 0)

    def test_a_broken_list_stops_no_other(self):
        broken = self._running_list(1)
        sound = self._running_list()
        self.env.cr.execute(
            "UPDATE crm_call_list SET domain = %s WHERE id = %s",
            ["[('x_gone', '=', 1)]", broken.id],
        )
        broken.invalidate_recordset()
        self._lead(61)
        self._run()
        self.assertTrue(broken.error_message)
        self.assertEqual(broken.call_count, 1)
        self.assertEqual(sound.call_count, 2)

    def test_remaining_is_no_underestimate(self):
        self._running_list(3)
        self.assertGreaterEqual(self.step._refresh_remaining(0), 3)

    def test_scheduled_job(self):
        call_list = self._running_list(1)
        self._lead(62)
        cron = self.env.ref("crm_glossary_core.ir_cron_refresh")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(call_list.call_count, 2)
