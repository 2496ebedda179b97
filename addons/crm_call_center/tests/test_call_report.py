from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CallCenterCase


@tagged("post_install", "-at_install")
class TestCallReport(CallCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.list = cls._list()
        source = cls.env["utm.source"].create({"name": "Fair"})
        lead = cls._lead(1, source_id=source.id)
        cls.first = cls._call(list_id=cls.list.id, opportunity_id=lead.id)
        cls.second = cls._call(list_id=cls.list.id)
        operator = cls.first.with_user(cls.operator)
        # a Tuesday, 23:30 UTC: Wednesday in Sofia
        operator.action_not_held(
            outcome_id=cls.no_answer.id, start="2026-03-10 23:30:00", ring=20, wrap=4
        )
        operator.action_held(start="2026-03-12 10:00:00", ring=5, talk=60, wrap=15)
        cls.second.with_user(cls.operator).action_held(
            start="2026-03-12 11:00:00", ring=5, talk=30, wrap=6
        )
        cls.first.action_convert_to_opportunity()
        cls.Report = cls.env["crm.call.report"].with_user(cls.supervisor)
        cls.domain = [("list_id", "=", cls.list.id)]

    def test_figures(self):
        [row] = self.Report._read_group(
            self.domain,
            ["user_id"],
            [
                "__count",
                "contact_count:sum",
                "contact_rate:avg",
                "conversion_count:sum",
                "conversion_rate:avg",
                "talk_duration:sum",
                "handling_time:avg",
            ],
        )
        self.assertEqual(row[0], self.operator)
        self.assertEqual(row[1:3], (3, 2))
        self.assertAlmostEqual(row[3], 200 / 3, 3)
        self.assertEqual(row[4:7], (1, 50.0, 90))
        self.assertAlmostEqual(row[7], (24 + 80 + 41) / 3, 3)

    def test_attempt_that_does_not_say(self):
        """An attempt that came in from elsewhere may say nothing: it is no contact."""
        attempt = self.second.attempt_ids
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_call_attempt SET is_contact = NULL WHERE id = %s", [attempt.id]
        )
        [[rate, count]] = self.Report._read_group(
            self.domain, [], ["contact_rate:avg", "contact_count:sum"]
        )
        self.assertAlmostEqual(rate, 100 / 3, 3)
        self.assertEqual(count, 1)

    def test_hours_are_those_of_the_reader(self):
        for tz, expected in (("UTC", ("2", "23")), ("Europe/Sofia", ("3", "01"))):
            with self.subTest(tz=tz):
                self.env.invalidate_all()
                row = self.Report.with_context(tz=tz).search(
                    self.domain, order="date", limit=1
                )
                self.assertEqual((row.weekday, row.hour), expected)

    def test_source_is_that_of_the_lead(self):
        groups = dict(self.Report._read_group(self.domain, ["source_id"], ["__count"]))
        by_name = {source.name: count for source, count in groups.items()}
        self.assertEqual(by_name, {"Fair": 2, False: 1})

    def test_who_may_read(self):
        self.assertTrue(self.Report.search_count(self.domain))
        for user in (self.operator, self.salesman):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.Report.with_user(user).search(self.domain)

    def test_company(self):
        company = self.env["res.company"].create({"name": "Foreign"})
        foreigner = self._user(
            "cc_report_foreigner",
            "group_call_center_supervisor",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.assertFalse(self.Report.with_user(foreigner).search(self.domain))
