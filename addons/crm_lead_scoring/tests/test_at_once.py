from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.crm_glossary_core.engine.tally import Tally

from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestWhatIsEvaluated(ScoringCase):
    """After a change only the rules that look at it are worked out anew."""

    def _evaluated(self, action):
        """Ids of the rules that were worked out meanwhile."""
        seen, original = [], Tally._flag

        def spy(tally, criterion):
            seen.append(criterion.key)
            return original(tally, criterion)

        self._settle()
        with patch.object(Tally, "_flag", spy):
            action()
            self._settle()
        return set(seen) - {0}

    def test_only_what_is_needed(self):
        by_name = self._make_rule([("name", "=", "A")], 10)
        by_phone = self._make_rule([("phone", "!=", False)], 20)
        visits = self._make_event_rule("page_visit", 3)
        mails = self._make_event_rule("mail_opened", 4)
        lead = self._make_lead("A")
        self._refresh()
        self.assertEqual(
            self._evaluated(lambda: lead.write({"phone": "+35924000000"})),
            {by_phone.id},
        )
        self.assertEqual(self._evaluated(lambda: self._log(lead)), {visits.id})
        self.assertEqual(
            self._evaluated(lambda: lead.write({"description": "x"})), set()
        )
        self.assertEqual(
            self._evaluated(lambda: self._log(lead, "chat")), set(), "no rule on chats"
        )
        self.assertEqual(lead.lead_score, 33)
        self.assertScored(lead)
        self.assertEqual(
            self._evaluated(lambda: lead.write({"team_id": self.team.id})),
            {by_name.id, by_phone.id, visits.id, mails.id},
        )

    def test_a_change_of_a_contact(self):
        partner = self.env["res.partner"].create({"name": "A"})
        self._make_rule([("name", "=", "A")], 10)
        by_country = self._make_rule([("partner_id.country_id.code", "=", "BG")], 5)
        by_email = self._make_rule([("email_from", "!=", False)], 2)
        visits = self._make_event_rule("page_visit", 3)
        lead = self._make_lead("A", partner_id=partner.id)
        self._log(partner_id=partner.id)
        self._refresh()
        evaluated = self._evaluated(
            lambda: partner.write({"country_id": self.env.ref("base.bg").id})
        )
        self.assertIn(by_country.id, evaluated)
        self.assertNotIn(visits.id, evaluated)
        self.assertEqual(lead.lead_score, 18)
        partner.email = "a@example.com"
        self.assertEqual(lead.lead_score, 20)
        self.assertIn(by_email, lead.score_line_ids.rule_id)
        self.assertIn(
            visits.id, self._evaluated(lambda: lead.write({"partner_id": False}))
        )
        self.assertScored(lead)
        by_country.unlink()
        self._refresh()
        evaluated = self._evaluated(lambda: partner.write({"comment": "x"}))
        self.assertFalse(evaluated, "events do not depend on the contact's fields")

    def test_changed_rules_are_evaluated(self):
        rule = self._make_rule([("name", "=", "A")], 10)
        self._make_rule([("phone", "!=", False)], 20)
        lead = self._make_lead("A")
        self._refresh()
        rule.write({"points": 11, "domain": "[('name', '!=', 'A')]"})
        lead.phone = "+35924000000"
        self.assertScored(lead)
        self.assertEqual(lead.lead_score, 20)

    def test_capped_rules_are_evaluated_together(self):
        cap = self.env["crm.lead.score.cap"].create(
            {"name": "C", "model_id": self.model.id, "maximum": 20}
        )
        first = self._make_rule([("name", "=", "A")], 15, cap_id=cap.id)
        self._make_rule([("phone", "!=", False)], 15, cap_id=cap.id)
        lead = self._make_lead("A")
        self._refresh()
        lead.phone = "+35924000000"
        self.assertEqual(lead.lead_score, 20)
        lead.name = "B"
        self.assertEqual(lead.lead_score, 15)
        self.assertNotIn(first, lead.score_line_ids.rule_id)
        self.assertScored(lead)
