import datetime
import json

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentHistory(SegmentCase):
    """Every stay is remembered: since when, until when, and why."""

    def test_enter_leave_enter_again(self):
        contact = self.partners[1]
        with freeze_time("2026-03-01 10:00:00"):
            segment = self.make_segment(("city", "=", "Ruse"))
        with freeze_time("2026-03-05 10:00:00"):
            contact.city = "Ruse"
            self.settle()
        with freeze_time("2026-04-05 10:00:00"):
            contact.city = "Varna"
            self.settle()
        with freeze_time("2026-05-05 10:00:00"):
            contact.city = "Ruse"
            self.settle()
        self.assertEqual(
            self.stays(segment, contact),
            [("matched", "unmatched", False), ("matched", False, True)],
        )
        for moment, expected in [
            ("2026-03-01", []),
            ("2026-03-05", contact.ids),
            ("2026-03-05 09:59:59", []),
            ("2026-03-05 10:00:00", contact.ids),
            (fields.Date.to_date("2026-04-04"), contact.ids),
            (datetime.datetime(2026, 4, 5, 9, 59, 59), contact.ids),
            (datetime.datetime(2026, 4, 5, 10, 0, 0), []),
            ("2026-04-05", []),
            ("2026-05-04", []),
            ("2026-05-05", contact.ids),
        ]:
            with self.subTest(moment=moment):
                self.assertEqual(segment.members_on(moment), expected)

    def test_day_ends_in_the_time_zone_of_the_user(self):
        with freeze_time("2026-03-05 22:30:00"):  # half past midnight in Sofia
            segment = self.make_segment(("is_company", "=", True))
        sofia = segment.with_context(tz="Europe/Sofia")
        self.assertFalse(sofia.members_on("2026-03-05"))
        self.assertTrue(sofia.members_on("2026-03-06"))
        self.assertTrue(segment.with_context(tz="UTC").members_on("2026-03-05"))

    def test_members_on_refuses_what_is_no_date(self):
        segment = self.make_segment()
        for text in ("yesterday", "2026-13-01", None, 7):
            with self.subTest(text=text), self.assertRaises(UserError):
                segment.members_on(text)

    def test_reasons_tell_a_change_of_the_rule_from_a_change_of_the_record(self):
        with freeze_time("2026-03-01 10:00:00"):
            segment = self.make_segment(("is_company", "=", True))
        company, person = self.partners[0], self.partners[1]
        with freeze_time("2026-03-02 10:00:00"):
            segment.domain = str([("id", "in", person.ids)])
            segment.refresh()
        with freeze_time("2026-03-03 10:00:00"):
            segment.domain = str([("id", "in", (company + person).ids)])
            segment.refresh()
        with freeze_time("2026-03-04 10:00:00"):
            person.active = False
            self.settle()
        self.assertEqual(
            self.stays(segment, company),
            [("rule_changed", "rule_changed", False), ("rule_changed", False, True)],
        )
        self.assertEqual(
            self.stays(segment, person), [("rule_changed", "unmatched", False)]
        )

    def test_replayed_history_gives_the_members(self):
        with freeze_time("2026-03-01 10:00:00"):
            segment = self.make_segment(("phone", "!=", False))
        days = []
        for day, contact in enumerate(self.partners[:7], start=2):
            moment = f"2026-03-{day:02} 10:00:00"
            with freeze_time(moment):
                contact.phone = False if contact.phone else "+359 2 555 0123"
                self.settle()
            days.append((moment, self.members(segment).ids))
        for moment, expected in days:
            self.assertEqual(segment.members_on(moment), sorted(expected))

    def test_flow_of_the_last_30_days(self):
        with freeze_time("2026-03-01 10:00:00"):
            segment = self.make_segment(("is_company", "=", True))
        with freeze_time("2026-04-10 10:00:00"):
            self.partners[0].is_company = False
            self.partners[1].is_company = True
            self.partners[3].is_company = True
            self.settle()
        with freeze_time("2026-04-12 10:00:00"):
            self.env.invalidate_all()
            self.assertEqual((segment.entered_count, segment.left_count), (2, 1))
            flow = json.loads(segment.flow_graph)
            self.assertEqual(flow["entered"][-3:], [2, 0, 0])
            self.assertEqual(flow["left"][-3:], [1, 0, 0])
            self.assertEqual(len(flow["labels"]), 30)

    def test_deleted_contact_takes_its_stays_along(self):
        segment = self.make_segment(("is_company", "=", True))
        contact = self.partners[4]
        self.assertIn(contact, self.members(segment))
        contact.unlink()
        self.assertFalse(self.stays(segment, contact))
        self.assertEqual(segment.member_count, len(self.members(segment)))

    def test_deleted_lead_and_deleted_segment(self):
        segment = self.make_segment(target="lead")
        lead = self.leads[0]
        self.assertEqual(lead.segment_ids, segment)
        lead.unlink()
        self.assertFalse(self.stays(segment, lead))
        segment.unlink()
        self.assertFalse(self.leads[1].segment_ids)
