from odoo import api, models

from odoo.addons.crm_glossary_core import engine

from ..models.crm_segment_member import get_match_table


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    # === BUSINESS METHODS === #
    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep the memberships of the merged contacts, each moment once.

        Odoo's own way would hit "one open membership for each pair" and, to get over
        it, delete the whole history of the contacts that go.
        """
        engine.merge_history(
            self.env,
            get_match_table("partner"),
            dst_partner.id,
            src_partners.ids,
            follow=lambda moved: self.env["crm.segment.run"]._follow_merge(
                dst_partner, "partner_id", src_partners.ids, moved
            ),
        )
        self.env["crm.segment"]._forget_members("partner")
        return super()._update_foreign_keys(src_partners, dst_partner)
