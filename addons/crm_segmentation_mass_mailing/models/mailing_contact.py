from odoo import fields, models


class MailingContact(models.Model):
    """Whom of the contacts an address of a mailing list belongs to."""

    _inherit = "mailing.contact"

    # === FIELDS === #
    segment_partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="crm_segmentation.group_segmentation_user",
        help="The member of a segment for whom the address is on mailing lists.",
    )
