from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CallCenterCase

OPERATIONS = ("read", "write", "create", "unlink")
ROLES = ("internal", "salesman", "operator", "supervisor", "officer")
#: What each role may do with a kind of record: read, write, create, unlink.
RIGHTS = {
    "crm.call": ("----", "rwc-", "rwc-", "rwcd", "----"),
    "crm.call.attempt": ("----", "r---", "r---", "r---", "----"),
    "crm.call.list": ("----", "----", "r---", "rwcd", "----"),
    "crm.call.outcome": ("----", "r---", "r---", "rwcd", "----"),
    "crm.call.policy": ("----", "r---", "r---", "rwcd", "r---"),
    "crm.call.pack": ("----", "r---", "r---", "rwcd", "r---"),
    "crm.call.certificate": ("----", "----", "----", "r---", "r---"),
    "crm.call.report": ("----", "----", "----", "r---", "----"),
    "crm.call.queue": ("----", "----", "----", "r---", "----"),
    "crm.call.receipt": ("----", "----", "----", "----", "----"),
    "crm.call.import.batch": ("----", "----", "----", "r---", "r---"),
    "crm.do.not.call": ("----", "r---", "r---", "r-c-", "r-c-"),
    "crm.do.not.call.register": ("----", "----", "----", "r---", "rwcd"),
    "crm.do.not.call.register.line": ("----", "----", "----", "----", "r---"),
    "crm.do.not.call.remove": ("----", "----", "----", "----", "rwc-"),
    "crm.phone.number": ("r---", "rwcd", "rwcd", "rwcd", "r---"),
}
#: How many of the two calls of the scene, and of what follows from them, a role sees.
SEEN = {
    "crm.call": {"salesman": 1, "operator": 1, "supervisor": 2, "foreigner": 0},
    "crm.call.attempt": {
        "salesman": 1,
        "operator": 1,
        "supervisor": 2,
        "foreigner": 0,
    },
    "crm.call.report": {"supervisor": 2, "foreigner": 0},
    "crm.call.certificate": {
        "supervisor": 2,
        "officer": 2,
        "foreigner": 0,
    },
}


@tagged("post_install", "-at_install")
class TestAccessRoles(CallCenterCase):
    """Who may do and see what, as one table."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "Foreign"})
        cls.users = {
            "internal": new_test_user(
                cls.env, "cc_role_internal", groups="base.group_user"
            ),
            "salesman": cls.salesman,
            "operator": cls.operator,
            "supervisor": cls.supervisor,
            "officer": cls._user("cc_role_officer", "group_privacy_officer"),
            "foreigner": cls._user(
                "cc_role_foreigner",
                "group_call_center_supervisor",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            ),
        }
        lead = cls._lead(1, user_id=cls.salesman.id)
        sold = cls._call(opportunity_id=lead.id)
        served = cls._call(user_id=cls.operator.id)
        cls.calls = sold | served
        for call in cls.calls:
            call.action_not_held(outcome_id=cls.no_answer.id, duration=20)

    def test_rights(self):
        for model, expected in RIGHTS.items():
            for role, rights in zip(ROLES, expected, strict=True):
                with self.subTest(model=model, role=role):
                    Model = self.env[model].with_user(self.users[role])
                    found = "".join(
                        letter if Model.has_access(operation) else "-"
                        for letter, operation in zip("rwcd", OPERATIONS, strict=True)
                    )
                    self.assertEqual(found, rights)

    def test_records_seen(self):
        for model, by_role in SEEN.items():
            fname = "id" if model == "crm.call" else "call_id"
            domain = [(fname, "in", self.calls.ids)]
            for role, count in by_role.items():
                with self.subTest(model=model, role=role):
                    Model = self.env[model].with_user(self.users[role])
                    self.assertEqual(Model.search_count(domain), count)

    def test_operators_do_not_export(self):
        """Neither by the button nor by the method behind it."""
        mine = self.calls.filtered(lambda call: call.user_id == self.operator)
        for records in (mine, mine.attempt_ids):
            with self.subTest(model=records._name):
                with self.assertRaises(UserError):
                    records.with_user(self.operator).export_data(["id", "phone"])

    def test_nobody_writes_attempts_and_certificates(self):
        for role in ("salesman", "operator", "supervisor", "officer"):
            for records in (
                self.calls.attempt_ids,
                self.env["crm.call.certificate"].search(
                    [("call_id", "in", self.calls.ids)]
                ),
            ):
                with self.subTest(role=role, model=records._name):
                    # An AccessError, or the sentence of the model itself.
                    with self.assertRaises(UserError):
                        records.with_user(self.users[role]).write({"user_id": 1})
