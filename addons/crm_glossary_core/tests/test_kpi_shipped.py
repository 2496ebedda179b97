"""Each shipped KPI against a computation in plain Python, and its list."""

from statistics import median

import pytz

from odoo.tests import tagged

from ..tools import period
from .common_kpi import KpiCase, days_ago


def percentile(values, share):
    """The percentile as PostgreSQL's percentile_cont interpolates it."""
    values = sorted(values)
    if not values:
        return None
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def share(numerator, denominator):
    return len(numerator) / len(denominator) if denominator else None


@tagged("post_install", "-at_install")
class TestShippedKpis(KpiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = cls.window[0].today()
        cls.campaign = cls.env["utm.campaign"].create(
            {"name": "KPI campaign", "title": "KPI campaign", "crm_cost": 900.0}
        )
        cls.customer = cls.env["res.partner"].create({"name": "KPI customer"})
        cls.leads = cls.make_lead(
            "won 1",
            created=days_ago(12),
            closed=days_ago(0),
            expected_revenue=1000,
            won=True,
            campaign_id=cls.campaign.id,
            partner_id=cls.customer.id,
            source_id=cls.source.id,
        )
        cls.leads |= cls.make_lead(
            "won 2",
            created=days_ago(30),
            closed=days_ago(0),
            expected_revenue=4000,
            won=True,
            campaign_id=cls.campaign.id,
            partner_id=cls.customer.id,
        )
        cls.leads |= cls.make_lead(
            "lost", created=days_ago(0), closed=days_ago(0), won=False
        )
        cls.leads |= cls.make_lead(
            "open",
            expected_revenue=500,
            probability=40,
            date_deadline=today,
            stage_id=cls.stages[0].id,
        )
        cls.leads |= cls.make_lead(
            "slipped",
            expected_revenue=700,
            date_deadline=days_ago(3).date(),
            stage_id=cls.stages[0].id,
        )
        cls.leads |= cls.make_lead("a lead", type="lead")
        cls.make_history()

    @classmethod
    def make_history(cls):
        """A conversion, messages, activities, a change of stage and a rotting deal."""
        converted = cls.make_lead("converted", type="lead")
        converted.convert_opportunity(False)
        cls.leads |= converted
        for number, lead in enumerate(cls.leads[3:5]):
            lead.with_user(cls.anna).message_post(
                body="Hello",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            lead.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=days_ago(2 - 3 * number).date(),
                user_id=cls.anna.id,
            )
        cls.leads[3].write({"stage_id": cls.stages[1].id})
        cls.env.cr.flush()
        cls.env.flush_all()
        cls.stages.rotting_threshold_days = 0
        cls.stages[0].rotting_threshold_days = 1
        cls.env.cr.execute(
            "UPDATE crm_lead SET date_last_stage_update = %s WHERE id = %s",
            (days_ago(5), cls.leads[4].id),
        )
        cls.env.invalidate_all()

    def setUp(self):
        super().setUp()
        Lead = self.env["crm.lead"].with_user(self.manager)
        self.all = Lead.with_context(active_test=False).search([])
        self.zone = self.manager.with_user(self.manager).env.tz

    def inside(self, moment, window=None):
        """Whether a moment (naive UTC, or a day) lies in the window, in Sofia."""
        if not moment:
            return False
        if hasattr(moment, "hour"):
            moment = pytz.utc.localize(moment).astimezone(self.zone).date()
        first, last = window or self.window
        return first <= moment <= last

    def opportunities(self, *statuses):
        return self.all.filtered(
            lambda lead: lead.type == "opportunity" and lead.won_status in statuses
        )

    def open(self):
        return self.opportunities("pending").filtered("active")

    def closed(self, *statuses):
        return self.opportunities(*statuses).filtered(
            lambda lead: self.inside(lead.date_closed)
        )

    def created(self, leads=None):
        leads = self.all if leads is None else leads
        return leads.filtered(lambda lead: self.inside(lead.create_date))

    def check(self, code, expected, records=None):
        """The value is as expected, and its list has as many records."""
        row = self.row(code)
        if isinstance(expected, float):
            self.assertAlmostEqual(row["value"], expected, 4, code)
        else:
            self.assertEqual(row["value"], expected, code)
        action = self.kpi(code).action_open_records(*self.window)
        self.assertEqual(self.count_of(action), row["count"], code)
        if records is not None:
            self.assertEqual(row["count"], len(records), code)
        if row.get("denominator_count") is not None:
            action = self.kpi(code).action_open_records(
                *self.window, part="denominator"
            )
            self.assertEqual(
                self.count_of(action),
                row["denominator"]
                if code == "cost_per_customer"
                else row["denominator_count"],
                code,
            )
        return row

    def test_pipeline(self):
        opened = self.open()
        self.check("pipeline_value", float(sum(opened.mapped("expected_revenue"))))
        self.check("prorated_revenue", float(sum(opened.mapped("prorated_revenue"))))
        self.assertTrue(opened)

    def test_forecast(self):
        leads = self.opportunities("pending", "won").filtered("active")
        today = self.window[0].today()
        for unit in ("month", "quarter"):
            window = period.start_of(today, unit), period.end_of(today, unit)
            inside = leads.filtered(
                lambda lead, window=window: self.inside(lead.date_deadline, window)
            )
            self.assertTrue(inside)
            self.check(
                f"forecast_{unit}",
                float(sum(inside.mapped("prorated_revenue"))),
                inside,
            )

    def test_what_needs_attention(self):
        opened = self.open()
        idle = opened.filtered(lambda lead: not lead.activity_ids)
        self.check("open_without_activity", len(idle), idle)
        rotting = opened.filtered("is_rotting")
        self.assertIn(self.leads[4], rotting)
        self.check("rotting_deals", len(rotting), rotting)
        today = self.window[0].today()
        slipped = opened.filtered(
            lambda lead: lead.date_deadline and lead.date_deadline < today
        )
        self.assertIn(self.leads[4], slipped)
        self.check("slipped_deals", len(slipped), slipped)
        overdue = self.all.filtered("active").activity_ids.filtered(
            lambda activity: activity.date_deadline < today
        )
        self.assertTrue(overdue)
        self.check("overdue_activities", len(overdue), overdue)

    def test_new_leads_and_conversion(self):
        self.check("new_leads", len(self.created()), self.created())
        born = self.created().filtered(
            lambda lead: lead.type == "lead" or lead.date_conversion
        )
        converted = born.filtered("date_conversion")
        self.assertTrue(converted)
        self.check("lead_conversion", share(converted, born), converted)
        good = self.created(self.opportunities("won", "pending")).filtered("active")
        self.check("lead_quality", share(good, self.created()), good)

    def test_win_rates_differ(self):
        won = self.closed("won")
        self.check("win_rate_closed", share(won, self.closed("won", "lost")), won)
        cohort = self.created(self.opportunities("won", "lost", "pending"))
        won = cohort.filtered(lambda lead: lead.won_status == "won")
        self.check("win_rate_cohort", share(won, cohort), won)
        self.assertNotEqual(
            self.row("win_rate_closed")["value"], self.row("win_rate_cohort")["value"]
        )

    def test_deal_size_and_revenue(self):
        won = self.closed("won")
        revenue = sum(won.mapped("expected_revenue"))
        self.check("won_revenue", float(revenue), won)
        self.check("average_deal_size", revenue / len(won), won)

    def test_sales_cycle(self):
        days = [
            (lead.date_closed - lead.create_date).total_seconds() / 86400
            for lead in self.closed("won")
        ]
        self.check("sales_cycle_median", float(median(days)), days)
        self.check("sales_cycle_p80", percentile(days, 0.8), days)

    def test_speed_to_first_touch(self):
        hours = []
        for lead in self.created():
            touches = lead.message_ids.sudo().filtered(
                lambda message: (
                    message.mail_activity_type_id
                    or message.message_type in ("comment", "email_outgoing")
                    and message.subtype_id == self.env.ref("mail.mt_comment")
                )
                and any(
                    not user.share and user.id != 1
                    for user in message.author_id.user_ids
                )
            )
            if touches:
                passed = min(touches.mapped("date")) - lead.create_date
                hours.append(max(0, passed.total_seconds() / 3600))
        self.assertTrue(hours)
        self.check("speed_to_first_touch", float(median(hours)), hours)

    def test_stages(self):
        visits = (
            self.env["crm.stage.visit"]
            .search([])
            .filtered(
                lambda visit: not visit.stage_id.is_won and visit.lead_id in self.all
            )
        )
        entered = visits.filtered(lambda visit: self.inside(visit.date_from))
        forward = entered.filtered(lambda visit: visit.outcome == "forward")
        self.assertTrue(forward)
        self.check("stage_conversion", share(forward, entered), forward)
        ended = visits.filtered(lambda visit: self.inside(visit.date_to))
        days = [
            (visit.date_to - visit.date_from).total_seconds() / 86400 for visit in ended
        ]
        self.check("time_in_stage", float(median(days)), days)

    def test_activities_per_won_deal(self):
        call = self.env.ref("mail.mail_activity_data_call")
        lead = self.leads[0]
        for _number in range(3):
            lead.activity_schedule(activity_type_id=call.id).action_feedback("Done")
        won = self.closed("won")
        done = won.message_ids.sudo().filtered("mail_activity_type_id")
        self.assertGreaterEqual(len(done), 3)
        self.check("activities_per_won_deal", share(done, won), done)

    def test_touchless_share(self):
        user_field = self.env["ir.model.fields"]._get("crm.lead", "user_id")
        public = self.env.ref("base.public_user")
        touchless = self.created().filtered(
            lambda lead: lead.user_id
            and (lead.create_uid.id == 1 or lead.create_uid.share)
            and not lead.message_ids.sudo().filtered(
                lambda message: user_field in message.tracking_value_ids.field_id
                and message.author_id not in (public + self.env.user).partner_id
            )
        )
        self.assertTrue(touchless)
        self.check("touchless_share", share(touchless, self.created()), touchless)

    def test_cost_per_customer(self):
        campaigns = self.env["utm.campaign"].search([("crm_cost", ">", 0)])
        won = self.opportunities("won").filtered(
            lambda lead: lead.campaign_id in campaigns and lead.partner_id
        )
        row = self.check(
            "cost_per_customer",
            sum(campaigns.mapped("crm_cost")) / len(won.partner_id),
            campaigns,
        )
        self.assertEqual(row["denominator"], 1)
        [group] = self.kpi("cost_per_customer").compute_values(
            *self.window, group_by="campaign_id"
        )
        self.assertEqual((group["group"], group["value"]), (self.campaign.id, 900))

    def test_forecast_error(self):
        kpi = self.kpi("forecast_month").sudo()
        month = period.shift(self.window[0], "month", -1)
        window = month, period.end_of(month, "month")
        self.make_lead(
            "won last month",
            closed=days_ago(0).replace(year=month.year, month=month.month, day=15),
            expected_revenue=300,
            won=True,
        )
        self.env["crm.kpi.snapshot"].create(
            [
                {
                    "kpi_id": kpi.id,
                    "date": month.replace(day=day),
                    "company_id": self.company.id,
                    "scope": scope,
                    "user_id": scope == "user" and self.anna.id,
                    "value": value,
                    "has_value": True,
                }
                for scope, day, value in (
                    ("company", 2, 500),
                    ("user", 2, 500),
                    ("user", 20, 310),
                )
            ]
        )
        row = self.row("forecast_error", user=self.anna, window=window)
        # The first forecast of the month counts: 500 against 300.
        self.assertEqual((row["numerator"], row["denominator"]), (200, 300))
        row = self.row("forecast_error", user=self.boris, window=window)
        self.assertIsNone(row["value"])

    def test_every_shipped_kpi_is_complete(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "crm_glossary_core"), ("model", "=", "crm.kpi")]
        )
        kpis = self.env["crm.kpi"].browse(data.mapped("res_id"))
        self.assertGreaterEqual(len(kpis), 24)
        for kpi in kpis:
            self.assertTrue(kpi.description and kpi.term_id and kpi.audience_ids)
            self.assertIn(1, kpi.version_ids.mapped("version"))
            self.assertFalse(kpi.error_message)
            for option in kpi.with_user(self.manager).get_group_by_options():
                kpi.with_user(self.manager).compute_values(
                    *self.window, group_by=option["name"]
                )
