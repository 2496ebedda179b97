from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    # === BUSINESS METHODS === #
    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """A merged contact has no pricelist of a segment to pass on.

        The one that remains gets it from the scheduled job, as a member, and has its
        own pricelist before.
        """
        claims = self.env["crm.segment.pricelist.claim"].sudo()
        claims.search([("partner_id", "in", src_partners.ids)])._take_back()
        return super()._update_foreign_keys(src_partners, dst_partner)
