from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .test_score_panel import PanelCase


@tagged("post_install", "-at_install")
@freeze_time("2026-12-05 12:00:00")
class TestPanelChanges(PanelCase):
    """What is different since yesterday, as far as anybody can know."""

    def _make_old(self, *records, days=10):
        """Let records be of some days ago: a transaction's time does not freeze."""
        date = fields.Datetime.now() - timedelta(days=days)
        for record in records:
            self.env.flush_all()
            self.cr.execute(
                f"UPDATE {record._table} SET create_date = %s, write_date = %s"  # noqa: S608
                " WHERE id = ANY(%s)",
                [date, date, record.ids],
            )
        self.env.invalidate_all()

    def _changes(self):
        return self._panel()["changes"]

    def _differences(self):
        return {
            line["rule"]: (line["before"], line["after"])
            for line in self._changes()["lines"]
        }

    def _settle_in(self):
        self._make_old(self.lead, self.model, self.model.rule_ids)
        self._refresh()

    def test_nothing(self):
        self._make_event_rule("page_visit", 5)
        self._log(self.lead, days=3)
        self._settle_in()
        changes = self._changes()
        self.assertEqual(changes["summary"], "Nothing changed since yesterday.")
        self.assertEqual((changes["lines"], changes["note"]), ([], ""))
        self.assertEqual(changes["before"], 5)

    def test_new_event(self):
        self._make_event_rule("page_visit", 5, name="Visits")
        self._make_event_rule("mail_opened", 6, name="Opens")
        self._log(self.lead, days=3)
        self._log(self.lead, hours=1, value="/pricing")
        self._log(self.lead, "mail_opened", hours=2, value="Spring offer")
        self._settle_in()
        self.assertEqual(self._differences(), {"Visits": (5, 10), "Opens": (0, 6)})
        changes = self._changes()
        self.assertEqual(changes["summary"], "5 points yesterday, 16 now.")
        self.assertEqual(changes["before"], 5)
        # The greatest difference first, with what happened today alone.
        first, second = changes["lines"]
        self.assertIn("“Spring offer” today, +6", first["reason"])
        self.assertIn("“/pricing” today, +5", second["reason"])
        self.assertNotIn("3 days ago", second["reason"])

    def test_time_passes(self):
        """Points fade, and events that are too old count no more."""
        self._make_event_rule(
            "mail_opened", 40, name="Fades", decay="half_life", half_life_days=1
        )
        self._make_event_rule("page_visit", 5, name="Window", window_days=3)
        self._log(self.lead, "mail_opened", days=2)
        self._log(self.lead, days=4)
        self._settle_in()
        self.assertEqual(self._differences(), {"Fades": (20, 10), "Window": (5, 0)})
        for line in self._changes()["lines"]:
            self.assertIn("a day older", line["reason"])

    def test_rules_come_and_go(self):
        today = fields.Date.today()
        self._make_rule([], 5, name="Starts", valid_from=today)
        self._make_rule([], 7, name="Ended", valid_to=today - timedelta(days=1))
        self._make_rule([], 1, name="Stays")
        self._settle_in()
        self._make_old(self._make_rule([], 9, name="Written today"), days=0)
        self._refresh()
        changes = self._changes()
        reasons = {line["rule"]: line["reason"] for line in changes["lines"]}
        self.assertEqual(
            reasons,
            {
                "Starts": "The rule is valid from today on.",
                "Ended": "The rule was valid until yesterday.",
                "Written today": "The rule is new.",
            },
        )
        self.assertEqual((changes["before"], self._panel()["total"]), (8, 15))

    def test_edited_rules_are_named(self):
        rule = self._make_rule([], 5, name="Edited")
        self._settle_in()
        self.assertNotIn("Edited", self._changes()["note"])
        rule.points = 50
        self.env.flush_all()
        self.cr.execute(
            "UPDATE crm_lead_score_rule SET write_date = %s WHERE id = %s",
            [fields.Datetime.now(), rule.id],
        )
        self._refresh()
        self.assertIn("nobody knows what they gave", self._changes()["note"])
        self.assertIn("Edited", self._changes()["note"])

    def test_field_values(self):
        """Yesterday's values are not known: said, and tracked changes are named."""
        self._make_rule([("expected_revenue", ">=", 1000)], 5, name="Budget")
        self._make_rule([("phone", "!=", False)], 5, name="Phone")
        self._settle_in()
        changes = self._changes()
        self.assertIn("the values of today", changes["note"])
        self.assertEqual(changes["fields"], [])
        self.env.cr.flush()
        lead = self.env["crm.lead"].browse(self.lead.id)
        lead.write({"expected_revenue": 5000, "priority": "2"})
        self.env.cr.flush()
        tracked = self.env["mail.tracking.value"].search(
            [("mail_message_id.res_id", "=", lead.id)]
        )
        self._make_old(tracked, days=0)
        changes = self._changes()
        self.assertEqual(
            changes["fields"], ["Expected Revenue was changed; it counts for: Budget."]
        )
        self.assertEqual(changes["summary"], "No points changed since yesterday.")

    def test_new_lead_and_new_model(self):
        self._make_rule([], 5)
        self._make_old(self.model, self.model.rule_ids)
        self._make_old(self.lead, days=0)
        self.assertIn("came in today", self._changes()["summary"])
        self._make_old(self.lead)
        self._make_old(self.model, days=0)
        self.assertIn("is from today", self._changes()["summary"])
        self.assertEqual(self._changes()["lines"], [])

    def test_the_same_total(self):
        self._make_event_rule("mail_opened", 5, name="Window", window_days=3)
        self._make_event_rule("page_visit", 5, name="Visits")
        self._log(self.lead, "mail_opened", days=4)
        self._log(self.lead)
        self._settle_in()
        self.assertEqual(self._differences(), {"Visits": (0, 5), "Window": (5, 0)})
        self.assertIn("The total is the same", self._changes()["summary"])
