from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestGrades(ScoringCase):
    def test_new_model_has_the_matrix(self):
        names = self.model.grade_ids.mapped("name")
        self.assertEqual(names, ["A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3"])
        with Form(self.Model) as form:
            form.name = "By hand"
            form.team_ids.add(self.team)
        self.assertEqual(len(form.record.grade_ids), 9)

    def test_model_may_bring_its_own_grades(self):
        model = self.Model.create(
            {
                "name": "Two grades",
                "team_ids": self.team.ids,
                "grade_ids": [
                    Command.create({"name": "Good", "sequence": 1, "fit_min": 10}),
                    Command.create({"name": "Rest", "sequence": 2, "fit_min": 0}),
                ],
            }
        )
        self.assertEqual(model.grade_ids.mapped("name"), ["Good", "Rest"])

    def test_every_cell(self):
        """Each pair of axes gets the cell of the matrix that it falls into."""
        rules = {}
        for axis in ("fit", "engagement"):
            rules[axis] = self._make_rule([], 1, axis)
        lead = self._make_lead()
        for fit, letter in ((-30, "C"), (39, "C"), (40, "B"), (69, "B"), (70, "A")):
            for engagement, digit in ((-5, "3"), (29, "3"), (30, "2"), (50, "1")):
                rules["fit"].points = fit
                rules["engagement"].points = engagement
                self._refresh()
                self.assertEqual(
                    lead.lead_grade_id.name, letter + digit, (fit, engagement)
                )
                self.assertScored(lead)

    def test_lowest_row_is_open_below(self):
        """Raising all minimums leaves no lead without a grade."""
        for grade in self.model.grade_ids:
            grade.fit_min += 1000
        lead = self._make_lead()
        self._refresh()
        self.assertEqual(lead.lead_grade_id.name, "C3")

    def test_unreachable_grade_is_refused(self):
        grade = self.model.grade_ids.filtered(lambda g: g.name == "A1")
        with self.assertRaises(ValidationError) as raised:
            self.model.grade_ids = [
                Command.update(grade.id, {"fit_min": 0, "engagement_min": 0})
            ]
        self.assertIn("No lead could get the grade", str(raised.exception))

    def test_order_of_edits_does_not_matter(self):
        """A whole matrix may be lowered in one go, best row first."""
        self.model.write(
            {
                "grade_ids": [
                    Command.update(grade.id, {"fit_min": grade.fit_min // 2})
                    for grade in self.model.grade_ids
                ]
            }
        )
        self.assertEqual(
            sorted(set(self.model.grade_ids.mapped("fit_min"))), [0, 20, 35]
        )

    def test_deleted_grade(self):
        lead = self._make_lead()
        grade = lead.lead_grade_id
        self.assertEqual(grade.name, "C3")
        grade.unlink()
        self.env.invalidate_all()
        self.assertFalse(lead.lead_grade_id)
        self._refresh()
        self.assertScored(lead)

    def test_counts(self):
        self._make_rule([("expected_revenue", ">", 0)], 80)
        before = {grade.name: grade.lead_count for grade in self.model.grade_ids}
        self._make_lead(expected_revenue=5)
        self._make_lead(expected_revenue=5)
        self.env.invalidate_all()
        after = {grade.name: grade.lead_count for grade in self.model.grade_ids}
        self.assertEqual(after["A3"] - before["A3"], 2)
        grade = self.model.grade_ids.filtered(lambda g: g.name == "A3")
        action = grade.action_view_leads()
        self.assertEqual(
            self.env["crm.lead"].search_count(action["domain"]), after["A3"]
        )
