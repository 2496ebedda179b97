from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import tagged

from .common_triage import TriageCase


@tagged("post_install", "-at_install")
class TestTriageDecisions(TriageCase):
    """What each decision does, and that nothing is done twice."""

    # accept

    def test_accept_makes_an_opportunity_of_nobodys_lead(self):
        lead = self._make_lead(
            "Fresh", 20, user_id=False, email_from="new@fresh.example.com"
        )
        answer = self.assertDone(self._as(self.salesman).accept(lead.id))
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.user_id, self.salesman)
        self.assertEqual(lead.partner_id.email, "new@fresh.example.com")
        self.assertEqual(answer["today"], {"accept": 1, "nurture": 0, "discard": 0})
        decision = self._last()
        self.assertEqual(decision.lead_id, lead)
        self.assertEqual(decision.user_id, self.salesman)
        self.assertEqual(decision.total, 20)
        self.assertEqual(decision.grade_id, lead.lead_grade_id)
        self.assertFalse(decision.was_ready)

    def test_accept_keeps_the_contact(self):
        partner = self.env["res.partner"].create(
            {"name": "Known", "email": "known@fresh.example.com"}
        )
        own = self._make_lead("Own contact", partner_id=partner.id)
        matching = self._make_lead("Matching", email_from=partner.email)
        for lead in own + matching:
            self.assertDone(self._as(self.salesman).accept(lead.id))
            self.assertEqual(lead.partner_id, partner)

    def test_accept_as_a_lead(self):
        lead = self._make_lead("Stays", user_id=False)
        self.assertDone(self._as(self.salesman).accept(lead.id, keep_lead=True))
        self.assertEqual(lead.type, "lead")
        self.assertEqual(lead.user_id, self.salesman)
        self.assertFalse(self._names(self.salesman))

    def test_accept_answers_the_hand_over(self):
        lead = self._make_lead("Ready", 70)
        self.assertEqual(lead.handover_state, "offered")
        self.assertDone(self._as(self.salesman).accept(lead.id))
        self.assertEqual(lead.handover_state, "accepted")
        self.assertTrue(self._last().was_ready)

    def test_manager_accepts_for_the_salesperson(self):
        lead = self._make_lead("Ready", 70)
        self.assertDone(self._as(self.manager).accept(lead.id))
        self.assertEqual(lead.user_id, self.salesman)
        self.assertEqual(lead.handover_ids.user_id, self.salesman)

    # nurture

    def test_nurture_plans_a_follow_up(self):
        lead = self._make_lead("Later", 30)
        self.assertDone(self._as(self.salesman).nurture(lead.id, note="Ask <again>"))
        day = fields.Date.today() + timedelta(days=30)
        self.assertEqual(self._last().until, day)
        activity = lead.activity_ids
        self.assertEqual(activity.date_deadline, day)
        self.assertEqual(activity.user_id, self.salesman)
        self.assertIn("Ask &lt;again&gt;", activity.note)
        self.assertTrue(lead.active)

    def test_nurture_on_a_day(self):
        lead = self._make_lead("Later")
        triage = self._as(self.salesman)
        with self.assertRaises(UserError):
            triage.nurture(lead.id, until=str(fields.Date.today()))
        day = fields.Date.today() + timedelta(days=3)
        self.assertDone(triage.nurture(lead.id, until=str(day)))
        self.assertEqual(lead.activity_ids.date_deadline, day)

    def test_nurture_returns_a_ready_lead(self):
        lead = self._make_lead("Ready", 70)
        triage = self._as(self.salesman)
        with self.assertRefused("Say why"):
            triage.nurture(lead.id)
        self.assertDone(triage.nurture(lead.id, reason=self.return_reason.id))
        self.assertEqual(lead.handover_state, "returned")
        self.assertEqual(lead.handover_ids.reason_id, self.return_reason)
        self.assertFalse(lead.is_sales_ready)
        self.assertEqual(self._last().reason, self.return_reason.name)

    # discard

    def test_discard_with_a_reason(self):
        lead = self._make_lead("Small", 10)
        triage = self._as(self.salesman)
        for nothing in (False, 0, 10**8):
            with self.assertRefused("Say why"):
                triage.discard(lead.id, nothing)
        answer = triage.discard(lead.id, self.lost_reason.id, note="Two desks")
        self.assertIn("Too small", self.assertDone(answer)["sentence"])
        self.assertEqual(lead.won_status, "lost")
        self.assertEqual(lead.lost_reason_id, self.lost_reason)
        self.assertEqual(self._last().note, "Two desks")

    def test_discard_counts_in_the_report_of_hand_overs(self):
        lead = self._make_lead("Ready", 70)
        self.assertDone(self._as(self.salesman).discard(lead.id, self.lost_reason.id))
        handover = lead.with_context(active_test=False).handover_ids
        self.assertEqual(handover.state, "returned")
        self.assertEqual(handover.note, "Too small")
        self.assertTrue(handover.decisive_rule_ids)

    def test_discard_counts_while_the_model_observes(self):
        self.model.state = "observe"
        lead = self._make_lead("Ready", 70)
        self.assertFalse(lead.handover_ids)
        self.assertDone(self._as(self.salesman).discard(lead.id, self.lost_reason.id))
        self.assertEqual(lead.handover_ids.state, "returned")

    # two at once

    def test_second_one_is_told_who_was_quicker(self):
        lead = self._make_lead("Wanted", 30, user_id=False)
        self.assertDone(self._as(self.salesman_two).accept(lead.id))
        activities = lead.activity_ids
        for call in (
            lambda: self._as(self.salesman).accept(lead.id),
            lambda: self._as(self.salesman).nurture(lead.id),
            lambda: self._as(self.salesman).discard(lead.id, self.lost_reason.id),
        ):
            self.assertNotDone(call(), "Maria accepted it")
        self.assertNotDone(self._as(self.salesman_two).accept(lead.id), "You accepted")
        self.assertEqual(lead.user_id, self.salesman_two)
        self.assertTrue(lead.active)
        self.assertEqual(lead.activity_ids, activities)
        self.assertEqual(len(lead.triage_ids), 1)

    def test_changed_elsewhere(self):
        triage = self._as(self.salesman)
        lost = self._make_lead("Lost")
        lost.action_set_lost(lost_reason_id=self.lost_reason.id)
        self.assertNotDone(triage.accept(lost.id), "closed")
        won = self._make_lead("Won", type="opportunity")
        won.action_set_won()
        self.assertNotDone(triage.accept(won.id), "won")
        given = self._make_lead("Given", user_id=self.salesman_two.id)
        self.assertNotDone(triage.accept(given.id), "Maria is in charge")
        answered = self._make_lead("Answered", 70)
        answered.with_user(self.salesman).action_accept_handover()
        self.assertNotDone(triage.accept(answered.id), "works on it")
        gone = self._make_lead("Gone")
        gone.unlink()
        self.assertNotDone(triage.accept(gone.id), "deleted")

    def test_locked_by_another_one(self):
        """The request is tried again by itself, and then sees what the other did."""
        lead = self._make_lead("Locked")

        def taken(records, **_options):
            return records.browse()

        leads = type(self.env["crm.lead"])
        with patch.object(leads, "try_lock_for_update", taken):
            with self.assertRaises(ConcurrencyError):
                self._as(self.salesman).accept(lead.id)
        self.assertEqual(lead.type, "lead")

    def test_merged_leads_keep_their_decisions(self):
        first = self._make_lead("First", 40)
        second = self._make_lead("Second", 10)
        self._as(self.salesman).nurture(first.id)
        self._as(self.salesman).nurture(second.id)
        remaining = (first + second).merge_opportunity()
        self.env.cr.flush()
        self.assertEqual(len(remaining.triage_ids), 2)
        self.assertEqual(len(remaining.triage_ids.filtered("in_force")), 1)
        self.assertFalse(self._names(self.salesman))

    # who may

    def test_access(self):
        lead = self._make_lead("Own", 70)
        for user in (self.salesman_two, self.seller_all):
            answer = self._as(user).accept(lead.id)
            self.assertNotDone(answer, "score_salesman")
        for call in ("accept", "nurture"):
            with self.assertRaises(AccessError):
                getattr(self._as(self.employee), call)(lead.id)
        self._as(self.salesman).accept(lead.id)
        decision = self._last()
        for user in (self.salesman, self.manager):
            self.assertTrue(decision.with_user(user).read(["decision"]))
            for operation in ("write", "create", "unlink"):
                self.assertFalse(decision.with_user(user).has_access(operation))
        for user in (self.salesman_two, self.employee):
            self.assertFalse(decision.with_user(user).has_access("read"))

    # several leads of a list

    def test_nurture_several(self):
        ready = self._make_lead("Ready", 70)
        other = self._make_lead("Other", 10)
        lost = self._make_lead("Lost", 10)
        lost.action_set_lost()
        leads = ready + other + lost
        wizards = self.env["crm.lead.score.nurture"].with_user(self.salesman)
        wizard = wizards.with_context(
            active_model="crm.lead", active_ids=leads.ids, active_test=False
        ).create({})
        self.assertEqual((wizard.open_count, wizard.closed_count), (2, 1))
        self.assertTrue(wizard.needs_reason)
        wizard.reason_id = self.return_reason
        wizard.action_apply()
        self.assertEqual(ready.handover_state, "returned")
        self.assertFalse(other.handover_ids)
        self.assertTrue(ready.activity_ids and other.activity_ids)
        self.assertFalse(lost.triage_ids)
        self.assertFalse(self._names(self.salesman))
