from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ScoringCase

#: A Wednesday at noon.
NOW = "2026-06-17 12:00:00"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestEventRules(ScoringCase):
    """What counts, how much, and how long."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._make_lead()

    def assertPoints(self, points, lead=None):
        self.env.invalidate_all()
        lead = lead or self.lead
        self.assertEqual(lead.lead_score, points)
        self.assertScored(lead)
        self._refresh()
        self.assertEqual(lead.lead_score, points)
        self.assertFalse(any(self.model.rule_ids.mapped("error_message")))

    def test_each(self):
        self._make_event_rule("page_visit", 6)
        for days in (0, 3, 400):
            self._log(self.lead, days=days)
        self._log(self.lead, "mail_opened")
        self.assertPoints(18)

    def test_once(self):
        self._make_event_rule("page_visit", -6, counting="once")
        self._log(self.lead, days=30)
        self._log(self.lead, days=2)
        self.assertPoints(-6)

    def test_once_is_the_latest(self):
        self._make_event_rule(
            "page_visit", 16, counting="once", decay="half_life", half_life_days=10
        )
        self._log(self.lead, days=30)
        self.assertPoints(2)
        self._log(self.lead, days=10)
        self.assertPoints(8)

    def test_a_few_times_a_period(self):
        rule = self._make_event_rule(
            "page_visit", 5, counting="limited", max_count=2, period="day"
        )
        for hours in (1, 2, 3, 30, 31):
            self._log(self.lead, hours=hours)
        self.assertPoints(20)
        # Today is Wednesday: yesterday is in the same week.
        rule.period = "week"
        self.assertPoints_after_refresh(10)
        self._log(self.lead, days=5)
        self.assertPoints(15)
        rule.period = "month"
        self.assertPoints_after_refresh(10)

    def assertPoints_after_refresh(self, points):
        self._refresh()
        self.assertPoints(points)

    def test_the_first_ones_of_a_period_count(self):
        self._make_event_rule(
            "page_visit",
            8,
            counting="limited",
            max_count=1,
            period="month",
            decay="half_life",
            half_life_days=8,
        )
        self._log(self.lead, days=16)
        self._log(self.lead, days=0)
        self.assertPoints(2)

    def test_half_life_and_rounding(self):
        self._make_event_rule("page_visit", 100, decay="half_life", half_life_days=10)
        self._log(self.lead, days=10)
        self._log(self.lead, days=20)
        self.assertPoints(75)
        self._log(self.lead, days=60)
        self.assertPoints(77)

    def test_very_old_events_give_nothing(self):
        self._make_event_rule("page_visit", 10_000, decay="half_life", half_life_days=1)
        self._log(self.lead, days=9000)
        self.assertPoints(0)
        self.assertFalse(self.lead.score_line_ids)

    def test_linear(self):
        self._make_event_rule("page_visit", -40, decay="linear", half_life_days=10)
        self._log(self.lead, days=5)
        self._log(self.lead, days=20)
        self._log(self.lead, days=25)
        self.assertPoints(-30)

    def test_window(self):
        self._make_event_rule("page_visit", 7, window_days=30)
        self._log(self.lead, days=30)
        self.assertPoints(7)
        self._log(self.lead, days=31)
        self.assertPoints(7)

    def test_cap(self):
        self._make_event_rule("page_visit", 7, cap=20)
        self._make_event_rule("mail_opened", -7, cap=10)
        for _number in range(4):
            self._log(self.lead)
            self._log(self.lead, "mail_opened")
        self.assertPoints(10)

    def test_common_cap(self):
        cap = self.env["crm.lead.score.cap"].create(
            {"name": "Mailings", "model_id": self.model.id, "maximum": 20}
        )
        values = {"cap_id": cap.id}
        first = self._make_event_rule("mail_opened", 6, sequence=1, **values)
        second = self._make_event_rule("mail_clicked", 9, sequence=2, **values)
        third = self._make_rule([], 4, "engagement", sequence=3, **values)
        self._make_event_rule("mail_unsubscribed", -50, sequence=4, **values)
        for signal in ("mail_opened", "mail_clicked", "mail_clicked"):
            self._log(self.lead, signal)
        self.assertPoints(20)
        found = {line.rule_id: line.points for line in self.lead.score_line_ids}
        self.assertEqual(found, {first: 6, second: 14})
        self.assertNotIn(third, found)
        # What is taken away is limited too, apart from what is given.
        self._log(self.lead, "mail_unsubscribed")
        self.assertPoints(0)
        cap.maximum = 21
        self._refresh()
        self.assertPoints(0)
        self.assertEqual(len(self.lead.score_line_ids), 3)

    def test_value_pattern(self):
        rule = self._make_event_rule("page_visit", 3, value_pattern="/pricing*")
        for value in ("/Pricing", "/pricing/teams", "/shop/pricing", None):
            self._log(self.lead, value=value)
        self.assertPoints(6)
        rule.value_pattern = "*pri_ing"
        self._refresh()
        self.assertPoints(0)
        self._log(self.lead, value="100 % pri_ing")
        self.assertPoints(3)

    def test_validity(self):
        rule = self._make_rule([], 5, valid_from=date(2026, 6, 18))
        events = self._make_event_rule("page_visit", 7, valid_to=date(2026, 6, 17))
        self._log(self.lead)
        self.assertPoints(7)
        with freeze_time("2026-06-18 00:30:00"):
            self._refresh()
            self.assertPoints(5)
        self.assertEqual(rule.points + events.points, 12)

    def test_only_after_start(self):
        self._log(self.lead, days=1)
        rule = self._make_event_rule("page_visit", 4, only_after_start=True)
        self.assertEqual(rule.start_date, date(2026, 6, 17))
        self._refresh()
        self.assertPoints(0)
        self._log(self.lead)
        self.assertPoints(4)
        rule.only_after_start = False
        self.assertFalse(rule.start_date)
        self._refresh()
        self.assertPoints(8)

    def test_conditions_on_the_lead(self):
        self._make_event_rule("page_visit", 4, domain=[("expected_revenue", ">=", 100)])
        self._log(self.lead)
        self.assertPoints(0)
        self.lead.expected_revenue = 100
        self.assertPoints(4)
        self.lead.expected_revenue = 99
        self.assertPoints(0)

    def test_events_of_a_contact(self):
        partner = self.env["res.partner"].create({"name": "A contact"})
        other = self._make_lead(partner_id=partner.id)
        self._make_event_rule("mail_opened", 4)
        self._log(signal="mail_opened", partner_id=partner.id)
        self.assertPoints(4, other)
        self.assertPoints(0)
        self.lead.partner_id = partner
        self.assertPoints(4)
        # An event of a lead is that lead's alone.
        self._log(self.lead, "mail_opened", partner_id=partner.id)
        self.assertPoints(8)
        self.assertPoints(4, other)
        self.lead.partner_id = False
        self.assertPoints(4)

    def test_time_passes(self):
        self._make_event_rule("page_visit", 40, decay="half_life", half_life_days=7)
        self._log(self.lead)
        self.assertPoints(40)
        for days, points in ((7, 20), (14, 10), (15, 9), (200, 0)):
            with freeze_time(fields.Datetime.now() + timedelta(days=days)):
                self._refresh()
                self.assertPoints(points)
                self.assertEqual(self.Score._score().total, 0, "nothing differs now")

    def test_as_of_any_day(self):
        rule = self._make_event_rule(
            "page_visit", 40, decay="half_life", half_life_days=7
        )
        fixed = self._make_rule([("name", "=", "Lead")], 2, valid_from="2026-06-01")
        self._log(self.lead, days=30)
        self._log(self.lead, days=7)
        today = date(2026, 6, 17)
        for day in (
            today,
            today - timedelta(7),
            today - timedelta(20),
            date(2026, 1, 1),
        ):
            [(lead_id, found)] = self.Score._compute_at(self.lead.ids, day).items()
            points, axes, grade = self._expected(self.lead, day)
            self.assertEqual(lead_id, self.lead.id)
            self.assertEqual(dict(found["lines"]), points)
            self.assertEqual(found["total"], sum(points.values()))
            self.assertEqual(found["fit"], axes["fit"])
            self.assertEqual(found["grade_id"], grade.id)
        self.assertEqual(points, {})
        week = dict(self.Score._compute_at(self.lead.ids, today - timedelta(7)))
        self.assertEqual(dict(week[self.lead.id]["lines"]), {rule.id: 44, fixed.id: 2})
        self.assertEqual(self.lead.lead_score, 22 + 2)

    def test_nothing_is_rewritten_that_did_not_change(self):
        self._make_event_rule("page_visit", 5)
        leads = self.Lead.create([{"name": f"L{i}"} for i in range(5)])
        self._refresh()
        self.assertEqual(self.Score._score().total, 0)
        self._log(leads[0])
        self._log(leads[0])
        self._settle()
        self.assertEqual(self.Score._score().total, 0)

    def test_matching_count(self):
        rule = self._make_event_rule(
            "page_visit", 5, domain=[("type", "=", "opportunity")]
        )
        others = self._make_lead(type="lead") + self._make_lead()
        for lead in others:
            self._log(lead)
        self.assertEqual(rule.matching_count, 1)
        self._settle()
        action = rule.action_view_records()
        self.assertEqual(self.env["crm.lead"].search(action["domain"]), others[1])
        new = self.Rule.new({**rule.copy_data()[0], "window_days": 5})
        self.assertEqual(new.matching_count, 1)

    def test_bad_input(self):
        for values, text in (
            ({"decay": "half_life", "half_life_days": 0}, "1 or more"),
            ({"decay": "linear", "half_life_days": -3}, "1 or more"),
            ({"signal_id": False}, "needs a signal"),
            ({"counting": "limited", "max_count": 0}, "at least 1"),
            ({"window_days": -1}, "below 0"),
            ({"cap": -1}, "below 0"),
            ({"points": 0}, "between 1 and 10,000"),
            ({"points": 10_001}, "between 1 and 10,000"),
            ({"points": 10**12}, "too large a number for “Points”"),
            ({"cap": 2**31}, "too large a number"),
            (
                {"valid_from": "2026-02-02", "valid_to": "2026-02-01"},
                "before it begins",
            ),
        ):
            with self.subTest(values):
                self.assertRefused(
                    text,
                    lambda values=values: self._make_event_rule(
                        "page_visit", **{"points": 5, **values}
                    ),
                )
        other = self.Model.create({"name": "Other", "active": False})
        cap = self.env["crm.lead.score.cap"].create({"name": "C", "model_id": other.id})
        with self.assertRaisesRegex(ValidationError, "another scoring model"):
            self._make_event_rule("page_visit", 5, cap_id=cap.id)
        self.assertRefused("too large", lambda: cap.write({"maximum": 10**12}))
        self.assertRefused(
            "between 1 and 1,000,000",
            lambda: (cap.write({"maximum": 0}), cap.flush_recordset()),
            cap,
        )

    def assertRefused(self, text, action, records=None):
        """The user is told, by a constraint of the program or of the database."""
        caught = None
        with mute_logger("odoo.sql_db"), self.cr.savepoint() as savepoint:
            try:
                action()
            except (ValidationError, IntegrityError) as error:
                caught = error
            savepoint.rollback()
        if isinstance(caught, IntegrityError):
            caught = (records or self.Rule)._sql_error_to_message(caught)
        self.assertIn(text, str(caught))

    def test_broken_conditions_stop_no_other_rule(self):
        broken = self._make_event_rule("page_visit", 5)
        self._make_event_rule("page_visit", 3)
        self.env.flush_all()
        self.cr.execute(
            "UPDATE crm_lead_score_rule SET domain = %s WHERE id = %s",
            ["[('x_gone', '=', 1)]", broken.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self._log(self.lead)
        self._refresh()
        self.assertEqual(self.lead.lead_score, 3)
        self.assertIn("x_gone", broken.error_message)

    def test_duplicated_model_has_caps_of_its_own(self):
        cap = self.env["crm.lead.score.cap"].create(
            {"name": "Mailings", "model_id": self.model.id, "maximum": 20}
        )
        rule = self._make_event_rule("mail_opened", 6, cap_id=cap.id)
        self.assertEqual(rule.copy().cap_id, cap)
        copy = self.model.copy()
        self.assertEqual(len(copy.rule_ids), 2)
        self.assertEqual(copy.cap_ids.maximum, 20)
        self.assertNotEqual(copy.cap_ids, cap)
        self.assertEqual(copy.rule_ids.cap_id, copy.cap_ids)
