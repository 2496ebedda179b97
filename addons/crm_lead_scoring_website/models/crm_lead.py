from odoo import api, fields, models

from odoo.addons.crm_lead_scoring.models.crm_lead_facts import COUNTRY_FIELDS


class CrmLead(models.Model):
    """What a visitor did before he became a lead counts for the lead."""

    _inherit = "crm.lead"

    # === FIELDS === #

    score_country_id = fields.Many2one(depends=(*COUNTRY_FIELDS, "visitor_ids"))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        if any(vals.get("visitor_ids") for vals in vals_list):
            leads.sudo().visitor_ids._log_visits()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if vals.get("visitor_ids"):
            self.sudo().visitor_ids._log_visits()
        return result
