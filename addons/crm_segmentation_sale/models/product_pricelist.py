from odoo import api, models
from odoo.exceptions import UserError


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    # === CRUD METHODS === #
    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_segment(self):
        """The customers of a segment would lose what they had before it, too."""
        segments = self.env["crm.segment"].sudo().with_context(active_test=False)
        segments = segments.search([("pricelist_id", "in", self.ids)])
        if segments:
            raise UserError(
                self.env._(
                    "Segments give this pricelist to their members: %(names)s."
                    " Take it from them first.",
                    names=", ".join(segments.mapped("name")),
                )
            )
        # A segment gave it that has another one now: the job was not there yet.
        claims = self.env["crm.segment.pricelist.claim"].sudo()
        claims.search([("pricelist_id", "in", self.ids)])._take_back()
