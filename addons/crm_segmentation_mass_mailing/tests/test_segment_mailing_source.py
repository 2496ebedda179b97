"""What people did with mailings moves them between segments."""

from odoo import fields
from odoo.tests import tagged

from odoo.addons.crm_segmentation.tests.common import ChangesCase


@tagged("post_install", "-at_install")
class TestSegmentMailingSource(ChangesCase):
    def _segment(self, leaf, **vals):
        return self.make_segment(("mailing_trace_ids", "any", [leaf]), **vals)

    def _trace(self, record, **vals):
        return self.env["mailing.trace"].create(
            {"model": record._name, "res_id": record.id, **vals}
        )

    def test_who_opened_enters(self):
        segment = self._segment(("open_datetime", "!=", False))
        partner = self.partners[0]
        trace = self._trace(partner)
        self.commit()
        self.run_job()
        self.assertFalse(self.members(segment))
        trace.open_datetime = fields.Datetime.now()
        self.assertIn(("res.partner", partner.id, "mailing.trace"), self.waiting())
        self.run_job()
        self.assertEqual(self.members(segment), partner)
        trace.unlink()
        self.commit()
        self.run_job()
        self.assertFalse(self.members(segment))

    def test_a_lead_is_not_its_namesake_contact(self):
        segment = self._segment(("id", "!=", False))
        leads = self._segment(("id", "!=", False), target="lead")
        self._trace(self.leads[0])
        self._trace(self.partners[1], is_test_trace=True)
        self.commit()
        self.run_job()
        self.assertFalse(self.members(segment))
        self.assertEqual(self.members(leads), self.leads[0])
