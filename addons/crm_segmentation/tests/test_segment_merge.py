from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.crm_glossary_core.engine.merge import _unite

from .common import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentMerge(SegmentCase):
    """Merged records: one history, each moment once."""

    def merge_contacts(self, contacts, into):
        self.env["base.partner.merge.automatic.wizard"]._merge(contacts.ids, into)

    def test_contacts_in_the_same_segment(self):
        first, second = self.partners[1], self.partners[3]
        segment = self.make_segment(kind="manual")
        with freeze_time("2026-03-01 10:00:00"):
            segment.add_members(second.ids)
        with freeze_time("2026-03-10 10:00:00"):
            segment.add_members(first.ids)
        self.merge_contacts(first + second, into=first)
        self.assertEqual(self.stays(segment, first), [("added", False, True)])
        self.assertEqual(first.segment_ids, segment)
        self.assertEqual(segment.member_count, 1)
        self.assertEqual(segment.members_on("2026-03-01"), first.ids)

    def test_closed_and_open_stays(self):
        first, second, third = self.partners[1], self.partners[3], self.partners[5]
        segment = self.make_segment(kind="manual")

        def at(day, change, contact):
            with freeze_time(f"2026-03-{day:02} 10:00:00"):
                getattr(segment, f"{change}_members")(contact.ids)

        at(1, "add", first)
        at(5, "remove", first)
        at(3, "add", second)
        at(8, "remove", second)
        at(20, "add", third)
        self.merge_contacts(first + second + third, into=third)
        self.assertEqual(
            self.stays(segment, third),
            [("added", "removed", False), ("added", False, True)],
        )
        rows = self.Member.search([("segment_id", "=", segment.id)], order="date_from")
        self.assertEqual(
            [(row.date_from.day, row.date_to and row.date_to.day) for row in rows],
            [(1, 8), (20, False)],
        )
        for day, expected in [
            (4, [third.id]),
            (7, [third.id]),
            (9, []),
            (21, [third.id]),
        ]:
            self.assertEqual(segment.members_on(f"2026-03-{day:02}"), expected)

    def test_rule_segments_follow_the_merged_contact(self):
        bulgarians = self.make_segment(("country_id", "=", self.bulgaria.id))
        with_phone = self.make_segment(("phone", "!=", False))
        one, two = self.partners[1], self.partners[3]  # phone and Bulgaria; neither
        self.merge_contacts(one + two, into=two)
        for segment in (bulgarians, with_phone):
            segment.refresh()
            self.assertEqual(two in self.members(segment), two in self.found(segment))
            self.assertFalse(
                self.Member.search(
                    [
                        ("partner_id", "not in", self.partners.exists().ids),
                        ("segment_id", "=", segment.id),
                    ]
                )
            )

    def test_leads(self):
        segment = self.make_segment(kind="manual", target="lead")
        one, two = self.leads[0], self.leads[3]
        with freeze_time("2026-03-01 10:00:00"):
            segment.add_members(one.ids)
        with freeze_time("2026-03-10 10:00:00"):
            segment.remove_members(one.ids)
        with freeze_time("2026-03-20 10:00:00"):
            segment.add_members(two.ids)
        merged = (one + two).merge_opportunity()
        self.assertEqual(
            self.stays(segment, merged),
            [("added", "removed", False), ("added", False, True)],
        )
        self.assertEqual(merged.segment_ids, segment)

    def test_periods(self):
        def unite(*rows):
            return _unite([(i, *row) for i, row in enumerate(rows, start=1)])

        self.assertEqual(unite(), ([], {}, {}))
        self.assertEqual(unite((9, 1, 5, "a")), ([1], {}, {}))
        # apart, and touching: both stay
        self.assertEqual(unite((9, 1, 5, "a"), (9, 5, 7, "b")), ([1, 2], {}, {}))
        # overlapping: one, up to the later end and with its reason
        self.assertEqual(
            unite((9, 1, 5, "a"), (9, 3, 7, "b")), ([1], {1: [7, "b"]}, {2: 1})
        )
        # inside: the end stays
        self.assertEqual(unite((9, 1, 8, "a"), (9, 3, 7, "b")), ([1], {}, {2: 1}))
        # open
        self.assertEqual(
            unite((9, 1, 5, "a"), (9, 3, None, None), (9, 6, 7, "c")),
            ([1], {1: [None, None]}, {2: 1, 3: 1}),
        )
        # different criteria do not meet
        self.assertEqual(unite((8, 1, 9, "a"), (9, 3, 7, "b")), ([1, 2], {}, {}))
