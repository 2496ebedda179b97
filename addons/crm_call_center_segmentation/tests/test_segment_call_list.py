from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_segmentation.tests.common import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentCallList(SegmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = new_test_user(
            cls.env,
            "seg_supervisor",
            groups="crm_call_center.group_call_center_supervisor",
        )
        for number, partner in enumerate(cls.partners):
            partner.write(
                {
                    "phone": f"+3592555010{number}",
                    "country_id": cls.bulgaria.id,
                }
            )
        cls.segment = cls.make_segment(kind="manual")
        cls.segment.add_members(cls.partners[:4].ids)

    def make_list(self, policy="dynamic", start=True):
        wizard = (
            self.env["crm.segment.call.list"]
            .with_user(self.supervisor)
            .with_context(**self.segment.action_make_call_list()["context"])
            .create(
                {
                    "operator_ids": self.supervisor.ids,
                    "purpose": "service",
                    "refill_policy": policy,
                }
            )
        )
        action = wizard.action_make()
        call_list = self.env["crm.call.list"].browse(action["res_id"])
        self.assertEqual(call_list.state, "draft")
        if start:
            call_list.action_start()
        return call_list

    def refresh_lists(self):
        CallList = self.env["crm.call.list"].sudo()
        position = 0
        while position is not None:
            position, _done, _changed = CallList._refresh_batch(position)
        self.env.invalidate_all()

    def called(self, call_list):
        return call_list.sudo().call_ids.partner_id

    def test_two_clicks(self):
        call_list = self.make_list()
        self.assertEqual(call_list.segment_id, self.segment)
        self.assertEqual(self.called(call_list), self.partners[:4])
        self.assertEqual(self.segment.call_list_count, 1)

    def test_kept_in_step(self):
        call_list = self.make_list()
        tried, planned = call_list.call_ids.sorted("id")[:2]
        tried.sudo().action_not_held(
            outcome_id=self.env.ref("crm_call_center.outcome_no_answer").id
        )
        # Tried, and not planned again: it stays all the same.
        tried.sudo().write({"next_attempt_date": False, "user_id": False})
        planned.sudo().user_id = self.supervisor
        self.segment.remove_members(self.partners[:3].ids)
        self.segment.add_members(self.partners[4].ids)
        self.refresh_lists()
        # The one who was tried and the one who is somebody's stay.
        self.assertEqual(
            self.called(call_list),
            tried.partner_id | planned.partner_id | self.partners[3:5],
        )
        # Whoever comes back is called.
        self.segment.add_members(self.partners[2].ids)
        self.refresh_lists()
        self.assertIn(self.partners[2], self.called(call_list))

    def test_archived_segment(self):
        """Archiving the segment takes nobody off a list that is being worked on."""
        call_list = self.make_list()
        self.segment.active = False
        self.refresh_lists()
        self.assertEqual(self.called(call_list), self.partners[:4])
        self.assertFalse(call_list.segment_active)

    def test_a_call_under_way_stays(self):
        call_list = self.make_list()
        call = call_list.call_ids.sorted("id")[0].sudo()
        self.segment.remove_members(self.partners[:4].ids)
        # A lease is a row of the queue; the call's own field only shows it.
        until = fields.Datetime.add(fields.Datetime.now(), minutes=5)
        self.env["crm.call.queue"].sudo().browse(call.id).write(
            {"reserved_by": self.supervisor.id, "lease_until": until}
        )
        self.env.invalidate_all()
        self.assertEqual(call.reserved_by, self.supervisor)
        self.refresh_lists()
        self.assertEqual(self.called(call_list), call.partner_id)

    def test_frozen(self):
        call_list = self.make_list("frozen")
        self.segment.remove_members(self.partners[0].ids)
        self.segment.add_members(self.partners[4].ids)
        self.refresh_lists()
        self.assertEqual(self.called(call_list), self.partners[:4])
        # Refilled by hand, it grows; it loses nobody.
        call_list.action_refill()
        self.assertEqual(self.called(call_list), self.partners[:5])

    def test_frozen_is_filled_before_it_starts(self):
        call_list = self.make_list("frozen", start=False)
        self.assertEqual(self.called(call_list), self.partners[:4])

    def test_leads(self):
        self.leads.phone = "+35925550177"
        self.segment = self.make_segment(target="lead")
        call_list = self.make_list()
        self.assertEqual(call_list.model_name, "crm.lead")
        self.assertEqual(call_list.call_ids.opportunity_id, self.leads)

    def test_reach_names_those_who_are_not_called(self):
        self.env["crm.do.not.call"].sudo()._request(
            self.partners[0].phone_sanitized, source="manual"
        )
        self.env["crm.phone.number"].sudo()._mark_wrong(
            self.partners[1], self.partners[1].phone_sanitized
        )
        reach = self.segment.get_reach()
        self.assertEqual((reach["members"], reach["phone"]), (4, 2))
        blocked = {row["code"]: row["count"] for row in reach["blocked"]}
        self.assertEqual((blocked["do_not_call"], blocked["wrong_number"]), (1, 1))
        wizard = self.env["crm.segment.call.list"].create(
            {"segment_id": self.segment.id, "name": "Reach"}
        )
        self.assertEqual((wizard.phone_count, wizard.member_count), (2, 4))
        self.assertIn("1", wizard.blocked_text)

    def test_reach_names_no_number_of_the_register(self):
        DoNotCall = self.env["crm.do.not.call"].sudo()
        DoNotCall._request(self.partners[0].phone_sanitized, source="manual")
        DoNotCall._request("+35929871234", source="manual")
        for reason in (False, "do_not_call", "blacklisted"):
            action = self.segment.action_view_reach("phone", reason)
            self.assertNotIn("+359", str(action["domain"]))
        action = self.segment.action_view_reach("phone", "do_not_call")
        found = self.env["res.partner"].search(action["domain"])
        self.assertEqual(found, self.partners[0])

    def test_calls_change_members(self):
        segment = self.make_segment(("crm_call_ids.state", "=", "held"))
        self.assertFalse(self.members(segment))
        call = self.env["crm.call"].create(
            {"name": "Call", "partner_id": self.partners[0].id}
        )
        self.env.cr.flush()
        self.env["crm.segment.dirty"].sudo().search([]).unlink()
        call.write({"date": call.date, "state": "open"})
        self.env.cr.flush()
        rows = self.env["crm.segment.dirty"].sudo().search([])
        self.assertIn(
            ("res.partner", self.partners[0].id),
            {(row.target, row.record) for row in rows},
        )

    def test_action(self):
        call_list = self.env["crm.call.list"].create(
            {"name": "By action", "model_name": "res.partner"}
        )
        segment = self.make_segment(kind="manual")
        action = self.env["crm.segment.action"].create(
            {
                "segment_id": segment.id,
                "kind": "call_list",
                "call_list_id": call_list.id,
            }
        )
        action.action_switch_on()
        segment.add_members(self.partners[4:6].ids)
        self.env["crm.do.not.call"].sudo()._request(
            self.partners[5].phone_sanitized, source="manual"
        )
        self.env["crm.segment.action"]._plan_all()
        runs = self.env["crm.segment.run"].search([("action_id", "=", action.id)])
        runs._execute()
        self.assertEqual(self.called(call_list), self.partners[4])
        self.assertEqual(set(runs.mapped("state")), {"done", "skipped"})

    def test_a_deleted_segment_leaves_the_list(self):
        call_list = self.make_list()
        self.segment.unlink()
        self.refresh_lists()
        self.assertEqual(len(self.called(call_list)), 4)
        self.assertFalse(call_list.segment_id)

    def test_only_supervisors_make_lists(self):
        with self.assertRaises(AccessError):
            self.env["crm.segment.call.list"].with_user(self.marketer).create(
                {"segment_id": self.segment.id, "name": "No"}
            )
