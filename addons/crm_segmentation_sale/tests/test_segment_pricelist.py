"""A pricelist per segment: given, won over, given back."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestSegmentPricelist(PurchaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quick_ref("base.group_user").implied_ids += cls.quick_ref(
            "product.group_product_pricelist"
        )
        cls.env["product.pricelist"].search([]).active = False
        cls.usual, cls.gold, cls.silver, cls.own, cls.bulgarian = cls.env[
            "product.pricelist"
        ].create(
            [
                {"name": name, "sequence": index, "company_id": cls.company.id}
                for index, name in enumerate(
                    ("Usual", "Gold", "Silver", "Own", "Bulgarian")
                )
            ]
        )
        cls.bulgarian.country_group_ids = cls.env["res.country.group"].create(
            {"name": "Bulgaria", "country_ids": cls.bulgaria.ids}
        )
        cls.good = cls.Segment.create({"name": "Good", "kind": "manual", "priority": 5})
        cls.fair = cls.Segment.create({"name": "Fair", "kind": "manual", "priority": 9})

    def give(self, segment, pricelist, since=False):
        segment.write({"pricelist_id": pricelist.id, "pricelist_from": since})
        self.settle_prices()

    def settle_prices(self):
        claims = self.env["crm.segment.pricelist.claim"].sudo()
        for item in claims._get_open():
            claims._settle(*item)
        self.assertFalse(claims._get_open(), "the same run twice changes nothing")
        self.env.invalidate_all()

    def assert_pricelist(self, customers, pricelist):
        self.settle_prices()
        for customer in customers:
            self.assertEqual(customer.property_product_pricelist, pricelist)

    def test_given_and_given_back(self):
        self.loner.property_product_pricelist = self.own
        self.good.add_members((self.boss | self.loner).ids)
        self.give(self.good, self.gold)
        self.assert_pricelist(self.people | self.loner, self.gold)
        self.assert_pricelist(self.idle, self.usual)
        self.assertEqual(self.good.pricelist_count, 2)
        self.good.remove_members((self.boss | self.loner).ids)
        self.assert_pricelist(self.people | self.idle, self.usual)
        self.assert_pricelist(self.loner, self.own)

    def test_the_first_segment_wins(self):
        (self.good | self.fair).filtered(lambda s: s.add_members(self.loner.ids))
        self.give(self.fair, self.silver)
        self.give(self.good, self.gold)
        self.assert_pricelist(self.loner, self.gold)
        self.fair.priority = 1
        self.assert_pricelist(self.loner, self.silver)
        self.fair.remove_members(self.loner.ids)
        self.assert_pricelist(self.loner, self.gold)
        self.good.pricelist_id = False
        self.assert_pricelist(self.loner, self.usual)

    def test_merged_customers(self):
        for own, other in ((True, True), (True, False), (False, True)):
            with self.subTest(target_is_member=own, source_is_member=other):
                target, source = self.env["res.partner"].create(
                    [{"name": "Stays"}, {"name": "Goes"}]
                )
                target.specific_property_product_pricelist = self.own
                if own:
                    self.good.add_members(target.ids)
                if other:
                    self.good.add_members(source.ids)
                self.give(self.good, self.gold)
                self.env["base.partner.merge.automatic.wizard"]._merge(
                    [source.id, target.id], target
                )
                self.assert_pricelist(target, self.gold)
                self.good.remove_members(target.ids)
                self.assert_pricelist(target, self.own)
                self.good.pricelist_id = False
                self.settle_prices()

    def test_a_pricelist_that_is_given_is_not_deleted(self):
        self.loner.property_product_pricelist = self.own
        self.good.add_members(self.loner.ids)
        self.give(self.good, self.gold)
        with self.assertRaisesRegex(UserError, "Good"):
            self.gold.unlink()
        # The segment has another one, and the job was not there yet.
        self.good.pricelist_id = self.silver
        self.gold.unlink()
        self.assertEqual(self.loner.property_product_pricelist, self.own)
        self.assert_pricelist(self.loner, self.silver)
        self.good.remove_members(self.loner.ids)
        self.assert_pricelist(self.loner, self.own)

    def test_who_won_is_told(self):
        self.assertFalse(self.good.pricelist_won_text)
        (self.good | self.fair).filtered(lambda s: s.add_members(self.loner.ids))
        self.fair.add_members(self.buyer.ids)
        self.give(self.fair, self.silver)
        self.assertFalse(self.fair.pricelist_won_text)
        self.give(self.good, self.gold)
        self.assertEqual(self.fair.pricelist_won_text, "“Good” (1)")
        self.assertFalse(self.good.pricelist_won_text)

    def test_a_pause_gives_and_takes_nothing(self):
        claims = self.env["crm.segment.pricelist.claim"].sudo()
        self.good.add_members(self.loner.ids)
        self.give(self.good, self.gold)
        for paused, name in (
            (self.good, "is_paused"),
            (self.company, "segment_actions_paused"),
        ):
            with self.subTest(name):
                paused[name] = True
                self.good.add_members(self.idle.ids)
                self.good.remove_members(self.loner.ids)
                self.assertFalse(claims._get_open())
                paused[name] = False
                self.assertEqual(len(claims._get_open()), 2)
                self.good.remove_members(self.idle.ids)
                self.good.add_members(self.loner.ids)
                self.assertFalse(claims._get_open())

    @mute_logger("odoo.addons.crm_segmentation_sale.models.crm_segment_pricelist_claim")
    def test_one_that_cannot_be_written_stops_no_other(self):
        cron = self.env.ref("crm_segmentation_sale.ir_cron_pricelist")
        claims = self.env["crm.segment.pricelist.claim"].sudo()
        self.good.add_members((self.loner | self.idle).ids)
        self.good.pricelist_id = self.gold
        Partner = self.env.registry["res.partner"]
        write = Partner.write
        loner_id = self.loner.id

        def refuse(partners, vals):
            if loner_id in partners.ids:
                raise ValueError("Not this one.")
            return write(partners, vals)

        with (
            patch.object(Partner, "write", refuse),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.idle.property_product_pricelist, self.gold)
        self.assertEqual(self.loner.property_product_pricelist, self.usual)
        failed = claims.search([("partner_id", "=", self.loner.id)])
        self.assertEqual(failed.error_message, "Not this one.")
        self.assertEqual(self.good.pricelist_count, 1)
        self.assert_pricelist(self.loner, self.gold)
        self.assertFalse(failed.error_message)
        self.good.remove_members(self.loner.ids)
        self.assert_pricelist(self.loner, self.usual)

    def test_a_choice_by_hand_stays(self):
        self.good.add_members(self.loner.ids)
        self.give(self.good, self.gold)
        self.loner.property_product_pricelist = self.own
        self.assert_pricelist(self.loner, self.own)
        self.good.remove_members(self.loner.ids)
        self.assert_pricelist(self.loner, self.own)

    def test_rules_by_country_come_back(self):
        self.loner.country_id = self.bulgaria
        self.assert_pricelist(self.loner, self.bulgarian)
        self.good.add_members(self.loner.ids)
        self.give(self.good, self.gold)
        self.assert_pricelist(self.loner, self.gold)
        self.loner.country_id = self.austria
        self.assert_pricelist(self.loner, self.gold)
        self.good.remove_members(self.loner.ids)
        self.assert_pricelist(self.loner, self.usual)

    def test_present_members_only_if_asked(self):
        self.good.add_members(self.loner.ids)
        self.Member.search(
            [("segment_id", "=", self.good.id)]
        ).sudo().date_from = self.day(3)
        self.give(self.good, self.gold, since=self.day(1))
        self.assert_pricelist(self.loner, self.usual)
        self.good.add_members(self.idle.ids)
        self.assert_pricelist(self.idle, self.gold)

    def test_an_archived_or_deleted_segment_gives_back(self):
        self.good.add_members(self.loner.ids)
        self.give(self.good, self.gold)
        self.good.active = False
        self.assert_pricelist(self.loner, self.usual)
        self.good.active = True
        self.assert_pricelist(self.loner, self.gold)
        self.good.unlink()
        self.assert_pricelist(self.loner, self.usual)

    def test_other_companies_keep_theirs(self):
        other = self.setup_other_company()["company"]
        before = self.loner.with_company(other).specific_property_product_pricelist
        self.good.add_members(self.loner.ids)
        self.give(self.good, self.gold)
        self.assert_pricelist(self.loner, self.gold)
        self.assertEqual(
            self.loner.with_company(other).specific_property_product_pricelist, before
        )

    def test_leads(self):
        segment = self.Segment.create(
            {"name": "Leads", "kind": "manual", "target": "lead"}
        )
        self.leads[0].partner_id = self.boss
        segment.add_members(self.leads[0].ids)
        self.give(segment, self.gold)
        self.assert_pricelist(self.people, self.gold)

    def test_a_partner_level(self):
        """A level of the Partnership app gives a pricelist too: it is a choice."""
        if "res.partner.grade" not in self.env:
            self.assertNotIn("grade_id", self.loner._fields)
            return
        silver, own = self.env["res.partner.grade"].create(
            [
                {"name": "Silver", "default_pricelist_id": self.silver.id},
                {"name": "Own", "default_pricelist_id": self.own.id},
            ]
        )
        self.loner.grade_id = silver
        self.good.add_members((self.loner | self.idle).ids)
        self.give(self.good, self.gold)
        self.assert_pricelist(self.loner | self.idle, self.gold)
        self.idle.grade_id = own
        self.good.remove_members((self.loner | self.idle).ids)
        self.assert_pricelist(self.loner, self.silver)
        self.assert_pricelist(self.idle, self.own)

    def test_the_dialog_and_the_job(self):
        self.good.add_members(self.loner.ids)
        preview = (
            self.env["crm.segment.pricelist.preview"]
            .with_user(self.marketer)
            .with_company(self.company)
            .create({"segment_id": self.good.id, "pricelist_id": self.gold.id})
        )
        preview.action_apply_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_segmentation_sale.ir_cron_pricelist"
            ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.loner.property_product_pricelist, self.gold)
        preview.action_apply_new()
        self.assertTrue(self.good.pricelist_from)
