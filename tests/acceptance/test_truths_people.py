"""What the terms about leads, contacts, activities and messages claim, exercised."""

from datetime import timedelta

from glossary_case import CrmCase

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTruthsPeople(CrmCase):
    # === LEADS === #

    def test_lead_and_opportunity_are_one_record(self):
        lead = self.make_lead(contact_name="Ann", email_from="ann@ann.example")
        lead.message_post(body="She called.", message_type="comment")
        number, messages = lead.id, lead.message_ids
        self.convert(lead)
        self.assertEqual((lead.id, lead.type), (number, "opportunity"))
        self.assertLessEqual(messages, lead.message_ids)
        self.assertTrue(lead.date_conversion)

    def test_conversion_rate_counts_what_began_as_a_lead(self):
        source = self.env["utm.source"].create({"name": "Conversion rate"})
        leads = [self.make_lead(source_id=source.id) for _number in range(4)]
        self.make_deal(source_id=source.id)
        self.convert(leads[0])
        self.env.flush_all()
        rate = self.compute("lead_conversion", [("source_id", "=", source.id)])
        self.assertAlmostEqual(rate, 1 / 4)

    def test_customer_a_lead_needs_no_contact(self):
        lead = self.make_lead(contact_name="Ann", phone="+1 202-555-0143")
        self.assertFalse(lead.partner_id)
        contacts = self.env["res.partner"]
        self.assertFalse(contacts.search([("name", "=", "Ann")]))

    def test_customer_is_not_every_contact(self):
        rank = "customer_rank" in self.env["res.partner"]._fields
        self.assertEqual(rank, "account" in self.modules)
        if rank:
            contact = self.env["res.partner"].create({"name": "Ann"})
            self.assertEqual(contact.customer_rank, 0)

    def test_lead_assignment_job_is_off(self):
        job = self.env.ref("crm.ir_cron_crm_lead_assign")
        self.assertFalse(job.active)
        setting = "crm.lead.auto.assignment"
        self.assertFalse(self.env["ir.config_parameter"].sudo().get_param(setting))

    def test_salesperson_unassigned_leads_are_seen_by_all_who_sell(self):
        seller = new_test_user(
            self.env, "acceptance_seller", groups="sales_team.group_sale_salesman"
        )
        nobodys = self.make_deal(user_id=False)
        others = self.make_deal(user_id=self.env.user.id)
        self.assertTrue(nobodys.with_user(seller).has_access("read"))
        self.assertFalse(others.with_user(seller).has_access("read"))

    def test_sales_team_membership_gives_no_rights(self):
        person = new_test_user(self.env, "acceptance_member", groups="base.group_user")
        team = self.env["crm.team"].create(
            {"name": "With a guest", "member_ids": [Command.link(person.id)]}
        )
        deal = self.make_deal(team_id=team.id)
        with self.assertRaises(AccessError):
            deal.with_user(person).read(["name"])

    def test_duplicate_is_shown_but_not_refused(self):
        values = {"email_from": "ann@twins-of-ann.example"}
        first, second = self.make_deal(**values), self.make_deal(**values)
        self.env.flush_all()
        self.assertIn(first, second.duplicate_lead_ids)

    def test_duplicate_merging_keeps_notes_and_activities(self):
        first, second = self.make_deal(), self.make_deal()
        second.message_post(body="From the other one.", message_type="comment")
        second.activity_schedule("mail.mail_activity_data_call", summary="Ring")
        merged = (first | second).merge_opportunity()
        self.assertIn("Ring", merged.activity_ids.mapped("summary"))
        self.assertIn("From the other one.", "".join(merged.message_ids.mapped("body")))
        self.assertEqual(len((first | second).exists()), 1)

    def test_industry_is_on_the_lead_with_lead_scoring_alone(self):
        field = self.env["crm.lead"]._fields["industry_id"]
        self.assertEqual(field._modules, ("crm_lead_scoring",))
        self.assertIn("base", self.env["res.partner"]._fields["industry_id"]._modules)

    def test_campaign_source_and_medium_are_one_each(self):
        for fname in ("campaign_id", "source_id", "medium_id"):
            self.assertEqual(self.env["crm.lead"]._fields[fname].type, "many2one")

    def test_acquisition_cost_counts_customers_once(self):
        self.env["utm.campaign"].search([("crm_cost", ">", 0)]).crm_cost = 0
        campaign = self.env["utm.campaign"].create({"name": "Fair", "crm_cost": 600})
        ann, bob = self.env["res.partner"].create([{"name": "Ann"}, {"name": "Bob"}])
        for customer in (ann, ann, bob):
            deal = self.make_deal(campaign_id=campaign.id, partner_id=customer.id)
            deal.action_set_won()
        self.env.flush_all()
        self.assertEqual(self.compute("cost_per_customer"), 300)
        self.check_kpi("cost_per_customer")

    # === CONTACTS === #

    def test_contact_has_one_number_and_one_company(self):
        contact_fields = self.env["res.partner"]._fields
        self.assertIn("phone", contact_fields)
        self.assertNotIn("mobile", contact_fields)
        self.assertEqual(contact_fields["parent_id"].type, "many2one")

    def test_gdpr_lookup_does_not_ask_for_a_number(self):
        asked = self.env["privacy.lookup.wizard"]._fields
        self.assertTrue(asked["email"].required and asked["name"].required)
        self.assertNotIn("phone", asked)

    def test_blacklist_marks_the_lead(self):
        lead = self.make_lead(email_from="stop@stop.example")
        self.assertFalse(lead.is_blacklisted)
        self.env["mail.blacklist"]._add("stop@stop.example")
        lead.invalidate_recordset()
        self.assertTrue(lead.is_blacklisted)

    def test_do_not_call_is_about_numbers(self):
        lead = self.make_lead(phone="+1 202-555-0147")
        other = self.make_lead(phone="+1 202-555-0148")
        self.env["phone.blacklist"].add("+12025550147")
        (lead | other).invalidate_recordset()
        self.assertTrue(lead.phone_sanitized_blacklisted)
        self.assertFalse(other.phone_sanitized_blacklisted)

    # === ACTIVITIES === #

    def test_activity_has_no_reminder_but_a_meeting_has(self):
        self.assertNotIn("alarm_ids", self.env["mail.activity"]._fields)
        self.assertIn("alarm_ids", self.env["calendar.event"]._fields)

    def test_activity_that_is_done_stands_in_the_history(self):
        deal = self.make_deal()
        activity = deal.activity_schedule("mail.mail_activity_data_call")
        activity.action_feedback(feedback="She wants an offer.")
        history = "".join(deal.message_ids.mapped("body"))
        self.assertIn("She wants an offer.", history)

    def test_activity_overdue_is_counted_until_it_is_done(self):
        deal = self.make_deal()
        before = self.compute("overdue_activities")
        activity = deal.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=self.today - timedelta(days=1),
        )
        self.env.flush_all()
        self.assertEqual(self.compute("overdue_activities"), before + 1)
        activity.action_feedback()
        self.env.flush_all()
        self.assertEqual(self.compute("overdue_activities"), before)

    def test_activities_per_won_deal(self):
        team = self.env["crm.team"].create({"name": "Busy"})
        for number in (1, 2):
            deal = self.make_deal(team_id=team.id)
            for _call in range(number):
                deal.activity_schedule("mail.mail_activity_data_call").action_done()
            deal.action_set_won()
        self.env.flush_all()
        domain = [("team_id", "=", team.id)]
        self.assertEqual(self.compute("activities_per_won_deal", domain), 1.5)

    def test_activity_plan_makes_all_at_once(self):
        call = self.env.ref("mail.mail_activity_data_call")
        steps = [
            Command.create(
                {"activity_type_id": call.id, "delay_count": days, "summary": f"{days}"}
            )
            for days in (1, 3, 10)
        ]
        plan = self.env["mail.activity.plan"].create(
            {"name": "Three calls", "res_model": "crm.lead", "template_ids": steps}
        )
        deal = self.make_deal(user_id=self.env.user.id)
        self.env["mail.activity.schedule"].with_context(
            active_model="crm.lead", active_ids=deal.ids
        ).create({"plan_id": plan.id}).action_schedule_plan()
        self.assertEqual(len(deal.activity_ids), 3)
        deal.action_set_lost()
        self.assertEqual(len(deal.with_context(active_test=False).activity_ids), 3)

    def test_follow_up_finds_deals_without_a_next_step(self):
        deal = self.assert_kpi_grows("open_without_activity", 1)
        deal.activity_schedule("mail.mail_activity_data_call")
        self.env.flush_all()
        left = self.compute("open_without_activity", [("id", "=", deal.id)])
        self.assertEqual(left, 0)

    def test_meeting_of_a_deal_and_a_free_one(self):
        deal = self.make_deal()
        now = fields.Datetime.now()
        times = {"start": now, "stop": now + timedelta(hours=1)}
        Event = self.env["calendar.event"]
        tied = Event.create({"name": "Offer", "opportunity_id": deal.id, **times})
        Event.create({"name": "Lunch", **times})
        self.assertEqual(deal.calendar_event_ids, tied)

    # === MESSAGES === #

    def test_chatter_each_record_has_its_own(self):
        ann = self.env["res.partner"].create({"name": "Ann"})
        deal = self.make_deal(partner_id=ann.id)
        deal.message_post(body="Only here.", message_type="comment")
        self.assertNotIn("Only here.", "".join(ann.message_ids.mapped("body")))

    def test_speed_to_lead_counts_people_not_robots(self):
        lead = self.make_lead()
        domain = [("lead_id", "=", lead.id)]
        robot = self.env.ref("base.user_root")
        sent = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        lead.with_user(robot).message_post(body="We got your message.", **sent)
        self.env.flush_all()
        self.assertIsNone(self.compute("speed_to_first_touch", domain))
        lead.message_post(body="I ring you today.", **sent)
        self.env.flush_all()
        self.assertIsNotNone(self.compute("speed_to_first_touch", domain))

    def test_digest_email_has_the_lines_of_crm(self):
        digest_fields = self.env["digest.digest"]._fields
        self.assertIn("kpi_crm_lead_created", digest_fields)
        self.assertIn("kpi_crm_opportunities_won", digest_fields)
