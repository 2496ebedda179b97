from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from ..models.crm_lead_score_triage import NURTURE_DAYS


class CrmLeadScoreNurture(models.TransientModel):
    """Asks until when leads are put off."""

    _name = "crm.lead.score.nurture"
    _description = "Nurture Leads"

    # === DEFAULTS === #

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "crm.lead":
            chosen = self.env.context.get("active_ids") or []
            values.setdefault("lead_ids", [Command.set(chosen)])
        return values

    def _default_until(self):
        return fields.Date.context_today(self) + timedelta(days=NURTURE_DAYS)

    # === FIELDS === #

    lead_ids = fields.Many2many("crm.lead", string="Leads", required=True)
    open_count = fields.Integer("Open Leads", compute="_compute_counts")
    closed_count = fields.Integer("Closed Leads", compute="_compute_counts")
    needs_reason = fields.Boolean(compute="_compute_counts")
    until = fields.Date(
        "Back on", required=True, default=lambda self: self._default_until()
    )
    reason_id = fields.Many2one(
        "crm.lead.score.return.reason", "Why", ondelete="cascade"
    )
    note = fields.Text()

    # === COMPUTE, INVERSE, SEARCH METHODS === #

    @api.depends("lead_ids")
    def _compute_counts(self):
        decisions = self.env["crm.lead.score.triage"]
        for wizard in self:
            leads = wizard._get_open_leads()
            wizard.open_count = len(leads)
            wizard.closed_count = len(wizard.lead_ids) - len(leads)
            wizard.needs_reason = any(decisions._is_handed_over(x) for x in leads)

    # === ACTION METHODS === #

    def action_apply(self):
        """Put the open ones of the leads off."""
        self.ensure_one()
        decisions = self.env["crm.lead.score.triage"]
        for lead in self._get_open_leads():
            decisions._nurture(lead, self.until, self.reason_id.id, self.note)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _get_open_leads(self):
        """Closed leads have nothing to come back to."""
        return self.lead_ids._origin.filtered(
            lambda lead: lead.active and lead.won_status == "pending"
        )
