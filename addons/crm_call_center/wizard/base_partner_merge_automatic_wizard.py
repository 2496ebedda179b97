from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # Before the general way: a list may hold a call for each of the contacts.
        src_partners.sudo().crm_call_ids._move_to("partner_id", dst_partner)
        dst_partner.sudo()._take_numbers_of(src_partners)
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)
