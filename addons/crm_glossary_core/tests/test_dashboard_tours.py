from odoo.tests import HttpCase, tagged

from .common_dashboard import DashboardCommon


@tagged("post_install", "-at_install")
class TestDashboardTours(DashboardCommon, HttpCase):
    def test_salesperson_drills_down(self):
        self.seller.lang = "en_US"
        self.start_tour(
            "/odoo/crm-dashboard", "crm_dashboard_salesperson", login=self.seller.login
        )

    def test_manager_drills_down(self):
        self.boss.lang = "en_US"
        team = self.env["crm.team"].create({"name": "Dashboard Team"})
        deals = self.env["crm.lead"].search([("name", "in", ["open", "theirs"])])
        deals.team_id = team
        self.start_tour(
            "/odoo/crm-dashboard", "crm_dashboard_manager", login=self.boss.login
        )
