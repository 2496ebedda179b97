from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CallCenterCase

MODELS = ("crm.call", "crm.call.attempt", "crm.call.list", "crm.call.outcome")
OPERATIONS = ("read", "write", "create", "unlink")


@tagged("post_install", "-at_install")
class TestAccess(CallCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.internal = new_test_user(cls.env, "cc_internal", groups="base.group_user")
        cls.all_leads = new_test_user(
            cls.env, "cc_all_leads", groups="sales_team.group_sale_salesman_all_leads"
        )
        cls.company_2 = cls.env["res.company"].create({"name": "Foreign"})
        cls.foreigner = cls._user(
            "cc_foreigner",
            "group_call_center_supervisor",
            company_id=cls.company_2.id,
            company_ids=[Command.set(cls.company_2.ids)],
        )
        lead = cls._lead(1, user_id=cls.salesman.id)
        cls.foreign_lead = cls._lead(2, user_id=cls.all_leads.id)
        cls.list = cls._list(operator_ids=[Command.set(cls.operator.ids)])
        cls.list.action_start()
        cls.sold = cls.list.call_ids.filtered(lambda c: c.opportunity_id == lead)
        cls.other = cls.list.call_ids - cls.sold
        cls.own = cls._call(user_id=cls.operator_2.id)
        cls.all = cls.sold | cls.other | cls.own
        for call in cls.all:
            call.action_not_held()

    def _may(self, user, model):
        return "".join(
            str(int(self.env[model].with_user(user).has_access(operation)))
            for operation in OPERATIONS
        )

    def test_operations(self):
        """Read, write, create, unlink of calls, attempts, lists and outcomes."""
        table = {
            self.internal: ("0000", "0000", "0000", "0000"),
            self.operator: ("1110", "1000", "1000", "1000"),
            self.salesman: ("1110", "1000", "0000", "1000"),
            self.all_leads: ("1110", "1000", "0000", "1000"),
            self.supervisor: ("1111", "1000", "1111", "1111"),
        }
        for user, expected in table.items():
            with self.subTest(user=user.login):
                found = tuple(self._may(user, model) for model in MODELS)
                self.assertEqual(found, expected)

    def test_calls_seen(self):
        none = self.env["crm.call"]
        table = {
            self.operator: self.sold | self.other,
            self.operator_2: self.own,
            self.salesman: self.sold,
            self.all_leads: self.all,
            self.supervisor: self.all,
            self.foreigner: none,
        }
        for user, expected in table.items():
            with self.subTest(user=user.login):
                domain = [("id", "in", self.all.ids)]
                found = self.env["crm.call"].with_user(user).search(domain)
                self.assertEqual(found.sudo(), expected)
                attempts = (
                    self.env["crm.call.attempt"]
                    .with_user(user)
                    .search([("call_id", "in", self.all.ids)])
                )
                self.assertEqual(attempts.sudo().call_id, expected)

    def test_lists_seen(self):
        table = {
            self.operator: True,
            self.operator_2: False,
            self.supervisor: True,
            self.foreigner: False,
        }
        for user, is_seen in table.items():
            with self.subTest(user=user.login):
                found = (
                    self.env["crm.call.list"]
                    .with_user(user)
                    .search([("id", "=", self.list.id)])
                )
                self.assertEqual(bool(found), is_seen)

    def test_operator_needs_no_right_to_leads(self):
        self.assertFalse(
            self.env["crm.lead"].with_user(self.operator).has_access("read")
        )
        card = self.list.with_user(self.operator)
        self.assertIs(card.take_next(), False, "all are due later")
        call = self.sold.with_user(self.operator)
        self.assertEqual(
            call.web_read({"opportunity_id": {"fields": {"display_name": {}}}})[0][
                "opportunity_id"
            ]["display_name"],
            "Lead 1",
        )

    def test_operator_cannot_export(self):
        self.assertFalse(self.operator.has_group("base.group_allow_export"))

    def test_nobody_acts_on_calls_of_others(self):
        for user in (self.operator_2, self.foreigner, self.internal):
            for action in (
                "action_held",
                "action_not_held",
                "action_cancel",
                "action_skip",
                "action_reopen",
                "action_dial",
                "action_wrap_up",
                "action_convert_to_opportunity",
            ):
                with self.subTest(user=user.login, action=action):
                    with self.assertRaises(AccessError):
                        getattr(self.sold.with_user(user), action)()

    def test_nobody_else_changes_a_list(self):
        for user in (self.operator, self.foreigner, self.salesman):
            for action in (
                "action_start",
                "action_pause",
                "action_done",
                "action_refill",
            ):
                with self.subTest(user=user.login, action=action):
                    with self.assertRaises(AccessError):
                        getattr(self.list.with_user(user), action)()

    def test_internal_users_take_nothing(self):
        CallList = self.env["crm.call.list"].with_user(self.internal)
        for method, arguments in (
            ("take_next", []),
            ("get_desk", []),
            ("release", [self.all.ids]),
            ("renew", [self.all.ids]),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(CallList, method)(*arguments)

    def test_counts_on_leads_and_contacts(self):
        partner = self.env["res.partner"].create({"name": "Ann"})
        self.sold.partner_id = partner
        self.assertEqual(partner.with_user(self.salesman).crm_call_count, 1)
        self.assertEqual(partner.with_user(self.operator).crm_call_count, 1)
        self.assertEqual(partner.with_user(self.operator_2).crm_call_count, 0)
        lead = self.sold.opportunity_id
        self.assertEqual(lead.with_user(self.salesman).crm_call_count, 1)
        action = lead.with_user(self.salesman).action_view_crm_calls()
        self.assertEqual(action["domain"], [("opportunity_id", "=", lead.id)])

    def test_views_open_for_each_role(self):
        for user in (self.operator, self.salesman, self.supervisor):
            for view in ("list", "form", "kanban", "search", "pivot", "graph"):
                with self.subTest(user=user.login, view=view):
                    self.env["crm.call"].with_user(user).get_view(view_type=view)
        self.env["res.partner"].with_user(self.internal).get_view(view_type="form")

    def test_groups(self):
        manager = new_test_user(
            self.env, "cc_manager", groups="sales_team.group_sale_manager"
        )
        self.assertTrue(
            manager.has_group("crm_call_center.group_call_center_supervisor")
        )
        self.assertFalse(
            self.salesman.has_group("crm_call_center.group_call_center_operator")
        )
        self.assertFalse(self.operator.has_group("sales_team.group_sale_salesman"))
