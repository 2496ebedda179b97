import random
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.crm_glossary_core import engine

from .common import SegmentCase

START = datetime(2026, 1, 1, 0, 30)
DAYS = 400
#: Rules about leads that time alone moves, in all the ways they are written.
LEAD_RULES = [
    [("date_deadline", "<", "today")],
    [("date_deadline", "=", "today")],
    ["!", ("date_deadline", "<=", "+7d")],
    [("date_deadline", ">=", "=1d"), ("date_deadline", "<", "=1d +1m")],
    [("date_last_stage_update", "<", "-90d")],
    [("date_last_stage_update", ">=", "today -30d")],
    ["|", ("date_last_stage_update", ">", "-1m"), ("date_deadline", ">", "today +1m")],
    [("partner_id.opportunity_ids.date_deadline", ">=", "-14d")],
]
PARTNER_RULES = [
    [("opportunity_ids", "any", [("date_deadline", ">=", "today")])],
    [("opportunity_ids", "not any", [("date_last_stage_update", ">=", "-90d")])],
    ["!", ("opportunity_ids.date_deadline", "in", ["today", "+1d"])],
    [("child_ids", "any", [("opportunity_ids.date_deadline", "<", "-60d")])],
]
WRITTEN = (
    "[('referred', '=', 'segment-test'), ('date_deadline', '<',"
    " (context_today() - relativedelta(days=45)).strftime('%Y-%m-%d'))]"
)


@tagged("post_install", "-at_install")
class TestSegmentDueDay(SegmentCase):
    """Time alone moves members: they enter and leave on the day, over 400 days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(6)
        cls.partners[1].parent_id = cls.partners[0]
        cls.leads |= cls.leads.create(
            [
                {
                    "name": f"Due {i}",
                    "referred": "segment-test",
                    "type": "opportunity",
                    "partner_id": cls.partners[i % 6].id,
                }
                for i in range(20)
            ]
        )
        cls.env.flush_all()
        for lead in cls.leads:
            day = cls.random.randint(-120, DAYS + 60)
            moment = START + timedelta(days=day, seconds=cls.random.randint(0, 86399))
            cls.env.execute_query(
                SQL(
                    "UPDATE crm_lead SET date_deadline = %s,"
                    " date_last_stage_update = %s WHERE id = %s RETURNING 1",
                    moment.date() if lead.id % 7 else None,
                    moment - timedelta(days=cls.random.randint(0, 90)),
                    lead.id,
                )
            )
        cls.env.invalidate_all()

    def make_segments(self, policy):
        segments = [
            self.make_segment(*rule, target="lead", refresh_policy=policy)
            for rule in LEAD_RULES
        ]
        segments += [
            self.make_segment(*rule, refresh_policy=policy) for rule in PARTNER_RULES
        ]
        segments.append(
            self.make_segment(domain=WRITTEN, target="lead", refresh_policy=policy)
        )
        return self.Segment.union(*segments)

    def run_job(self):
        position = 0
        while position is not None:
            position, _done, _changed = self.Segment._refresh_batch(position)

    def assert_true_to_search(self, segments, when):
        for segment in segments:
            model = self.env[segment.model_name].with_context(tz=self.env.user.tz)
            found = model.search(engine.parse(model.env, segment.domain))
            self.assertEqual(
                set(self.members(segment).ids), set(found.ids), (when, segment.domain)
            )

    def test_400_days_of_daily_segments(self):
        for zone, step in (("UTC", 1), ("Pacific/Auckland", 16)):
            self.env.user.tz = zone
            with freeze_time(START):
                segments = self.make_segments("daily")
                # Two of each kind: a day costs a full evaluation of all.
                segments[::2].active = False
                segments = segments[1::2]
            seen = {}
            for day in range(0, DAYS, step):
                with freeze_time(START + timedelta(days=day, hours=12)):
                    self.env.invalidate_all()
                    self.run_job()
                    self.assert_true_to_search(segments, day)
                    for segment in segments:
                        seen[segment, day] = set(self.members(segment).ids)
            segments.active = False
        # The history, replayed, gives the members of any of the days.
        for (segment, day), ids in self.random.sample(
            sorted(seen.items(), key=str), 60
        ):
            moment = START + timedelta(days=day, hours=13)
            self.assertEqual(set(segment.members_on(moment)), ids)

    def test_400_days_by_looking_only_at_who_is_due(self):
        self.env.user.tz = "Europe/Sofia"
        with freeze_time(START):
            segments = self.make_segments("at_once")
            self.env.flush_all()
        full = []
        refresh_fully = type(self.Segment)._refresh_fully

        def spy(segment, *args, **kwargs):
            full.append(segment)
            return refresh_fully(segment, *args, **kwargs)

        now, end = START, START + timedelta(days=DAYS)
        entries = self.Member.search_count([])
        with (
            patch.object(type(self.Segment), "_is_full_due", lambda segment: False),
            patch.object(type(self.Segment), "_refresh_fully", spy),
        ):
            while now < end:
                now += timedelta(minutes=self.random.choice([61, 1441, 3000, 9000]))
                with freeze_time(now):
                    self.env.invalidate_all()
                    self.run_job()
                    self.assert_true_to_search(segments, now)
        changed = self.Member.search_count([]) - entries
        self.assertGreater(changed, 50, "time did move members")
        self.assertFalse(full, "no segment was evaluated as a whole")

    def test_today_begins_where_the_author_lives(self):
        self.env.user.tz = "Asia/Tokyo"  # UTC+9, no summer time
        with freeze_time("2026-03-01 10:00:00"):
            self.leads[0].date_deadline = "2026-03-02"
            segment = self.make_segment(
                ("date_deadline", "=", "today"), target="lead", refresh_policy="daily"
            )
            self.assertEqual(
                segment.next_refresh_at, datetime(2026, 3, 1, 15), "midnight in Tokyo"
            )
        for moment, expected in [
            ("2026-03-01 14:59:00", self.leads.browse()),
            ("2026-03-01 15:00:30", self.leads[0]),
            ("2026-03-02 14:59:00", self.leads[0]),
            ("2026-03-02 15:00:30", self.leads.browse()),
        ]:
            with freeze_time(moment):
                self.run_job()
                self.assertEqual(self.members(segment), expected, moment)

    def test_a_moment_within_the_day(self):
        """A condition to the second is met within the hour, not on the next day."""
        with freeze_time("2026-03-01 10:00:00"):
            self.env.execute_query(
                SQL(
                    "UPDATE crm_lead SET date_last_stage_update = %s WHERE id = %s"
                    " RETURNING 1",
                    datetime(2026, 3, 1, 12, 10),
                    self.leads[1].id,
                )
            )
            self.env.invalidate_all()
            segment = self.make_segment(
                ("date_last_stage_update", "<", "-2d"),
                ("id", "=", self.leads[1].id),
                target="lead",
            )
            self.assertFalse(self.members(segment))
        with freeze_time("2026-03-03 00:05:00"):
            self.run_job()
        for moment, is_member in [("12:00:00", False), ("13:10:00", True)]:
            with freeze_time(f"2026-03-03 {moment}"):
                self.run_job()
                self.assertEqual(bool(self.members(segment)), is_member, moment)
        logs = self.env["crm.segment.log"].search([("segment_id", "=", segment.id)])
        self.assertEqual(logs[0].kind, "time")
        self.assertEqual((logs[0].entered, logs[0].member_count), (1, 1))
        self.assertEqual(self.stays(segment, self.leads[1])[0][0], "matched")

    def test_a_field_that_only_its_own_search_knows_is_evaluated_fully(self):
        segment = self.make_segment(("activity_state", "=", "overdue"))
        self.assertEqual(segment.clock, "")
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)):
            self.run_job()
            self.assertEqual(segment.full_refresh_at, fields.Datetime.now())
