from odoo import api, models


class CrmLeadFacts(models.Model):
    """A website visit tells the country, where Odoo has a GeoIP database."""

    _inherit = "crm.lead.facts"

    # === HOOKS === #

    @api.model
    def _get_visitor_field(self):
        return self.env["crm.lead"]._fields["visitor_ids"]
