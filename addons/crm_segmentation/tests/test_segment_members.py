from odoo.tests import tagged
from odoo.tools import SQL

from .common import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentMembers(SegmentCase):
    """Members are exactly those whom a search with the rule finds."""

    def assertMembersMatch(self, segment):
        expected = self.found(segment)
        self.assertEqual(set(self.members(segment)), set(expected))
        self.assertEqual(segment.member_count, len(expected))
        return expected

    def test_contacts(self):
        cases = [
            [],
            [("is_company", "=", True)],
            ["|", ("is_company", "=", True), ("phone", "=", False)],
            ["!", ("country_id", "=", self.bulgaria.id)],
            [("country_id.code", "in", ["BG", "AT"]), ("phone", "!=", False)],
            [("opportunity_ids", "!=", False)],
            [("opportunity_ids", "any", [("expected_revenue", ">", 100)])],
            [("name", "ilike", "contact 3")],
            [("active", "in", [True, False])],
            [("id", "=", 0)],
        ]
        for conditions in cases:
            with self.subTest(conditions=conditions):
                self.assertMembersMatch(self.make_segment(*conditions))

    def test_leads(self):
        cases = [
            [("type", "=", "opportunity")],
            [("expected_revenue", ">=", 200), ("partner_id.is_company", "=", True)],
            [("user_id", "=", self.salesperson.id)],
            [("activity_ids", "=", False)],
        ]
        for conditions in cases:
            with self.subTest(conditions=conditions):
                segment = self.make_segment(*conditions, target="lead")
                found = self.assertMembersMatch(segment)
                self.assertTrue(found)

    def test_archived_records_are_no_members(self):
        segment = self.make_segment()
        self.assertNotIn(self.partners[7], self.members(segment))
        self.partners[0].active = False
        self.assertNotIn(self.partners[0], self.members(segment))
        self.partners[0].active = True
        self.assertIn(self.partners[0], self.members(segment))

    def test_custom_field_in_a_rule(self):
        self.env["ir.model.fields"].create(
            {
                "name": "x_segment_colour",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "ttype": "char",
                "field_description": "Colour",
            }
        )
        self.partners[2].x_segment_colour = "green"
        segment = self.make_segment(("x_segment_colour", "=", "green"))
        self.assertEqual(self.members(segment), self.partners[2])
        self.partners[3].x_segment_colour = "green"
        self.assertEqual(self.members(segment), self.partners[2:4])

    def test_nothing_is_written_when_nothing_changed(self):
        segment = self.make_segment(("is_company", "=", True))
        self.make_segment(("type", "=", "lead"), target="lead")
        before = self._versions()
        self.assertTrue(before)
        partners = self._versions("res_partner")
        result = segment.refresh()
        self.assertEqual(result, {"entered": 0, "left": 0, "broken": 0})
        self.partners[0].phone = "+359 2 555 0999"
        self.env.flush_all()
        self.assertEqual(self._versions(), before)
        self.assertEqual(
            self._versions("res_partner", exclude=self.partners[0].id),
            [row for row in partners if row[0] != self.partners[0].id],
            "a refresh must not touch the contacts",
        )

    def _versions(self, table="crm_segment_member", exclude=0):
        """Where each row is stored and which transaction wrote it."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                "SELECT id, ctid::text, xmin::text, cmin::text FROM %s"
                " WHERE id <> %s ORDER BY id",
                SQL.identifier(table),
                exclude,
            )
        )

    def test_segments_as_a_condition_of_a_rule(self):
        base = self.make_segment(("is_company", "=", True))
        narrow = self.make_segment(
            ("segment_ids", "in", base.ids), ("country_id", "=", self.bulgaria.id)
        )
        self.assertEqual(
            self.members(narrow),
            self.members(base).filtered(lambda p: p.country_id == self.bulgaria),
        )
