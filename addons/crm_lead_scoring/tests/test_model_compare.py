from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_lead_scoring.wizard import crm_lead_score_compare

from .common import ScoringCase


@tagged("post_install", "-at_install")
class TestModelCopy(ScoringCase):
    def test_copy_keeps_everything(self):
        cap = self.env["crm.lead.score.cap"].create(
            {"name": "Web", "maximum": 20, "model_id": self.model.id}
        )
        self._make_event_rule("page_visit", 5, cap_id=cap.id, name="Visits")
        rule = self._make_rule("[('phone', '!=', False)]", 7, name="Phone")
        self._make_rule("[('phone', '=', False)]", -7, active=False, name="Archived")
        self.model.write({"ready_score": 90, "unready_score": 70})
        self.model.grade_ids[0].fit_min = 75
        self.env["res.lang"]._activate_lang("bg_BG")
        self.model.with_context(lang="bg_BG").name = "Моделът"
        rule.with_context(lang="bg_BG").name = "Телефон"
        copy = self.model.copy()
        values, copied = self.model._to_dict(), copy._to_dict()
        for name in ("rules", "grades", "caps", "readiness"):
            self.assertEqual(copied[name], values[name], name)
        self.assertEqual(copy.cap_ids.rule_ids.model_id, copy)
        self.assertFalse(copy.active)
        self.assertEqual(copy.state, "observe")
        self.assertEqual(copy.copied_from_id, self.model)
        self.assertIn("Моделът", copy.with_context(lang="bg_BG").name)
        self.assertNotEqual(copy.with_context(lang="bg_BG").name, "Моделът")
        self.assertEqual(self.model.name, "Test model")

    def test_manager_copies_actions_that_others_chose(self):
        self._make_users()
        action = self.env["ir.actions.server"].create(
            {
                "name": "Praise",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "code",
                "code": "pass",
            }
        )
        self.model.ready_action_ids = action
        copy = self.model.with_user(self.manager).copy()
        self.assertEqual(copy.sudo().ready_action_ids, action)
        self.assertFalse(copy.sudo().unready_action_ids)
        copy.action_take_over()
        self.assertTrue(copy.active)

    def test_take_over(self):
        self.model.team_ids = self.team
        lead = self._make_lead(team_id=self.team.id)
        self._settle()
        copy = self.model.copy()
        copy.action_take_over()
        self.assertEqual(lead.lead_grade_id.model_id, copy, "at once, not tomorrow")
        self.assertTrue(copy.active)
        self.assertFalse(self.model.active)
        self.assertEqual(copy.team_ids, self.team)
        self.assertEqual(copy.state, "observe")


@tagged("post_install", "-at_install")
class TestModelCompare(ScoringCase):
    """What a comparison says is what plain Python works out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()
        cls.model.write({"ready_score": 40, "unready_score": 30})
        cls._make_rule("[('expected_revenue', '>=', 100)]", 45, name="Money")
        cls._make_rule("[('phone', '!=', False)]", 30, "engagement", name="Phone")
        cls._make_rule("[('city', '=', 'Ruse')]", 10, name="Near")
        cls.copy = cls.model.copy({"ready_domain": "[('city', '!=', 'Oslo')]"})
        money, phone, near = cls.copy.rule_ids.sorted()
        money.points = 75
        phone.write({"name": "Telephone"})
        near.unlink()
        cls._make_rule("[('city', '=', 'Oslo')]", -90, model=cls.copy, name="Too far")
        domain = "[('city', '=', 'Varna'), ('phone', '!=', False)]"
        cls._make_rule(domain, 15, model=cls.copy, name="On the coast")
        cls.leads = cls.Lead.create(
            [
                {
                    "name": f"Lead {number}",
                    "type": "opportunity",
                    "team_id": cls.team.id,
                    "expected_revenue": 500 * (number % 2),
                    "phone": "123" if number % 3 else False,
                    "city": (False, "Ruse", "Varna", "Oslo")[number % 4],
                }
                for number in range(24)
            ]
        )
        cls.model.team_ids = cls.team

    def _compare(self, user=None, **values):
        self._settle()
        compare = self.env["crm.lead.score.compare"].with_user(user or self.env.user)
        compare = compare.create(
            {
                "old_model_id": self.model.id,
                "new_model_id": self.copy.id,
                **values,
            }
        )
        compare.action_compare()
        return compare

    def _oracle(self, lead, model, ready_now):
        """Total, grade and readiness of one lead by one model, in plain Python."""
        rules = model.rule_ids.filtered(
            lambda rule: lead.filtered_domain(self._parse(rule.domain))
        )
        axes = {
            axis: sum(rules.filtered(lambda r, a=axis: r.axis == a).mapped("points"))
            for axis in ("fit", "engagement")
        }
        total = sum(axes.values())
        threshold = model.unready_score if ready_now else model.ready_score
        ready = total >= threshold and bool(
            lead.filtered_domain(self._parse(model.ready_domain))
        )
        return total, self._expected_grade(model, axes), ready

    def _parse(self, text):
        from odoo.addons.crm_glossary_core import engine

        return engine.parse(self.env, text)

    def assertCompared(self, compare, leads):
        self.assertEqual(compare.line_ids.lead_id, leads)
        self.assertEqual(len(compare.line_ids), len(leads))
        cells, moved, ready = {}, {}, {}
        names = self.model.grade_ids.sorted().mapped("name")
        for line in compare.line_ids:
            lead = line.lead_id
            old = self._oracle(lead, self.model, lead.is_sales_ready)
            new = self._oracle(lead, self.copy, lead.is_sales_ready)
            self.assertEqual((line.old_total, line.old_grade_id), old[:2], lead.name)
            self.assertEqual((line.new_total, line.new_grade_id), new[:2], lead.name)
            self.assertEqual(line.difference, new[0] - old[0])
            rank = names.index(new[1].name) - names.index(old[1].name)
            movement = "up" if rank < 0 else "down" if rank > 0 else "same"
            self.assertEqual(line.movement, movement, lead.name)
            change = {
                (True, True): "stays",
                (True, False): "loses",
                (False, True): "becomes",
                (False, False): "never",
            }[old[2], new[2]]
            self.assertEqual(line.readiness, change, lead.name)
            key = (old[1].id, new[1].id)
            cells[key] = cells.get(key, 0) + 1
            moved[movement] = moved.get(movement, 0) + 1
            ready[change] = ready.get(change, 0) + 1
        self.assertEqual(compare.up_count, moved.get("up", 0))
        self.assertEqual(compare.down_count, moved.get("down", 0))
        self.assertEqual(compare.same_count, moved.get("same", 0))
        self.assertEqual(compare.becomes_count, ready.get("becomes", 0))
        self.assertEqual(compare.loses_count, ready.get("loses", 0))
        mean = sum(compare.line_ids.mapped("difference")) / max(len(leads), 1)
        self.assertAlmostEqual(compare.mean_difference, mean, 1)
        matrix = compare.matrix
        found = {
            (row["id"], column["id"]): count
            for row, counts in zip(matrix["old"], matrix["cells"], strict=True)
            for column, count in zip(matrix["new"], counts, strict=True)
            if count
        }
        self.assertEqual(found, cells)

    def test_numbers(self):
        compare = self._compare()
        self.assertCompared(compare, self.leads)
        for name in ("up_count", "down_count", "becomes_count", "loses_count"):
            self.assertTrue(compare[name], name)

    def test_scores_stay(self):
        self._settle()
        leads = self.leads
        before = leads.mapped(lambda lead: (lead.lead_score, lead.lead_grade_id))
        self._compare()
        self.env.invalidate_all()
        after = leads.mapped(lambda lead: (lead.lead_score, lead.lead_grade_id))
        self.assertEqual(after, before)
        self.assertEqual(self.leads[1].score_line_ids.rule_id.model_id, self.model)

    def test_again_after_a_change(self):
        compare = self._compare()
        self.copy.rule_ids[0].points = 1
        compare.action_compare()
        self.assertCompared(compare, self.leads)

    def test_events_count(self):
        self._make_event_rule("page_visit", 8, model=self.model, name="Visits")
        copied = self._make_event_rule("page_visit", 8, model=self.copy, name="Visits")
        copied.write({"counting": "once", "points": 9})
        self._log(self.leads[0])
        self._log(self.leads[0], days=1)
        compare = self._compare()
        line = compare.line_ids.filtered(lambda line: line.lead_id == self.leads[0])
        self.assertEqual(
            (line.old_total, line.new_total),
            (16, 9),
        )
        self.assertIn("Visits: +16 → +9", line.explanation)

    def test_explanation_adds_up(self):
        compare = self._compare()
        line = compare.line_ids.filtered(lambda line: line.lead_id == self.leads[1])
        self.assertIn("Money: +45 → +75", line.explanation)
        self.assertIn("Near: +10 no more", line.explanation)
        self.assertNotIn("hone", line.explanation)
        for text in ("+45", "+75", "+30", "Telephone", "Near"):
            self.assertIn(text, line.explanation_table)
        self.assertIn("<td class='text-end'>+20</td>", line.explanation_table)

    def test_difference_of_the_rules(self):
        compare = self._compare()
        found = {line.name: line.change for line in compare.rule_ids}
        self.assertEqual(
            found,
            {
                "Money": "changed",
                "Phone → Telephone": "changed",
                "Near": "removed",
                "Too far": "added",
                "On the coast": "added",
            },
        )
        money = compare.rule_ids.filtered(lambda line: line.name == "Money")
        self.assertIn("+45", money.old_text)
        self.assertIn("+75", money.new_text)

    def test_cells_open_their_leads(self):
        compare = self._compare()
        lines = compare.line_ids
        first = lines[0]
        action = compare.action_view_cell(first.old_grade_id.id, first.new_grade_id.id)
        found = lines.search(action["domain"])
        self.assertEqual(
            found,
            lines.filtered(
                lambda line: (
                    line.old_grade_id == first.old_grade_id
                    and line.new_grade_id == first.new_grade_id
                )
            ),
        )
        action = compare.with_context(movement="up").action_view_lines()
        self.assertEqual(lines.search_count(action["domain"]), compare.up_count)
        action = compare.action_view_cell(None, first.new_grade_id.id)
        self.assertEqual(
            lines.search(action["domain"]).new_grade_id, first.new_grade_id
        )

    def test_only_leads_that_the_reader_sees(self):
        company = self.env["res.company"].create({"name": "Company Two"})
        self.leads[:4].write({"company_id": company.id, "user_id": False})
        compare = self._compare(self.manager)
        self.assertCompared(compare.sudo(), self.leads[4:])

    def test_closed_leads_on_request(self):
        self.leads[:3].action_set_lost()
        self.assertCompared(self._compare(), self.leads[3:])
        compare = self._compare(with_closed=True)
        self.assertEqual(compare.compared_count, 24)
        lost = compare.line_ids.filtered(lambda line: line.lead_id in self.leads[:3])
        self.assertEqual(set(lost.mapped("readiness")), {"never"})

    def test_sample(self):
        self.patch(crm_lead_score_compare, "MOST_LEADS", 10)
        compare = self._compare()
        self.assertEqual((compare.compared_count, compare.lead_count), (10, 24))
        self.assertIn("10 of 24", compare.note)

    def test_returned_leads_are_not_ready(self):
        lead = self.leads[1]
        lead.sudo().score_id.held_total = 1000
        self.env.flush_all()
        line = self._compare().line_ids.filtered(lambda line: line.lead_id == lead)
        self.assertEqual(line.readiness, "never")

    def test_broken_rule_is_told(self):
        rule = self.copy.rule_ids[0]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead_score_rule SET domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", rule.id],
        )
        self.env.invalidate_all()
        compare = self._compare()
        self.assertIn(f"“{rule.name}”", compare.note)
        self.assertEqual(compare.compared_count, 24)

    def test_rule_that_the_database_refuses(self):
        """It compiles, and fails on the data only when it is run."""
        rule = self.copy.rule_ids[0]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead_score_rule SET domain = %s WHERE id = %s",
            [r"[('name', '=like', '\\')]", rule.id],
        )
        self.env.invalidate_all()
        compare = self._compare()
        self.assertIn(f"“{rule.name}”", compare.note)
        self.assertEqual(compare.compared_count, 24)

    def test_without_rules_grades_or_leads(self):
        empty = self.Model.create(
            {"name": "Empty", "active": False, "grade_ids": [], "rule_ids": []}
        )
        empty.grade_ids.unlink()
        compare = self._compare(new_model_id=empty.id)
        self.assertEqual(set(compare.line_ids.mapped("new_total")), {0})
        self.assertFalse(compare.line_ids.new_grade_id)
        self.assertIn("“Empty” has no rules", compare.note)
        self.assertEqual(compare.matrix["new"], [{"id": 0, "name": "–", "color": 0}])
        self.model.team_ids = self.team_two
        compare = self._compare()
        self.assertEqual(compare.compared_count, 0)
        self.assertFalse(compare.line_ids)

    def test_which_two(self):
        def compared(models):
            action = models.action_compare()
            compare = self.env[action["res_model"]].browse(action["res_id"])
            return compare.old_model_id, compare.new_model_id

        self.assertEqual(compared(self.copy), (self.model, self.copy))
        self.assertEqual(compared(self.model), (self.model, self.copy))
        self.assertEqual(compared(self.copy + self.model), (self.model, self.copy))
        third = self.copy.copy()
        with self.assertRaises(UserError):
            (self.copy + self.model + third).action_compare()
        with self.assertRaises(UserError):
            self._compare(new_model_id=self.model.id)
        (third + self.copy).unlink()
        self.Model.with_context(active_test=False).search(
            [("id", "!=", self.model.id)]
        ).unlink()
        with self.assertRaises(UserError):
            self.model.action_compare()

    def test_access(self):
        compare = self._compare(self.manager)
        for user in (self.salesman, self.seller_all, self.employee):
            with self.assertRaises(AccessError):
                self.model.with_user(user).action_compare()
            with self.assertRaises(AccessError):
                compare.with_user(user).read(["up_count"])
            with self.assertRaises(AccessError):
                compare.line_ids.with_user(user).read(["lead_id"])
        other = new_test_user(
            self.env, "score_manager_2", groups="sales_team.group_sale_manager"
        )
        for records in (compare, compare.line_ids, compare.rule_ids):
            with self.assertRaises(AccessError):
                records.with_user(other).check_access("read")
        with self.assertRaises(AccessError):
            compare.line_ids[:1].with_user(self.manager).write({"difference": 1})
