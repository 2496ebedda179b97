from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user


class CallCenterCase(TransactionCase):
    """Users of every role, leads with numbers, and short ways to make the rest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.operator = cls._user("cc_operator", "group_call_center_operator")
        cls.operator_2 = cls._user("cc_operator_2", "group_call_center_operator")
        cls.supervisor = cls._user("cc_supervisor", "group_call_center_supervisor")
        cls.salesman = new_test_user(
            cls.env, "cc_salesman", groups="sales_team.group_sale_salesman"
        )
        cls.tag = cls.env["crm.tag"].create({"name": "Call center test"})
        cls.us = cls.env.ref("base.us")
        cls.no_answer = cls.env.ref("crm_call_center.outcome_no_answer")
        cls.busy = cls.env.ref("crm_call_center.outcome_busy")
        cls.wrong_number = cls.env.ref("crm_call_center.outcome_wrong_number")

    @classmethod
    def _user(cls, login, group, **values):
        return new_test_user(
            cls.env, login, groups=f"crm_call_center.{group}", **values
        )

    @classmethod
    def _lead(cls, number=None, **values):
        """A lead of the test, with the given line of the fictional exchange."""
        vals = {
            "name": f"Lead {number}",
            "type": "lead",
            "user_id": False,
            "country_id": cls.us.id,
            "tag_ids": [Command.link(cls.tag.id)],
        }
        if number is not None:
            vals["phone"] = f"+1 202-555-01{number:02d}"
        return cls.env["crm.lead"].create({**vals, **values})

    @classmethod
    def _leads(cls, count, **values):
        leads = cls.env["crm.lead"]
        for number in range(count):
            leads |= cls._lead(number, **values)
        return leads

    @classmethod
    def _list(cls, **values):
        return cls.env["crm.call.list"].create(
            {
                "name": "Test list",
                "model_name": "crm.lead",
                "domain": f"[('tag_ids', 'in', {cls.tag.ids})]",
                "operator_ids": [Command.set((cls.operator | cls.operator_2).ids)],
                **values,
            }
        )

    @classmethod
    def _running_list(cls, count=0, **values):
        cls._leads(count)
        call_list = cls._list(**values)
        call_list.action_start()
        return call_list

    @classmethod
    def _call(cls, **values):
        """A call by hand, to the number of its lead or contact or to one of its own."""
        vals = {"name": "Test call", "user_id": False}
        if not {"opportunity_id", "partner_id"} & set(values):
            vals["phone"] = "+12025550199"
        return cls.env["crm.call"].create({**vals, **values})
