from datetime import date, timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

from ..tools import period


class KpiCase(TransactionCase):
    """Two companies, a manager, two salespeople, and leads with known dates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env.company
        cls.company.partner_id.tz = "UTC"
        cls.other_company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.manager = cls.make_user("kpi_manager", "sales_team.group_sale_manager")
        cls.anna = cls.make_user("kpi_anna", "sales_team.group_sale_salesman")
        cls.boris = cls.make_user("kpi_boris", "sales_team.group_sale_salesman")
        cls.stranger = cls.make_user(
            "kpi_stranger",
            "sales_team.group_sale_manager",
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )
        cls.source = cls.env["utm.source"].create({"name": "KPI source"})
        cls.stages = cls.env["crm.stage"].search([("is_won", "=", False)], limit=3)
        cls.won_stage = cls.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        today = date.today()
        cls.window = (period.start_of(today, "month"), period.end_of(today, "month"))

    @classmethod
    def make_user(cls, login, group, **values):
        return new_test_user(
            cls.env,
            login=login,
            groups=f"{group},base.group_partner_manager",
            # their day is that of the tests, also in the evening
            tz="UTC",
            **values,
        )

    @classmethod
    def make_lead(cls, name, created=None, closed=None, **values):
        """Create an opportunity; ``created`` and ``closed`` are naive UTC."""
        won = values.pop("won", None)
        values = {
            "name": name,
            "type": "opportunity",
            "user_id": cls.anna.id,
            "company_id": cls.company.id,
            "team_id": False,
            **values,
        }
        lead = cls.env["crm.lead"].create(values)
        if won is True:
            lead.action_set_won()
        elif won is False:
            lead.action_set_lost()
        cls.env.cr.flush()
        cls.env.flush_all()
        for column, value in (("create_date", created), ("date_closed", closed)):
            if value:
                cls.env.cr.execute(
                    f"UPDATE crm_lead SET {column} = %s WHERE id = %s",  # noqa: S608
                    (value, lead.id),
                )
        lead.invalidate_recordset()
        return lead

    def kpi(self, code, user=None):
        found = self.env["crm.kpi"].search([("code", "=", code)])
        return found.with_user(user or self.manager)

    def row(self, code, user=None, window=None, **kwargs):
        [row] = self.kpi(code, user).compute_values(*(window or self.window), **kwargs)
        return row

    def count_of(self, action, user=None):
        model = self.env[action["res_model"]].with_user(user or self.manager)
        return model.with_context(**action["context"]).search_count(action["domain"])


def days_ago(days):
    """A moment some days ago, naive UTC."""
    return fields.Datetime.now() - timedelta(days=days)
