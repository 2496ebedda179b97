"""What calling rules ask of the suite (R1 and following), one test a rule."""

from datetime import timedelta

from calls_case import NOW, SOFIA, CallsCase
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged


@tagged("post_install", "-at_install")
class TestRulesCalls(CallsCase):
    def setUp(self):
        super().setUp()
        self.policy = self.env.ref("crm_call_center.call_policy_default")

    def codes(self, phone, **values):
        answer = self.policy.can_call(phone, purpose="marketing", **values)
        return {reason["code"] for reason in answer["reasons"]}

    def test_rule_01_packs(self):
        """Packs with source and date; an unknown country has the strictest."""
        packs = self.env["crm.call.pack"].search([])
        self.assertTrue(all(pack.source and pack.source_date for pack in packs))
        self.assertIn("opt_in_missing", self.codes("+4930123456"))
        self.assertIn("register_too_old", self.codes("+442071234567"))
        self.assertLessEqual(
            {"opt_in_missing", "register_too_old"}, self.codes("+5511912345678")
        )

    def test_rule_02_one_gate(self):
        """Import, reservation and dial ask the same gate; it tells all reasons."""
        self.env["crm.do.not.call"]._request(SOFIA)
        with freeze_time("2026-11-18 02:00:00"):
            self.assertLessEqual(
                {"do_not_call", "outside_hours", "opt_in_missing"}, self.codes(SOFIA)
            )
        call_list = self.make_list()
        self.assertEqual(call_list.import_rows([{"phone": SOFIA}])["blocked"], 1)
        call = self.make_call(phone=SOFIA, list_id=call_list.id, user_id=False)
        with self.assertRaises(UserError):
            call.action_dial()
        self.assertFalse(self.take(call_list))
        self.assertEqual(call.state, "cancelled")

    def test_rule_03_zones(self):
        for number, zone in (
            ("+18085550101", "Pacific/Honolulu"),
            (SOFIA, "Europe/Sofia"),
            ("+74232201234", "Asia/Vladivostok"),
        ):
            answer = self.policy.can_call(number, purpose="marketing")
            self.assertEqual(answer["zones"], [zone])
        many = self.policy.can_call("+79161234567", purpose="marketing")
        self.assertGreater(len(many["zones"]), 10)
        self.assertTrue(many["flagged"])
        none = self.policy.can_call("+80012345678", purpose="marketing")
        self.assertEqual((none["zone_source"], none["flagged"]), ("unknown", True))

    def test_rule_04_do_not_call(self):
        """Only the privacy officer takes an entry off, with a reason."""
        officer = new_test_user(
            self.env, "row_officer", groups="crm_call_center.group_privacy_officer"
        )
        entry = self.env["crm.do.not.call"]._request(SOFIA)
        blacklist = self.env["phone.blacklist"]
        self.assertTrue(blacklist.search([("number", "=", entry.phone_sanitized)]))
        with self.assertRaises(AccessError):
            entry.with_user(self.supervisor)._remove("please")
        with self.assertRaises(UserError):
            entry.unlink()
        entry.with_user(officer)._remove("Asked for it in writing")
        self.assertEqual((entry.state, entry.removed_by), ("removed", officer))

    def test_rule_05_two_keys(self):
        """The wish is saved by a request of its own, before the outcome is."""
        call_list = self.make_list()
        call_list.import_rows([{"phone": SOFIA}])
        call = self.take(call_list).with_user(self.operator)
        call.env["crm.call"].desk_do_not_call(call.id, "reference-1")
        self.assertEqual(self.codes(SOFIA) & {"do_not_call"}, {"do_not_call"})
        self.assertIn(call.sudo().state, ("open", "not_held"))
        call.env["crm.call"].desk_submit(call.id, "do_not_call", {}, "reference-2")
        self.assertEqual(call.sudo().state, "cancelled")

    def test_rule_08_provenance(self):
        offers = self.make_list(purpose="marketing", legal_basis="consent")
        with self.assertRaises(UserError):
            offers.import_rows([{"phone": SOFIA}])
        provenance = {"seller": "Fair", "basis": "Signed cards"}
        result = offers.import_rows([{"phone": SOFIA}], provenance=provenance)
        self.assertEqual(result["taken"], 1)

    def test_rule_09_caps_across_lists(self):
        """Two tries in one list leave none for the other on the same day."""
        lists = [
            self.make_list(name=name, purpose="marketing", legal_basis="consent")
            for name in ("One", "Two")
        ]
        calls = [
            self.make_call(phone=SOFIA, list_id=call_list.id, user_id=False)
            for call_list in lists
        ]
        for hours in (3, 5):
            calls[0].sudo()._log_attempt(
                self.outcome("no_answer"),
                start=fields.Datetime.now() - timedelta(hours=hours),
            )
        decision = calls[1]._decide()[calls[1].id]
        self.assertIn(
            "attempts_number_day", [reason.code for reason in decision.reasons]
        )

    def test_rule_10_rest(self):
        call = self.make_call(phone=SOFIA)
        call.action_held(outcome_id=self.outcome("refused").id)
        self.assertIn("resting", self.codes(SOFIA))

    def test_rule_18_roles(self):
        """Operators see their lists and cannot export; others see what is theirs."""
        call_list = self.make_list(operator_ids=[Command.set(self.operator.ids)])
        call_list.import_rows([{"phone": SOFIA}])
        call = call_list.call_ids
        company = self.env["res.company"].create({"name": "Foreign"})
        foreigner = new_test_user(
            self.env,
            "row_foreigner",
            groups="crm_call_center.group_call_center_supervisor",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        table = {
            self.operator: True,
            self.other: False,
            self.supervisor: True,
            self.salesman: False,
            foreigner: False,
        }
        for user, is_seen in table.items():
            with self.subTest(user=user.login):
                found = self.env["crm.call"].with_user(user)
                self.assertEqual(
                    bool(found.search_count([("id", "=", call.id)])), is_seen
                )
        self.assertFalse(self.operator.has_group("base.group_allow_export"))
        with self.assertRaises(AccessError):
            self.env["crm.call.report"].with_user(self.operator).check_access("read")

    def test_certificate_of_each_dial(self):
        """What was judged, by what, is kept for good with each dial."""
        call = self.make_call(phone=SOFIA)
        call.action_dial()
        call.action_held(talk=30)
        certificate = call.attempt_ids.certificate_id
        self.assertEqual(certificate.kind, "dial")
        self.assertEqual(fields.Datetime.to_string(certificate.date), NOW)
        self.assertEqual(certificate.facts["zones"], ["Europe/Sofia"])
        with self.assertRaises(UserError):
            certificate.write({"allowed": False})
