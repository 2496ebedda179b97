"""What the acceptance tests of scoring share: a scorecard of their own, and time."""

from datetime import timedelta

from glossary_case import CrmCase

from odoo import fields


class ScoringCase(CrmCase):
    """A database whose only scoring model is the test's own; grades A1 to C3."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        models = cls.env["crm.lead.score.model"]
        cls.shipped = models.search([])
        cls.shipped.active = False
        cls.model = models.create({"name": "Acceptance"})
        cls.events = cls.env["crm.lead.score.event"]
        cls.now = fields.Datetime.now()
        cls.origins = 0

    def add_rule(self, points, domain=(), axis="fit", **values):
        """A rule on field values."""
        return self.env["crm.lead.score.rule"].create(
            {
                "name": f"{points} for {list(domain)}"[:60],
                "model_id": self.model.id,
                "domain": str(list(domain)),
                "points": points,
                "axis": axis,
                **values,
            }
        )

    def add_event_rule(self, points, signal, **values):
        """A rule on what leads did."""
        signals = self.env["crm.lead.score.signal"]
        return self.add_rule(
            points,
            axis="engagement",
            kind="event",
            signal_id=signals.search([("code", "=", signal)]).id,
            **values,
        )

    def log(self, record, signal, days=0, value=None, origin=None):
        """Note that a lead, or a contact, did something so many days ago."""
        type(self).origins += 1
        owner = "lead_id" if record._name == "crm.lead" else "partner_id"
        return self.events.log(
            [
                {
                    owner: record.id,
                    "signal": signal,
                    "date": self.now - timedelta(days=days),
                    "value": value,
                    "origin": origin or f"acceptance/{self.origins}",
                }
            ]
        )

    def settle(self):
        """What the end of the transaction does, and then the scheduled job."""
        self.env.cr.flush()
        facts = self.env["crm.lead.facts"].sudo()
        facts._refresh_all()
        self.env["crm.lead.score"].sudo()._refresh_all()
        self.env.invalidate_all()

    def points_of(self, lead):
        """``{rule: points}`` of a lead, and that they add up to its score."""
        self.settle()
        explanation = lead.get_score_explanation()
        lines = explanation["lines"]
        self.assertEqual(sum(line["points"] for line in lines), explanation["total"])
        self.assertEqual(lead.lead_score, explanation["total"])
        rules = self.env["crm.lead.score.rule"]
        return {rules.browse(line["rule_id"]): line["points"] for line in lines}

    def assert_points(self, lead, *rules):
        """A lead has the points of exactly these rules, all of them."""
        expected = {rule: rule.points for rule in rules}
        self.assertEqual(self.points_of(lead), expected)
