import random

from odoo.fields import Command
from odoo.tests import tagged

from .common import ScoringCase

RULES = (
    ([("email_state", "=", "correct")], 10, "fit"),
    ([("partner_name", "!=", False)], 15, "fit"),
    ([("country_id.code", "in", ["BG", "DE"])], 12, "fit"),
    ([("function", "ilike", "manager")], 20, "fit"),
    (["|", ("phone", "=", False), ("email_from", "=", False)], -8, "fit"),
    ([("expected_revenue", ">=", 10000)], 15, "fit"),
    ([("partner_id.category_id.name", "=", "VIP")], 18, "fit"),
    ([("create_date", ">=", "today -30d")], 20, "engagement"),
    ([("tag_ids.name", "=", "Hot")], 11, "engagement"),
    ([("source_id.name", "ilike", "news")], 5, "engagement"),
    ([("stage_id.is_won", "=", True)], 9, "engagement"),
    ([("active", "=", False)], -30, "engagement"),
    ([("type", "=", "lead")], -3, "engagement"),
    ([], 1, "fit"),
)


@tagged("post_install", "-at_install")
class TestScoreProperty(ScoringCase):
    """Whatever happens to leads and rules: total = sum of lines = plain Python."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model_two = cls.Model.create(
            {"name": "Second", "team_ids": cls.team_two.ids}
        )
        cls.company_two = cls.env["res.company"].create({"name": "Company Two"})
        cls.model_three = cls.Model.create(
            {"name": "Third", "company_id": cls.company_two.id}
        )
        for domain, points, axis in RULES:
            cls._make_rule(domain, points, axis)
            cls._make_rule(domain, -2 * points, axis, model=cls.model_two)
        cls._make_rule([("company_id.name", "!=", False)], 77, model=cls.model_three)
        cls.vip = cls.env["res.partner.category"].create({"name": "VIP"})
        cls.hot = cls.env["crm.tag"].create({"name": "Hot"})
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": "P1", "email": "p1@example.com", "phone": "+35924000000"},
                {"name": "P2", "category_id": cls.vip.ids, "function": "Manager"},
            ]
        )
        cls.stages = cls.env["crm.stage"].search([], limit=3) + cls.env[
            "crm.stage"
        ].search([("is_won", "=", True)], limit=1)
        cls.sources = cls.env["utm.source"].create(
            [{"name": "Newsletter of May"}, {"name": "Fair"}]
        )

    def _random_values(self, rng):
        choices = {
            "email_from": [False, "a@example.com", "broken", "b@example.org"],
            "phone": [False, "+35924000001"],
            "partner_name": [False, "Firm"],
            "function": [False, "Account Manager", "Clerk"],
            "country_id": [
                False,
                self.env.ref("base.bg").id,
                self.env.ref("base.fr").id,
            ],
            "expected_revenue": [0, 9999, 10000, 500000],
            "tag_ids": [[Command.clear()], [Command.set(self.hot.ids)]],
            "source_id": [False, *self.sources.ids],
            "team_id": [False, self.team.id, self.team_two.id],
            "type": ["lead", "opportunity"],
            "partner_id": [False, *self.partners.ids],
            "user_id": [False],
        }
        names = rng.sample(sorted(choices), rng.randint(1, 5))
        return {name: rng.choice(choices[name]) for name in names}

    def _step(self, rng, leads):
        lead = rng.choice(leads) if leads else None
        action = rng.choice(
            ["create", "write", "write", "write", "archive", "stage", "merge",
             "convert", "lose", "company", "copy", "partner"]
        )  # fmt: skip
        if action == "create" or lead is None:
            leads |= self.Lead.create({"name": "New", **self._random_values(rng)})
        elif action == "write":
            lead.write(self._random_values(rng))
        elif action == "archive":
            lead.active = not lead.active
        elif action == "stage" and lead.active:
            lead.stage_id = rng.choice(self.stages)
        elif action == "merge" and len(leads) > 2:
            pair = rng.sample(list(leads), 2)
            group = pair[0] | pair[1]
            kept = group.with_context(active_test=False).merge_opportunity()
            leads = (leads - group) | kept
        elif action == "convert" and lead.type == "lead" and lead.active:
            lead.convert_opportunity(self.partners[0])
        elif action == "lose" and lead.won_status == "pending":
            lead.action_set_lost()
        elif action == "company":
            lead.write(
                {
                    "user_id": False,
                    "team_id": False,
                    "company_id": rng.choice([False, self.company_two.id]),
                }
            )
        elif action == "copy":
            leads |= lead.copy()
        elif action == "partner":
            rng.choice(self.partners).write(
                {
                    "email": rng.choice([False, "x@example.com"]),
                    "function": rng.choice([False, "Manager"]),
                }
            )
        return leads

    def test_random_edits(self):
        for seed in (1, 2, 3):
            rng = random.Random(seed)
            leads = self.Lead.with_context(active_test=False).browse()
            for _step in range(60):
                leads = self._step(rng, leads)
                # At once, without any refresh of all.
                self.assertScored(leads)
            before = {lead.id: lead.lead_score for lead in leads}
            self._refresh()
            self.assertScored(leads)
            self.assertEqual(before, {lead.id: lead.lead_score for lead in leads})
        self.assertEveryLeadHasRow()

    def test_random_rules(self):
        """Rules come, change and go: the refresh gives what plain Python gives."""
        rng = random.Random(7)
        leads = self.Lead.with_context(active_test=False).create(
            [{"name": f"L{i}", **self._random_values(rng)} for i in range(25)]
        )
        for _step in range(8):
            rules = self.model.rule_ids | self.model_two.rule_ids
            rule = rng.choice(rules)
            action = rng.choice(["points", "axis", "domain", "unlink", "archive"])
            if action == "points":
                rule.points = rng.choice([-10000, -1, 1, 33, 10000])
            elif action == "axis":
                rule.axis = "engagement" if rule.axis == "fit" else "fit"
            elif action == "domain":
                rule.domain = str(rng.choice(RULES)[0])
            elif action == "archive":
                rule.active = False
            else:
                rule.unlink()
            # Before the refresh the old sums hold.
            self.env.invalidate_all()
            for lead in leads:
                self.assertEqual(
                    lead.lead_score, sum(lead.score_line_ids.mapped("points"))
                )
            self._refresh()
            self.assertScored(leads)
