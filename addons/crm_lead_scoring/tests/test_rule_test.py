import random
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import test_event_property

START = test_event_property.START


@tagged("post_install", "-at_install")
class TestRuleTest(test_event_property.TestEventProperty):
    """A rule tried out on a lead says what the score says, and why."""

    # The property test of the ledger is not run a second time.
    test_random_edits_and_days = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users()

    def _test(self, rule, lead, user=None, **values):
        rules = self.Rule.with_user(user or self.env.user)
        return rules.test_on_lead(lead.id, rule.id or False, values or None)

    def _parts(self, node):
        yield node
        for child in node["children"]:
            yield from self._parts(child)

    def test_never_differs_from_the_score(self):
        for seed in (11, 12, 13):
            rng = random.Random(seed)
            (self.model + self.model_two).rule_ids.unlink()
            now = START + timedelta(days=rng.randint(0, 40))
            with freeze_time(f"{now} 12:00:00"):
                for _number in range(9):
                    self._make_random_rule(rng, self.model)
                leads = self.Lead.create(
                    [
                        {
                            "name": f"Random {number}",
                            "expected_revenue": rng.choice([0, 50, 500]),
                            "type": rng.choice(["lead", "opportunity"]),
                            "partner_id": rng.choice([False, *self.partners.ids]),
                            "company_id": False,
                        }
                        for number in range(5)
                    ]
                )
                self.Event.log(
                    [
                        {**self._random_event(rng, leads), "origin": f"try/{number}"}
                        for number in range(60)
                    ]
                )
                self._refresh()
                self.env.invalidate_all()
                for lead in leads:
                    self._compare(lead)
                    self._compare_edited(rng, lead)

    def _compare(self, lead):
        stored = {line.rule_id.id: line.points for line in lead.score_line_ids}
        for rule in self.model.rule_ids:
            result = self._test(rule, lead)
            self.assertFalse(result["problem"])
            self.assertEqual(result["points"], stored.get(rule.id, 0), rule.sentence)
            if result["sums"]:
                self.assertEqual(result["sums"][-1]["points"], result["points"])
        overview = self.Rule.get_results_of_lead(lead.id)
        self.assertEqual(
            {
                item["id"]: item["points"]
                for item in overview["rules"]
                if item["points"]
            },
            stored,
        )

    def _compare_edited(self, rng, lead):
        """What an edited rule promises is what it gives once it is saved."""
        rule = rng.choice(self.model.rule_ids)
        values = self._random_rule(rng, self.model)
        values["domain"] = str(values["domain"])
        promised = self._test(rule, lead, **values)
        new = {**values, "model_id": self.model.id, "name": "New"}
        promised_new = self._test(self.Rule, lead, **new)
        with self.env.cr.savepoint() as savepoint:
            rule.write(values)
            self._refresh()
            self.env.invalidate_all()
            stored = {line.rule_id: line.points for line in lead.score_line_ids}
            self.assertEqual(promised["points"], stored.get(rule, 0), rule.sentence)
            savepoint.rollback()
            self.env.invalidate_all()
            self.env.registry.clear_cache()
        with self.env.cr.savepoint() as savepoint:
            created = self.Rule.create(new)
            self._refresh()
            self.env.invalidate_all()
            stored = {line.rule_id: line.points for line in lead.score_line_ids}
            self.assertEqual(
                promised_new["points"], stored.get(created, 0), created.sentence
            )
            savepoint.rollback()
            self.env.invalidate_all()
            self.env.registry.clear_cache()

    def test_nothing_is_written(self):
        lead = self._make_lead(phone="1")
        rule = self._make_rule([("phone", "!=", False)])
        self._refresh()
        before = rule.read()[0]
        result = self._test(rule, lead, points=99, name="Other")
        self.assertEqual(result["points"], 99)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(rule.read()[0], before)
        self.assertEqual(lead.lead_score, 10)
        count = self.Rule.search_count([])
        self._test(self.Rule, lead, name="New", points=3, model_id=self.model.id)
        self.assertEqual(self.Rule.search_count([]), count)

    def test_leaf_by_leaf(self):
        partner = self.env["res.partner"].create(
            {"name": "P", "country_id": self.env.ref("base.bg").id}
        )
        lead = self._make_lead(
            expected_revenue=500, phone=False, partner_id=partner.id, priority="3"
        )
        rule = self._make_rule(
            [
                ("expected_revenue", ">=", 1000),
                "|",
                ("phone", "!=", False),
                ("partner_id.country_id.code", "=", "BG"),
                "!",
                ("priority", "=", "0"),
            ]
        )
        self.env.user.lang = "en_US"
        tree = self._test(rule, lead)["conditions"]
        self.assertEqual((tree["kind"], tree["holds"]), ("all", False))
        found = {
            node["text"]: (node["holds"], node["value"])
            for node in self._parts(tree)
            if node["kind"] == "leaf"
        }
        self.assertEqual(
            found["Expected Revenue is at least 1,000"], (False, "500"), found
        )
        self.assertEqual([node["kind"] for node in tree["children"]][1], "any")
        self.assertTrue(tree["children"][1]["holds"])
        self.assertIn((True, "BG"), found.values())
        rule.domain = str(["|", ("phone", "=", "1"), ("phone", "=", "2")])
        values = [n["value"] for n in self._test(rule, lead)["conditions"]["children"]]
        self.assertEqual(values, ["–", False], "the same value is not said twice")
        rule.domain = "[('expected_revenue', '>=', 1000)]"
        lead.expected_revenue = 1000
        result = self._test(rule, lead)
        self.assertTrue(result["conditions"]["holds"])
        self.assertEqual(result["points"], 10)

    def test_group_is_what_its_parts_make_it(self):
        """The engine's answers about the parts agree with its answer on the whole."""
        rng = random.Random(5)
        lead = self._make_lead(phone="1", expected_revenue=300, email_from="a@b.cc")
        leaves = [
            ("phone", "=", False),
            ("expected_revenue", ">", 100),
            ("tag_ids", "=", False),
            ("partner_id.country_id.code", "!=", "BG"),
            ("email_from", "ilike", "zz"),
            ("message_ids.message_type", "=", "comment"),
        ]
        for _number in range(12):
            domain = [rng.choice(["|", "&"]) for _n in range(4)]
            domain += [rng.choice(leaves) for _n in range(5)]
            negated = rng.random() < 0.3
            rule = self._make_rule(["!", *domain] if negated else domain)
            tree = self._test(rule, lead)["conditions"]
            holds = bool(lead.filtered_domain(domain))
            self.assertEqual(tree["holds"], holds is not negated)
            for node in self._parts(tree):
                inner = [child["holds"] for child in node["children"]]
                if inner:
                    whole = {"all": all, "any": any, "not": lambda c: not c[0]}
                    self.assertEqual(node["holds"], whole[node["kind"]](inner))

    def _make_visits(self):
        """A rule on visits, and visits that count and do not for one reason each."""
        self.env.user.lang = "en_US"
        lead = self._make_lead()
        rule = self._make_event_rule(
            *("page_visit", 10),
            value_pattern="/pricing*",
            counting="limited",
            max_count=1,
            period="day",
            window_days=30,
            cap=15,
            decay="linear",
            half_life_days=14,
        )
        for days, value in ((0, "/pricing"), (7, "/pricing/b"), (0, "/blog")):
            self._log(lead, days=days, value=value)
        self._log(lead, value="/pricing/late")
        self._log(lead, days=28, value="/pricing")
        self._log(lead, days=40, value="/pricing")
        return rule, lead

    @freeze_time("2026-03-30 12:00:00")
    def test_why_events_do_not_count(self):
        rule, lead = self._make_visits()
        result = self._test(rule, lead)
        found = [
            (line["value"], line["counts"], line["points"], line["reason"])
            for line in result["events"]["lines"]
        ]
        self.assertCountEqual(
            found,
            [
                ("/pricing", True, 10, ""),
                ("/pricing/b", True, 7.5, "75% left"),
                ("/blog", False, 0, "is not like “/pricing*”"),
                ("/pricing/late", False, 0, "1 of that day count already"),
                ("/pricing", False, 0, "nothing is left of it"),
                ("/pricing", False, 0, "older than 30 days"),
            ],
        )
        self.assertEqual(result["points"], 15)
        self.assertEqual(
            [(item["label"], item["points"]) for item in result["sums"]],
            [("All that counts together", 18), ("At most 15 points by this rule", 15)],
        )

    @freeze_time("2026-03-30 12:00:00")
    def test_other_reasons(self):
        rule, lead = self._make_visits()
        started = self._test(rule, lead, only_after_start=True, start_date="2026-03-30")
        reasons = [line["reason"] for line in started["events"]["lines"]]
        self.assertIn("before the start, 03/30/2026", reasons)
        once = self._test(rule, lead, counting="once", value_pattern=False)
        reasons = [line["reason"] for line in once["events"]["lines"]]
        self.assertIn("only the latest counts", reasons)

    @freeze_time("2026-03-30 12:00:00")
    def test_day_of_the_next_change(self):
        rule, lead = self._make_visits()
        self._refresh()
        today = date(2026, 3, 30)
        for values in ({}, {"cap": 0}, {"decay": "none"}, {"decay": "half_life"}):
            rule.write(values)
            self._refresh()
            result = self._test(rule, lead)

            def points_on(day):
                found = self.Score._compute_at(lead.ids, day)
                return found[lead.id]["total"]

            days = [today + timedelta(ahead) for ahead in range(1, 60)]
            changed = [day for day in days if points_on(day) != result["points"]]
            self.assertIn(changed[0].strftime("%m/%d/%Y"), result["change"])
        rule.write({"decay": "none", "window_days": 0})
        self.assertFalse(self._test(rule, lead)["change"])

    def test_notes(self):
        self.env.user.lang = "en_US"
        lead = self._make_lead(phone="1")
        rule = self._make_rule([("phone", "!=", False)])
        self.assertFalse(self._test(rule, lead)["notes"])
        ended = self._test(rule, lead, valid_to="2020-01-01")
        self.assertEqual(ended["points"], 0)
        self.assertEqual(ended["notes"], ["The rule is not in force today."])
        other = self.Model.create({"name": "Other", "team_ids": self.team.ids})
        elsewhere = self._test(rule, lead, model_id=other.id)
        self.assertIn("not by “Other”", elsewhere["notes"][0])
        rule.active = False
        self.assertEqual(self._test(rule, lead)["points"], 0)

    def test_rule_that_does_not_work(self):
        lead = self._make_lead()
        rule = self._make_rule([("phone", "!=", False)])
        result = self._test(rule, lead, domain="[('nothing', '=', 1)]")
        self.assertIn("nothing", result["problem"])
        self.assertEqual(result["points"], 0)
        result = self._test(self.Rule, lead, kind="event", points=3)
        self.assertTrue(result["problem"])

    def test_access(self):
        own = self._make_lead(phone="1", user_id=self.salesman.id)
        foreign = self._make_lead(phone="1", user_id=self.manager.id)
        rule = self._make_rule([("phone", "!=", False)])
        self._refresh()
        self.assertEqual(self._test(rule, own, self.salesman)["points"], 10)
        self.assertTrue(self.Rule.with_user(self.salesman).get_results_of_lead(own.id))
        with self.assertRaises(AccessError):
            self._test(rule, foreign, self.salesman)
        with self.assertRaises(AccessError):
            self.Rule.with_user(self.salesman).get_results_of_lead(foreign.id)
        with self.assertRaises(AccessError):
            self._test(rule, own, self.salesman, points=4)
        with self.assertRaises(AccessError):
            self._test(rule, own, self.employee)
        self.assertEqual(self._test(rule, own, self.manager, points=4)["points"], 4)
        gone = foreign.id
        foreign.unlink()
        with self.assertRaises(UserError):
            self.Rule.test_on_lead(gone, rule.id)

    def test_hidden_values_are_not_told(self):
        hidden = self.env["res.partner"].create({"name": "Hidden"})
        self.env["ir.rule"].create(
            {
                "name": "Hidden contacts",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('name', '!=', 'Hidden')]",
                "groups": self.env.ref("sales_team.group_sale_salesman").ids,
            }
        )
        lead = self._make_lead(user_id=self.salesman.id, partner_id=hidden.id)
        rule = self._make_rule([("partner_id.name", "=", "Hidden")])
        node = self._test(rule, lead, self.salesman)["conditions"]
        self.assertNotIn("Hidden", node["value"])
        self.assertEqual(self._test(rule, lead)["conditions"]["value"], "Hidden")
