from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CallCenterCase


@tagged("post_install", "-at_install")
class TestCallPolicy(CallCenterCase):
    """Hours that make sense, and who may change or ask them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.default = cls.env.ref("crm_call_center.call_policy_default")
        cls.open = cls.env.ref("crm_call_center.call_policy_unrestricted")

    def test_hours_of_no_length(self):
        with self.assertRaises(ValidationError):
            self.open.window_ids = [
                Command.create({"weekday": "0", "hour_from": 9, "hour_to": 9.001})
            ]

    def test_pack_that_no_policy_can_keep(self):
        pack = self.env.ref("crm_call_center.call_pack_bg")
        with self.assertRaises(ValidationError):
            pack.window_ids = [
                Command.clear(),
                Command.create({"weekday": "6", "hour_from": 2, "hour_to": 3}),
            ]

    def test_hours_of_other_companies(self):
        company = self.env["res.company"].create({"name": "Foreign"})
        foreigner = self._user(
            "cc_hours",
            "group_call_center_supervisor",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        window = Command.create({"weekday": "0", "hour_from": 9, "hour_to": 18})
        policy = self.env["crm.call.policy"].create(
            {
                "name": "Ours",
                "company_id": self.env.company.id,
                "window_ids": [window],
            }
        )
        windows = policy.window_ids.with_user(foreigner)
        self.assertFalse(windows.has_access("write"))
        self.assertTrue(self.default.window_ids.with_user(foreigner).has_access("read"))

    def test_code_stays(self):
        with self.assertRaises(ValidationError):
            self.open.with_user(self.supervisor).code = "mine"

    def test_rest_of_a_lifetime(self):
        policy = self.default.copy({"rest_days": 2**31 - 1})
        call = self._call(list_id=self._list(policy_id=policy.id).id)
        refused = self.env.ref("crm_call_center.outcome_refused")
        call.action_held(outcome_id=refused.id)
        call.action_reopen()
        self.assertFalse(call._decide()[call.id].allowed)

    def test_holiday_beyond_time(self):
        pack = self.env.ref("crm_call_center.call_pack_bg")
        for values in (
            {"kind": "easter", "easter_offset": 2**31 - 1},
            {"kind": "weekday", "weekday": "1", "month": 12, "ordinal": -900000},
        ):
            with self.subTest(**values), self.assertRaises(ValidationError):
                pack.holiday_ids = [Command.create({"name": "Never", **values})]

    def test_salesperson_asks(self):
        """Who has no call lists asks all the same."""
        answer = self.open.with_user(self.salesman).can_call(
            "+359888123456", purpose="service"
        )
        self.assertTrue(answer["allowed"])
