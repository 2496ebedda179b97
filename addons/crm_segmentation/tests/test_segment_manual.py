from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentManual(SegmentCase):
    """Segments that are kept by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segment = cls.make_segment(kind="manual").with_user(cls.marketer)

    def test_add_and_remove(self):
        with freeze_time("2026-03-01 10:00:00"):
            self.assertEqual(self.segment.add_members(self.partners[:3].ids), 3)
        with freeze_time("2026-03-02 10:00:00"):
            self.assertEqual(self.segment.add_members(self.partners[2:4].ids), 1)
        with freeze_time("2026-03-03 10:00:00"):
            self.assertEqual(self.segment.remove_members(self.partners[:1].ids), 1)
            self.assertEqual(self.segment.remove_members(self.partners[:1].ids), 0)
        self.assertEqual(self.members(self.segment), self.partners[1:4])
        self.assertEqual(
            self.stays(self.segment, self.partners[0]), [("added", "removed", False)]
        )
        self.assertEqual(self.partners[1].segment_ids, self.segment)
        self.assertFalse(self.partners[0].segment_ids)
        self.assertEqual(self.segment.members_on("2026-03-01"), self.partners[:3].ids)
        self.assertEqual(self.segment.freshness, "manual")

    def test_no_refresh_touches_them(self):
        self.segment.add_members(self.partners[:2].ids)
        self.segment.refresh()
        self.Segment._refresh_batch(0)
        self.partners[0].name = "Changed"
        self.assertEqual(self.members(self.segment), self.partners[:2])

    def test_unknown_records_are_left_out(self):
        gone = self.env["res.partner"].create({"name": "Gone"})
        gone_id = gone.id
        gone.unlink()
        self.assertEqual(self.segment.add_members([gone_id, self.partners[0].id]), 1)

    def test_rule_segments_refuse(self):
        segment = self.make_segment(("is_company", "=", True))
        with self.assertRaisesRegex(UserError, "rule"):
            segment.add_members(self.partners[1].ids)
        with self.assertRaisesRegex(UserError, "rule"):
            segment.remove_members(self.partners[0].ids)

    def test_records_of_another_company_are_refused(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.partners[0].company_id = company
        self.segment.sudo().company_id = self.env.company
        with self.assertRaises(UserError):
            self.segment.with_user(self.env.user).add_members(self.partners[:2].ids)
        self.assertFalse(self.members(self.segment))

    def test_wizard_from_a_selection(self):
        context = {
            "active_model": "res.partner",
            "active_ids": self.partners[:4].ids,
            "active_id": self.partners[0].id,
        }
        self.segment.add_members(self.partners[0].ids)
        Edit = self.env["crm.segment.edit"].with_user(self.marketer)
        with Form(Edit.with_context(**context)) as form:
            form.segment_id = self.segment
            self.assertEqual((form.record_count, form.changing_count), (4, 3))
        edit = form.record
        result = edit.action_apply()
        self.assertIn("3", result["params"]["message"])
        self.assertEqual(self.members(self.segment), self.partners[:4])
        with Form(Edit.with_context(**context)) as form:
            form.segment_id = self.segment
            form.operation = "remove"
            self.assertEqual(form.changing_count, 4)
        form.record.action_apply()
        self.assertFalse(self.members(self.segment))

    def test_wizard_from_the_segment(self):
        action = self.segment.action_add_members()
        Edit = self.env["crm.segment.edit"].with_user(self.marketer)
        with Form(Edit.with_context(**action["context"])) as form:
            form.partner_ids.add(self.partners[5])
        form.record.action_apply()
        self.assertEqual(self.members(self.segment), self.partners[5])
        action = self.segment.action_remove_members()
        with Form(Edit.with_context(**action["context"])) as form:
            self.assertEqual(form.operation, "remove")
            self.assertEqual(form.segment_id, self.segment)
        with self.assertRaisesRegex(UserError, "at least one"):
            form.record.action_apply()

    def test_wizard_for_leads(self):
        segment = self.make_segment(kind="manual", target="lead")
        Edit = (
            self.env["crm.segment.edit"]
            .with_user(self.marketer)
            .with_context(active_model="crm.lead", active_ids=self.leads.ids)
        )
        with Form(Edit) as form:
            self.assertEqual(form.target, "lead")
            form.segment_id = segment
        form.record.action_apply()
        self.assertEqual(self.members(segment), self.leads)

    def test_new_segment_from_the_wizard(self):
        context = {"default_kind": "manual", "default_target": "lead"}
        segment_id, _name = self.Segment.with_context(**context).name_create("Fair")
        segment = self.Segment.browse(segment_id)
        self.assertEqual((segment.kind, segment.target), ("manual", "lead"))
        self.assertFalse(segment.next_refresh_at)
