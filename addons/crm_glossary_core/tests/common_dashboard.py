from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, new_test_user


class DashboardCommon(TransactionCase):
    """Deals of two salespeople, one of nobody and one of another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].with_context(active_test=False).search([]).unlink()
        cls.other_company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.seller, cls.colleague = (
            new_test_user(
                cls.env,
                login,
                groups="sales_team.group_sale_salesman",
                tz="Europe/Sofia",
            )
            for login in ("dashboard_seller", "dashboard_colleague")
        )
        cls.boss = new_test_user(
            cls.env, "dashboard_boss", groups="sales_team.group_sale_manager"
        )
        cls.stages = cls.env["crm.stage"].search([])
        cls.won_stage = cls.stages.filtered("is_won")[:1]
        cls.first, cls.second = (cls.stages - cls.won_stage)[:2]
        cls.source = cls.env["utm.source"].create({"name": "=Trade fair"})
        cls.today = fields.Date.context_today(cls.env.user)
        cls._create_deals()
        cls.env.cr.flush()

    @classmethod
    def _create_deals(cls):
        seller, colleague = cls.seller, cls.colleague
        cls._create_deal("open", seller, stage=cls.first, revenue=100)
        cls._create_deal("further", seller, stage=cls.second, revenue=200)
        cls._create_deal("theirs", colleague, stage=cls.first, revenue=400)
        cls._create_deal("nobody's", None, stage=cls.first, revenue=800)
        cls.won = cls._create_deal(
            "won", seller, stage=cls.second, revenue=1000, source_id=cls.source.id
        )
        cls.won.action_set_won()
        cls.lost = cls._create_deal(
            "lost", seller, stage=cls.second, source_id=cls.source.id
        )
        cls.lost.action_set_lost()
        cls._create_deal("late", colleague, date_deadline=cls.today - timedelta(days=3))
        cls._create_deal(
            "likely", colleague, revenue=100, date_deadline=cls.today, probability=80
        )
        cls._create_deal(
            "unlikely", seller, revenue=100, date_deadline=cls.today, probability=10
        )
        cls.env["crm.lead"].create(
            {
                "name": "foreign",
                "type": "opportunity",
                "company_id": cls.other_company.id,
                "user_id": False,
                "team_id": False,
                "expected_revenue": 5000,
            }
        )

    @classmethod
    def _create_deal(cls, name, user, stage=None, revenue=0, **values):
        return cls.env["crm.lead"].create(
            {
                "name": name,
                "type": "opportunity",
                "user_id": user.id if user else False,
                "stage_id": (stage or cls.first).id,
                "expected_revenue": revenue,
                **values,
            }
        )

    def _get(self, user, role=None, **filters):
        dashboard = self.env["crm.dashboard"].with_user(user)
        return dashboard.get_dashboard(role, filters or None)

    def _open(self, user, data, kind, key, part=None):
        """Return the records that a number opens, as the user sees them."""
        action = (
            self.env["crm.dashboard"]
            .with_user(user)
            .open_records(kind, key, data["filters"], part)
        )
        model = self.env[action["res_model"]].with_user(user)
        return model.with_context(**action["context"]).search(action["domain"])
