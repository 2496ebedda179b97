"""Conditions on what customers ordered and were invoiced."""

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.crm_glossary_core import engine
from odoo.addons.crm_segmentation.models.crm_segment_member import get_match_table

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestSegmentPurchase(PurchaseCase):
    # what the segmentation of OpenERP got wrong: sums
    def test_drafts_and_cancelled_documents_do_not_count(self):
        for state in ("draft", "cancel"):
            self.order(self.loner, 5000, state=state)
        self.order(self.loner, 100)
        self.invoice(self.loner, 5000, post=False)
        cancelled = self.invoice(self.loner, 5000)
        cancelled.button_draft()
        cancelled.button_cancel()
        self.invoice(self.loner, 100)
        for source in ("order", "invoice"):
            with self.subTest(source):
                self.check(self.loner, {"source": source, "value": 100})
                self.check(self.env["res.partner"], {"source": source, "value": 101})

    def test_returns_are_taken_off(self):
        self.invoice(self.loner, 1000)
        self.invoice(self.loner, 400, kind="out_refund")
        condition = {"source": "invoice", "operator": "=", "value": 600}
        self.check(self.loner, condition)
        self.invoice(self.loner, 400, kind="out_refund", post=False)
        self.check(self.loner, condition)
        self.order(self.loner, 1000)
        self.order(self.loner, -300)
        self.check(self.loner, {"operator": "=", "value": 700})

    def test_what_was_taken_back_is_no_purchase(self):
        invoice = self.invoice(self.loner, 1000, ago=5)
        self.invoice(self.firm, 1000, ago=5)
        self._reverse_invoice(invoice, is_modify=False, post=True)
        (invoice | invoice.reversal_move_ids).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
            and not line.reconciled
        ).reconcile()
        self.assertEqual(invoice.payment_state, "reversed")
        self.check(self.people, {"source": "invoice", "measure": "count", "value": 1})
        self.check(
            self.people,
            {"source": "invoice", "measure": "last", "operator": "<=", "value": 9},
        )

    def test_amounts_are_in_the_company_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "In euro", "currency_id": euro.id}
        )
        self.order(self.loner, 1000, pricelist_id=pricelist.id)
        self.invoice(self.loner, 1000, currency_id=euro.id)
        for source in ("order", "invoice"):
            with self.subTest(source):
                self.check(
                    self.loner, {"source": source, "operator": "=", "value": 500}
                )
                self.check(
                    self.loner,
                    {
                        "source": source,
                        "operator": "=",
                        "value": 500,
                        "product_tmpl_ids": self.product_a.product_tmpl_id.ids,
                    },
                )

    def test_other_companies(self):
        other = self.setup_other_company()["company"]
        order = self.order(self.loner.with_company(other), 900, company_id=other.id)
        self.assertEqual(order.company_id, other)
        self.order(self.loner, 100)
        self.check(self.loner, {"operator": "=", "value": 1000})
        self.check(
            self.loner, {"operator": "=", "value": 100}, company_id=self.company.id
        )
        self.check(self.loner, {"operator": "=", "value": 900}, company_id=other.id)

    def test_people_buy_for_their_company(self):
        self.order(self.buyer, 600)
        self.invoice(self.boss, 600)
        self.order(self.firm, 500)
        self.check(self.people, {"operator": "=", "value": 1100})
        self.check(self.people, {"source": "invoice", "value": 600})

    def test_vendor_bills(self):
        self.invoice(self.loner, 800, kind="in_invoice")
        self.invoice(self.loner, 300, kind="in_refund")
        self.invoice(self.firm, 800)
        self.check(self.loner, {"source": "bill", "operator": "=", "value": 500})
        self.check(
            self.loner,
            {
                "source": "bill",
                "operator": "=",
                "value": 500,
                "categ_id": self.product_a.categ_id.id,
            },
        )

    # what it got wrong: mandatory and optional
    def test_all_mandatory_in_any_order(self):
        self.order(self.loner, 1000)
        met, failed = {"value": 500}, {"source": "invoice", "value": 500}
        nobody = self.env["res.partner"]
        self.check(nobody, met, failed)
        self.check(nobody, failed, met)
        self.check(self.loner, met, {"value": 1000})

    def test_one_of_the_optional_is_needed(self):
        self.order(self.loner, 1000)
        self.invoice(self.firm, 1000)
        optional = [
            {"requirement": "optional", "value": 500},
            {"requirement": "optional", "source": "invoice", "value": 500},
        ]
        for order in (1, -1):
            with self.subTest(order):
                self.check(self.people | self.loner, *optional[::order])
                self.check(self.loner, *[*optional, {"value": 900}][::order])
                self.check(
                    self.people,
                    *[*optional, {"value": 0, "operator": "="}][::order],
                )

    def test_all_optional_and_none_met(self):
        self.order(self.loner, 10)
        self.check(
            self.env["res.partner"],
            {"requirement": "optional", "value": 500},
            {"requirement": "optional", "source": "invoice", "value": 500},
        )

    # numbers, dates, products, periods
    def test_who_bought_nothing(self):
        self.order(self.loner, 1000)
        nobody_bought = self.people | self.idle
        self.check(nobody_bought, {"operator": "<", "value": 1000})
        self.check(self.customers, {"operator": "<=", "value": 1000})
        self.check(nobody_bought, {"measure": "count", "operator": "=", "value": 0})
        self.check(
            self.customers,
            {"requirement": "optional", "operator": "<", "value": 1000},
            {"requirement": "optional", "value": 1000},
        )
        self.check(
            nobody_bought,
            {"requirement": "optional", "operator": "<", "value": 1000},
            {"requirement": "optional", "source": "bill", "value": 1000},
        )

    def test_numbers(self):
        for _time in range(3):
            self.order(self.buyer, 10)
        self.order(self.loner, 10)
        self.check(self.people, {"measure": "count", "value": 3})
        self.check(self.people, {"measure": "count", "operator": ">", "value": 1})
        self.check(self.loner, {"measure": "count", "operator": "=", "value": 1})

    def test_products(self):
        self.order(self.loner, 100, product=self.product_a)
        self.order(self.firm, 100, product=self.product_b)
        self.invoice(self.idle, 100, product=self.product_b)
        product_b = self.product_b.product_tmpl_id.ids
        self.check(self.people, {"product_tmpl_ids": product_b, "value": 100})
        self.check(
            self.people,
            {"product_tmpl_ids": product_b, "measure": "count", "value": 1},
        )
        self.check(
            self.idle,
            {"source": "invoice", "product_tmpl_ids": product_b, "value": 100},
        )
        category = self.env["product.category"].create({"name": "Bikes"})
        child = category.create({"name": "Old bikes", "parent_id": category.id})
        self.product_b.categ_id = child
        self.check(self.people, {"categ_id": category.id, "value": 100})

    def test_period(self):
        self.order(self.loner, 100, ago=30)
        self.order(self.loner, 10, ago=31)
        self.invoice(self.loner, 100, ago=30)
        self.invoice(self.loner, 10, ago=31)
        for source in ("order", "invoice"):
            with self.subTest(source):
                within = {"source": source, "operator": "=", "period_days": 30}
                self.check(self.loner, {**within, "value": 100})
                self.check(self.loner, {**within, "value": 110, "period_days": 31})
                self.check(self.customers, {**within, "value": 0, "period_days": 29})

    def test_last_one(self):
        self.order(self.loner, 100, ago=90)
        self.order(self.firm, 100, ago=90)
        self.order(self.boss, 100, ago=10)
        last = {"measure": "last"}
        for operator, value, expected in [
            ("<=", 90, self.people | self.loner),
            ("<", 90, self.people),
            (">", 89, self.loner),
            (">", 90, self.env["res.partner"]),
            (">=", 90, self.loner),
            ("=", 90, self.loner),
            ("=", 10, self.people),
        ]:
            with self.subTest(operator, value=value):
                self.check(expected, {**last, "operator": operator, "value": value})

    # it is part of the rule
    def test_with_the_rule(self):
        self.order(self.loner, 100)
        self.order(self.buyer, 100)
        segment = self.check(
            self.people, {"value": 100}, domain=f"[('id', 'in', {self.people.ids})]"
        )
        self.assertEqual(segment.preview_count(), len(self.people))
        self.assertEqual(segment.matching_count, len(self.people))
        self.assertIn("Sales Orders: amount at least", segment.domain_sentence)

    def test_a_changed_condition_changes_the_rule(self):
        self.order(self.loner, 100)
        segment = self.check(self.loner, {"value": 100})
        self.assertFalse(segment.rule_changed)
        segment.purchase_ids.value = 101
        self.assertTrue(segment.rule_changed)
        segment.refresh()
        self.assertFalse(self.members(segment))
        segment.purchase_ids.unlink()
        self.assertTrue(segment.rule_changed)
        segment.refresh()
        self.assertEqual(self.members(segment) & self.customers, self.customers)

    def test_leads(self):
        self.order(self.buyer, 100)
        lead = self.leads[0]
        lead.partner_id = self.boss
        segment = self.make_purchases({"value": 100}, target="lead")
        self.assertEqual(self.members(segment), lead)

    def test_a_few_records(self):
        self.order(self.buyer, 100)
        segment = self.check(self.people, {"value": 100})
        with self.subTest("at once: entries and exits of one record"):
            self.boss.ref = "other"
            self.settle()
            self.assertNotIn(self.boss, self.members(segment))
            self.boss.ref = "segment-test"
            self.settle()
            self.assertIn(self.boss, self.members(segment))

    def test_copy_has_the_conditions(self):
        segment = self.make_purchases({"value": 7})
        self.assertEqual(segment.copy().purchase_ids.mapped("value"), [7])

    def test_form(self):
        with Form(self.Segment.with_user(self.marketer)) as form:
            form.name = "Good customers"
            with form.purchase_ids.new() as line:
                line.source = "invoice"
                line.value = 1000
                line.period_days = 365
        condition = form.record.purchase_ids
        self.assertEqual(
            condition.display_name,
            "Invoices: amount at least $\xa01,000.00, in the last 365 days",
        )

    # who may
    def test_access(self):
        segment = self.make_purchases({"value": 7})
        line = segment.purchase_ids
        self.assertEqual(line.with_user(self.salesperson).value, 7)
        with self.assertRaises(AccessError):
            line.with_user(self.salesperson).value = 8
        with self.assertRaises(AccessError):
            line.with_user(self.marketer).source = "bill"
        line.with_user(self.marketer).value = 8

    def test_foreign_company(self):
        other = self.setup_other_company()["company"]
        line = self.make_purchases({"value": 7}, company_id=other.id).purchase_ids
        stranger = new_test_user(
            self.env,
            "purchase_stranger",
            groups="crm_segmentation.group_segmentation_user",
            company_id=self.company.id,
        )
        self.assertFalse(line.with_user(stranger).search([("id", "=", line.id)]))
        with self.assertRaises(AccessError):
            line.with_user(stranger).read(["value"])

    def test_purchases_of_others_of_a_few_records(self):
        self.order(self.firm, 100)
        condition = self.make_purchases({"value": 100}).purchase_ids
        friend = self.loner
        segment = self.make_segment(
            domain="[('comment', 'ilike', 'friend'),"
            " ('category_id.partner_ids.segment_purchase_ids', 'in',"
            f" {condition.ids})]",
        )
        tag = self.env["res.partner.category"].create({"name": "Friends"})
        (self.firm | friend).category_id = tag
        friend.comment = "A friend"
        self.settle()
        self.assertEqual(self.members(segment), friend)

    def test_sums_for_a_few_equal_those_for_all(self):
        self.order(self.buyer, 100)
        self.order(self.loner, 60)
        for condition in (
            {"value": 100},
            {"operator": "<", "value": 100},
            {"measure": "last", "operator": "<=", "value": 9},
        ):
            segment = self.make_purchases(condition)
            criteria = segment.sudo()._to_criteria()
            table = get_match_table("partner")
            everybody = self.env.execute_query(
                engine.compile(self.env, criteria, into=table)
            )
            for partner in self.customers:
                with self.subTest(condition, partner=partner.name):
                    statement = engine.compile(
                        self.env, criteria, into=table, ids=partner.ids
                    )
                    rows = self.env.execute_query(statement)
                    self.assertIn(b"ANY(ARRAY(", self.env.cr.mogrify(statement))
                    self.assertEqual(bool(rows), (segment.id, partner.id) in everybody)
