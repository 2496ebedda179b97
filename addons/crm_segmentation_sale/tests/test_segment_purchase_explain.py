"""Why somebody is in a segment by what was bought: with what was seen."""

from odoo.tests import new_test_user, tagged

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestSegmentPurchaseExplain(PurchaseCase):
    def _explain(self, partner, user=None, **condition):
        segment = self.Segment.create(
            {"name": "Buyers", "domain": "[('ref', '=', 'segment-test')]"}
        )
        self.Purchase.create({"segment_id": segment.id, **condition})
        answer = segment.with_user(user or self.env.user).explain(partner.id)
        leaves, todo = [], [answer["tree"]]
        while todo:
            part = todo.pop(0)
            todo += part["children"]
            leaves += [part] if not part["children"] else []
        return answer, leaves[-1]

    def test_amounts(self):
        self.order(self.buyer, 600)
        self.order(self.firm, 100)
        answer, leaf = self._explain(self.boss, value=1000)
        self.assertFalse(leaf["ok"])
        self.assertIn("700.00", leaf["value"])
        self.assertIn("700.00", answer["text"])
        _answer, leaf = self._explain(self.idle, value=1000)
        self.assertIn("0.00", leaf["value"])

    def test_numbers_and_dates(self):
        self.order(self.loner, 600, ago=3)
        self.order(self.loner, 10, ago=5)
        _answer, leaf = self._explain(self.loner, measure="count", value=2)
        self.assertEqual((leaf["ok"], leaf["value"]), (True, "2"))
        last = {"measure": "last", "operator": "<=", "value": 30}
        _answer, leaf = self._explain(self.loner, **last)
        self.assertTrue(leaf["ok"])
        self.assertRegex(leaf["value"], r"\d+/\d+/\d{4}")
        _answer, leaf = self._explain(self.idle, **last)
        self.assertEqual((leaf["ok"], leaf["value"]), (False, "never"))

    def test_bills_are_not_for_everybody(self):
        self.invoice(self.loner, 800, kind="in_invoice")
        salesperson = new_test_user(
            self.env,
            "explained",
            groups="sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
        )
        _answer, leaf = self._explain(self.loner, source="bill", value=500)
        self.assertIn("800.00", leaf["value"])
        _answer, leaf = self._explain(
            self.loner, user=salesperson, source="bill", value=500
        )
        self.assertEqual(leaf["value"], "(not for you to see)")

    def test_counted_while_it_is_edited(self):
        self.order(self.loner, 600)
        segment = self.Segment.create(
            {"name": "Buyers", "domain": "[('ref', '=', 'segment-test')]"}
        )
        self.Purchase.create({"segment_id": segment.id, "value": 500})
        values = {"kind": "rule", "target": "partner", "domain": segment.domain}
        answer = self.Segment.with_user(self.marketer).count_draft(
            values, segment.id, patient=True
        )
        self.assertFalse(answer["problem"])
        self.assertEqual(answer["count"], 1)
