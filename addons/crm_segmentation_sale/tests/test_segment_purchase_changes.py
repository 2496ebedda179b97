"""Orders and invoices move members soon; time moves them on the due day."""

import datetime

import pytz
from freezegun import freeze_time

from odoo.tests import tagged

from .common import PurchaseCase

START = datetime.date(2026, 1, 1)
DAYS = 400
#: Who orders on which day at what time: near midnight the day is another one in UTC.
ORDERS = [
    ("loner", -20, 0, 30),
    ("loner", 70, 23, 30),
    ("loner", 170, 0, 30),
    ("firm", -50, 23, 30),
    ("firm", 40, 12, 0),
    ("firm", 45, 0, 30),
    ("firm", 190, 23, 30),
]


class JobCase(PurchaseCase):
    def setUp(self):
        super().setUp()
        self.env.cr.flush()
        self.env["crm.segment.dirty"].sudo().search([]).unlink()

    def run_job(self):
        """Do what happens when the user's transaction ends, and a minute later."""
        self.env.cr.flush()
        position = 0
        while position is not None:
            position, _done, _changed = self.Segment._refresh_batch(position)
        self.env.invalidate_all()

    def assert_members(self, segment, expected):
        self.run_job()
        found = self.members(segment) & self.customers
        self.assertEqual(found, expected, found.mapped("name"))


@tagged("post_install", "-at_install")
class TestSegmentPurchaseChanges(JobCase):
    def test_orders(self):
        nobody = self.env["res.partner"]
        segment = self.make_purchases({"value": 100})
        order = self.order(self.buyer, 100, state="draft")
        self.assert_members(segment, nobody)
        order.action_confirm()
        self.assert_members(segment, self.people)
        order.partner_id = self.loner
        self.assert_members(segment, self.loner)
        order.order_line.price_unit = 99
        self.assert_members(segment, nobody)
        order.order_line.price_unit = 100
        self.assert_members(segment, self.loner)
        order._action_cancel()
        self.assert_members(segment, nobody)

    def test_invoices(self):
        nobody = self.env["res.partner"]
        segment = self.make_purchases({"source": "invoice", "value": 100})
        invoice = self.invoice(self.boss, 100, post=False)
        self.assert_members(segment, nobody)
        invoice.action_post()
        self.assert_members(segment, self.people)
        self.invoice(self.firm, 1, kind="out_refund")
        self.assert_members(segment, nobody)
        invoice.button_draft()
        invoice.button_cancel()
        self.assert_members(segment, nobody)

    def test_leads_of_the_customer(self):
        lead = self.leads[0]
        lead.partner_id = self.boss
        segment = self.make_purchases({"value": 100}, target="lead")
        self.order(self.buyer, 100)
        self.run_job()
        self.assertEqual(self.members(segment), lead)

    def test_nothing_is_noted_where_nobody_asks(self):
        self.make_segment(("phone", "!=", False))
        self.order(self.buyer, 100)
        self.env.cr.flush()
        self.assertFalse(
            self.env["crm.segment.dirty"].sudo().search([("source", "=", "sale.order")])
        )


@tagged("post_install", "-at_install")
class TestSegmentPurchaseDueDay(JobCase):
    def test_400_days(self):
        """Members enter and leave just after midnight where the author lives."""
        self.env.user.tz = "Europe/Sofia"
        zone = pytz.timezone("Europe/Sofia")
        days = {}
        for customer, number, hour, minute in ORDERS:
            with freeze_time(START):
                order = self.order(getattr(self, customer), 100)
            day = START + datetime.timedelta(days=number)
            moment = datetime.datetime.combine(day, datetime.time(hour, minute))
            moment = zone.localize(moment).astimezone(pytz.utc)
            order.date_order = moment.replace(tzinfo=None)
            days.setdefault(order.partner_id, []).append(day)
        self.env.cr.flush()
        with freeze_time(START):
            segments = [
                self.make_purchases(condition, refresh_policy=policy)
                for condition, policy in [
                    ({"value": 100, "period_days": 30}, "daily"),
                    (
                        {
                            "measure": "count",
                            "operator": "=",
                            "value": 0,
                            "period_days": 45,
                        },
                        "hourly",
                    ),
                    ({"measure": "last", "operator": ">", "value": 60}, "at_once"),
                ]
            ]
        moved = dict.fromkeys(segments, 0)
        before = {}
        for number in range(1, DAYS):
            today = START + datetime.timedelta(days=number)
            start = datetime.datetime.combine(today, datetime.time(0, 1))
            with freeze_time(zone.localize(start).astimezone(pytz.utc)):
                self.run_job()
            expected = self.get_expected(segments, days, today)
            for segment, customers in expected.items():
                found = set(self.members(segment) & self.customers - self.people)
                found |= set(self.members(segment) & self.firm)
                self.assertEqual(found, customers, (today, segment.purchase_ids))
                moved[segment] += before.get(segment, customers) != customers
                before[segment] = customers
        self.assertTrue(all(count > 1 for count in moved.values()), moved)

    def get_expected(self, segments, days, today):
        """Who belongs where on a day, worked out from the days of the orders."""
        recent, idle, silent = segments
        ages = {
            customer: sorted((today - day).days for day in days.get(customer, []))
            for customer in self.firm | self.loner | self.idle
        }
        return {
            recent: {c for c, old in ages.items() if any(a <= 30 for a in old)},
            idle: {c for c, old in ages.items() if all(a > 45 for a in old)},
            silent: {c for c, old in ages.items() if old and old[0] > 60},
        }
