from datetime import timedelta
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.crm_glossary_core import engine

from ..models import crm_segment_refresh_changes as changes
from ..models import crm_segment_refresh_schedule as schedule
from ..models.crm_segment_member import get_match_table
from .common import ChangesCase


@tagged("post_install", "-at_install")
class TestSegmentChanges(ChangesCase):
    """What changes around a contact is followed within a minute."""

    def test_a_meeting(self):
        guest = self.partners[0]
        segment = self.make_segment(("meeting_ids.name", "=", "Dinner"))
        self.assertFalse(self.waiting())
        meeting = self.env["calendar.event"].create(
            {
                "name": "Dinner",
                "start": "2026-03-01 10:00:00",
                "stop": "2026-03-01 11:00:00",
                "partner_ids": guest.ids,
            }
        )
        self.assertIn(("res.partner", guest.id, "calendar.event"), self.waiting())
        self.assertFalse(self.members(segment))
        self.run_job()
        self.assertEqual(self.members(segment), guest)
        self.assertFalse(self.waiting())
        meeting.partner_ids = self.partners[1]
        self.commit()
        self.run_job()
        self.assertEqual(self.members(segment), self.partners[1], "the old one left")
        meeting.unlink()
        self.commit()
        self.run_job()
        self.assertFalse(self.members(segment))

    def test_an_activity_and_a_mail(self):
        planned = self.make_segment(("activity_ids", "!=", False), target="lead")
        written = self.make_segment(("message_ids.subject", "=", "Hello"))
        lead = self.leads[2]
        activity = lead.activity_schedule("mail.mail_activity_data_todo")
        self.partners[3].message_post(body="x", subject="Hello")
        self.commit()
        self.run_job()
        self.assertEqual(self.members(planned), lead)
        self.assertEqual(self.members(written), self.partners[3])
        activity.unlink()
        self.commit()
        self.run_job()
        self.assertFalse(self.members(planned))

    def test_a_lead_and_a_company(self):
        rich = self.make_segment(("opportunity_ids.expected_revenue", ">", 999))
        abroad = self.make_segment(("parent_id.country_id.code", "=", "AT"))
        fine = self.make_segment(("partner_id.city", "=", "Ruse"), target="lead")
        self.leads[0].expected_revenue = 1000
        self.partners[3].parent_id = self.partners[0]
        self.commit()
        self.run_job()
        self.assertEqual(self.members(rich), self.partners[0])
        self.assertFalse(self.members(abroad))
        self.partners[0].write({"country_id": self.austria.id, "city": "Ruse"})
        self.commit()
        self.run_job()
        self.assertEqual(self.members(abroad), self.partners[3])
        # The person has the address of the company.
        self.assertEqual(set(self.members(fine)), {self.leads[0], self.leads[3]})

    def test_nothing_is_noted_when_no_segment_looks(self):
        self.make_segment(("city", "=", "Ruse"))
        self.partners[0].message_post(body="x")
        self.leads[0].activity_schedule("mail.mail_activity_data_todo")
        self.partners[0].function = "Buyer"
        self.assertFalse(self.waiting())
        self.assertFalse(self.waiting(later=True))
        self.partners[0].city = "Ruse"
        self.assertEqual(
            self.waiting(later=True), {("res.partner", self.partners[0].id, None)}
        )

    def test_who_waits_wakes_the_job_once(self):
        cron = self.env.ref("crm_segmentation.ir_cron_segment_refresh")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        self.make_segment(("meeting_ids", "!=", False))
        self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()
        for _i in range(3):
            self.Segment._note_dirty(self.partners[0], source="calendar.event")
            self.commit()
        count = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.assertEqual(count, 1)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(self.waiting())

    def test_hourly_segments_see_the_changes_of_the_hour(self):
        with freeze_time("2026-03-02 10:00:00"):
            hourly = self.make_segment(
                ("meeting_ids.name", "=", "Tea"), refresh_policy="hourly"
            )
            self.make_segment(("meeting_ids.name", "=", "Tea"))
            self.env["calendar.event"].create(
                {
                    "name": "Tea",
                    "start": "2026-03-01 10:00:00",
                    "stop": "2026-03-01 11:00:00",
                    "partner_ids": self.partners[0].ids,
                }
            )
            self.commit()
            self.run_job()
            self.assertFalse(self.members(hourly))
            self.assertTrue(self.waiting(later=True))
        with freeze_time("2026-03-02 11:01:00"):
            self.run_job()
        self.assertEqual(self.members(hourly), self.partners[0])
        self.assertFalse(self.waiting(later=True))

    def test_very_many_changes_are_a_full_refresh(self):
        segment = self.make_segment(("city", "=", "Ruse"))
        self.Segment._note_dirty(self.partners, source="crm.lead")
        path = "odoo.addons.crm_segmentation.models.crm_segment_refresh_changes.MANY"
        self.env.execute_query(
            SQL(
                "UPDATE res_partner SET city = 'Ruse' WHERE id = %s RETURNING 1",
                self.partners[0].id,
            )
        )
        with patch(path, 3):
            self.run_job()
        self.assertFalse(self.waiting())
        self.assertEqual(self.members(segment), self.partners[0])

    def test_nobody_waits_for_very_many_segments(self):
        segments = [self.make_segment(("city", "=", "Omsk")) for _turn in range(3)]
        self.env["crm.segment"].search(
            [("id", "not in", [segment.id for segment in segments])]
        ).active = False
        self.commit()
        self.env["crm.segment.dirty"].sudo().search([]).unlink()
        partner = self.partners[0]
        with patch.object(changes, "MOST_AT_ONCE", 2):
            partner.city = "Omsk"
            self.commit()
        self.assertFalse(self.members(segments[0]), "not while somebody saves")
        self.assertIn(("res.partner", partner.id, None), self.waiting())
        self.run_job()
        for segment in segments:
            self.assertEqual(self.members(segment), partner)

    def test_who_was_deleted_meanwhile_is_left_out(self):
        segment = self.make_segment(("opportunity_ids", "!=", False))
        self.Segment._note_dirty(self.partners[6:7], source="crm.lead")
        self.commit()
        self.partners[6].unlink()
        self.run_job()
        self.assertFalse(self.waiting())
        self.assertEqual(self.members(segment), self.partners[0] + self.partners[3])

    # --- roll-up ---------------------------------------------------------------
    def test_members_are_companies(self):
        company, other, person = self.partners[0], self.partners[2], self.partners[1]
        person.write({"parent_id": company.id, "function": "CEO"})
        segment = self.make_segment(("function", "=", "CEO"), roll_up="company")
        self.assertEqual(self.members(segment), company)
        person.parent_id = other
        self.commit()
        self.run_job()
        self.assertEqual(self.members(segment), other, "the old company left")
        self.partners[3].function = "CEO"
        self.settle()
        self.assertEqual(self.members(segment), other + self.partners[3])
        self.partners[5].parent_id = self.partners[4]
        self.partners[5].function = "CEO"
        self.settle()
        self.assertIn(self.partners[4], self.members(segment), "at once")
        self.partners[5].function = "Buyer"
        self.settle()
        other.active = False
        self.settle()
        self.assertEqual(self.members(segment), self.partners[3])
        other.active = True
        self.settle()
        self.assertEqual(segment.refresh(), {"entered": 0, "left": 0, "broken": 0})
        person.unlink()
        self.commit()
        self.run_job()
        self.assertEqual(self.members(segment), self.partners[3])

    def test_who_gets_a_company_is_no_member_beside_it(self):
        company, person = self.partners[0], self.partners[1]
        person.function = "CEO"
        segment = self.make_segment(("function", "=", "CEO"), roll_up="company")
        self.assertEqual(self.members(segment), person)
        person.parent_id = company
        self.settle()
        self.assertEqual(self.members(segment), company)
        person.parent_id = False
        self.commit()
        self.run_job()
        self.assertEqual(self.members(segment), person)

    # --- what rests on other segments ------------------------------------------
    def test_who_rests_on_a_segment_follows(self):
        base = self.make_segment(("city", "=", "Ruse"))
        upper = self.make_segment(("segment_ids", "in", base.ids))
        top = self.make_segment(("segment_ids", "in", upper.ids))
        self.partners[0].city = "Ruse"
        self.settle()
        for segment in (base, upper, top):
            self.assertEqual(self.members(segment), self.partners[0])
        base.domain = str([("city", "=", "Varna"), ("ref", "=", "segment-test")])
        self.run_job()
        for segment in (base, upper, top):
            self.assertFalse(self.members(segment))

    def test_who_rests_on_a_list_kept_by_hand_follows(self):
        manual = self.make_segment(kind="manual")
        upper = self.make_segment(("segment_ids", "in", manual.ids))
        manual.add_members(self.partners[:2].ids)
        self.assertEqual(self.members(upper), self.partners[:2])
        manual.remove_members(self.partners[:1].ids)
        self.assertEqual(self.members(upper), self.partners[1])


@tagged("post_install", "-at_install")
class TestSegmentRefreshSafety(ChangesCase):
    """Whatever goes wrong: a message, nothing lost, the same result after the next."""

    def test_a_large_segment_is_filled_in_parts(self):
        segment = self.make_segment(refresh=False)
        self.commit()
        size = self.env["res.partner"].with_context(active_test=False).search_count([])
        with (
            patch.object(schedule, "PART", size // 3),
            patch.object(schedule, "BATCH_SECONDS", 0),
        ):
            steps, position = 0, 0
            while position is not None:
                position, _done, _changed = self.Segment._refresh_batch(position)
                steps += 1
                self.assertEqual(segment.rule_changed, not segment.refreshed_at)
        self.assertGreater(steps, 3)
        self.assertEqual(set(self.members(segment).ids), set(self.found(segment).ids))
        self.assertEqual(segment.last_entered, len(self.found(segment)))
        self.assertFalse(segment.fill_position)
        reasons = {reason for p in self.partners for reason in self.stays(segment, p)}
        self.assertEqual(reasons, {("rule_changed", False, True)})

    def test_a_rule_edited_in_mid_filling_starts_anew(self):
        segment = self.make_segment(refresh=False)
        with patch.object(schedule, "PART", 3):
            diff, complete = segment._refresh_scheduled()
            self.assertFalse(complete)
            self.assertTrue(segment.fill_position)
            segment.domain = str([("id", "in", self.partners[1].ids)])
            self.assertFalse(segment.fill_position)
        self.run_job()
        self.assertEqual(self.members(segment), self.partners[1])

    @mute_logger("odoo.addons.crm_segmentation.models.crm_segment_refresh")
    def test_an_unforeseen_error_stops_no_other(self):
        bad = self.make_segment(("city", "=", "Ruse"))
        good = self.make_segment(("city", "=", "Ruse"))
        refresh = engine.refresh

        def fail(env, table, criteria, **options):
            if criteria[0].key == bad.id:
                raise ZeroDivisionError("by nothing")
            return refresh(env, table, criteria, **options)

        (bad | good)._mark_due(rule_changed=True)
        with patch.object(engine, "refresh", fail):
            self.run_job()
        self.assertIn("by nothing", bad.error_message)
        self.assertEqual((bad.freshness, good.freshness), ("broken", "fresh"))
        bad._mark_due()
        self.run_job()
        self.assertFalse(bad.error_message)

    def test_a_contact_deleted_in_mid_refresh_is_another_try(self):
        criteria = self.make_segment()._to_criteria()

        def violate(*args):
            raise psycopg2.errors.ForeignKeyViolation("gone")

        with (
            patch.dict(engine.refresh.__globals__, {"sync": violate}),
            self.assertRaises(ConcurrencyError),
        ):
            engine.refresh(self.env, get_match_table("partner"), criteria)

    def test_two_at_once(self):
        """Who is being refreshed by somebody else is left to them, and waits."""
        segment = self.make_segment(("meeting_ids", "!=", False))
        segment._mark_due()
        self.Segment._note_dirty(self.partners[0], source="calendar.event")
        self.commit()
        nobody = self.Segment.browse()
        with patch.object(
            type(self.Segment), "try_lock_for_update", lambda self, **kw: nobody
        ):
            self.run_job()
        self.assertTrue(self.waiting(), "nothing was taken away")
        self.assertTrue(segment.next_refresh_at <= fields.Datetime.now())
        self.run_job()
        self.assertFalse(self.waiting())
        self.assertEqual(segment.freshness, "fresh")

    def test_alarm_once(self):
        segment = self.make_segment(("city", "=", "Ruse"), user_id=self.marketer.id)
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE crm_segment SET domain = %s WHERE id = %s RETURNING 1",
                "[('x_gone', '=', 1)]",
                segment.id,
            )
        )
        self.env.invalidate_all()
        segment._mark_due()
        for _i in range(2):
            segment.next_refresh_at = fields.Datetime.now()
            self.run_job()
        self.assertEqual(len(segment.activity_ids), 1)
        self.assertEqual(segment.activity_ids.user_id, self.marketer)
        self.assertIn("x_gone", segment.activity_ids.note)
        self.assertIn("1", self.Segment._refresh_problem())
        action = self.Segment._refresh_problem_action()
        self.assertEqual(self.Segment.search(action["domain"]), segment)
        segment.domain = str([("ref", "=", "segment-test")])
        self.run_job()
        self.assertFalse(segment.activity_ids)
        self.assertFalse(segment.has_alarm)
        self.assertFalse(self.Segment._refresh_problem())

    def test_late_is_said(self):
        segment = self.make_segment(user_id=self.marketer.id)
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            self.assertIn("not up to date", self.Segment._refresh_problem())
            nobody = self.Segment.browse()
            with patch.object(
                type(self.Segment), "try_lock_for_update", lambda self, **kw: nobody
            ):
                self.run_job()
            self.assertEqual(len(segment.activity_ids), 1)
            self.run_job()
            self.assertFalse(segment.activity_ids)
