from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, MissingError
from odoo.tests import tagged

from .common import ScoringCase


class PanelCase(ScoringCase):
    """A lead of a salesperson, and the panel that a user gets of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()
        cls.lead = cls._make_lead(expected_revenue=500, user_id=cls.salesman.id)

    def _panel(self, lead=None, user=None):
        self._settle()
        self.env.invalidate_all()
        scores = self.Score.with_user(user or self.salesman)
        return scores.get_panel((lead or self.lead).id)

    def _line(self, panel, name):
        [line] = [line for line in panel["lines"] if line["rule"] == name]
        return line


@tagged("post_install", "-at_install")
class TestScorePanel(PanelCase):
    def test_it_adds_up(self):
        """Each line starts where the one before it ended, up to the total."""
        self._make_rule([("phone", "=", False)], -5, "engagement", name="No phone")
        self._make_rule([("expected_revenue", ">=", 100)], 30, name="Budget")
        self._make_rule([("expected_revenue", "<", 1000)], -8, name="Small budget")
        self._make_event_rule("mail_opened", 7, name="Opens")
        self._log(self.lead, "mail_opened", value="Spring offer")
        self._log(self.lead, "mail_opened", days=3)
        self._refresh()
        panel = self._panel()
        self.assertEqual(
            [(line["rule"], line["points"]) for line in panel["lines"]],
            [("Budget", 30), ("Small budget", -8), ("Opens", 14), ("No phone", -5)],
        )
        running = 0
        for line in panel["lines"]:
            self.assertEqual(line["start"], running)
            running += line["points"]
            self.assertEqual(line["end"], running)
        self.assertEqual(running, panel["total"])
        self.assertEqual(panel["total"], sum(axis["value"] for axis in panel["axes"]))
        for axis in panel["axes"]:
            own = [line for line in panel["lines"] if line["axis"] == axis["name"]]
            self.assertEqual(axis["value"], sum(line["points"] for line in own))
        explained = self.lead.get_score_explanation()
        self.assertEqual(panel["total"], explained["total"])
        for line in explained["lines"]:
            shown = self._line(panel, line["rule"])
            texts = [piece["text"] for piece in shown["evidence"]]
            self.assertEqual("; ".join(texts), line["evidence"])
            self.assertEqual(shown["sentence"], line["sentence"])
        self.assertEqual(panel["grade"]["name"], "C3")
        self.assertEqual(panel["model"]["name"], "Test model")

    def test_access(self):
        self.assertTrue(self._panel(user=self.salesman))
        self.assertFalse(self._panel(user=self.salesman)["can_configure"])
        self.assertTrue(self._panel(user=self.seller_all))
        self.assertTrue(self._panel(user=self.manager)["can_configure"])
        with self.assertRaises(AccessError):
            self._panel(user=self.employee)
        self.lead.user_id = self.seller_all
        with self.assertRaises(AccessError):
            self._panel(user=self.salesman)

    def test_company(self):
        other = self.env["res.company"].create({"name": "Other company"})
        lead = self._make_lead(company_id=other.id, team_id=False, user_id=False)
        with self.assertRaises(AccessError):
            self._panel(lead, self.manager)
        self.manager.company_ids += other
        scores = self.Score.with_user(self.manager)
        scores = scores.with_context(allowed_company_ids=self.manager.company_ids.ids)
        self.assertEqual(scores.get_panel(lead.id)["lead_id"], lead.id)

    def test_lead_is_gone(self):
        gone = self._make_lead()
        gone_id = gone.id
        gone.unlink()
        with self.assertRaises(MissingError):
            self.Score.get_panel(gone_id)

    def test_documents(self):
        """Evidence opens what the reader may read, else the event, else nothing."""
        meeting = self.env["calendar.event"].create(
            {
                "name": "Showroom",
                "start": "2026-01-01 10:00:00",
                "stop": "2026-01-01 11:00:00",
            }
        )
        model = {"res_model": "ir.cron", "res_id": self.env["ir.cron"].search([])[0].id}
        self._make_event_rule("meeting_held", 20, name="Meeting")
        self._make_event_rule("mail_opened", 5, name="Opens")
        self._log(self.lead, "meeting_held", res_model=meeting._name, res_id=meeting.id)
        self._log(self.lead, "mail_opened", **model)
        self._refresh()
        panel = self._panel()
        [piece] = self._line(panel, "Meeting")["evidence"]
        self.assertEqual(
            piece["document"], {"model": "calendar.event", "id": meeting.id}
        )
        [piece] = self._line(panel, "Opens")["evidence"]
        self.assertEqual(piece["document"]["model"], "crm.lead.score.event")
        event = self.Event.with_user(self.salesman).browse(piece["document"]["id"])
        self.assertTrue(event.has_access("read"))

    def test_long_evidence_is_cut(self):
        self._make_event_rule("page_visit", 1, name="Visits")
        for days in range(5):
            self._log(self.lead, days=days)
        self._refresh()
        line = self._line(self._panel(), "Visits")
        self.assertEqual((len(line["evidence"]), line["more"]), (3, 2))

    # Empty states

    def test_without_rules(self):
        panel = self._panel()
        self.assertEqual(panel["model"]["rule_count"], 0)
        self.assertEqual((panel["total"], panel["lines"]), (0, []))
        self.assertEqual(panel["model"]["state"], "observe")

    def test_without_model(self):
        self.model.team_ids = self.team
        self.lead.team_id = self.team_two
        self._refresh()
        panel = self._panel()
        self.assertIs(panel["model"], False, "a recordset is true in a browser")
        self.assertFalse(panel["grade"])
        self.assertEqual(panel["changes"]["summary"], "")
        self.assertEqual([len(axis["bands"]) for axis in panel["axes"]], [1, 1])

    def test_without_any_model(self):
        self.Model.search([]).unlink()
        self._refresh()
        panel = self._panel()
        self.assertIs(panel["model"], False)
        self.assertIs(panel["grade"], False)

    def test_deleted_rule(self):
        """Its points stay until the next refresh, and still add up."""
        rule = self._make_rule([], 30)
        self._make_rule([], 5, "engagement")
        self._settle()
        self._refresh()
        rule.unlink()
        panel = self._panel()
        self.assertEqual(panel["total"], 35)
        self.assertEqual(panel["lines"][-1]["end"], 35)
        self.assertEqual(panel["lines"][-1]["rule"], "Deleted rule")
        self.assertTrue(panel["is_refresh_pending"])

    def test_language(self):
        self.env["res.lang"]._activate_lang("bg_BG")
        scores = self.Score.with_user(self.salesman).with_context(lang="bg_BG")
        self.assertNotEqual(
            scores.get_panel(self.lead.id)["axes"][0]["label"],
            self._panel()["axes"][0]["label"],
        )


@tagged("post_install", "-at_install")
class TestGauge(PanelCase):
    def _axis(self, name="fit", lead=None):
        return {axis["name"]: axis for axis in self._panel(lead)["axes"]}[name]

    def test_bands(self):
        self._make_rule([("expected_revenue", ">=", 100)], 45)
        self._make_rule([("expected_revenue", ">=", 1000)], 55)
        self._make_rule([("expected_revenue", "<", 0)], -20)
        axis = self._axis()
        self.assertEqual(
            [(band["name"], band["from"], band["to"]) for band in axis["bands"]],
            [("C", -20, 40), ("B", 40, 70), ("A", 70, 100)],
        )
        self.assertEqual([band["is_current"] for band in axis["bands"]], [0, 1, 0])
        self.assertEqual((axis["lowest"], axis["highest"]), (-20, 100))
        self.assertEqual(axis["reach"], "The rules allow -20 to 100 points.")
        names = [band["name"] for band in self._axis("engagement")["bands"]]
        self.assertEqual(names, ["3", "2", "1"])

    def test_next_grade(self):
        self._make_rule([("expected_revenue", ">=", 100)], 45)
        self.assertEqual(self._axis()["next"], {"grade": "A3", "missing": 25})
        self.assertEqual(
            self._axis("engagement")["next"], {"grade": "B2", "missing": 30}
        )
        self._make_rule([], 25)
        self._refresh()
        self.assertFalse(self._axis()["next"])

    def test_value_beyond_the_scale(self):
        """The scale holds the lead, and is not longer than it needs to be."""
        self._make_rule([("phone", "=", False)], -500)
        self._make_rule([("phone", "!=", False)], 500)
        axis = self._axis()
        self.assertEqual((axis["lowest"], axis["highest"]), (-500, 140))
        self.lead.phone = "1"
        axis = self._axis()
        self.assertEqual((axis["lowest"], axis["highest"]), (-70, 500))
        self.assertTrue(axis["bands"][-1]["is_current"])

    def test_reach(self):
        """What rules on events can give depends on their limits."""
        self._make_event_rule("mail_opened", 5, counting="once")
        self._make_event_rule("page_visit", 3, cap=12)
        self._make_event_rule("mail_unsubscribed", -9, counting="once")
        reach = "The rules allow -9 to 17 points."
        self.assertEqual(self._axis("engagement")["reach"], reach)
        cap = self.env["crm.lead.score.cap"].create(
            {"name": "Calls", "model_id": self.model.id, "maximum": 20}
        )
        for _number in range(2):
            self._make_event_rule("call_held", 15, cap_id=cap.id)
        reach = "The rules allow -9 to 37 points."
        self.assertEqual(self._axis("engagement")["reach"], reach)
        self._make_event_rule("chat", 4)
        reach = "The rules allow -9 points or more."
        self.assertEqual(self._axis("engagement")["reach"], reach)

    def test_other_grades(self):
        """Grades need not be a matrix of nine."""
        self.model.grade_ids.unlink()
        self.model.grade_ids.create(
            [
                {
                    "model_id": self.model.id,
                    "name": name,
                    "sequence": sequence,
                    "fit_min": minimum,
                    "engagement_min": minimum,
                }
                for sequence, (name, minimum) in enumerate(
                    (("Hot", 50), ("Warm", 20), ("Cold", 0))
                )
            ]
        )
        self._make_rule([], 30)
        self._make_rule([], 60, "engagement")
        self._refresh()
        axis = self._axis()
        names = [band["name"] for band in axis["bands"]]
        self.assertEqual(names, ["Cold", "Warm", "Hot"])
        self.assertEqual(axis["next"], {"grade": "Hot", "missing": 20})
        self.assertFalse(self._axis("engagement")["next"])

    def test_no_grades(self):
        self.model.grade_ids.unlink()
        self._make_rule([], 30)
        self._refresh()
        axis = self._axis()
        self.assertEqual(axis["bands"][0]["name"], "")
        self.assertEqual((axis["lowest"], axis["highest"]), (0, 30))
        self.assertFalse(axis["next"])


@tagged("post_install", "-at_install")
class TestPanelAdvice(PanelCase):
    """What would help, and how far the prediction can be trusted."""

    def _suggested(self):
        suggestions = self._panel()["readiness"]["suggestions"]
        return [(item["rule"], item["points"]) for item in suggestions]

    def test_suggestions(self):
        """What can be done or found out comes first, then what is otherwise."""
        self._make_rule([("expected_revenue", ">=", 9000)], 40, name="Rich")
        self._make_rule([("phone", "!=", False)], 10, name="Phone")
        self._make_event_rule("meeting_held", 15, name="Meeting")
        self._make_event_rule("mail_opened", 3, name="Opens")
        self._make_rule([("phone", "=", False)], -20, name="No phone")
        self._refresh()
        self.assertEqual(
            self._suggested(), [("Meeting", 15), ("Phone", 10), ("Opens", 3)]
        )
        self._log(self.lead, "meeting_held")
        self.lead.phone = "1"
        self.assertEqual(self._suggested(), [("Opens", 3), ("Rich", 40)])

    def test_only_what_counts(self):
        cap = self.env["crm.lead.score.cap"].create(
            {"name": "Mailings", "model_id": self.model.id, "maximum": 10}
        )
        yesterday = fields.Date.today() - timedelta(days=1)
        self._make_event_rule("mail_opened", 8, name="Opens", cap_id=cap.id)
        self._make_event_rule("mail_clicked", 8, name="Clicks", cap_id=cap.id)
        self._make_event_rule("chat", 8, name="Over", valid_to=yesterday)
        self._make_event_rule("chat", 8, name="Archived", active=False)
        self._make_event_rule("chat", 8, name="Capped", cap=5)
        self._log(self.lead, "mail_opened")
        self._refresh()
        self.assertEqual(self._suggested(), [("Capped", 5), ("Clicks", 2)])
        self._log(self.lead, "mail_opened")
        self.assertEqual(self._suggested(), [("Capped", 5)])

    def test_nothing_to_suggest(self):
        self._make_event_rule("chat", 8)
        self._make_rule([], 70)
        self._refresh()
        self.assertTrue(self._panel()["readiness"]["is_ready"])
        self.assertEqual(self._suggested(), [])

    # Odoo's prediction

    def _set_history(self, won, lost, team=None):
        frequencies = self.env["crm.lead.scoring.frequency"]
        frequencies.search([]).unlink()
        stages = self.env["crm.stage"]
        stage = stages.search([("team_ids", "=", False)], order="sequence, id")[0]
        return frequencies.create(
            {
                "variable": "stage_id",
                "value": str(stage.id),
                "won_count": won + 0.1,
                "lost_count": lost + 0.1,
                "team_id": team and team.id,
            }
        )

    def _probability(self):
        return self._panel()["probability"]

    def test_little_history(self):
        self._set_history(40, 39)
        probability = self._probability()
        self.assertEqual((probability["won"], probability["lost"]), (40, 39))
        self.assertFalse(probability["is_meaningful"])
        [note] = probability["notes"]
        self.assertIn("there are 40 won and 39 lost leads", note)
        self.assertIn("at least 40 of each", note)
        self._set_history(39, 400)
        self.assertFalse(self._probability()["is_meaningful"])

    def test_enough_history(self):
        self._set_history(40, 40)
        probability = self._probability()
        self.assertTrue(probability["is_meaningful"])
        self.assertEqual(probability["notes"], [])

    def test_no_history(self):
        self.env["crm.lead.scoring.frequency"].search([]).unlink()
        self.assertIn("0 won and 0 lost", self._probability()["notes"][0])

    def test_history_of_the_team(self):
        """As Odoo does: the team's own if it has any, else that of all teams."""
        self.lead.team_id = self.team
        self._set_history(50, 60, self.team_two)
        self.assertEqual(self._probability()["won"], 50)
        self._set_history(5, 6, self.team).copy(
            {"won_count": 500, "lost_count": 600, "team_id": self.team_two.id}
        )
        probability = self._probability()
        self.assertEqual((probability["won"], probability["lost"]), (5, 6))
        self.assertIn("the team Team One", probability["notes"][0])

    def test_set_by_hand(self):
        self._set_history(40, 40)
        self.lead.write({"automated_probability": 20, "probability": 20})
        self.assertTrue(self._probability()["is_automated"])
        self.lead.probability = 75
        probability = self._probability()
        self.assertFalse(probability["is_automated"])
        self.assertIn("Set by hand to 75", probability["notes"][0])
        self.assertIn("predicts 20", probability["notes"][0])

    def test_score_leaves_the_probability_alone(self):
        before = self.lead.probability
        self._make_rule([], 90)
        self._refresh()
        self._panel()
        self.assertEqual(self.lead.probability, before)
