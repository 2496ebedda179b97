"""What a pricelist would change: seen before anybody gets it."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestSegmentPricelistPreview(PurchaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.quick_ref("product.group_product_pricelist")
        cls.quick_ref("base.group_user").implied_ids += cls.quick_ref(
            "product.group_product_pricelist"
        )
        cls.env["product.pricelist"].search([]).active = False
        cls.usual, cls.better, cls.bulgarian = (
            cls.env["product.pricelist"].create(
                {
                    "name": name,
                    "item_ids": [
                        Command.create(
                            {"compute_price": "percentage", "percent_price": off}
                        )
                    ],
                }
            )
            for name, off in (("Usual", 0), ("Better", 20), ("Bulgarian", 10))
        )
        cls.bulgarian.country_group_ids = cls.env["res.country.group"].create(
            {"name": "Bulgaria", "country_ids": cls.bulgaria.ids}
        )
        cls.usual.sequence = 1
        (cls.better | cls.bulgarian).sequence = 2
        cls.segment = cls.make_segment(
            domain=f"[('id', 'in', {cls.customers.ids})]", refresh_policy="hourly"
        )

    def preview(self, pricelist, **vals):
        form = Form(
            self.env["crm.segment.pricelist.preview"]
            .with_user(vals.pop("user", self.env.user))
            .with_context(default_segment_id=self.segment.id)
        )
        form.pricelist_id = pricelist
        return form.save()

    def test_customers_and_prices(self):
        self.loner.country_id = self.bulgaria
        self.idle.property_product_pricelist = self.better
        self.order(self.buyer, 1000, product=self.product_a)
        self.order(self.boss, 1000, product=self.product_a)
        self.order(self.loner, 900, product=self.product_a)
        self.order(self.firm, 1000, ago=400, product=self.product_b)
        preview = self.preview(self.better)
        self.assertEqual(preview.customer_count, 3, "a firm is one customer")
        self.assertEqual(preview.changing_count, 2, "one has the pricelist already")
        lines = {line.pricelist_id: line for line in preview.line_ids}
        self.assertEqual(set(lines), {self.usual, self.bulgarian})
        self.assertRecordValues(
            lines[self.usual],
            [
                {
                    "product_id": self.product_a.id,
                    "quantity": 2,
                    "customer_count": 1,
                    "price_now": 1000,
                    "price_then": 800,
                    "change": -0.2,
                    "effect": -400,
                }
            ],
        )
        self.assertEqual(lines[self.bulgarian].price_now, 900)
        self.assertEqual(lines[self.bulgarian].effect, -100)
        self.assertEqual(preview.effect, -500)
        self.assertEqual(self.firm.property_product_pricelist, self.usual, "untouched")

    def test_nobody_changes(self):
        self.assertFalse(self.preview(self.usual).line_ids)
        self.assertEqual(self.preview(self.usual).changing_count, 0)

    def test_access(self):
        self.order(self.firm, 1000)
        self.assertEqual(
            self.preview(self.better, user=self.marketer).changing_count, 3
        )
        with self.assertRaises(AccessError):
            self.preview(self.better, user=self.salesperson)
        with self.assertRaises(AccessError):
            self.segment.with_user(self.salesperson).action_preview_pricelist()
