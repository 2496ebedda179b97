from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import SegmentMailingCase

ZERO, ONE, TWO, THREE = (f"segment.{number}@example.com" for number in range(4))


@tagged("post_install", "-at_install")
class TestSegmentMailingList(SegmentMailingCase):
    def test_entry_adds_exit_takes_off(self):
        mailing_list = self.make_list()
        self.assertEqual(self.addresses(mailing_list), [ZERO, ONE, TWO])
        self.segment.add_members(self.partners[3].ids)
        self.segment.remove_members(self.partners[0].ids)
        self.follow()
        self.assertEqual(self.addresses(mailing_list), [ONE, TWO, THREE])
        contacts = mailing_list.contact_ids
        found = contacts.sudo().segment_partner_id
        self.assertEqual(found.sorted("id"), self.partners[1:4].sorted("id"))

    def test_opt_out_survives_leaving_and_coming_back(self):
        mailing_list = self.make_list()
        mailing_list._update_subscription_from_email(ONE, opt_out=True)
        self.segment.remove_members(self.partners[1].ids)
        self.follow()
        # The row stays, and is not looked at again each time.
        self.assertEqual(list(mailing_list.sudo()._follow_segment()), [])
        self.segment.add_members(self.partners[1].ids)
        self.follow()
        self.assertEqual(self.addresses(mailing_list), [ZERO, TWO])
        self.assertEqual(self.addresses(mailing_list, opt_out=True), [ONE])

    def test_opt_out_after_leaving_is_remembered(self):
        mailing_list = self.make_list()
        self.segment.remove_members(self.partners[1].ids)
        self.follow()
        # They unsubscribe in the mail of last week.
        mailing_list._update_subscription_from_email(ONE, opt_out=True)
        self.segment.add_members(self.partners[1].ids)
        self.follow()
        self.assertEqual(self.addresses(mailing_list, opt_out=True), [ONE])

    def test_opt_out_goes_with_the_person_to_another_address(self):
        mailing_list = self.make_list()
        mailing_list._update_subscription_from_email(ONE, opt_out=True)
        self.partners[1].email = "elsewhere@example.com"
        self.follow()
        self.assertNotIn("elsewhere@example.com", self.addresses(mailing_list))

    def test_added_by_hand_stays(self):
        mailing_list = self.make_list()
        contact = self.env["mailing.contact"].create(
            {
                "name": "By hand",
                "email": THREE,
                "subscription_ids": [Command.create({"list_id": mailing_list.id})],
            }
        )
        self.segment.add_members(self.partners[3].ids)
        self.follow()
        self.segment.remove_members(self.partners[3].ids)
        self.follow()
        self.assertIn(contact, mailing_list.subscription_ids.contact_id)

    def test_an_address_is_there_once(self):
        self.partners[2].email = ONE
        known = self.env["mailing.contact"].create({"name": "Known", "email": ONE})
        mailing_list = self.make_list()
        self.assertEqual(self.addresses(mailing_list), [ZERO, ONE])
        self.assertIn(known, mailing_list.contact_ids)

    def test_change_of_members_asks_for_the_job(self):
        self.make_list()
        cron = self.env.ref("crm_segmentation_mass_mailing.ir_cron_follow_segments")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        self.segment.add_members(self.partners[4].ids)
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))

    def test_button_makes_one_list(self):
        first = self.segment.action_make_mailing_list()
        mailing_list = self.segment.mailing_list_ids
        self.assertEqual(first["res_id"], mailing_list.id)
        self.assertEqual(self.addresses(mailing_list), [ZERO, ONE, TWO])
        again = self.segment.action_make_mailing_list()
        self.assertEqual(again["res_id"], first["res_id"])

    def test_marketer_without_email_marketing_makes_no_list(self):
        with self.assertRaises(AccessError):
            self.segment.with_user(self.marketer).action_make_mailing_list()

    def test_email_marketer_without_segments_works_with_lists(self):
        mailing_list = self.make_list()
        user = new_test_user(
            self.env, "seg_mail", groups="mass_mailing.group_mass_mailing_user"
        )
        mailing_list.with_user(user).name = "Renamed"
        mailing_list.with_user(user)._update_subscription_from_email(ONE)
        with self.assertRaises(AccessError):
            mailing_list.with_user(user).segment_id.read(["name"])

    def test_a_stop_loses_nothing(self):
        mailing_list = self.make_list()
        self.segment.add_members(self.partners[3:].ids)
        self.assertEqual(next(mailing_list.sudo()._follow_segment(size=1)), 1)
        self.assertEqual(len(self.addresses(mailing_list)), 4)
        self.follow()
        active = self.partners.filtered("active")
        self.assertEqual(len(self.addresses(mailing_list)), len(active))
        self.assertEqual(list(mailing_list.sudo()._follow_segment()), [])

    def test_what_happens_between_two_batches_holds(self):
        mailing_list = self.make_list()
        self.segment.remove_members(self.partners[:2].ids)
        self.segment.add_members(self.partners[3:5].ids)
        steps = mailing_list.sudo()._follow_segment(size=1)
        next(steps)
        # They opt out while the job is at work: two leave just now, one enters.
        mailing_list._update_subscription_from_email(ZERO, opt_out=True)
        mailing_list._update_subscription_from_email(ONE, opt_out=True)
        self.env["mailing.contact"].create(
            {
                "email": THREE,
                "subscription_ids": [
                    Command.create({"list_id": mailing_list.id, "opt_out": True})
                ],
            }
        )
        self.assertEqual(len(list(steps)), 3)
        refused = self.addresses(mailing_list, opt_out=True)
        self.assertEqual(refused, [ZERO, ONE, THREE])

    def test_without_its_segment_a_list_stays_as_it_is(self):
        mailing_list = self.make_list()
        self.segment.active = False
        self.follow()
        self.assertEqual(self.addresses(mailing_list), [ZERO, ONE, TWO])
        self.segment.unlink()
        self.follow()
        self.assertEqual(self.addresses(mailing_list), [ZERO, ONE, TWO])
        self.assertFalse(mailing_list.segment_id)
