from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine

from .crm_segment_member import get_match_table


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "crm.segment.target", "crm.segment.source"]

    _segment_column = "partner_id"

    # === FIELDS === #
    segment_ids = engine.CurrentMatches(
        "crm.segment",
        string="Segments",
        match_table=get_match_table("partner"),
        relation="crm_segment_current_partner",
        groups="sales_team.group_sale_salesman",
        help="Segments that this contact is a member of now.",
    )
    is_phone_shared = fields.Boolean(
        string="Phone of Somebody Else Too",
        compute="_compute_is_phone_shared",
        search="_search_is_phone_shared",
        help="Another contact, not of the same company, has the same phone number."
        " People of one company may share its number.",
    )

    # === COMPUTE, INVERSE, SEARCH METHODS === #
    @api.depends("phone_sanitized", "commercial_partner_id")
    def _compute_is_phone_shared(self):
        shared = self._find_shared_phones(self.mapped("phone_sanitized"))
        for partner in self:
            partner.is_phone_shared = partner.phone_sanitized in shared

    def _search_is_phone_shared(self, operator, value):
        if operator != "in":
            return NotImplemented
        shared = Domain("phone_sanitized", "in", sorted(self._find_shared_phones()))
        if True in value and False in value:
            return Domain.TRUE
        return shared if True in value else ~shared

    @api.model
    def _find_shared_phones(self, numbers=None):
        """Return the numbers that contacts of several companies have.

        :param numbers: only look at these; all when ``None``
        """
        if numbers is None:
            domain = Domain("phone_sanitized", "!=", False)
        else:
            domain = Domain("phone_sanitized", "in", [n for n in numbers if n])
        groups = self._read_group(
            domain,
            ["phone_sanitized"],
            having=[("commercial_partner_id:count_distinct", ">", 1)],
        )
        return {number for [number] in groups}

    # === HOOKS === #
    def _get_segment_records(self):
        # A contact concerns its company, the contacts of the company, and its leads.
        around = self.parent_id | self.child_ids | self.commercial_partner_id
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        found = leads.search([("partner_id", "in", self.ids)])
        return {"res.partner": (around - self).ids, "crm.lead": found.ids}
