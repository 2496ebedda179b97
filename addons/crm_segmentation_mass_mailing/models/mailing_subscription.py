from odoo import fields, models


class MailingSubscription(models.Model):
    """Whether somebody is on a list because of the segment that it follows."""

    _inherit = "mailing.subscription"

    # === FIELDS === #
    is_from_segment = fields.Boolean(
        string="From the Segment",
        readonly=True,
        copy=False,
        help="Goes when the person leaves the segment. Who was added by hand stays.",
    )
