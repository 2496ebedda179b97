"""Customers who order, are invoiced and send things back."""

import datetime

from odoo.fields import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.crm_segmentation.tests.common import SegmentCase


class PurchaseCase(SegmentCase, AccountTestInvoicingCommon):
    """A company with accounting; a firm with two people, and two lone customers."""

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.quick_ref("sales_team.group_sale_manager")
            | cls.quick_ref("crm_segmentation.group_segmentation_manager")
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Purchase = cls.env["crm.segment.purchase"]
        cls.company = cls.env.company
        cls.firm, cls.loner, cls.idle = cls.env["res.partner"].create(
            [
                {"name": "Firm", "ref": "segment-test", "is_company": True},
                {"name": "Loner", "ref": "segment-test"},
                {"name": "Idle", "ref": "segment-test"},
            ]
        )
        cls.buyer, cls.boss = cls.env["res.partner"].create(
            [
                {"name": name, "ref": "segment-test", "parent_id": cls.firm.id}
                for name in ("Buyer", "Boss")
            ]
        )
        cls.people = cls.firm | cls.buyer | cls.boss
        cls.customers = cls.people | cls.loner | cls.idle
        cls.product_a.taxes_id = False
        cls.product_b.taxes_id = False

    @classmethod
    def day(cls, ago):
        """The date of so many days ago."""
        return datetime.date.today() - datetime.timedelta(days=ago)

    @classmethod
    def order(cls, partner, amount, ago=0, state="sale", product=None, **vals):
        """An order of one line, of ``ago`` days ago."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.product_a).id,
                            "product_uom_qty": 1 if amount >= 0 else -1,
                            "price_unit": abs(amount),
                            "tax_ids": False,
                        }
                    )
                ],
                **vals,
            }
        )
        if state == "sale":
            order.action_confirm()
        elif state == "cancel":
            order._action_cancel()
        order.date_order = datetime.datetime.combine(cls.day(ago), datetime.time(12))
        return order

    @classmethod
    def invoice(cls, partner, amount, ago=0, post=True, kind="out_invoice", **vals):
        """An invoice, a bill or a credit note of one line."""
        return cls._create_invoice_one_line(
            price_unit=amount,
            product_id=vals.pop("product", cls.product_a),
            tax_ids=[],
            move_type=kind,
            partner_id=partner,
            invoice_date=cls.day(ago),
            post=post,
            **vals,
        )

    @classmethod
    def make_purchases(cls, *conditions, **vals):
        """A segment of the test's customers with these purchase conditions."""
        lines = [
            Command.create({"sequence": index, **condition})
            for index, condition in enumerate(conditions)
        ]
        return cls.make_segment(purchase_ids=lines, **vals)

    def check(self, expected, *conditions, **vals):
        """The members of such a segment are these customers."""
        segment = self.make_purchases(*conditions, **vals)
        self.assertFalse(segment.error_message)
        found = self.members(segment)
        self.assertEqual(
            found & self.customers, expected, (found & self.customers).mapped("name")
        )
        return segment
