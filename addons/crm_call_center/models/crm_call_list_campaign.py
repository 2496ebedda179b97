from odoo import fields, models


class CrmCallList(models.Model):
    """The campaign that opportunities of a list belong to."""

    _inherit = "crm.call.list"

    # === FIELDS === #
    campaign_id = fields.Many2one(
        "utm.campaign",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Opportunities that calls of the list become belong to it. Empty: a"
        " campaign with the name of the list is made for the first of them.",
    )

    # === BUSINESS METHODS === #
    def _get_campaign(self):
        """Return the campaign of the list, made if there is none yet."""
        if self and not self.campaign_id:
            call_list = self.sudo()
            call_list.campaign_id = (
                self.env["utm.campaign"].sudo().create({"title": call_list.name})
            )
        return self.sudo().campaign_id
