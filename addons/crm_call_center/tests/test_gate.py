from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import CallCenterCase

#: A Wednesday: 14:00 in Sofia, 13:00 in Berlin, 7:00 in New York.
NOON = "2026-11-18 12:00:00"
SOFIA = "+359888123456"
BERLIN = "+4930123456"
NEW_YORK = "+12025550101"


@tagged("post_install", "-at_install")
class TestGate(CallCenterCase):
    """What the gate says, with its facts read from the database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.default = cls.env.ref("crm_call_center.call_policy_default")
        cls.open = cls.env.ref("crm_call_center.call_policy_unrestricted")
        cls.marketing = cls._list(
            name="Offers", purpose="marketing", legal_basis="consent", domain="[]"
        )
        cls.startClassPatcher(freeze_time(NOON))

    def _ask(self, phone, policy=None, call_list=None, **values):
        policy = policy if policy is not None else self.default
        call_list = self.marketing if call_list is None else call_list
        return policy.can_call(phone, list_id=call_list.id, **values)

    def _codes(self, phone, **values):
        return {reason["code"] for reason in self._ask(phone, **values)["reasons"]}

    def _attempts(self, call, *ago, outcome=None):
        """Attempts so many hours ago."""
        for hours in ago:
            call.sudo()._log_attempt(
                outcome or self.no_answer,
                start=fields.Datetime.now() - timedelta(hours=hours),
            )

    # === HOURS AND PACKS === #

    def test_allowed(self):
        answer = self._ask(SOFIA)
        self.assertTrue(answer["allowed"])
        self.assertEqual(answer["reasons"], [])
        self.assertEqual(answer["next_time"], NOON)
        self.assertEqual(answer["zones"], ["Europe/Sofia"])
        self.assertEqual(answer["zone_source"], "prefix")
        self.assertFalse(answer["flagged"])

    def test_the_clock_of_the_callee(self):
        """It is day here and early there: the next moment is theirs."""
        registers = self.env["crm.do.not.call.register"]
        register = registers.search([("name", "=", "NDNC")])
        register = register or registers.create({"name": "NDNC"})
        register.date = "2026-11-01"
        answer = self._ask(NEW_YORK)
        self.assertFalse(answer["allowed"])
        [reason] = answer["reasons"]
        self.assertEqual(reason["code"], "outside_hours")
        # the policy opens at 9:00, the law at 8:00
        self.assertEqual(answer["next_time"], "2026-11-18 14:00:00")
        self.assertEqual(reason["until"], answer["next_time"])

    def test_zone_of_the_contact_and_its_address(self):
        partner = self.env["res.partner"].create(
            {"name": "Away", "country_id": self.us.id, "tz": "Pacific/Honolulu"}
        )
        answer = self._ask(SOFIA, partner_id=partner.id)
        self.assertEqual(answer["zones"], ["Pacific/Honolulu"])
        self.assertEqual(answer["zone_source"], "contact")
        # Odoo gives new contacts the zone of their maker: it is not theirs
        partner.tz = "Europe/Brussels"
        self.assertEqual(
            self._ask(SOFIA, partner_id=partner.id)["zones"], ["Europe/Sofia"]
        )

    def test_unknown_zone_is_flagged(self):
        self.env.company.partner_id.tz = "Europe/Sofia"
        answer = self._ask("+80012345678", policy=self.open, purpose="service")
        self.assertTrue(answer["allowed"])
        self.assertTrue(answer["flagged"])
        self.assertEqual(answer["zone_source"], "unknown")

    def test_holiday(self):
        with freeze_time("2027-03-03 12:00:00"):
            answer = self._ask(SOFIA)
            self.assertEqual([r["code"] for r in answer["reasons"]], ["holiday"])
            self.assertEqual(answer["next_time"], "2027-03-04 07:00:00")

    def test_moving_holidays(self):
        pack = self.env.ref("crm_call_center.call_pack_bg")
        dates = pack.holiday_ids._get_dates([2026])
        for day in ("2026-04-10", "2026-04-13", "2026-05-25", "2026-12-28"):
            self.assertIn(fields.Date.to_date(day), dates, day)
        uk = self.env.ref("crm_call_center.call_pack_uk").holiday_ids._get_dates([2026])
        for day in ("2026-05-04", "2026-05-25", "2026-08-31", "2026-12-28"):
            self.assertIn(fields.Date.to_date(day), uk, day)

    def test_packs_of_countries(self):
        """A country has its own rules; one that nobody knows, those of all."""
        basis = self.marketing
        basis.legal_basis = False
        self.assertIn("opt_in_missing", self._codes(BERLIN))
        self.assertEqual(self._codes("+442071234567"), {"register_too_old"})
        unknown = self._codes("+5511912345678")
        self.assertLessEqual({"opt_in_missing", "register_too_old"}, unknown)
        # companies need not agree in Germany
        partner = self.env["res.partner"].create({"name": "GmbH", "is_company": True})
        self.assertEqual(self._codes(BERLIN, partner_id=partner.id), set())
        basis.legal_basis = "interest"
        self.assertIn("opt_in_missing", self._codes(BERLIN))
        basis.legal_basis = "customer"
        self.assertEqual(self._codes(BERLIN), set())

    def test_register(self):
        register = self.env["crm.do.not.call.register"].create(
            {"name": "TPS", "date": "2026-11-10"}
        )
        self.assertEqual(self._codes("+442071234567"), set())
        register.date = "2026-09-01"
        self.assertEqual(self._codes("+442071234567"), {"register_too_old"})

    def test_pack_of_a_time(self):
        """Rules of law begin on a day: before it, the strictest hold."""
        pack = self.env.ref("crm_call_center.call_pack_fr")
        ids = self.env["crm.call.pack"]._get_ids_for(
            frozenset({"FR"}), fields.Date.to_date("2026-11-18")
        )
        self.assertEqual(ids, tuple(pack.ids))
        ids = self.env["crm.call.pack"]._get_ids_for(
            frozenset({"FR"}), fields.Date.to_date("2026-05-01")
        )
        self.assertGreater(len(ids), 3)
        self.assertNotIn(pack.id, ids)

    def test_service_calls(self):
        """Packs are about offers: a call that people wait for has the policy alone."""
        service = self._list(name="Service")
        self.assertEqual(service.policy_id, self.open)
        self.assertEqual(
            self._codes(BERLIN, call_list=service, policy=self.open), set()
        )

    # === ATTEMPTS === #

    def test_attempts_of_all_lists(self):
        one = self._call(phone=SOFIA, list_id=self.marketing.id)
        self._attempts(one, 3, 30)
        self.assertEqual(self._codes(SOFIA), {"same_daypart"} - {"same_daypart"})
        self._attempts(one, 2)
        answer = self._ask(SOFIA)
        codes = {reason["code"] for reason in answer["reasons"]}
        self.assertLessEqual({"attempts_number_day", "attempts_contact_day"}, codes)
        # tomorrow at nine there
        self.assertEqual(answer["next_time"], "2026-11-19 07:00:00")

    def test_spacing_and_daypart(self):
        call = self._call(phone=SOFIA, list_id=self.marketing.id)
        self._attempts(call, 0.5)
        answer = self._ask(SOFIA)
        codes = {reason["code"]: reason["until"] for reason in answer["reasons"]}
        self.assertEqual(codes["spacing"], "2026-11-18 12:30:00")
        # the afternoon ends at five
        self.assertEqual(codes["same_daypart"], "2026-11-18 15:00:00")
        self.assertEqual(answer["next_time"], "2026-11-18 15:00:00")

    def test_refusal_rests(self):
        refused = self.env.ref("crm_call_center.outcome_refused")
        call = self._call(phone=SOFIA, list_id=self.marketing.id)
        self._attempts(call, 24, outcome=refused)
        answer = self._ask(SOFIA)
        self.assertEqual([r["code"] for r in answer["reasons"]], ["resting"])
        # ninety days: a Monday
        self.assertEqual(answer["next_time"], "2027-02-15 12:00:00")

    def test_contact_with_two_numbers(self):
        """Attempts on one number of a contact count for the other too."""
        partner = self.env["res.partner"].create({"name": "Two", "phone": SOFIA})
        call = self._call(partner_id=partner.id)
        self._attempts(call, 3, 20)
        other = "+359888654321"
        self.assertEqual(self._codes(other), set())
        self._attempts(call, 4)
        self.assertIn("attempts_contact_day", self._codes(other, partner_id=partner.id))

    def test_voided_attempts_do_not_count(self):
        call = self._call(phone=SOFIA, list_id=self.marketing.id)
        self._attempts(call, 1, 2, 3)
        self.assertTrue(self._codes(SOFIA))
        call.attempt_ids.sudo().voided_on = fields.Datetime.now()
        self.assertEqual(self._codes(SOFIA), set())

    # === DO NOT CALL === #

    def test_all_reasons_are_told(self):
        self.env["crm.do.not.call"]._request(SOFIA)
        self.marketing.legal_basis = False
        partner = self.env["res.partner"].create({"name": "P", "phone": SOFIA})
        self.env["crm.phone.number"]._mark_wrong(partner, SOFIA)
        with freeze_time("2026-11-18 02:00:00"):
            answer = self._ask(SOFIA, partner_id=partner.id)
        self.assertEqual(
            {reason["code"] for reason in answer["reasons"]},
            {"do_not_call", "opt_in_missing", "wrong_number", "outside_hours"},
        )
        self.assertFalse(answer["next_time"])
        for reason in answer["reasons"]:
            self.assertTrue(reason["text"])

    def test_entry_that_expires(self):
        self.env["crm.do.not.call"]._request(SOFIA, expires_on="2026-11-20")
        answer = self._ask(SOFIA)
        self.assertFalse(answer["allowed"])
        self.assertEqual(answer["next_time"], "2026-11-20 07:00:00")

    # === INPUT === #

    def test_bad_input(self):
        answer = self._ask("3.59E+11")
        self.assertIn("no_number", {r["code"] for r in answer["reasons"]})
        self.assertFalse(answer["next_time"])
        with self.assertRaises(ValidationError):
            self._ask(SOFIA, at="soon")
        with self.assertRaises(ValidationError):
            self._ask(SOFIA, purpose="fun")

    def test_who_may_ask(self):
        internal = new_test_user(self.env, "cc_gate", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.default.with_user(internal).can_call(SOFIA)
        answer = self.default.with_user(self.operator).can_call(
            SOFIA, purpose="service"
        )
        self.assertTrue(answer["allowed"])
        with self.assertRaises(AccessError):
            self.default.with_user(self.salesman).can_call(
                SOFIA, list_id=self.marketing.id
            )

    def test_many_at_once(self):
        """The answer for many is that for each, with as few queries as for ten."""
        numbers = [f"+35988812{number:04d}" for number in range(200)]
        self.env["crm.do.not.call"]._request(numbers[7])
        rows = [{"phone_sanitized": number} for number in numbers]
        self.default._can_call_many(rows[:10], call_list=self.marketing)
        self.env.flush_all()
        with self.assertQueryCount(8):
            decisions = self.default._can_call_many(rows, call_list=self.marketing)
        self.assertEqual([d.allowed for d in decisions].index(False), 7)
        self.assertEqual(sum(d.allowed for d in decisions), 199)

    # === CALLS === #

    def test_dial_asks_and_leaves_a_certificate(self):
        call = self._call(phone=SOFIA, list_id=self.marketing.id)
        call.user_id = self.operator
        action = call.with_user(self.operator).action_dial()
        self.assertEqual(action["url"], f"tel:{SOFIA}")
        certificate = self.env["crm.call.certificate"].search(
            [("call_id", "=", call.id), ("kind", "=", "dial")]
        )
        self.assertTrue(certificate.allowed)
        self.assertEqual(certificate.user_id, self.operator)
        self.assertEqual(certificate.facts["packs"], ["BG 2026-11"])
        self.assertEqual(certificate.facts["local_time"], ["2026-11-18 14:00"])
        self.assertIn("Purpose: Marketing\nGround for calling", certificate.summary)
        call.with_user(self.operator).action_held(ring=8, talk=70, wrap=12)
        attempt = call.attempt_ids
        self.assertEqual(attempt.certificate_id, certificate)
        self.assertEqual(attempt.certificate["basis"], "consent")
        self.assertEqual(
            (attempt.duration, attempt.talk_duration, attempt.wrap_duration),
            (78, 70, 12),
        )
        with self.assertRaises(UserError):
            certificate.allowed = False
        with self.assertRaises(UserError):
            certificate.unlink()

    def test_dial_is_refused(self):
        call = self._call(phone=SOFIA, list_id=self.marketing.id)
        with freeze_time("2026-11-18 02:00:00"), self.assertRaises(UserError) as error:
            call.action_dial()
        self.assertIn("calling hour", str(error.exception))
        self.assertFalse(
            self.env["crm.call.certificate"].search([("call_id", "=", call.id)])
        )

    def test_retry_is_planned_in_calling_hours(self):
        """Four hours after ten in the evening is no time to call: the morning is."""
        call = self._call(phone=SOFIA, list_id=self.marketing.id)
        with freeze_time("2026-11-18 17:30:00"):
            call.action_not_held(outcome_id=self.no_answer.id)
        self.assertEqual(
            fields.Datetime.to_string(call.next_attempt_date), "2026-11-19 07:00:00"
        )

    def test_number_is_marked_wrong(self):
        partner = self.env["res.partner"].create({"name": "Moved", "phone": SOFIA})
        call = self._call(partner_id=partner.id)
        call.action_not_held(outcome_id=self.wrong_number.id)
        self.assertEqual(partner.phone_number_ids.state, "wrong")
        self.assertIn("wrong_number", self._codes(SOFIA, partner_id=partner.id))
        partner.phone = "+359888000111"
        self.assertEqual(partner.phone_number_ids.state, "reachable")

    # === POLICIES === #

    def test_policy_that_never_calls(self):
        """Said at once, with both hours."""
        with self.assertRaises(ValidationError) as error:
            self.env["crm.call.policy"].create(
                {
                    "name": "Night",
                    "window_ids": [
                        Command.create({"weekday": "0", "hour_from": 22, "hour_to": 24})
                    ],
                }
            )
        self.assertIn("never call", str(error.exception))
        with self.assertRaises(ValidationError):
            self.default.window_ids[0].write({"hour_from": 19, "hour_to": 8})

    def test_form(self):
        form = Form(self.env["crm.call.policy"])
        form.name = "Evenings"
        with form.window_ids.new() as window:
            window.weekday = "1"
            window.hour_from = 17
            window.hour_to = 20
        policy = form.save()
        self.assertEqual(policy.hours_text, "Tuesday: 17:00–20:00")

    def test_shipped_packs(self):
        """Each pack has a source with a date, and hours in which the policy calls."""
        packs = self.env["crm.call.pack"].search([])
        self.assertGreaterEqual(
            set(packs.mapped("code")), {"EU", "BG", "DE", "FR", "UK", "US"}
        )
        for pack in packs:
            self.assertTrue(pack.source and pack.source_date and pack.window_ids)
            self.assertTrue(pack.holiday_ids._get_dates([2026]) or pack.code == "US")
        self.default._check_ever_open()

    def test_access(self):
        table = {
            "crm.call.policy": ("1000", "1111", "1000"),
            "crm.call.pack": ("1000", "1111", "1000"),
            "crm.call.certificate": ("0000", "1000", "1000"),
            "crm.do.not.call": ("1000", "1010", "1010"),
            "crm.do.not.call.register": ("0000", "1000", "1111"),
        }
        officer = self._user("cc_officer", "group_privacy_officer")
        for model, expected in table.items():
            for user, rights in zip(
                (self.operator, self.supervisor, officer), expected, strict=True
            ):
                found = "".join(
                    str(int(self.env[model].with_user(user).has_access(operation)))
                    for operation in ("read", "write", "create", "unlink")
                )
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(found, rights)

    def test_certificates_of_other_companies(self):
        company = self.env["res.company"].create({"name": "Foreign"})
        foreigner = self._user(
            "cc_foreign_gate",
            "group_call_center_supervisor",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        call = self._call(phone=SOFIA, list_id=self.marketing.id)
        call.action_dial()
        certificates = self.env["crm.call.certificate"].search(
            [("call_id", "=", call.id)]
        )
        self.assertTrue(certificates)
        seen = self.env["crm.call.certificate"].with_user(foreigner)
        self.assertFalse(seen.search([("id", "in", certificates.ids)]))

    def test_moment_in_words(self):
        policy = self.default
        today = policy._tell_moment(datetime(2026, 11, 18, 14), "Europe/Sofia")
        self.assertIn("4:00", today)
        later = policy._tell_moment(datetime(2026, 11, 20, 8), "Europe/Sofia")
        self.assertIn("Friday", later)
