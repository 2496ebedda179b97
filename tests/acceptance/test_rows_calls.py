"""The rows of the requirement table that the call centre closes, one test a row."""

from datetime import timedelta

from calls_case import SOFIA, CallsCase
from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestRowsCalls(CallsCase):
    # === A TO Z, AND BEHAVIOURS === #

    def test_row_009_contact(self):
        """Several numbers: label, zone, state; the contact's phone is one of them."""
        partner = self.make_contact()
        second = self.env["crm.phone.number"].create(
            {
                "partner_id": partner.id,
                "number": "+44 20 7946 0018",
                "kind": "home",
                "tz": "Europe/London",
            }
        )
        main = partner.phone_number_ids - second
        self.assertEqual((main.number, main.is_main), (SOFIA, True))
        self.assertEqual((main.zone_text, main.tz_source), ("Europe/Sofia", "address"))
        self.assertEqual(
            (second.zone_text, second.tz_source), ("Europe/London", "manual")
        )
        self.env["crm.do.not.call"]._request(second.phone_sanitized)
        second.invalidate_recordset(["state"])
        self.assertEqual((main.state, second.state), ("reachable", "do_not_call"))
        call = self.make_call(partner_id=partner.id)
        call.action_not_held(outcome_id=self.outcome("wrong_number").id)
        self.assertEqual(main.state, "wrong")

    def test_row_051_follow_up(self):
        """Calls and meetings are followed up from the lead, each on its record."""
        lead = self.env["crm.lead"].create(
            {"name": "Funnel", "type": "opportunity", "phone": SOFIA}
        )
        call = self.make_call(opportunity_id=lead.id)
        call.action_held(talk=120)
        call.action_schedule_meeting(start="2026-11-20 09:00:00")
        self.assertEqual(lead.crm_call_count, 1)
        meetings = self.env["calendar.event"]
        self.assertEqual(meetings.search_count([("opportunity_id", "=", lead.id)]), 1)
        action = lead.action_view_crm_calls()
        self.assertEqual(self.env["crm.call"].search(action["domain"]), call)

    def test_row_078_source(self):
        """An inbound call says where its opportunity came from."""
        call = self.make_call(
            direction="inbound", phone=SOFIA, contact_name="Ana", company_name="ACME"
        )
        call.action_held()
        call.action_convert_to_opportunity()
        lead = call.opportunity_id
        self.assertEqual(lead.source_id.name, "Phone")
        self.assertEqual(lead.medium_id, self.env.ref("utm.utm_medium_phone"))
        self.assertEqual((lead.contact_name, lead.partner_name), ("Ana", "ACME"))

    def test_row_085_chatter(self):
        """Each call is told on the lead and on the contact, by itself."""
        partner = self.make_contact()
        lead = self.env["crm.lead"].create({"name": "L", "partner_id": partner.id})
        call = self.make_call(opportunity_id=lead.id)
        self.assertEqual(call.partner_id, partner)
        call.action_not_held(outcome_id=self.outcome("busy").id)
        call.action_held(talk=75, note="Wants a price")
        for record in (lead, partner):
            texts = " ".join(record.message_ids.mapped("body"))
            self.assertIn("Busy", texts)
            self.assertIn("Wants a price", texts)

    def test_row_091_activities(self):
        """A call closes the one activity that asked for it; a promise makes one."""
        lead = self.env["crm.lead"].create(
            {"name": "L", "phone": SOFIA, "user_id": self.salesman.id}
        )
        for summary in ("Ring them", "Ring them again"):
            lead.activity_schedule(
                "mail.mail_activity_data_call",
                summary=summary,
                user_id=self.salesman.id,
                date_deadline=fields.Date.today(),
            )
        call = self.make_call(opportunity_id=lead.id, user_id=self.salesman.id)
        call.with_user(self.salesman).action_held()
        self.assertEqual(len(lead.activity_ids), 1)
        second = self.make_call(opportunity_id=lead.id, user_id=self.salesman.id)
        second.with_user(self.salesman).action_not_held(
            outcome_id=self.outcome("callback").id,
            next_attempt_date="2026-11-20 09:00:00",
        )
        promised = lead.activity_ids.filtered("crm_call_id")
        self.assertEqual(promised.date_deadline, fields.Date.to_date("2026-11-20"))

    def test_row_092_reminders(self):
        """A callback stands among the user's activities of its day."""
        call = self.make_call(
            partner_id=self.make_contact().id, user_id=self.operator.id
        )
        call.with_user(self.operator).action_not_held(
            outcome_id=self.outcome("callback").id,
            next_attempt_date="2026-11-19 09:00:00",
        )
        activity = self.env["mail.activity"].search([("crm_call_id", "=", call.id)])
        self.assertEqual(activity.user_id, self.operator)
        self.assertEqual(activity.state, "planned")
        with freeze_time("2026-11-19 07:00:00"):
            activity.invalidate_recordset(["state"])
            self.assertEqual(activity.state, "today")

    def test_row_093_calendar(self):
        """Callbacks and meetings share a calendar; it tells the customer's time."""
        view = self.env["crm.call"].get_view(view_type="calendar")
        self.assertIn("agenda_date", view["arch"])
        callback = self.make_call(partner_id=self.make_contact().id)
        callback.action_not_held(
            outcome_id=self.outcome("callback").id,
            next_attempt_date="2026-11-19 09:00:00",
        )
        self.assertEqual(callback.agenda_kind, "callback")
        self.assertEqual(
            fields.Datetime.to_string(callback.agenda_date), "2026-11-19 09:00:00"
        )

    def test_row_123_new_opportunity(self):
        """An opportunity is made from the card of the call, in one step."""
        call_list = self.make_list()
        call = self.make_call(
            phone=SOFIA, list_id=call_list.id, user_id=False, contact_name="Ana"
        )
        card = call_list.with_user(self.operator).take_next()
        self.assertTrue(card["can_convert"])
        call.with_user(self.operator).action_convert_to_opportunity()
        self.assertEqual(call.opportunity_id.type, "opportunity")
        self.assertEqual(call.opportunity_id.campaign_id.name, call_list.name)

    # === THE OPENERP DAYS === #

    def test_row_130_one_calendar(self):
        """Meetings and callbacks of a user stand in one calendar, apart by kind."""
        met = self.make_call(partner_id=self.make_contact().id)
        met.action_held()
        met.action_schedule_meeting(start="2026-11-20 09:00:00")
        promised = self.make_call(phone="+359 888 000 222")
        promised.action_not_held(
            outcome_id=self.outcome("callback").id,
            next_attempt_date="2026-11-20 11:00:00",
        )
        action = self.env.ref("crm_call_center.crm_call_action_agenda")
        self.assertIn("calendar", action.view_mode)
        domain = [
            ("agenda_date", ">=", "2026-11-20 00:00:00"),
            ("agenda_date", "<", "2026-11-21 00:00:00"),
        ]
        found = self.env["crm.call"].search(domain)
        self.assertLessEqual(met | promised, found)
        self.assertEqual(
            (met.agenda_kind, promised.agenda_kind), ("meeting", "callback")
        )

    def test_row_131_menus(self):
        """Inbound and outbound calls, and lists, each with a menu of its own."""
        seen = self.menus(self.supervisor)
        for name in ("menu_inbound", "menu_outbound", "list_menu", "desk_menu"):
            self.assertIn(f"crm_call_center.crm_call_{name}", seen)
        self.assertIn("crm_call_center.crm_call_desk_menu", self.menus(self.operator))
        self.assertNotIn(
            "crm_call_center.crm_call_list_menu", self.menus(self.operator)
        )

    def test_row_132_calls_of_customers(self):
        """A call is tied to a contact or to an opportunity, and listed on both."""
        partner = self.make_contact()
        lead = self.env["crm.lead"].create({"name": "L", "partner_id": partner.id})
        one = self.make_call(partner_id=partner.id)
        two = self.make_call(opportunity_id=lead.id)
        for record, calls in ((partner, one | two), (lead, two)):
            domain = record.action_view_crm_calls()["domain"]
            found = self.env["crm.call"].search(domain, order="id")
            self.assertEqual(found, calls)

    def test_row_133_one_after_another(self):
        """An operator works through a list: each call once, until none is left."""
        call_list = self.make_list()
        call_list.import_rows([{"phone": f"+35988812{n:04d}"} for n in range(5)])
        order = []
        while call := self.take(call_list):
            order.append(call)
            call.with_user(self.operator).action_held()
        self.assertEqual(order, list(call_list.call_ids.sorted("id")))
        self.assertEqual(call_list.progress, 100)

    def test_row_134_call_on_the_contact(self):
        """The contact's form has its calls; a company, those of its people too."""
        company = self.make_contact(name="ACME", is_company=True, phone=False)
        person = self.make_contact(parent_id=company.id)
        self.make_call(partner_id=person.id)
        self.assertEqual(person.with_user(self.supervisor).crm_call_count, 1)
        self.assertEqual(company.with_user(self.supervisor).crm_call_count, 1)
        form = self.env["res.partner"].with_user(self.supervisor)
        self.assertIn("action_view_crm_calls", form.get_view(view_type="form")["arch"])

    def test_row_135_import(self):
        """Numbers are brought to one form, judged, and can be taken out again."""
        call_list = self.make_list()
        self.env["crm.do.not.call"]._request("+359888000333")
        result = call_list.import_rows(
            [
                {"phone": "0888 000 111", "country": "BG", "name": "Ana"},
                {"phone": "+359888000111"},
                {"phone": "+359888000333"},
                {"phone": "3.59E+11"},
            ]
        )
        found = [row["status"] for row in result["rows"]]
        self.assertEqual(found, ["taken", "duplicate", "blocked", "unreadable"])
        self.assertEqual(call_list.call_ids.phone_sanitized, "+359888000111")
        call_list.import_batch_ids.action_undo()
        self.assertFalse(call_list.call_ids)

    def test_row_136_in_turn(self):
        """Imported calls are open; operators take them in turn, never the same."""
        call_list = self.make_list()
        call_list.import_rows([{"phone": f"+35988812{n:04d}"} for n in range(6)])
        self.assertEqual(set(call_list.call_ids.mapped("state")), {"open"})
        taken = [self.take(call_list, user) for user in [*self.operators] * 3]
        self.assertEqual(len({call.id for call in taken}), 6)
        self.assertFalse(self.take(call_list))

    def test_row_137_cancel(self):
        """After the third try in vain the call is cancelled, and says why."""
        call_list = self.make_list()
        call_list.import_rows([{"phone": SOFIA}])
        call = call_list.call_ids
        for attempt in range(3):
            self.assertEqual(call.state, "not_held" if attempt else "open")
            call.action_not_held(outcome_id=self.outcome("no_answer").id)
        self.assertEqual(call.state, "cancelled")
        self.assertIn("3", call.cancel_reason)
        self.assertFalse(self.take(call_list))

    def test_row_138_held(self):
        """Held, described, and sent to the opportunities with the description."""
        call = self.make_call(phone=SOFIA)
        call.action_held(note="Wants a demo on Friday", talk=60)
        self.assertEqual((call.state, call.duration), ("held", 60))
        call.action_convert_to_opportunity()
        self.assertIn("Wants a demo on Friday", call.opportunity_id.description)
        call.action_convert_to_opportunity()
        self.assertEqual(len(call.opportunity_id), 1)

    def test_row_139_not_held(self):
        """Tried again later, at an hour that is good where the number rings."""
        policy = self.env.ref("crm_call_center.call_policy_business")
        call_list = self.make_list(policy_id=policy.id)
        call_list.import_rows([{"phone": SOFIA}])
        call = call_list.call_ids
        call.action_not_held(outcome_id=self.outcome("no_answer").id)
        # four hours later it is six in the evening there: the next morning it is
        self.assertEqual(
            fields.Datetime.to_string(call.next_attempt_date), "2026-11-19 07:00:00"
        )
        self.assertFalse(self.take(call_list))
        with freeze_time("2026-11-19 07:00:01"):
            self.assertEqual(self.take(call_list), call)

    def test_row_140_new_outgoing_call(self):
        action = self.env.ref("crm_call_center.crm_call_action_new")
        self.assertEqual((action.res_model, action.view_mode), ("crm.call", "form"))
        self.assertIn("outbound", action.context)
        self.assertIn("crm_call_center.crm_call_menu_new", self.menus(self.operator))

    def test_row_141_meeting(self):
        """A call becomes a meeting with the contact, about the lead."""
        partner = self.make_contact(email="ana@example.com")
        lead = self.env["crm.lead"].create({"name": "L", "partner_id": partner.id})
        call = self.make_call(opportunity_id=lead.id, user_id=self.operator.id)
        action = call.with_user(self.operator).action_schedule_meeting(
            start="2026-11-20 09:00:00", duration=0.5
        )
        meeting = self.env["calendar.event"].browse(action["res_id"])
        self.assertEqual(meeting.opportunity_id, lead)
        self.assertLessEqual(partner | self.operator.partner_id, meeting.partner_ids)
        self.assertEqual(meeting.stop - meeting.start, timedelta(minutes=30))
