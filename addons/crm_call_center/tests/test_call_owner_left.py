from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import CallCenterCase

NOW = "2026-03-10 09:00:00"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCallOwnerLeft(CallCenterCase):
    """A callback that somebody promised who works here no more is made by another."""

    def setUp(self):
        super().setUp()
        self.list = self._running_list(1)
        self.promised = self.list.call_ids
        self.promised.write(
            {
                "user_id": self.operator_2.id,
                "next_attempt_date": fields.Datetime.now() - timedelta(minutes=5),
            }
        )

    def take(self):
        card = self.list.with_user(self.operator).take_next()
        return self.env["crm.call"].browse(card["id"] if card else ())

    def test_it_waits(self):
        self.assertFalse(self.take())
        [reason] = self.promised.get_why_not_served()
        self.assertIn(self.operator_2.name, reason)

    def test_archived_user(self):
        self.operator_2.active = False
        self.assertIn("next one", self.promised.get_why_not_served()[0])
        self.assertEqual(self.take(), self.promised)

    def test_taken_off_the_list(self):
        self.list.operator_ids = [Command.unlink(self.operator_2.id)]
        self.assertEqual(self.take(), self.promised)

    def test_back_again(self):
        self.operator_2.active = False
        self.operator_2.active = True
        self.assertFalse(self.take())
