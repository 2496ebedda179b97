from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.crm_glossary_core import engine

from ..models import crm_segment_refresh_schedule as schedule
from .common import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentRefresh(SegmentCase):
    """When a segment is refreshed: at once, by the scheduled job, by hand, never."""

    def run_job(self):
        """Run the step of the scheduled job to its end; return rows changed."""
        position, changed = 0, 0
        while position is not None:
            position, _done, rows = self.Segment._refresh_batch(position)
            changed += rows
        return changed

    # --- at once ---------------------------------------------------------------
    def test_at_once_on_write_and_create(self):
        segment = self.make_segment(("is_company", "=", True), ("city", "=", "Ruse"))
        self.assertFalse(self.members(segment))
        self.partners[0].city = "Ruse"
        self.assertEqual(self.members(segment), self.partners[0])
        self.assertEqual(self.partners[0].segment_ids, segment)
        new = self.env["res.partner"].create(
            {"name": "N", "ref": "segment-test", "is_company": True, "city": "Ruse"}
        )
        self.assertEqual(self.members(segment), self.partners[0] + new)
        self.assertEqual(new.segment_ids, segment)
        (self.partners[0] + new).write({"city": "Varna"})
        self.assertFalse(self.members(segment))
        self.assertFalse(new.segment_ids)

    def test_at_once_through_a_computed_field(self):
        segment = self.make_segment(("email_normalized", "=", "a@example.com"))
        self.partners[0].email = "A <a@example.com>"
        self.assertEqual(self.members(segment), self.partners[0])

    def test_at_once_through_a_field_that_is_only_searched(self):
        segment = self.make_segment(("phone_mobile_search", "ilike", "5550177"))
        self.partners[0].phone = "+359 2 555 0177"
        self.assertEqual(self.members(segment), self.partners[0])

    def test_only_segments_that_look_at_the_changed_field_are_asked(self):
        self.make_segment(("city", "=", "Ruse"))
        self.make_segment(("phone", "!=", False))
        asked = []
        refresh = engine.refresh

        def spy(env, table, criteria, **options):
            if table.table == "crm_segment_member":
                asked.append([criterion.key for criterion in criteria])
            return refresh(env, table, criteria, **options)

        self.settle()
        with patch.object(engine, "refresh", spy):
            self.partners[0].function = "Buyer"
            self.settle()
            self.assertEqual(asked, [], "no rule looks at the function")
            self.partners[:3].write({"city": "Ruse", "phone": "+359 2 555 0142"})
            self.settle()
        self.assertEqual([len(keys) for keys in asked], [2], "one statement for both")

    def test_at_once_does_not_write_the_segment(self):
        segment = self.make_segment(("city", "=", "Ruse"))
        self.env.flush_all()
        query = SQL("SELECT ctid::text FROM crm_segment WHERE id = %s", segment.id)
        before = self.env.execute_query(query)
        self.partners[0].city = "Ruse"
        self.env.flush_all()
        self.assertEqual(self.members(segment), self.partners[0])
        self.assertEqual(self.env.execute_query(query), before)

    def test_other_policies_wait(self):
        for policy in ("hourly", "daily", "manual", "frozen"):
            segment = self.make_segment(("city", "=", "Ruse"), refresh_policy=policy)
            self.partners[0].city = "Ruse"
            self.settle()
            self.assertFalse(self.members(segment), policy)
            self.partners[0].city = False

    # --- scheduled job ---------------------------------------------------------
    def test_new_and_changed_segments_are_due_at_once(self):
        segment = self.make_segment(("is_company", "=", True), refresh=False)
        self.assertEqual(segment.freshness, "waiting")
        self.assertFalse(segment.member_count)
        row = self.env["crm.criterion.refresh"].search([("step", "=", "crm.segment")])
        self.assertEqual((row.state, row.position), ("waiting", 0))
        self.run_job()
        self.assertEqual(segment.freshness, "fresh")
        self.assertEqual(segment.last_entered, segment.member_count)
        self.assertTrue(segment.member_count)
        segment.domain = str([("id", "=", 0)])
        self.assertEqual(segment.freshness, "waiting")
        self.run_job()
        self.assertFalse(segment.member_count)

    @freeze_time("2026-03-02 10:00:00")
    def test_schedule(self):
        hourly = self.make_segment(("city", "=", "Ruse"), refresh_policy="hourly")
        daily = self.make_segment(("city", "=", "Ruse"), refresh_policy="daily")
        by_hand = self.make_segment(("city", "=", "Ruse"), refresh_policy="manual")
        self.partners[0].city = "Ruse"
        for hours, expected in [(0.5, (0, 0, 0)), (1.1, (1, 0, 0)), (25, (1, 1, 0))]:
            with freeze_time(fields.Datetime.now() + timedelta(hours=hours)):
                self.run_job()
            self.env.invalidate_all()
            counts = tuple(len(self.members(s)) for s in (hourly, daily, by_hand))
            self.assertEqual(counts, expected)
        by_hand.refresh()
        self.assertEqual(self.members(by_hand), self.partners[0])

    def test_time_alone_moves_members(self):
        with freeze_time("2026-03-01 10:00:00"):
            lead = self.leads[0]
            lead.date_deadline = "2026-03-20"
            segment = self.make_segment(
                ("date_deadline", "<=", "+7d"),
                ("date_deadline", ">=", "today"),
                target="lead",
            )
            self.assertFalse(self.members(segment))
        with freeze_time("2026-03-14 10:00:00"):
            self.run_job()
            self.assertEqual(self.members(segment), lead)
        with freeze_time("2026-03-21 10:00:00"):
            self.run_job()
            self.assertFalse(self.members(segment))

    def test_job_goes_on_where_it_stopped(self):
        segments = [self.make_segment(refresh=False) for _i in range(3)]
        # Changes come first.
        self.Segment._work_off(float("inf"))
        with patch.object(schedule, "BATCH_SECONDS", 0):
            position, done, changed = self.Segment._refresh_batch(0)
            self.assertEqual((position, done), (segments[0].id, 1))
            self.assertTrue(changed)
            self.assertEqual(
                [bool(s.refreshed_at) for s in segments], [True, False, False]
            )
            self.assertEqual(self.Segment._refresh_remaining(position), 2)
            self.run_job()
        self.assertTrue(all(s.refreshed_at for s in segments))
        self.assertEqual(self.Segment._refresh_batch(0), (None, 0, 0))

    def test_cron(self):
        segment = self.make_segment(("is_company", "=", True), refresh=False)
        cron = self.env.ref("crm_glossary_core.ir_cron_refresh")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(segment.member_count)
        self.assertEqual(segment.freshness, "fresh")

    def test_late_and_archived(self):
        segment = self.make_segment()
        with freeze_time(fields.Datetime.now() + timedelta(hours=1, minutes=30)):
            self.env.invalidate_all()
            self.assertEqual(segment.freshness, "waiting")
        with freeze_time(fields.Datetime.now() + timedelta(hours=3)):
            self.env.invalidate_all()
            self.assertEqual(segment.freshness, "late")
            late = self.Segment.search([("next_refresh_at", "<", "-1H")])
            self.assertEqual(late, segment)
        segment.active = False
        self.assertFalse(segment.next_refresh_at)
        segment.active = True
        self.assertTrue(segment.next_refresh_at)

    # --- frozen ----------------------------------------------------------------
    def test_frozen_is_filled_once(self):
        segment = self.make_segment(
            ("is_company", "=", True), refresh_policy="frozen", refresh=False
        )
        self.run_job()
        members = self.members(segment)
        self.assertTrue(members)
        self.assertEqual(segment.freshness, "frozen")
        members[0].is_company = False
        self.assertEqual(self.run_job(), 0)
        with self.assertRaisesRegex(UserError, "frozen"):
            segment.refresh()
        self.assertEqual(self.members(segment), members)
        segment.refresh_policy = "daily"
        self.run_job()
        self.assertEqual(self.members(segment), members[1:])

    # --- broken rules ----------------------------------------------------------
    def test_broken_rule_keeps_its_members_and_says_why(self):
        segment = self.make_segment(("is_company", "=", True))
        other = self.make_segment(("is_company", "=", False))
        members = self.members(segment)
        # As when the field's module was uninstalled: no check comes in between.
        self._store_domain(segment, "[('x_gone', '=', 1)]")
        self._make_due(segment + other)
        self.partners[0].is_company = False
        self.run_job()
        self.assertIn("x_gone", segment.error_message)
        self.assertEqual(segment.freshness, "broken")
        self.assertEqual(self.members(segment), members)
        self.assertIn(self.partners[0], self.members(other), "the other one goes on")
        self.assertEqual(segment.refresh()["broken"], 1)
        self.assertEqual(segment.action_refresh()["params"]["type"], "danger")
        self.assertEqual(self.Segment.search([("error_message", "!=", False)]), segment)
        segment.domain = str([("id", "in", self.partners[1].ids)])
        self.assertFalse(segment.error_message)
        segment.refresh()
        self.assertEqual(self.members(segment), self.partners[1])

    def _store_domain(self, segment, domain):
        self.env.flush_all()
        self.env.execute_query(
            SQL("UPDATE crm_segment SET domain = %s WHERE id = %s", domain, segment.id)
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def _make_due(self, segments):
        segments.write({"next_refresh_at": fields.Datetime.now()})

    def test_code_is_refused(self):
        for text in ("__import__('os').system('true')", "[('x_gone', '=', 1)]", "["):
            with self.subTest(text=text), self.assertRaises(ValidationError):
                self.make_segment(domain=text)

    # --- target and kind -------------------------------------------------------
    def test_target_stays_once_there_is_history(self):
        segment = self.make_segment(("id", "=", 0))
        domain = str([("referred", "=", "segment-test")])
        segment.write({"target": "lead", "domain": domain})
        self.assertEqual(segment.model_name, "crm.lead")
        segment.refresh()
        self.assertEqual(self.members(segment), self.leads)
        with self.assertRaisesRegex(ValidationError, "history"):
            segment.target = "partner"

    def test_rule_that_becomes_a_list_kept_by_hand_keeps_its_members(self):
        segment = self.make_segment(("is_company", "=", True))
        members = self.members(segment)
        segment.kind = "manual"
        members[0].is_company = False
        self.run_job()
        self.assertEqual(segment.refresh(), {"entered": 0, "left": 0, "broken": 0})
        self.assertEqual(self.members(segment), members)

    # --- companies -------------------------------------------------------------
    def test_segment_of_a_company(self):
        company = self.env["res.company"].create({"name": "Segment company"})
        other = self.env["res.company"].create({"name": "Other segment company"})
        self.partners[0].company_id = company
        self.partners[1].company_id = other
        segment = self.make_segment(company_id=company.id)
        self.assertIn(self.partners[0], self.members(segment))
        self.assertNotIn(self.partners[1], self.members(segment))
        self.assertIn(self.partners[2], self.members(segment), "shared by all")
        self.partners[1].company_id = False
        self.assertIn(self.partners[1], self.members(segment))
