from odoo.addons.crm_segmentation.tests.common import SegmentCase


class SegmentMailingCase(SegmentCase):
    """A manual segment of three contacts with addresses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number, partner in enumerate(cls.partners):
            partner.email = f"Segment.{number}@example.com"
        cls.segment = cls.make_segment(kind="manual")
        cls.segment.add_members(cls.partners[:3].ids)

    @classmethod
    def make_list(cls, **vals):
        mailing_list = cls.env["mailing.list"].create(
            {"name": "Segment list", "segment_id": cls.segment.id, **vals}
        )
        mailing_list.action_follow_segment()
        return mailing_list

    def addresses(self, mailing_list, opt_out=False):
        """The normalised addresses on the list, sorted."""
        rows = mailing_list.subscription_ids.filtered(
            lambda row: row.opt_out == opt_out
        )
        return sorted(rows.contact_id.mapped("email_normalized"))

    def follow(self):
        """What the scheduled job does, soon after the members changed."""
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_segmentation_mass_mailing.ir_cron_follow_segments"
            ).method_direct_trigger()
        self.env.invalidate_all()
