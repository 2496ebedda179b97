from odoo import models

from odoo.addons.crm_glossary_core import engine

from .crm_segment_member import get_match_table


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "crm.segment.target"]

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
