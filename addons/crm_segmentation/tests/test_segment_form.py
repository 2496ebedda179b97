from odoo.tests import Form, tagged

from .common import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentForm(SegmentCase):
    """What a marketer does on the form."""

    def test_new_segment(self):
        with Form(self.Segment.with_user(self.marketer)) as form:
            form.name = "Companies"
            self.assertEqual(form.model_name, "res.partner")
            form.domain = str([("ref", "=", "segment-test"), ("is_company", "=", True)])
            self.assertIn("segment-test", form.domain_sentence)
        segment = form.record
        self.assertEqual(segment.user_id, self.marketer)
        self.assertEqual(segment.preview_count(), 4)
        self.assertEqual(segment.member_count, 0, "not filled yet")
        action = segment.action_view_members()
        found = (
            self.env[action["res_model"]]
            .with_user(self.marketer)
            .search(action["domain"])
        )
        self.assertEqual(len(found), 4, "looking at a new segment fills it")
        self.assertEqual(segment.member_count, 4)
        self.assertEqual(segment.freshness, "fresh")

    def test_target_decides_the_model(self):
        with Form(self.Segment.with_user(self.marketer)) as form:
            form.name = "Large"
            form.target = "lead"
            self.assertEqual(form.model_name, "crm.lead")
            form.domain = str([("expected_revenue", ">", 100)])
        self.assertEqual(form.record.model_name, "crm.lead")

    def test_manual(self):
        segment = self.make_segment(kind="manual")
        self.assertEqual(segment.domain_sentence, "chosen by hand")
        with Form(segment.with_user(self.marketer)) as form:
            form.note = "Chosen"
        self.assertEqual(segment.note, "Chosen")

    def test_salesperson_reads_the_form(self):
        segment = self.make_segment(("is_company", "=", True))
        form = Form(segment.with_user(self.salesperson))
        self.assertEqual(form.member_count, 4)

    def test_copy_starts_empty(self):
        segment = self.make_segment(("is_company", "=", True))
        copied = segment.copy()
        self.assertEqual(copied.name, "Test segment (copy)")
        self.assertFalse(copied.refreshed_at)
        self.assertEqual(copied.member_count, 0)
        self.assertEqual(copied.freshness, "waiting")

    def test_page_of_a_contact(self):
        segment = self.make_segment(("is_company", "=", True))
        contact = self.partners[0].with_user(self.salesperson)
        self.assertEqual(contact.segment_count, 1)
        action = contact.action_view_segments()
        rows = self.Member.with_user(self.salesperson).search(action["domain"])
        self.assertEqual(rows.segment_id.ids, segment.ids)
        self.assertEqual(rows.reason_in, "rule_changed")
        self.assertEqual(rows.action_view_record()["res_id"], contact.id)
        self.assertIn(contact.name, rows.display_name)

    def test_page_of_a_lead(self):
        self.make_segment(target="lead")
        lead = self.leads[0].with_user(self.salesperson)
        action = lead.action_view_segments()
        rows = self.Member.with_user(self.salesperson).search(action["domain"])
        self.assertEqual(rows.lead_id, lead)

    def test_examples_are_switched_off_and_work(self):
        names = ("new_contacts", "unreachable", "no_next_step", "stalled")
        for name in names:
            example = self.env.ref(f"crm_segmentation.crm_segment_{name}")
            self.assertFalse(example.active)
            example.active = True
            self.assertEqual(example.refresh()["broken"], 0)
            self.assertEqual(set(self.members(example)), set(self.found(example)))
