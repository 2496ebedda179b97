import random
from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common import ScoringCase

START = date(2026, 3, 2)
SIGNALS = ("page_visit", "mail_opened", "mail_clicked", "call_held", "stage_change")
VALUES = (None, "/pricing", "/Pricing/teams", "/blog/10% off", "Spring offer", "Won")


@tagged("post_install", "-at_install")
class TestEventProperty(ScoringCase):
    """Whatever happens, day after day: total = sum of lines = plain Python."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_two = cls.env["res.company"].create({"name": "Company Two"})
        cls.model_two = cls.Model.create(
            {"name": "Two", "company_id": cls.company_two.id}
        )
        cls.partners = cls.env["res.partner"].create(
            [{"name": "P1", "email": "p1@example.com"}, {"name": "P2"}]
        )
        cls.caps = {
            model: cls.env["crm.lead.score.cap"].create(
                [
                    {"name": "A", "model_id": model.id, "maximum": 12},
                    {"name": "B", "model_id": model.id, "maximum": 35},
                ]
            )
            for model in cls.model + cls.model_two
        }

    def _random_rule(self, rng, model):
        values = {
            "points": rng.choice([-40, -7, -1, 1, 3, 6, 20, 100]),
            "axis": rng.choice(["fit", "engagement"]),
            "cap_id": rng.choice([False, False, *self.caps[model].ids]),
            "sequence": rng.randint(1, 5),
            "valid_from": rng.choice([False, False, START + timedelta(10)]),
            "valid_to": rng.choice([False, False, START + timedelta(30)]),
            "domain": rng.choice(
                [
                    [],
                    [("expected_revenue", ">=", 100)],
                    [("partner_id", "!=", False)],
                    ["|", ("type", "=", "lead"), ("tag_ids", "!=", False)],
                    [("message_ids.message_type", "=", "comment")],
                ]
            ),
        }
        if rng.random() < 0.25:
            return values
        return values | {
            "kind": "event",
            "signal_id": self.env["crm.lead.score.signal"]._get_ids_by_code()[
                rng.choice(SIGNALS)
            ],
            "value_pattern": rng.choice(
                [False, False, "/pricing*", "*o*", "/blog/10%*"]
            ),
            "counting": rng.choice(["once", "each", "limited"]),
            "max_count": rng.randint(1, 3),
            "period": rng.choice(["day", "week", "month"]),
            "cap": rng.choice([0, 0, 5, 30]),
            "window_days": rng.choice([0, 0, 1, 7, 30]),
            "decay": rng.choice(["none", "half_life", "linear"]),
            "half_life_days": rng.choice([1, 3, 14]),
            "only_after_start": rng.random() < 0.2,
        }

    def _make_random_rule(self, rng, model):
        values = self._random_rule(rng, model)
        return self._make_rule(
            values.pop("domain"), values.pop("points"), values.pop("axis"),
            model=model, **values,
        )  # fmt: skip

    def _random_event(self, rng, leads):
        to_lead = leads and rng.random() < 0.7
        owner = rng.choice(leads if to_lead else self.partners)
        both = (
            {"partner_id": rng.choice(self.partners).id} if rng.random() < 0.2 else {}
        )
        return {
            **both,
            "lead_id" if to_lead else "partner_id": owner.id,
            "signal": rng.choice(SIGNALS),
            "value": rng.choice(VALUES),
            "date": fields.Datetime.now()
            - timedelta(
                days=rng.choice([0, 0, 1, 5, 20, 300]), hours=rng.randint(0, 30)
            ),
            "origin": f"event/{rng.randint(1, 400)}",
        }

    def _step(self, rng, leads):
        lead = rng.choice(leads) if leads else None
        action = rng.choice(
            ["create", "write", "write", "log", "log", "log", "archive", "merge",
             "convert", "company", "delete", "message"]
        )  # fmt: skip
        if action == "create" or lead is None:
            return leads | self._make_lead(
                type=rng.choice(["lead", "opportunity"]),
                partner_id=rng.choice([False, *self.partners.ids]),
            )
        if action == "write":
            lead.write(
                {
                    "expected_revenue": rng.choice([0, 100]),
                    "partner_id": rng.choice([False, *self.partners.ids]),
                    "tag_ids": rng.choice(
                        [[Command.clear()], [Command.create({"name": rng.random()})]]
                    ),
                }
            )
        elif action == "log":
            self.Event.log(
                [self._random_event(rng, leads) for _number in range(rng.randint(1, 9))]
            )
        elif action == "archive":
            lead.active = not lead.active
        elif action == "merge" and len(leads) > 2:
            first, second = rng.sample(list(leads), 2)
            group = (first | second).with_context(active_test=False)
            leads = (leads - group) | group.merge_opportunity()
        elif action == "convert" and lead.type == "lead" and lead.active:
            lead.convert_opportunity(self.partners[0])
        elif action == "company":
            lead.write(
                {
                    "user_id": False,
                    "team_id": False,
                    "company_id": rng.choice([False, self.company_two.id]),
                }
            )
        elif action == "delete" and len(leads) > 3:
            leads -= lead
            lead.unlink()
        elif action == "message":
            lead.message_post(body="Hello", message_type="comment")
            # Messages are not watched: the next refresh sees them.
            self._refresh()
        return leads

    def assertSound(self, leads):
        self.assertScored(leads)
        self.assertFalse(
            (self.model + self.model_two).rule_ids.filtered("error_message")
        )
        self.assertFalse(self.Event.search([("lead_id", "=", False),
                                            ("partner_id", "=", False)]))  # fmt: skip

    def test_random_edits_and_days(self):
        for seed in (1, 2, 3, 4):
            rng = random.Random(seed)
            (self.model + self.model_two).rule_ids.unlink()
            self.env.cr.execute("DELETE FROM crm_lead_score_event")
            self.env.invalidate_all()
            leads = self.env["crm.lead"].with_context(
                active_test=False, tracking_disable=True
            )
            for day in range(6):
                now = START + timedelta(days=day * rng.randint(1, 9))
                with freeze_time(f"{now} {rng.randint(0, 23):02}:30:00"):
                    for _number in range(3):
                        for model in self.model + self.model_two:
                            self._make_random_rule(rng, model)
                    if rng.random() < 0.5:
                        rng.choice(self.model.rule_ids).write(
                            {"points": rng.choice([-9, 9])}
                        )
                    self._refresh()
                    self.assertSound(leads)
                    for _step in range(8):
                        leads = self._step(rng, leads)
                        self.assertSound(leads)
                    before = leads.mapped("lead_score")
                    self._refresh()
                    self.assertSound(leads)
                    self.assertEqual(before, leads.mapped("lead_score"))
                    self.assertEqual(self.Score._score().total, 0)
                    self._check_other_days(rng, leads, now)

    def _check_other_days(self, rng, leads, today):
        """As of another day, and without storing anything."""
        day = today - timedelta(days=rng.choice([0, 1, 3, 25]))
        found = self.Score._compute_at(leads.ids, day)
        self.assertEqual(set(found), set(leads.ids))
        for lead in leads:
            points, axes, grade = self._expected(lead, day)
            own = found[lead.id]
            self.assertEqual(dict(own["lines"]), points)
            self.assertEqual(own["total"], sum(points.values()))
            self.assertEqual(
                (own["fit"], own["engagement"]), (axes["fit"], axes["engagement"])
            )
            self.assertEqual(own["grade_id"], grade.id)
