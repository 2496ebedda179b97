from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SegmentCase

DAYS = ("2020-01-01", "2099-12-31")


@tagged("post_install", "-at_install")
class TestSegmentKpi(SegmentCase):
    """Numbers of the dashboard by segment of leads and of customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kpi = cls.env["crm.kpi"].create(
            {
                "name": "Leads of the test",
                "code": "segment_test_leads",
                "model_name": "crm.lead",
                "domain": "[('referred', '=', 'segment-test')]",
            }
        )
        cls.large = cls.make_segment(
            ("expected_revenue", ">=", 200), target="lead", name="Large"
        )
        cls.bulgarian = cls.make_segment(
            ("country_id", "=", cls.bulgaria.id), name="Bulgarian"
        )

    def values(self, group_by):
        rows = self.kpi.compute_values(*DAYS, group_by=group_by)
        return {row["label"]: row["value"] for row in rows}

    def test_group_by_segment(self):
        names = [option["name"] for option in self.kpi.get_group_by_options()]
        self.assertIn("segment_ids", names)
        self.assertIn("partner_id.segment_ids", names)
        self.assertEqual(self.values("segment_ids"), {"Large": 3, "None": 2})
        self.assertEqual(
            self.values("partner_id.segment_ids"), {"Bulgarian": 3, "None": 2}
        )

    def test_opens_what_it_counts(self):
        for group_by, segment in (
            ("segment_ids", self.large),
            ("partner_id.segment_ids", self.bulgarian),
        ):
            for row in self.kpi.compute_values(*DAYS, group_by=group_by):
                action = self.kpi.action_open_records(
                    *DAYS, group_by=group_by, group=row["group"]
                )
                found = self.env["crm.lead"].search_count(action["domain"])
                self.assertEqual(found, row["value"], (segment.name, row["label"]))

    def test_dashboard_of_a_segment(self):
        dashboard = self.env["crm.dashboard"]
        options = dashboard.get_dashboard()["options"]["segments"]
        self.assertLessEqual(
            {self.large.id, self.bulgarian.id}, {option["id"] for option in options}
        )
        for segment, expected in (
            (self.large, self.leads[2:]),
            (self.bulgarian, self.leads[:2] | self.leads[4]),
        ):
            filters = dashboard._prepare_filters(None, {"segment_id": segment.id})
            domain = dashboard._get_lead_domain(filters)
            leads = self.env["crm.lead"].search(domain) & self.leads
            self.assertEqual(leads, expected, segment.name)
            shown = dashboard.get_dashboard(None, {"segment_id": segment.id})
            self.assertIn(segment.name, shown["scope"])
            self.assertEqual(shown["filters"]["segment_id"], segment.id)

    def test_what_knows_no_segment_is_left_out(self):
        teams = self.env["crm.kpi"]._get_model_filter(
            "crm.team", {"segment_id": self.large.id}
        )
        self.assertIsNone(teams)
        partners = self.env["crm.kpi"]._get_model_filter(
            "res.partner", {"segment_id": self.large.id}
        )
        self.assertIsNone(partners, "a contact is in no segment of leads")

    def test_unknown_segment(self):
        for segment_id in (2**30, "x"):
            with self.assertRaises(UserError):
                self.env["crm.dashboard"].get_dashboard(
                    None, {"segment_id": segment_id}
                )
