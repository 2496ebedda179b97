from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import file_open

from .common import CallCenterCase


@tagged("post_install", "-at_install")
class TestProvider(CallCenterCase):
    def _take(self, **values):
        call_list = self._running_list(1, **values)
        card = call_list.with_user(self.operator).take_next()
        return self.env["crm.call"].with_user(self.operator).browse(card["id"])

    def test_tel_is_the_default(self):
        call = self._take()
        self.assertEqual(
            call.action_dial(),
            {"type": "ir.actions.act_url", "url": "tel:+12025550100", "target": "self"},
        )

    def test_simulator_plays_training_lists_only(self):
        call = self._take(is_training=True)
        action = call.action_dial()
        self.assertEqual(action["params"]["provider"], "simulator")
        self.assertGreater(action["params"]["ring"], 0)
        call.sudo().list_id.is_training = False
        self.env.company.call_provider = "simulator"
        with self.assertRaises(UserError):
            call.action_dial()

    def test_same_seed_same_temper(self):
        call = self._take(is_training=True)
        play = self.env["crm.call.simulator"]._play
        self.assertEqual(play(call, 7), play(call, 7))
        results = {play(call, seed)["result"] for seed in range(400)}
        self.assertEqual(len(results), 8)

    def test_a_copy_of_the_database_calls_nobody(self):
        with file_open("crm_call_center/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            self._take().action_dial()

    def test_attempt_tells_what_dialled(self):
        call = self._take()
        call.action_dial()
        call.action_held(talk=4)
        self.assertEqual(call.sudo().attempt_ids.provider, "tel")
