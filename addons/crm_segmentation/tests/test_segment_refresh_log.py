from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import ChangesCase


@tagged("post_install", "-at_install")
class TestSegmentLog(ChangesCase):
    """The log of refreshes, and the sizes of each day."""

    def test_log(self):
        segment = self.make_segment(("city", "=", "Ruse"))
        self.partners[0].city = "Ruse"
        self.settle()
        self.partners[0].message_post(body="x")
        self.commit()
        rows = self.env["crm.segment.log"].search([("segment_id", "=", segment.id)])
        self.assertEqual(rows.mapped("kind"), ["at_once", "full"])
        self.assertEqual(rows.mapped("entered"), [1, 0])
        self.assertEqual(rows.mapped("member_count"), [1, 0])
        with freeze_time(fields.Datetime.now() + timedelta(days=91)):
            self.env["crm.segment.log"]._gc_log()
        self.assertFalse(rows.exists())

    def test_snapshots_are_idempotent_and_filled_from_history(self):
        Snapshot = self.env["crm.segment.snapshot"]
        with freeze_time("2026-03-01 10:00:00"):
            segment = self.make_segment(("city", "=", "Ruse"))
            manual = self.make_segment(kind="manual")
            manual.add_members(self.partners[:3].ids)
        for day, city in [(2, "Ruse"), (4, "Varna"), (5, "Ruse")]:
            with freeze_time(f"2026-03-0{day} 10:00:00"):
                self.partners[:2].city = city
                self.settle()
        with freeze_time("2026-03-06 10:00:00"):
            self.env.flush_all()
            self.assertTrue(Snapshot._write_snapshots())
            self.assertEqual(Snapshot._write_snapshots(), 0, "nothing differs")
            rows = Snapshot.search([("segment_id", "=", segment.id)], order="date")
            self.assertEqual(
                [(r.date.day, r.size, r.entered, r.left) for r in rows],
                [(2, 2, 2, 0), (3, 2, 0, 0), (4, 0, 0, 2), (5, 2, 2, 0), (6, 2, 0, 0)],
            )
            rows = Snapshot.search([("segment_id", "=", manual.id)], order="date")
            self.assertEqual(
                [(r.date.day, r.size) for r in rows], [(d, 3) for d in range(1, 7)]
            )
            self.partners[2].city = "Ruse"
            self.settle()
            self.assertEqual(Snapshot._write_snapshots(), 1, "only today's row")
        with freeze_time("2026-03-09 10:00:00"):
            Snapshot._write_snapshots()
            last = Snapshot.search([("segment_id", "=", segment.id)], limit=1)
            self.assertEqual((last.date, last.size), (date(2026, 3, 9), 3))

    def test_access(self):
        segment = self.make_segment()
        Log, Snapshot = self.env["crm.segment.log"], self.env["crm.segment.snapshot"]
        Snapshot._write_snapshots()
        log = Log.search([("segment_id", "=", segment.id)])
        size = Snapshot.search([("segment_id", "=", segment.id)])
        log.with_user(self.marketer).read(["seconds"])
        self.make_segment(name="Another")
        opened = segment.with_user(self.marketer).action_view_log()
        self.assertEqual(Log.search(opened["domain"]), log)
        size.with_user(self.salesperson).read(["size"])
        public = self.env.ref("base.public_user")
        for records, user in [(log, self.salesperson), (size, public)]:
            with self.assertRaises(AccessError):
                records.with_user(user).read(["segment_id"])
        for records in (log, size, self.env["crm.segment.dirty"]):
            with self.assertRaises(AccessError):
                records.with_user(self.marketer).create({"segment_id": segment.id})
        other = self.env["res.company"].create({"name": "Other segments"})
        foreign = new_test_user(
            self.env,
            "seg_foreign",
            groups="crm_segmentation.group_segmentation_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        segment.company_id = self.env.company
        self.env.flush_all()
        for records in (log, size):
            with self.assertRaises(AccessError):
                records.with_user(foreign).read(["segment_id"])
