from odoo import api, fields, models
from odoo.fields import Command


class CrmLeadScoreReturn(models.TransientModel):
    """Asks why leads are returned to marketing."""

    _name = "crm.lead.score.return"
    _description = "Return Leads to Marketing"

    # === DEFAULTS === #

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "crm.lead":
            chosen = self.env.context.get("active_ids") or []
            values.setdefault("lead_ids", [Command.set(chosen)])
        return values

    # === FIELDS === #

    lead_ids = fields.Many2many("crm.lead", string="Leads", required=True)
    lead_count = fields.Integer(compute="_compute_lead_count")
    reason_id = fields.Many2one(
        "crm.lead.score.return.reason", "Why", required=True, ondelete="cascade"
    )
    note = fields.Text()

    # === COMPUTE, INVERSE, SEARCH METHODS === #

    @api.depends("lead_ids")
    def _compute_lead_count(self):
        for wizard in self:
            wizard.lead_count = len(wizard.lead_ids)

    # === ACTION METHODS === #

    def action_apply(self):
        """Return the leads."""
        self.ensure_one()
        self.lead_ids._origin.action_return_to_marketing(self.reason_id.id, self.note)
        return {"type": "ir.actions.act_window_close"}
