from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.crm_glossary_core import engine

from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestEventLedger(ScoringCase):
    """The ledger: each event once, for good, for those who may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()
        cls.lead = cls._make_lead(user_id=cls.salesman.id)
        cls.rule = cls._make_event_rule("page_visit", 6)

    def _values(self, origin="a", **values):
        return {
            "lead_id": self.lead.id,
            "signal": "page_visit",
            "origin": origin,
            **values,
        }

    def test_log_returns_what_is_new(self):
        first = self.Event.log([self._values("a"), self._values("b")])
        self.assertEqual(len(first), 2)
        again = self.Event.log(
            [self._values("b"), self._values("c"), self._values("c")]
        )
        self.assertEqual(len(again), 1)
        self.assertEqual(self.Event.browse(again).origin, "c")
        self.assertEqual(self.lead.lead_score, 18)
        self.assertEqual(self.Event.log([]), [])
        event = self.Event.browse(first[0])
        self.assertEqual(event.signal, "page_visit")
        self.assertEqual(event.create_uid, self.env.user)
        self.assertTrue(event.create_date)

    def test_the_score_follows_at_once(self):
        self.assertEqual(self.lead.lead_score, 0)
        self.Event.log([self._values()])
        self.assertEqual(self.lead.lead_score, 6)
        self.assertEqual(
            self.env["crm.lead"].search([("lead_score", "=", 6)]), self.lead
        )
        self.assertScored(self.lead)

    def test_dates(self):
        now = fields.Datetime.now()
        for number, (date, stored) in enumerate(
            (
                ("2026-01-31 10:00:00", "2026-01-31 10:00:00"),
                ("2026-01-31T10:00:00+02:00", "2026-01-31 08:00:00"),
                ("2026-01-31T10:00:00Z", "2026-01-31 10:00:00"),
                ("2026-01-31", "2026-01-31 00:00:00"),
            )
        ):
            event = self.Event.browse(
                self.Event.log([self._values(str(number), date=date)])
            )
            self.assertEqual(fields.Datetime.to_string(event.date), stored)
        event = self.Event.browse(
            self.Event.log([self._values("fast", date=now + timedelta(minutes=5))])
        )
        self.assertLessEqual(event.date, fields.Datetime.now(), "a clock that is fast")

    def test_bad_events_are_refused_with_a_reason(self):
        gone = self._make_lead()
        gone.unlink()
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        for values, text in (
            ({"signal": "nonsense"}, "no signal “nonsense”"),
            ({"date": tomorrow}, "in the future"),
            ({"date": "soon"}, "“soon” is no date"),
            ({"origin": ""}, "no origin"),
            ({"lead_id": gone.id}, "not there"),
            ({"lead_id": False, "email": "nobody@example.com"}, "not there"),
            ({"lead": self.lead.id}, "“lead” is no part"),
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, text):
                self.Event.log(
                    [self._values("good"), {**self._values("bad"), **values}]
                )
        self.assertFalse(self.Event.search([("origin", "in", ["good", "bad"])]))
        new = self.Event.log(
            [self._values("good"), self._values("bad", date=tomorrow)], strict=False
        )
        self.assertEqual(self.Event.browse(new).origin, "good")

    def test_email(self):
        partners = self.env["res.partner"].create(
            [
                {"name": "With a lead", "email": "with@example.com"},
                {"name": "Without", "email": "without@example.com"},
            ]
        )
        lead = self._make_lead(partner_id=partners[0].id)
        bare = self._make_lead(email_from="bare@example.com")
        newer = self._make_lead(email_from="bare@example.com")
        for email in ("With@Example.com", "without@example.com", "bare@example.com"):
            self.Event.log([self._values(email, lead_id=False, email=email)])
        events = self.Event.search([], order="id desc", limit=3)
        self.assertEqual(events[2].partner_id, partners[0])
        self.assertEqual(events[1].partner_id, partners[1])
        self.assertEqual(events[0].lead_id, newer)
        self.assertEqual((lead + bare + newer).mapped("lead_score"), [6, 0, 6])

    def test_ten_thousand_events_for_one_lead(self):
        new = self.Event.log([self._values(f"many/{i}") for i in range(10_000)])
        self.assertEqual(len(new), 10_000)
        self.assertEqual(self.lead.lead_score, 60_000)
        self.rule.points = 10_000
        self._refresh()
        self.assertEqual(self.lead.lead_score, 10_000_000, "the most of one line")
        [line] = self.lead.get_score_explanation()["lines"]
        self.assertIn("9997 more", line["evidence"])

    def test_nobody_changes_history(self):
        event = self.Event.browse(self.Event.log([self._values()]))
        for user in (self.salesman, self.manager):
            for operation in ("write", "create", "unlink"):
                self.assertFalse(event.with_user(user).has_access(operation))
        for record in (event, event.sudo()):
            with self.assertRaises(UserError):
                record.value = "x"
            with self.assertRaises(UserError):
                record.unlink()

    def test_who_may_log(self):
        Event = self.Event.with_user(self.salesman)
        self.assertTrue(Event.log([self._values("own")]))
        foreign = self._make_lead(user_id=self.seller_all.id)
        with self.assertRaises(AccessError):
            Event.log([self._values("foreign", lead_id=foreign.id)])
        with self.assertRaises(AccessError):
            self.Event.with_user(self.employee).log([self._values("employee")])
        self.assertTrue(
            self.Event.with_user(self.manager).log(
                [self._values("manager", lead_id=foreign.id)]
            )
        )

    def test_who_sees_what(self):
        foreign = self._make_lead(user_id=self.seller_all.id)
        partner = self.env["res.partner"].create({"name": "A contact"})
        own, other, shared = (
            self.Event.log([self._values(str(number), **values)])[0]
            for number, values in enumerate(
                (
                    {},
                    {"lead_id": foreign.id},
                    {"lead_id": False, "partner_id": partner.id},
                )
            )
        )
        everything = {own, other, shared}
        domain = [("id", "in", list(everything))]
        for user, seen in (
            (self.salesman, {own, shared}),
            (self.seller_all, everything),
            (self.manager, everything),
        ):
            found = self.Event.with_user(user).search(domain)
            self.assertEqual(set(found.ids), seen, user.login)
        with self.assertRaises(AccessError):
            self.Event.with_user(self.employee).search(domain)
        company = self.env["res.company"].create({"name": "Company Two"})
        foreign.write({"user_id": False, "team_id": False, "company_id": company.id})
        partner.company_id = company
        self.env.flush_all()
        found = self.Event.with_user(self.manager).search(domain)
        self.assertEqual(found.ids, [own])

    def test_signals_and_caps_are_the_managers(self):
        cap = self.env["crm.lead.score.cap"].create(
            {"name": "C", "model_id": self.model.id}
        )
        for record in (cap, self.rule.signal_id):
            for user, may in (
                (self.salesman, False),
                (self.manager, True),
            ):
                self.assertTrue(record.with_user(user).has_access("read"))
                for operation in ("write", "create", "unlink"):
                    self.assertEqual(record.with_user(user).has_access(operation), may)
            self.assertFalse(record.with_user(self.employee).has_access("read"))

    def test_merging_keeps_events(self):
        other = self._make_lead()
        self.Event.log([self._values("a"), self._values("b", lead_id=other.id)])
        kept = (self.lead + other).merge_opportunity()
        self.assertEqual(kept.lead_score, 12)
        self.assertEqual(len(self.Event.search([("lead_id", "=", kept.id)])), 2)
        # Whoever still has the number of the lead that went is told so; with the
        # contact's address the event finds its way.
        gone = (self.lead + other - kept).id
        with self.assertRaisesRegex(ValidationError, "not there"):
            self.Event.log([self._values("late", lead_id=gone)])
        kept.email_from = "kept@example.com"
        self.Event.log([self._values("late", lead_id=gone, email="kept@example.com")])
        self.assertEqual(kept.lead_score, 18)
        self.assertScored(kept)

    def test_conversion_keeps_events(self):
        lead = self._make_lead(type="lead", email_from="a@example.com")
        self._log(lead)
        partner = self.env["res.partner"].create({"name": "A"})
        self._log(partner_id=partner.id)
        lead.convert_opportunity(partner)
        self.assertEqual(lead.lead_score, 12)
        lead.action_set_lost()
        self.assertScored(lead)

    def test_merged_contacts(self):
        partners = self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        self.lead.partner_id = partners[0]
        self._log(partner_id=partners[1].id)
        self.assertEqual(self.lead.lead_score, 0)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            partners.ids, partners[0]
        )
        self._refresh()
        self.assertEqual(self.lead.lead_score, 6)
        self.assertScored(self.lead)

    def test_deleted_lead_takes_its_events_along(self):
        event = self.Event.browse(self.Event.log([self._values()]))
        self.lead.unlink()
        self.assertFalse(event.exists())

    def test_retention(self):
        self._log(self.lead, days=400)
        self._log(self.lead, days=10)
        self.Event._gc_old_events()
        self.assertEqual(self.lead.lead_score, 12, "kept for good unless told so")
        self.env["ir.config_parameter"].set_param(
            "crm_lead_scoring.event_retention_days", "365"
        )
        self.Event._gc_old_events()
        self._refresh()
        self.assertEqual(self.lead.lead_score, 6)

    def test_open_the_document(self):
        message = self.lead.message_post(body="Hello")
        event = self.Event.browse(
            self.Event.log([self._values(res_model="mail.message", res_id=message.id)])
        )
        self.assertEqual(event.action_open_document()["res_model"], "mail.message")
        event = self.Event.browse(self.Event.log([self._values("plain")]))
        self.assertEqual(event.action_open_document()["res_id"], self.lead.id)

    def test_a_signal_in_use_cannot_go(self):
        self.Event.log([self._values()])
        self.rule.unlink()
        with self.assertRaises(Exception), self.cr.savepoint():  # noqa: B017
            self.env["crm.lead.score.signal"].search(
                [("code", "=", "page_visit")]
            ).unlink()

    def test_engine_appends_each_event_once(self):
        from ..models.crm_lead_score_event import LEDGER

        row = {
            "lead_id": self.lead.id,
            "signal_id": self.rule.signal_id.id,
            "date": fields.Datetime.now(),
            "origin": "engine",
        }
        self.assertEqual(len(engine.append_events(self.env, LEDGER, [row, row])), 1)
        self.assertEqual(engine.append_events(self.env, LEDGER, [row]), [])
