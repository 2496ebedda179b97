from odoo import fields, models

from odoo.addons.crm_segmentation.models.crm_segment_run import NotDone


class CrmSegmentAction(models.Model):
    """Actions that put people on mailing lists and take them off."""

    _inherit = "crm.segment.action"

    # === FIELDS === #
    kind = fields.Selection(
        selection_add=[
            ("mailing_list", "Put on a mailing list"),
            ("mailing_list_off", "Take off a mailing list"),
        ],
        ondelete={"mailing_list": "cascade", "mailing_list_off": "cascade"},
    )
    mailing_list_id = fields.Many2one(
        "mailing.list", index="btree_not_null", ondelete="restrict"
    )

    # === BUSINESS METHODS === #
    def _get_needed_field(self):
        if self.kind in ("mailing_list", "mailing_list_off"):
            return "mailing_list_id"
        return super()._get_needed_field()

    def _do_mailing_list(self, record, run):
        row = self._get_subscription(record)
        if row.opt_out or self._has_refused(record):
            raise NotDone(self.env._("Opted out of the list."))
        if row:
            raise NotDone(self.env._("On the list already."))
        row = self.mailing_list_id.sudo()._subscribe({record.email_normalized: record})
        # It was not the list's own segment that put them there.
        row.is_from_segment = False

    def _do_mailing_list_off(self, record, run):
        row = self._get_subscription(record)
        if not row:
            raise NotDone(self.env._("Not on the list."))
        # Who opted out stays so: the list must not forget it.
        if row.opt_out:
            raise NotDone(self.env._("Opted out of the list."))
        row.unlink()

    def _get_subscription(self, record):
        """Return the row of a contact or lead on the list, an opt-out before others."""
        address = record.email_normalized
        if not address:
            raise NotDone(self.env._("No e-mail address."))
        rows = self.mailing_list_id.sudo()._get_subscriptions([address])
        return rows.filtered("opt_out")[:1] or rows[:1]

    def _has_refused(self, record):
        """Whether the person opted out of the list, maybe under an older address."""
        mailing_list = self.mailing_list_id.sudo()
        partner = mailing_list._get_member_partner(record)
        rows = self.env["mailing.subscription"].sudo()
        return bool(partner) and bool(
            rows.search_count(
                [
                    ("list_id", "=", mailing_list.id),
                    ("opt_out", "=", True),
                    ("contact_id.segment_partner_id", "=", partner.id),
                ],
                limit=1,
            )
        )
