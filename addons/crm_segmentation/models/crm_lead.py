from odoo import models

from odoo.addons.crm_glossary_core import engine

from .crm_segment_member import get_match_table


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.segment.target", "crm.segment.source"]

    _segment_column = "lead_id"

    # === FIELDS === #
    segment_ids = engine.CurrentMatches(
        "crm.segment",
        string="Segments",
        match_table=get_match_table("lead"),
        relation="crm_segment_current_lead",
        groups="sales_team.group_sale_salesman",
        help="Segments that this lead is a member of now.",
    )

    # === BUSINESS METHODS === #
    def _merge_dependences(self, opportunities):
        """Keep the memberships of the merged leads, each moment once."""
        result = super()._merge_dependences(opportunities)
        engine.merge_history(
            self.env,
            get_match_table("lead"),
            self.id,
            opportunities.ids,
            follow=lambda moved: self.env["crm.segment.run"]._follow_merge(
                self, "lead_id", opportunities.ids, moved
            ),
        )
        self.env["crm.segment"]._forget_members("lead")
        return result

    # === HOOKS === #
    def _get_segment_records(self):
        # A lead concerns its contact.
        return {"res.partner": self.partner_id.ids}
