from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import CallCenterCase


@tagged("post_install", "-at_install")
class TestCallTrace(CallCenterCase):
    """What a call leaves on the lead, the contact and in the calendar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create(
            {"name": "Ann", "phone": "+12025550171", "country_id": cls.us.id}
        )
        cls.lead = cls._lead(70, partner_id=cls.partner.id, user_id=cls.salesman.id)
        cls.call = cls._call(
            opportunity_id=cls.lead.id, user_id=cls.salesman.id, name="The offer"
        ).with_user(cls.salesman)
        cls.callback = cls.env.ref("crm_call_center.outcome_callback")
        cls.refusal = cls.env.ref("crm_call_center.outcome_do_not_call")

    def _activities(self, records=None):
        records = records or (self.lead | self.lead)
        return self.env["mail.activity"].search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        )

    # --- durations ---
    def test_durations_are_kept_apart(self):
        self.call.action_held(ring=11, talk=95, wrap=20, client_ref="abc")
        row = self.call.attempt_ids
        found = (
            row.ring_duration,
            row.talk_duration,
            row.wrap_duration,
            row.duration,
        )
        self.assertEqual(found, (11, 95, 20, 106))
        self.assertEqual(row.client_ref, "abc")
        self.assertTrue(row.is_contact)

    def test_one_duration_rings_or_talks(self):
        self.call.action_not_held(outcome_id=self.busy.id, duration=7)
        row = self.call.attempt_ids
        self.assertEqual((row.ring_duration, row.talk_duration), (7, 0))
        self.assertFalse(row.is_contact)
        call = self._call(user_id=self.salesman.id)
        call.with_user(self.salesman).action_held(duration=50)
        row = call.attempt_ids
        self.assertEqual((row.ring_duration, row.talk_duration), (0, 50))

    def test_cancel_after_a_dial_is_an_attempt(self):
        self.call.action_cancel(outcome_id=self.refusal.id, ring=4, talk=6)
        row = self.call.sudo().attempt_ids
        self.assertEqual(row.kind, "cancelled")
        self.assertTrue(row.is_refusal)
        self.assertTrue(row.is_contact)

    def test_what_is_taken_back_counts_nowhere(self):
        self.call.action_not_held(outcome_id=self.busy.id, duration=7)
        self.call.action_held(duration=50)
        last = self.call.sudo().attempt_ids.sorted("id")[-1]
        last.voided_on = fields.Datetime.now()
        self.assertEqual((self.call.attempt_count, self.call.duration), (1, 7))
        report = self.env["crm.call.report"].search([("call_id", "=", self.call.id)])
        self.assertEqual(len(report), 1)

    def test_correction(self):
        with self.assertRaises(UserError):
            self.call.duration_correction = 5
        self.call.action_held(duration=50)
        self.call.duration_correction = -20
        self.assertEqual(self.call.duration, 30)
        tracked = self.env["crm.call"]._fields["duration_correction"].tracking
        self.assertTrue(tracked)
        self.call.sudo().user_id = self.operator
        self.lead.user_id = self.salesman
        with self.assertRaises(AccessError):
            self.call.duration_correction = 5
        self.call.with_user(self.supervisor).duration_correction = 5
        self.assertEqual(self.call.duration, 55)

    def test_wrap_up_dialog_tells_ringing_from_talking(self):
        action = self.call.with_context(default_kind="held").action_wrap_up()
        Wizard = self.env[action["res_model"]].with_user(self.salesman)
        with Form(Wizard.with_context(**action["context"])) as form:
            form.minutes, form.seconds, form.ring = 2, 5, 12
        form.record.opened_on -= timedelta(seconds=30)
        form.record.action_confirm()
        row = self.call.attempt_ids
        self.assertEqual((row.ring_duration, row.talk_duration), (12, 125))
        self.assertGreaterEqual(row.wrap_duration, 30)

    # --- chatter and activities ---
    def test_lead_and_contact_tell_of_the_call(self):
        self.call.action_held(note="Wants <b>two</b>.", duration=65)
        for record in (self.lead, self.partner):
            body = record.message_ids[0].body
            self.assertIn("Outbound call", body)
            self.assertIn("01:05", body)
            self.assertIn("Wants &lt;b&gt;two", body)

    def test_exactly_one_call_activity_is_done(self):
        later, sooner = (
            self.lead.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=fields.Date.today() + timedelta(days=days),
                user_id=self.salesman.id,
            )
            for days in (3, 1)
        )
        other = self.lead.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.salesman.id
        )
        self.call.action_not_held(outcome_id=self.busy.id)
        self.assertEqual(len(self._activities()), 3, "nobody was reached")
        self.call.action_held()
        self.assertEqual(self._activities(), later | other)
        self.assertFalse(sooner.active)

    def test_a_promise_is_one_activity(self):
        promise = {"outcome_id": self.callback.id}
        first = fields.Datetime.now() + timedelta(days=2)
        self.call.action_not_held(next_attempt_date=first, **promise)
        activity = self._activities()
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.salesman)
        self.assertEqual(activity.crm_call_id, self.call.sudo())
        self.call.action_not_held(
            next_attempt_date=first + timedelta(days=3), **promise
        )
        self.assertEqual(len(self._activities()), 1)
        self.assertGreater(
            self._activities().date_deadline, activity.date_deadline - timedelta(days=1)
        )
        self.call.action_cancel(reason="No budget")
        self.assertFalse(self._activities())

    def test_promise_of_an_operator_is_kept_on_the_contact(self):
        self.call.sudo().user_id = self.operator
        self.call.with_user(self.operator).action_not_held(
            outcome_id=self.callback.id,
            next_attempt_date=fields.Datetime.now() + timedelta(days=1),
        )
        self.assertFalse(self._activities())
        self.assertEqual(self._activities(self.partner).user_id, self.operator)

    # --- calendar ---
    @freeze_time("2026-03-10 09:00:00")
    def test_agenda(self):
        self.assertFalse(self.call.agenda_date)
        self.call.action_not_held(outcome_id=self.busy.id)
        self.assertEqual(self.call.agenda_kind, "retry")
        self.call.action_not_held(
            outcome_id=self.callback.id, next_attempt_date="2026-03-12 15:00:00"
        )
        self.assertEqual(self.call.agenda_kind, "callback")
        self.assertEqual(self.call.agenda_date, self.call.next_attempt_date)
        self.call.action_held()
        self.assertFalse(self.call.agenda_kind)
        self.call.action_schedule_meeting(start="2026-03-20 10:00:00")
        self.assertEqual(self.call.agenda_kind, "meeting")
        self.assertEqual(str(self.call.agenda_date), "2026-03-20 10:00:00")
        self.call.sudo().meeting_ids.unlink()
        self.assertFalse(self.call.agenda_date)


@tagged("post_install", "-at_install")
class TestCallNextStep(CallCenterCase):
    """Opportunity, meeting, quotation and counts."""

    def test_meeting_of_an_operator(self):
        partner = self.env["res.partner"].create(
            {"name": "Ann", "email": "ann@example.com"}
        )
        lead = self._lead(71, partner_id=partner.id)
        call = self._call(opportunity_id=lead.id, user_id=self.operator.id)
        call.with_user(self.operator).action_schedule_meeting(
            start="2026-03-20 10:00:00", duration=0.5
        )
        meeting = call.meeting_ids
        self.assertEqual(meeting.user_id, self.operator)
        self.assertEqual(meeting.partner_ids, partner | self.operator.partner_id)
        self.assertEqual(meeting.opportunity_id, lead)
        self.assertEqual(str(meeting.stop), "2026-03-20 10:30:00")

    def test_meeting_without_an_hour_opens_the_calendar(self):
        lead = self._lead(72)
        call = self._call(opportunity_id=lead.id, user_id=self.operator.id)
        action = call.with_user(self.operator).action_schedule_meeting()
        self.assertEqual(action["res_model"], "calendar.event")
        self.assertNotIn("default_opportunity_id", action["context"])
        action = call.with_user(self.supervisor).action_schedule_meeting()
        self.assertEqual(action["context"]["default_opportunity_id"], lead.id)

    def test_opportunity_knows_where_it_comes_from(self):
        call_list = self._list(name="Spring offer")
        call = self._call(
            list_id=call_list.id, user_id=self.operator.id, description="Wants two."
        )
        call.with_user(self.operator).action_convert_to_opportunity()
        lead = call.opportunity_id
        self.assertEqual(lead.source_id.name, "Phone")
        self.assertEqual(lead.medium_id, self.env.ref("utm.utm_medium_phone"))
        self.assertEqual(lead.campaign_id.title, "Spring offer")
        self.assertIn("Wants two.", lead.description)
        self.assertTrue(call.is_converted)
        other = self._call(list_id=call_list.id)
        other.action_convert_to_opportunity()
        self.assertEqual(other.opportunity_id.campaign_id, lead.campaign_id)

    def test_lead_keeps_its_own_source(self):
        source = self.env["utm.source"].create({"name": "Fair"})
        lead = self._lead(73, source_id=source.id)
        call = self._call(opportunity_id=lead.id)
        call.action_convert_to_opportunity()
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.source_id, source)
        self.assertEqual(lead.medium_id, self.env.ref("utm.utm_medium_phone"))

    def test_quotation(self):
        call = self._call(user_id=self.operator.id).with_user(self.operator)
        self.assertFalse(call.can_quote)
        error = AccessError if "sale.order" in self.env else UserError
        with self.assertRaises(error):
            call.action_new_quotation()

    def test_company_counts_the_calls_of_its_people(self):
        company = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        person = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": company.id}
        )
        calls = self._call(partner_id=person.id) | self._call(partner_id=company.id)
        both = (company | person).with_user(self.supervisor)
        self.assertEqual(both.mapped("crm_call_count"), [2, 1])
        action = company.with_user(self.supervisor).action_view_crm_calls()
        found = self.env["crm.call"].search(action["domain"])
        self.assertEqual(found, calls)
