from collections import Counter

from odoo.fields import Command
from odoo.tests import tagged

from .common import CallCenterCase

CONTACTS = 2000
HOURS = 0.5


@tagged("post_install", "-at_install")
class TestDeskDay(CallCenterCase):
    """Five operators work on a list of 2,000 contacts; every call is counted once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operators = cls.operator | cls.operator_2
        for number in range(3, 6):
            cls.operators |= cls._user(
                f"cc_operator_{number}", "group_call_center_operator"
            )
        germany = cls.env.ref("base.de").id
        category = cls.env["res.partner.category"].create({"name": "A day of calls"})
        cls.env["res.partner"].create(
            [
                {
                    "name": f"Person {number}",
                    "phone": f"+49 30 {90182000 + number}",
                    "country_id": germany,
                    "category_id": [Command.link(category.id)],
                }
                for number in range(CONTACTS)
            ]
        )
        cls.call_list = cls._list(
            model_name="res.partner",
            domain=f"[('category_id', 'in', {category.ids})]",
            operator_ids=[Command.set(cls.operators.ids)],
            is_training=True,
        )
        cls.call_list.action_start()
        cls.call_list.sudo()._fill_now()
        cls.day = cls.env["crm.call.simulator"]._work_day(
            cls.call_list, cls.operators, seed=5, hours=HOURS
        )
        cls.env.flush_all()

    def _query(self, query, *params):
        self.env.cr.execute(query, params)
        return self.env.cr.fetchall()

    def test_figures_are_those_of_the_day(self):
        self.assertEqual(self.call_list.call_count, CONTACTS)
        self.assertEqual(
            {made["user_id"] for made in self.day}, set(self.operators.ids)
        )
        self.assertGreater(len(self.day), 80)
        self.assertEqual(
            {made["result"] for made in self.day} >= {"held", "busy"}, True
        )
        # nobody was called twice
        self.assertEqual(len({made["call_id"] for made in self.day}), len(self.day))
        counted = Counter()
        for made in self.day:
            key = (made["user_id"], made["result"])
            counted[key, "attempts"] += 1
            for name in ("ring", "talk", "wrap"):
                counted[key, name] += made[name]
        found = Counter()
        for user, code, attempts, ring, talk, wrap in self._query(
            """
            SELECT attempt.user_id, outcome.code, count(*), sum(ring_duration),
                   sum(talk_duration), sum(wrap_duration)
              FROM crm_call_attempt attempt
              JOIN crm_call_outcome outcome ON outcome.id = attempt.outcome_id
             WHERE attempt.list_id = %s GROUP BY 1, 2
            """,
            self.call_list.id,
        ):
            key = (user, code)
            found[key, "attempts"] = attempts
            found[key, "ring"] = ring
            found[key, "talk"] = talk
            found[key, "wrap"] = wrap
        self.assertEqual(+found, +counted)

    def test_report_is_an_independent_count(self):
        report = self.env["crm.call.report"]
        measures = ["__count", "talk_duration:sum", "ring_duration:sum"]
        rows = report._read_group(
            [("list_id", "=", self.call_list.id)], ["user_id"], measures
        )
        told = {user.id: tuple(figures) for user, *figures in rows}
        counted = {}
        for made in self.day:
            count, talk, ring = counted.get(made["user_id"], (0, 0, 0))
            counted[made["user_id"]] = (
                count + 1,
                talk + made["talk"],
                ring + made["ring"],
            )
        self.assertEqual(told, counted)

    def test_calls_are_where_the_day_left_them(self):
        ends = Counter(made["result"] for made in self.day)
        states = Counter(self.call_list.call_ids.mapped("state"))
        self.assertEqual(states["held"], ends["held"] + ends["refused"])
        self.assertEqual(
            states["cancelled"], ends["do_not_call"] + ends["wrong_number"]
        )
        self.assertEqual(states["open"], CONTACTS - len(self.day))
        refused = [row["call_id"] for row in self.day if row["result"] == "do_not_call"]
        numbers = self.env["crm.call"].browse(refused).mapped("phone_sanitized")
        blocks = self.env["crm.do.not.call"]._get_blocks(numbers)
        self.assertEqual(set(blocks), set(numbers))
        leased = self.env["crm.call.queue"].search(
            [("list_id", "=", self.call_list.id), ("reserved_by", "!=", False)]
        )
        self.assertFalse(leased)
