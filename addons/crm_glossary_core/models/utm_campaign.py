from odoo import fields, models


class UtmCampaign(models.Model):
    """What a campaign cost: the numerator of the cost per acquired customer."""

    _inherit = "utm.campaign"

    # === FIELDS === #
    crm_cost = fields.Monetary(
        string="Campaign Cost",
        currency_field="crm_cost_currency_id",
        groups="sales_team.group_sale_salesman_all_leads",
        help="All that was spent on the campaign. The cost per acquired customer is"
        " computed from it.",
    )
    crm_cost_currency_id = fields.Many2one(
        "res.currency",
        string="Cost Currency",
        default=lambda self: self.env.company.currency_id,
    )
