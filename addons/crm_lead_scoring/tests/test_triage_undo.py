from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_triage import TriageCase


@tagged("post_install", "-at_install")
class TestTriageUndo(TriageCase):
    """A decision taken back leaves the lead as it was."""

    def _undo(self, answer, user=None):
        return self._as(user or self.salesman).undo(answer["id"])

    def test_accept_gives_the_lead_back(self):
        lead = self._make_lead(
            "Fresh", 20, user_id=False, email_from="new@fresh.example.com"
        )
        before = (lead.stage_id, lead.team_id)
        answer = self._as(self.salesman).accept(lead.id)
        partner = lead.partner_id
        self.assertTrue(partner)
        undone = self.assertDone(self._undo(answer))
        self.assertEqual(undone["lead_id"], lead.id)
        self.assertEqual(undone["today"]["accept"], 0)
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.type, "lead")
        self.assertFalse(lead.partner_id or lead.date_conversion)
        self.assertEqual((lead.stage_id, lead.team_id), before)
        self.assertFalse(partner.exists())
        self.assertEqual(self._names(self.salesman), ["Fresh"])
        self.assertTrue(self._last().is_undone)

    def test_contact_that_is_used_stays(self):
        lead = self._make_lead("Fresh", email_from="new@fresh.example.com")
        answer = self._as(self.salesman).accept(lead.id)
        partner = lead.partner_id
        other = self._make_lead("Other", partner_id=partner.id)
        self.assertDone(self._undo(answer))
        self.assertEqual(other.partner_id, partner)
        self.assertTrue(partner.exists())

    def test_accepted_hand_over_waits_again(self):
        lead = self._make_lead("Ready", 70, user_id=False)
        answer = self._as(self.salesman).accept(lead.id)
        self.assertEqual(lead.handover_state, "accepted")
        self.assertDone(self._undo(answer))
        self.env.cr.flush()
        self.assertEqual(lead.handover_state, "offered")
        self.assertFalse(lead.handover_ids.answer_date or lead.handover_ids.user_id)
        self.assertDone(self._as(self.salesman).accept(lead.id))

    def test_nurture_takes_the_follow_up_away(self):
        lead = self._make_lead("Later", 30)
        answer = self._as(self.salesman).nurture(lead.id)
        self.assertDone(self._undo(answer))
        self.assertFalse(lead.with_context(active_test=False).activity_ids)
        self.assertEqual(self._names(self.salesman), ["Later"])

    def test_returned_lead_is_ready_again(self):
        lead = self._make_lead("Ready", 70)
        since, handover = lead.ready_since, lead.handover_ids
        answer = self._as(self.salesman).nurture(lead.id, reason=self.return_reason.id)
        self.env.cr.flush()
        self.assertFalse(lead.is_sales_ready)
        self.assertDone(self._undo(answer))
        self.env.cr.flush()
        self._refresh()
        self.assertTrue(lead.is_sales_ready)
        self.assertEqual(lead.ready_since, since)
        self.assertEqual(lead.handover_ids, handover)
        self.assertEqual(handover.state, "offered")
        self.assertFalse(handover.reason_id)
        self.assertFalse(lead.get_readiness()["held_score"])

    def test_discarded_lead_is_open_again(self):
        lead = self._make_lead("Ready", 70)
        triage = self._as(self.salesman)
        answer = triage.discard(lead.id, self.lost_reason.id)
        self.env.cr.flush()
        self.assertDone(self._undo(answer))
        self.env.cr.flush()
        self.assertEqual((lead.active, lead.won_status), (True, "pending"))
        self.assertFalse(lead.lost_reason_id)
        self.assertTrue(lead.is_sales_ready)
        self.assertEqual(lead.handover_state, "offered")
        self.assertEqual(self._names(self.salesman), ["Ready"])

    def test_unasked_answer_is_forgotten(self):
        self.model.state = "observe"
        lead = self._make_lead("Ready", 70)
        answer = self._as(self.salesman).discard(lead.id, self.lost_reason.id)
        self.assertTrue(lead.handover_ids)
        self.assertDone(self._undo(answer))
        self.assertFalse(lead.handover_ids)
        self.assertTrue(lead.is_sales_ready)

    def test_decision_before_holds_again(self):
        lead = self._make_lead("Later", 30)
        first = self._as(self.salesman).nurture(lead.id)
        self._set_points(lead, 70)
        self.env.cr.flush()
        second = self._as(self.salesman).accept(lead.id)
        self.assertNotDone(self._undo(first), "holds no longer")
        self.assertDone(self._undo(second))
        self.assertDone(self._undo(first))
        self.assertNotDone(self._undo(first), "holds no longer")

    def test_not_over_somebody_elses_change(self):
        triage = self._as(self.salesman)
        lead = self._make_lead("Given", user_id=False)
        answer = triage.accept(lead.id)
        lead.user_id = self.salesman_two
        self.assertNotDone(self._undo(answer), "changed the lead")
        lead.user_id = self.manager
        self.assertNotDone(self._undo(answer, self.manager), "changed the lead")
        self.assertEqual(lead.user_id, self.manager)
        small = self._make_lead("Small")
        answer = triage.discard(small.id, self.lost_reason.id)
        small.action_restore()
        self.assertNotDone(self._undo(answer), "changed the lead")
        ready = self._make_lead("Ready", 70)
        answer = triage.accept(ready.id)
        ready.with_user(self.salesman).action_return_to_marketing(self.return_reason.id)
        self.assertNotDone(self._undo(answer), "changed the lead")

    def test_not_too_late_and_own_only(self):
        lead = self._make_lead("Later")
        answer = self._as(self.salesman).nurture(lead.id)
        with self.assertRaises(AccessError):
            self._undo(answer, self.salesman_two)
        self._last().date -= timedelta(hours=13)
        self.assertNotDone(self._undo(answer), "too long ago")
        lead.unlink()
        self.assertNotDone(self._undo(answer), "gone")
