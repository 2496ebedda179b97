import ast

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestRuleEditor(ScoringCase):
    """The form of a rule: sentence and count follow each edit, before it is saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()
        cls.env["res.lang"]._activate_lang("bg_BG")
        cls.leads = cls.Lead.create(
            [
                {
                    "name": f"Editor {number}",
                    "expected_revenue": 770_000 + number,
                    "team_id": cls.team.id,
                }
                for number in range(4)
            ]
        )
        cls.model.team_ids = cls.team
        cls.by_code = cls.env["crm.lead.score.signal"]._get_ids_by_code()

    def _form(self, **context):
        rules = self.Rule.with_user(self.manager).with_context(
            default_model_id=self.model.id, lang="en_US", **context
        )
        return Form(rules, view="crm_lead_scoring.crm_lead_score_rule_view_form")

    def _signal(self, code):
        return self.env["crm.lead.score.signal"].browse(self.by_code[code])

    def test_count_and_sentence_of_attribute_rule(self):
        form = self._form()
        form.name = "Large"
        form.points = 25
        form.domain = "[('expected_revenue', '>=', 770002), ('name', '=', 'Editor 3')]"
        self.assertEqual(form.matching_count, 1)
        self.assertEqual(
            form.sentence,
            "Leads for which all of these hold: Expected Revenue is at least 770,002;"
            " Opportunity is “Editor 3”. Each gets +25 (Fit).",
        )
        form.domain = (
            "['|', ('expected_revenue', '=', 770002), ('name', '=', 'Editor 1')]"
        )
        self.assertEqual(form.matching_count, 2)
        self.assertIn("Leads for which at least one of these holds:", form.sentence)
        form.points = -25
        form.axis = "engagement"
        self.assertIn("Each gets \N{MINUS SIGN}25 (Engagement).", form.sentence)
        form.domain = "[]"
        self.assertEqual(form.sentence.partition(".")[0], "All leads")

    def test_groups_within_groups_are_spelled_out(self):
        rule = self._make_rule(
            "[('priority', '=', '3'), '|', ('phone', '!=', False),"
            " ('email_from', '!=', False)]"
        )
        self.assertIn("all of these hold", rule.sentence)
        self.assertIn("(any of: ", rule.sentence)

    def test_event_rule(self):
        for lead, days in zip(self.leads, (0, 30, 89, 95), strict=True):
            self._log(lead, "chat", days=days)
        form = self._form()
        form.name = "Chats"
        form.kind = "event"
        form.axis = "engagement"
        form.signal_id = self._signal("chat")
        form.points = 6
        self.assertEqual(form.matching_count, 4)
        form.window_days = 90
        self.assertEqual(form.matching_count, 3, "only events within the window")
        form.domain = "[('name', '=', 'Editor 0')]"
        self.assertEqual(form.matching_count, 1)
        form.domain = "[]"
        form.counting = "limited"
        form.max_count = 3
        form.decay = "half_life"
        form.half_life_days = 14
        form.cap = 20
        self.assertEqual(
            form.sentence,
            "Each event “Chatted on the website” counts +6 (Engagement); at most 3 a"
            " week; together at most 20 points; for 90 days; half of it is left after"
            " 14 days, a quarter after 28.",
        )
        form.value_pattern = "*sales*"
        self.assertIn("“Chatted on the website (*sales*)”", form.sentence)
        self.assertEqual(form.matching_count, 0)
        rule = form.save()
        self.assertEqual(rule.sentence, form.sentence)

    def test_sentence_in_the_language_of_the_reader(self):
        rule = self._make_event_rule("chat", 6, window_days=90)
        translated = rule.with_context(lang="bg_BG")
        self.assertNotEqual(translated.signal_id.name, rule.signal_id.name)
        self.assertIn(translated.signal_id.name, translated.sentence)

    def test_conditions_that_do_not_work_are_told_at_once(self):
        rule = self._make_rule([("phone", "=", False)])
        edited = rule.new({"domain": "[('no_such_field', '=', 1)]"}, origin=rule)
        self.assertIn("no_such_field", edited.conditions_problem)
        self.assertFalse(edited.sentence)
        self.assertEqual(edited.matching_count, 0)
        self.assertFalse(rule.conditions_problem)

    def test_broken_rule_can_be_checked_again(self):
        rule = self._make_rule([("phone", "=", False)])
        rule.error_message = "It was broken."
        with self.assertRaises(AccessError):
            rule.with_user(self.salesman).action_check_again()
        action = rule.with_user(self.manager).action_check_again()
        self.assertEqual(action["params"]["type"], "success")
        self.assertFalse(rule.error_message)

    def test_returned_hand_overs(self):
        rule, other = (self._make_rule([("phone", "=", False)]) for _n in range(2))
        reason = self.env["crm.lead.score.return.reason"].search([], limit=1)
        self.env["crm.lead.score.handover"].create(
            [
                {
                    "lead_id": lead.id,
                    "key": f"editor/{lead.id}",
                    "date": "2026-03-02 08:00:00",
                    "state": state,
                    "reason_id": state == "returned" and reason.id,
                    "rule_ids": [Command.set(rules.ids)],
                }
                for lead, state, rules in zip(
                    self.leads,
                    ("returned", "returned", "accepted", "returned"),
                    (rule, rule | other, rule, other),
                    strict=True,
                )
            ]
        )
        self.assertEqual(rule.returned_count, 2)
        action = rule.with_user(self.manager).action_view_returned()
        found = self.env["crm.lead.score.handover"].search(action["domain"])
        self.assertEqual(found.lead_id, self.leads[:2])

    def test_the_only_model_is_chosen(self):
        """With two of them somebody has to say whose rule it is."""
        rules = self.Rule.with_user(self.manager)
        self.assertEqual(Form(rules).model_id, self.model)
        self.Model.create({"name": "Second", "team_ids": self.team_two.ids})
        self.assertFalse(Form(rules).model_id)

    def test_only_rules_in_use_are_listed_at_first(self):
        """Those of archived models and copies are a click away."""
        self._make_rule([])
        self.model.copy()
        action = self.env.ref("crm_lead_scoring.crm_lead_score_rule_action")
        self.assertIn("search_default_in_use", action.context)
        search = self.Rule.get_view(action.search_view_id.id, "search")["arch"]
        node = etree.fromstring(search).find(".//filter[@name='in_use']")
        found = self.Rule.search(ast.literal_eval(node.get("domain")))
        self.assertTrue(found)
        self.assertEqual(found.model_id.filtered("active"), found.model_id)
