from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.crm_glossary_core import engine

from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestCommunication(ScoringCase):
    """What a lead did: counts and silence, from the ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What the demo data left to the scheduled job is done.
        cls.env["crm.lead.facts"]._find_out()

    def _age(self, lead, days):
        """As if the lead had been made so many days ago."""
        self.env.flush_all()
        self.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(days=days), lead.id],
        )
        self.env.invalidate_all()
        self.env["crm.lead.facts"]._find_out(lead.ids)

    def assertFactsCurrent(self):
        """The scheduled job has nothing to mend."""
        self._settle()
        self.assertFalse(self.env["crm.lead.facts"]._find_out().total)

    def test_counts_of_the_lead_and_its_contact(self):
        partner = self.env["res.partner"].create({"name": "Ana"})
        lead = self._make_lead(partner_id=partner.id)
        other = self._make_lead(partner_id=partner.id)
        for signal, times in (
            ("mail_received", 3),
            ("mail_replied", 1),
            ("call_held", 2),
            ("call_not_held", 4),
            ("meeting_held", 1),
        ):
            for day in range(times):
                self._log(lead, signal, days=day + 3)
        # Of the contact: it counts for both. Of a lead and its contact: for the lead.
        self._log(signal="mail_received", partner_id=partner.id, days=9)
        self._log(lead, "call_held", partner_id=partner.id, days=9)
        self.assertEqual(lead.mail_in_count, 4)
        self.assertEqual(lead.mail_reply_count, 1)
        self.assertEqual(lead.call_held_count, 3)
        self.assertEqual(lead.meeting_held_count, 1)
        self.assertEqual(lead.days_of_silence, 3)
        self.assertEqual(other.mail_in_count, 1)
        self.assertEqual(other.call_held_count, 0)
        self.assertEqual(other.days_of_silence, 9)
        self.assertFactsCurrent()

    def test_counts_give_points_at_once(self):
        self._make_rule([("mail_in_count", ">=", 2)], 6, "engagement")
        self._make_rule([("call_held_count", ">", 0)], 4, "engagement")
        self._make_rule(
            [("mail_in_count", "=", 0), ("call_held_count", "=", 0)], -3, "engagement"
        )
        lead = self._make_lead()
        self.assertEqual(lead.lead_score, -3)
        self._log(lead, "call_held")
        self.assertEqual(lead.lead_score, 4)
        self._log(lead, "mail_received")
        self.assertEqual(lead.lead_score, 4)
        self._log(lead, "mail_received")
        self.assertEqual(lead.lead_score, 10)
        self.assertScored(lead)
        self.assertFactsCurrent()

    def test_counts_without_reading_in_between(self):
        """At the end of the transaction facts come before the scores."""
        self._make_rule([("mail_in_count", ">=", 1)], 6)
        lead = self._make_lead()
        self._settle()
        self._log(lead, "mail_received")
        self.env.cr.flush()
        self.cr.execute("SELECT total FROM crm_lead_score WHERE id = %s", [lead.id])
        self.assertEqual(self.cr.fetchone(), (6,))

    def test_incoming_mail_ends_a_silence(self):
        self._make_rule([("days_of_silence", ">=", 30)], -10, "engagement")
        lead = self._make_lead(email_from="ana@tea.example.com")
        self._age(lead, 40)
        self.Score._score(lead.ids)
        self.assertEqual(lead.days_of_silence, 40)
        self.assertEqual(lead.lead_score, -10)
        lead.message_post(
            body="Hello", message_type="email", email_from="ana@tea.example.com"
        )
        self.assertEqual(lead.mail_in_count, 1)
        self.assertEqual(lead.days_of_silence, 0)
        self.assertEqual(lead.lead_score, 0)
        self.assertScored(lead)

    def test_silence_follows_the_calendar(self):
        """Days pass without anything being written."""
        leads = self.Lead.browse()
        for days in (0, 1, 29, 30, 31, 365):
            lead = self._make_lead(str(days))
            self._age(lead, days)
            leads |= lead
        self.assertEqual(leads.mapped("days_of_silence"), [0, 1, 29, 30, 31, 365])
        search = self.env["crm.lead"].search
        for domain, expected in (
            ([("days_of_silence", ">=", 30)], leads[3:]),
            ([("days_of_silence", ">", 30)], leads[4:]),
            ([("days_of_silence", "<", 30)], leads[:3]),
            ([("days_of_silence", "<=", 1)], leads[:2]),
            ([("days_of_silence", "=", 30)], leads[3]),
            ([("days_of_silence", "!=", 30)], leads - leads[3]),
            ([("days_of_silence", "in", [0, 31])], leads[0] + leads[4]),
            ([("days_of_silence", "=", 0)], leads[0]),
        ):
            with self.subTest(domain=domain):
                found = search([*domain, ("id", "in", leads.ids)])
                self.assertEqual(found, expected.sorted(lambda lead: -lead.id))
                self.assertEqual(leads.filtered_domain(domain), expected)
        ordered = search([("id", "in", leads.ids)], order="days_of_silence desc")
        self.assertEqual(ordered, leads[::-1])
        self.cr.execute(
            "UPDATE crm_lead_facts SET silent_since = silent_since - interval '1 day'"
            " WHERE id = %s",
            [leads[2].id],
        )
        self.env.invalidate_all()
        self.assertIn(leads[2], search([("days_of_silence", ">=", 30)]))

    def test_silence_in_a_rule_follows_the_refresh(self):
        self._make_rule([("days_of_silence", ">=", 30)], -10)
        lead = self._make_lead()
        self.assertEqual(lead.lead_score, 0)
        self._settle()
        self._age(lead, 30)
        self._refresh()
        self.assertEqual(lead.lead_score, -10)
        self.assertScored(lead)

    def test_signs_of_life(self):
        lead = self._make_lead()
        self._age(lead, 50)
        self._log(lead, "mail_opened", days=1)
        self._log(lead, "call_not_held", days=1)
        self.assertFalse(lead.last_sign_date)
        self.assertEqual(lead.days_of_silence, 50)
        self._log(lead, "page_visit", days=20)
        self.assertEqual(lead.days_of_silence, 20)
        opened = self.env["crm.lead.score.signal"].search(
            [("code", "=", "mail_opened")]
        )
        self.assertFalse(opened.is_sign_of_life)
        opened.is_sign_of_life = True
        self.env["crm.lead.facts"]._refresh_all()
        self.assertEqual(lead.days_of_silence, 1)
        own = self.env["crm.lead.score.signal"].create({"name": "X", "code": "own_x"})
        self.assertTrue(own.is_sign_of_life)

    def test_change_of_contact(self):
        partner = self.env["res.partner"].create({"name": "Ana"})
        self._make_rule([("call_held_count", ">=", 1)], 5)
        lead = self._make_lead()
        self._log(signal="call_held", partner_id=partner.id, days=2)
        self.assertEqual(lead.call_held_count, 0)
        lead.partner_id = partner
        self.assertEqual(lead.call_held_count, 1)
        self.assertEqual(lead.lead_score, 5)
        lead.partner_id = False
        self.assertEqual(lead.call_held_count, 0)
        self.assertEqual(lead.lead_score, 0)
        self.assertFactsCurrent()

    def test_life_of_a_lead(self):
        """Merging, conversion and archiving keep the facts right."""
        self._make_rule([("mail_in_count", ">=", 3)], 5)
        one = self._make_lead("One", type="lead", email_from="ana@tea.example.com")
        two = self._make_lead("Two", type="lead", email_from="ana@tea.example.com")
        for lead, times in ((one, 1), (two, 2)):
            for day in range(times):
                self._log(lead, "mail_received", days=day + 1)
        gone = one | two
        merged = gone._merge_opportunity()
        self.assertEqual(merged.mail_in_count, 3)
        self.assertEqual(merged.lead_score, 5)
        self.assertFalse((gone - merged).exists())
        facts = self.env["crm.lead.facts"].search([("id", "in", gone.ids)])
        self.assertEqual(facts.ids, merged.ids)
        partner = self.env["res.partner"].create({"name": "Ana"})
        self._log(signal="mail_received", partner_id=partner.id, days=5)
        merged.convert_opportunity(partner)
        self.assertEqual(merged.mail_in_count, 4)
        merged.active = False
        self._log(merged, "mail_received")
        self.assertEqual(merged.mail_in_count, 5)
        merged.active = True
        self.assertEqual(merged.mail_in_count, 5)
        self.assertScored(merged)
        self.assertFactsCurrent()

    def test_refresh_writes_only_what_differs(self):
        leads = self.Lead.create([{"name": str(n)} for n in range(5)])
        self._settle()
        facts = self.env["crm.lead.facts"]
        self.assertFalse(facts._find_out().total)
        self.env.flush_all()
        self.cr.execute(
            "UPDATE crm_lead_facts SET mail_in_count = 7 WHERE id = %s", [leads[0].id]
        )
        self.cr.execute("DELETE FROM crm_lead_facts WHERE id = %s", [leads[1].id])
        self.env.invalidate_all()
        diff = facts._find_out()
        self.assertEqual((diff.added, diff.changed), (1, 1))
        self.assertEqual(leads.mapped("mail_in_count"), [0] * 5)

    def test_lead_without_a_row_is_scored(self):
        """A lead that came in without the ORM is not lost by rules on facts."""
        self._make_rule([("mail_in_count", "=", 0)], 5)
        lead = self._make_lead()
        self._settle()
        self.cr.execute("DELETE FROM crm_lead_facts WHERE id = %s", [lead.id])
        self.cr.execute("DELETE FROM crm_lead_score WHERE id = %s", [lead.id])
        self.env.invalidate_all()
        self.assertEqual(lead.mail_in_count, 0)
        self._refresh()
        self.assertEqual(lead.lead_score, 5)

    def test_rules_on_facts_are_one_join(self):
        """Whatever the number of rules, the table of facts is read once, as a whole."""
        for number in range(5):
            self._make_rule([("days_of_silence", ">=", 10 * number)], -1)
            self._make_rule([("mail_in_count", ">=", number)], 1)
            self._make_rule(
                [
                    ("postcode_number", ">=", 1000 * number),
                    ("postcode_number", "<=", 2000 * number),
                ],
                1,
            )
        [plan] = self.Model._get_plans()
        statement = engine.compile(
            self.env(su=True),
            plan.criteria(fields.Datetime.now().date()),
            engine.TallyTable("crm_lead_score", ("fit", "engagement")),
        )
        self.assertEqual(statement.code.count('"crm_lead_facts"'), 1)
        self.assertNotIn("EXISTS", statement.code)
