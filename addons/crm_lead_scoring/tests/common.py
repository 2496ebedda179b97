"""What the tests of scoring share: a model of their own, and a score made by hand."""

from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.crm_glossary_core import engine

from .common_event_points import line_of, lines_of


class ScoringCase(TransactionCase):
    """A database whose only scoring model is the test's own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.tz = "UTC"
        cls.Model = cls.env["crm.lead.score.model"]
        cls.Rule = cls.env["crm.lead.score.rule"]
        cls.Score = cls.env["crm.lead.score"]
        cls.Line = cls.env["crm.lead.score.line"]
        cls.Event = cls.env["crm.lead.score.event"]
        cls.Lead = cls.env["crm.lead"].with_context(tracking_disable=True)
        cls.Model.search([]).active = False
        cls.team = cls.env["crm.team"].create({"name": "Team One"})
        cls.team_two = cls.env["crm.team"].create({"name": "Team Two"})
        cls.model = cls.Model.create({"name": "Test model"})

    @classmethod
    def _make_users(cls):
        """Users of each role: own leads only, all leads, manager, and none of them."""
        cls.salesman = new_test_user(
            cls.env, "score_salesman", groups="sales_team.group_sale_salesman"
        )
        cls.seller_all = new_test_user(
            cls.env, "score_all", groups="sales_team.group_sale_salesman_all_leads"
        )
        cls.manager = new_test_user(
            cls.env, "score_manager", groups="sales_team.group_sale_manager"
        )
        cls.employee = new_test_user(
            cls.env, "score_employee", groups="base.group_user"
        )

    @classmethod
    def _make_rule(cls, domain, points=10, axis="fit", model=None, **values):
        return cls.Rule.create(
            {
                "name": f"{axis} {points} {domain}"[:60],
                "model_id": (model or cls.model).id,
                "domain": str(domain),
                "points": points,
                "axis": axis,
                **values,
            }
        )

    @classmethod
    def _make_lead(cls, name="Lead", **values):
        return cls.Lead.create({"name": name, "type": "opportunity", **values})

    @classmethod
    def _make_event_rule(cls, signal, points=10, axis="engagement", **values):
        signals = cls.env["crm.lead.score.signal"]
        values = {
            "kind": "event",
            "signal_id": signals.search([("code", "=", signal)]).id,
            "name": f"{signal} {points}",
            **values,
        }
        return cls._make_rule(values.pop("domain", []), points, axis, **values)

    def _log(self, lead=None, signal="page_visit", days=0, hours=0, **values):
        """Log one event of so long ago; return the ids of what is new."""
        type(self)._origins = getattr(type(self), "_origins", 0) + 1
        date = fields.Datetime.now() - timedelta(days=days, hours=hours)
        values = {
            "signal": signal,
            "date": date,
            "origin": f"test/{self._origins}",
            **({"lead_id": lead.id} if lead else {}),
            **values,
        }
        return self.Event.log([values])

    def _refresh(self):
        """Refresh all scores, as the scheduled job does."""
        self.Score._refresh_all()

    def _settle(self):
        """Score what changed, as the end of the transaction does."""
        engine.pending.run(self.env)

    def _model_of(self, lead):
        """The scoring model of a lead, found in plain Python."""
        models = self.Model.sudo().search([("active", "=", True)])
        models = models.filtered(
            lambda m: not m.company_id or m.company_id == lead.company_id
        )
        named = models.filtered(lambda m: lead.team_id and lead.team_id in m.team_ids)
        default = models.filtered(lambda m: not m.team_ids)
        return named[:1] or default.sorted(lambda m: not m.company_id)[:1]

    def _expected(self, lead, day=None):
        """Points by rule and axis, and the grade, worked out in plain Python."""
        lead = lead.sudo()
        model = self._model_of(lead)
        day = day or fields.Datetime.now().date()
        rules = model.rule_ids.filtered("active").filtered(
            lambda rule: (
                (not rule.valid_from or rule.valid_from <= day)
                and (not rule.valid_to or day <= rule.valid_to)
            )
        )
        events = self._events_of(lead)
        points = lines_of(rules, lambda rule: self._gives(rule, lead, events, day))
        axes = {"fit": 0, "engagement": 0}
        for rule in rules:
            axes[rule.axis] += points.get(rule.id, 0)
        return points, axes, self._expected_grade(model, axes)

    def _gives(self, rule, lead, events, day):
        """Points of one rule before its cap."""
        try:
            domain = engine.parse(self.env, rule.domain)
        except engine.CriterionError:
            return 0
        if rule.error_message or not lead.filtered_domain(domain):
            return 0
        return line_of(rule, events, day) if rule.kind == "event" else rule.points

    def _events_of(self, lead):
        """The events of a lead: its own, and those of its contact alone."""
        return (
            self.Event.sudo()
            .search([])
            .filtered(
                lambda event: (
                    event.lead_id == lead
                    if event.lead_id
                    else lead.partner_id and event.partner_id == lead.partner_id
                )
            )
        )

    def _expected_grade(self, model, axes):
        grades = model.grade_ids.sorted(lambda g: (g.sequence, g.id))
        floors = {a: min(grades.mapped(f"{a}_min"), default=0) for a in axes}
        for grade in grades:
            if all(
                grade[f"{a}_min"] <= floors[a] or axes[a] >= grade[f"{a}_min"]
                for a in axes
            ):
                return grade
        return grades.browse()

    def assertScored(self, leads):
        """total = sum of lines = sum worked out in plain Python, for each lead."""
        self.env.invalidate_all()
        for lead in leads.with_context(active_test=False).sudo():
            points, axes, grade = self._expected(lead)
            lines = lead.score_line_ids
            found = {line.rule_id.id: line.points for line in lines}
            self.assertEqual(found, points, lead.name)
            self.assertEqual(lead.lead_score, sum(lines.mapped("points")), lead.name)
            self.assertEqual(lead.lead_score, sum(points.values()), lead.name)
            self.assertEqual(lead.lead_score_fit, axes["fit"], lead.name)
            self.assertEqual(lead.lead_score_engagement, axes["engagement"], lead.name)
            self.assertEqual(lead.lead_grade_id, grade, lead.name)

    def assertEveryLeadHasRow(self):
        self._settle()
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        self.assertEqual(
            set(leads.search([]).ids), set(self.Score.sudo().search([]).ids)
        )
