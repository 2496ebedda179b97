import io
import json

import openpyxl

from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged

from ..tools.dashboard_sheet import write_dashboard
from .common_dashboard import DashboardCommon


class TestDashboardSheet(DashboardCommon):
    def test_spreadsheet(self):
        data = self._get(self.boss)
        book = openpyxl.load_workbook(io.BytesIO(write_dashboard(self.env, data)))
        self.assertEqual(len(book.worksheets), 5)
        kpis = list(book.worksheets[0].values)
        names = [row[0] for row in kpis[1:]]
        self.assertTrue({tile["name"] for tile in data["tiles"]} <= set(names))
        values = {row[0]: row[1] for row in kpis[1:]}
        for tile in data["tiles"]:
            if tile["value"] is not None:
                self.assertAlmostEqual(values[tile["name"]], tile["value"], 6)
        cell = book.worksheets[3]["A2"]
        self.assertEqual((cell.value, cell.data_type), ("=Trade fair", "s"))


@tagged("post_install", "-at_install")
class TestDashboardExport(DashboardCommon, HttpCase):
    def _post(self, filters):
        return self.url_open(
            "/crm_glossary_core/dashboard.xlsx",
            data={
                "role": "manager",
                "filters": filters,
                "csrf_token": http.Request.csrf_token(self),
            },
        )

    def test_download(self):
        self.authenticate("dashboard_boss", "dashboard_boss")
        answer = self._post(json.dumps({"period": "this_year"}))
        self.assertEqual(answer.status_code, 200)
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        self.assertEqual(book.worksheets[1]["B2"].value, 9)

    def test_refusals(self):
        self.authenticate("dashboard_boss", "dashboard_boss")
        for filters in ("{", json.dumps({"period": "never"})):
            answer = self._post(filters)
            self.assertEqual(answer.status_code, 500)
            self.assertIn("UserError", answer.text)
        new_test_user(self.env, "dashboard_guest", "base.group_user")
        self.authenticate("dashboard_guest", "dashboard_guest")
        self.assertIn("AccessError", self._post("{}").text)
