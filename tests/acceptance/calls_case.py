"""What the acceptance tests of the call centre share: people, a list, and a morning."""

from freezegun import freeze_time
from glossary_case import CrmCase

from odoo.fields import Command
from odoo.tests import new_test_user

#: A Wednesday: 14:00 in Sofia.
NOW = "2026-11-18 12:00:00"
SOFIA = "+359 888 123 456"
GROUP = "crm_call_center.group_call_center_%s"


class CallsCase(CrmCase):
    """Two operators, a supervisor, a salesperson; other lists do not run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.env["crm.call.list"].search([("state", "=", "running")]).action_pause()
        cls.operators = cls.env["res.users"]
        for login in ("row_operator_1", "row_operator_2"):
            cls.operators |= new_test_user(
                cls.env, login, groups=GROUP % "operator", tz="Europe/Sofia"
            )
        cls.operator, cls.other = cls.operators
        cls.supervisor = new_test_user(
            cls.env, "row_supervisor", groups=GROUP % "supervisor"
        )
        cls.salesman = new_test_user(
            cls.env, "row_salesman", groups="sales_team.group_sale_salesman"
        )
        cls.bulgaria = cls.env.ref("base.bg")

    def outcome(self, code):
        return self.env.ref(f"crm_call_center.outcome_{code}")

    def make_list(self, **values):
        """A running list without a source of its own."""
        call_list = self.env["crm.call.list"].create(
            {
                "name": "Acceptance",
                "domain": "[('id', '=', 0)]",
                "operator_ids": [Command.set(self.operators.ids)],
                **values,
            }
        )
        call_list.action_start()
        return call_list

    def make_contact(self, number=SOFIA, **values):
        return self.env["res.partner"].create(
            {
                "name": "Ana",
                "phone": number,
                "country_id": self.bulgaria.id,
                **values,
            }
        )

    def make_call(self, **values):
        return self.env["crm.call"].create({"name": "Ask", **values})

    def take(self, call_list, user=None):
        """The next call of a user; empty when there is none."""
        card = call_list.with_user(user or self.operator).take_next()
        return self.env["crm.call"].browse(card["id"] if card else ())

    def menus(self, user):
        """External ids of the menus that a user sees."""
        ids = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
        return set(self.env["ir.ui.menu"].sudo().browse(ids).get_external_id().values())
