"""A pricelist is given where its giver works, and to whom they may see."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import PurchaseCase

FIELD = "specific_property_product_pricelist"


@tagged("post_install", "-at_install")
class TestSegmentPricelistRights(PurchaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quick_ref("base.group_user").implied_ids += cls.quick_ref(
            "product.group_product_pricelist"
        )
        cls.other = cls.env["res.company"].sudo().create({"name": "Company B"})
        cls.foreign = new_test_user(
            cls.env,
            "seg_price_b",
            groups="crm_segmentation.group_segmentation_user",
            company_id=cls.other.id,
            company_ids=[Command.set(cls.other.ids)],
        )
        cls.everywhere, cls.ours = (
            cls.env["product.pricelist"]
            .sudo()
            .create(
                [
                    {"name": "Everywhere", "company_id": False},
                    {"name": "Ours", "company_id": cls.company.id},
                ]
            )
        )
        cls.loner.company_id = cls.company
        cls.segment = cls.make_segment(
            domain=f"[('id', 'in', {(cls.loner | cls.idle).ids})]"
        )

    def as_foreign(self, records):
        return records.with_user(self.foreign).with_context(
            allowed_company_ids=self.other.ids
        )

    def preview(self, **vals):
        previews = self.as_foreign(self.env["crm.segment.pricelist.preview"])
        return previews.create(
            {
                "segment_id": self.segment.id,
                "pricelist_id": self.everywhere.id,
                **vals,
            }
        )

    def prices(self):
        """Who has the pricelist in which company: ``{(customer, company)}``."""
        claims = self.env["crm.segment.pricelist.claim"].sudo()
        for item in claims._get_open():
            claims._settle(*item)
        self.assertFalse(claims._get_open())
        return {
            (customer, company)
            for customer in self.loner | self.idle
            for company in self.company | self.other
            if customer.sudo().with_company(company)[FIELD] == self.everywhere
        }

    def test_given_in_the_companies_of_the_giver(self):
        preview = self.preview()
        self.assertEqual(preview.customer_count, 1, "counted is who may be seen")
        preview.action_apply_all()
        self.assertEqual(self.segment.sudo().pricelist_user_id, self.foreign)
        self.assertEqual(self.prices(), {(self.idle, self.other)})
        # By somebody who works in the other company.
        self.segment.sudo(False).write({"pricelist_id": self.everywhere.id})
        self.assertIn((self.loner, self.company), self.prices())

    def test_what_another_company_charges_is_not_for_use(self):
        with self.assertRaises(AccessError):
            self.preview(pricelist_id=self.ours.id)
        with self.assertRaises(AccessError):
            self.preview(company_id=self.company.id)
        segment = self.as_foreign(self.segment)
        with self.assertRaises(AccessError):
            segment.pricelist_id = self.ours
        with self.assertRaises(AccessError):
            segment.create({"name": "By id", "pricelist_id": self.ours.id})

    def test_nobody_gives_in_the_name_of_another(self):
        segment = self.as_foreign(self.segment)
        segment.write(
            {
                "pricelist_id": self.everywhere.id,
                "pricelist_user_id": self.env.uid,
            }
        )
        self.assertEqual(segment.pricelist_user_id, self.foreign)
        segment.pricelist_user_id = self.env.uid
        self.assertEqual(segment.pricelist_user_id, self.foreign)
        made = segment.create({"name": "New", "pricelist_id": self.everywhere.id})
        self.assertEqual(made.pricelist_user_id, self.foreign)
