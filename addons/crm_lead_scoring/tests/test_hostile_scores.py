from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..models import crm_lead_score
from .common import ScoringCase

INTEGER_MAX = 2**31 - 1


@tagged("post_install", "-at_install")
class TestHostileScores(ScoringCase):
    """Numbers and rows that nobody expects: a stated result, and nothing lost."""

    def _log_many(self, lead, count):
        now = fields.Datetime.now()
        self.Event.log(
            [
                {
                    "lead_id": lead.id,
                    "signal": "page_visit",
                    "date": now,
                    "origin": f"many/{lead.id}/{number}",
                }
                for number in range(count)
            ]
        )

    def _make_rules(self, count, points, **values):
        for _number in range(count):
            self._make_event_rule("page_visit", points, **values)

    def test_sums_stay_integers(self):
        """Many rules that each give all they can: the sum is an integer still."""
        lead, other = self._make_lead(), self._make_lead("Other")
        sound = self._make_rule([], 7)
        self._log_many(lead, 1000)
        for sign in (1, -1):
            with self.subTest(sign):
                self._make_rules(110, sign * 10_000, axis="fit")
                self._make_rules(110, sign * 10_000, axis="engagement")
                self._refresh()
                lines = lead.score_line_ids
                self.assertEqual(len(lines), 221)
                self.assertEqual(lead.lead_score, sum(lines.mapped("points")))
                self.assertLessEqual(abs(lead.lead_score), INTEGER_MAX)
                self.assertGreater(abs(lead.lead_score), 2_000_000_000)
                self.assertEqual(other.lead_score, 7, "the others are not concerned")
                # At once it is the same.
                before = lead.lead_score
                lead.expected_revenue += 1
                self._settle()
                self.assertEqual(lead.lead_score, before)
                self.assertEqual(self.Score._score().total, 0)
                (self.model.rule_ids - sound).unlink()
                self._refresh()
                self.assertEqual(lead.lead_score, 7)

    def test_caps_of_many_rules(self):
        """A common cap holds however much its rules give."""
        lead = self._make_lead()
        cap = self.env["crm.lead.score.cap"].create(
            {"name": "All", "model_id": self.model.id, "maximum": 1_000_000}
        )
        self._log_many(lead, 1000)
        self._make_rules(30, 10_000, cap_id=cap.id)
        self._make_rules(30, -10_000, cap_id=cap.id)
        self._refresh()
        self.assertEqual(lead.lead_score, 0)
        self.assertEqual(
            sorted(lead.score_line_ids.mapped("points")), [-1_000_000, 1_000_000]
        )

    def test_event_of_a_merged_lead(self):
        """What is logged late for a lead that was merged is refused, with a reason."""
        self._make_event_rule("page_visit", 5)
        first, second = self._make_lead("One"), self._make_lead("Two")
        for lead in first + second:
            self._log(lead)
        pair = first + second
        kept = pair.merge_opportunity()
        [gone] = (pair - kept).ids
        values = {"signal": "page_visit", "origin": "late", "lead_id": gone}
        with self.assertRaisesRegex(ValidationError, "not there"):
            self.Event.log([values])
        self.assertEqual(kept.lead_score, 10)
        # Who knows the contact or the address need not know which lead is left.
        kept.email_from = "late@example.com"
        self.Event.log([{**values, "email": "late@example.com"}])
        self.assertEqual(kept.lead_score, 15)

    def test_model_without_rules_among_others(self):
        empty = self.Model.create({"name": "Empty", "team_ids": self.team.ids})
        self._make_rule([], 9)
        mine = self._make_lead(team_id=self.team.id)
        other = self._make_lead(team_id=False)
        self._log(mine)
        self._refresh()
        self.assertScored(mine + other)
        self.assertEqual((mine + other).mapped("lead_score"), [0, 9])
        self.assertEqual(mine.lead_grade_id.model_id, empty)

    def test_rows_that_are_missing_are_made_in_any_batch(self):
        """Leads that came in behind the ORM's back, in the middle of the others."""
        self._make_rule([], 4)
        leads = self.Lead.create([{"name": f"L{number}"} for number in range(6)])
        self._refresh()
        self.cr.execute("DELETE FROM crm_lead_score WHERE id = %s", [leads[3].id])
        self.env.invalidate_all()
        with patch.object(crm_lead_score, "BATCH_SIZE", 2):
            self._refresh()
        self.assertScored(leads)
        self.assertEveryLeadHasRow()
