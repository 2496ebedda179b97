from odoo import api, fields, models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.call.target"]

    # === FIELDS === #
    crm_call_ids = fields.One2many("crm.call", "opportunity_id", string="Phone Calls")
    crm_call_count = fields.Integer(
        string="Calls", compute="_compute_crm_call_count", compute_sudo=False
    )

    # === COMPUTE METHODS === #
    @api.depends("crm_call_ids")
    @api.depends_context("uid")
    def _compute_crm_call_count(self):
        self.env["crm.call"]._count_for(self, "opportunity_id", "crm_call_count")

    # === CRUD METHODS === #
    @api.ondelete(at_uninstall=False)
    def _unlink_cancel_calls(self):
        self.sudo().crm_call_ids._cancel_orphans()

    # === ACTION METHODS === #
    def action_view_crm_calls(self):
        """Open the calls of the lead."""
        self.ensure_one()
        return self.env["crm.call"]._open_for(self, "opportunity_id")

    # === BUSINESS METHODS === #
    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        opportunities.sudo().crm_call_ids._move_to("opportunity_id", self)
        return result
