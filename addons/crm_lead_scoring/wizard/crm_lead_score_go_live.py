from odoo import fields, models


class CrmLeadScoreGoLive(models.TransientModel):
    """Asks about the leads that are ready already, before a model goes live."""

    _name = "crm.lead.score.go.live"
    _description = "Set a Scoring Model Live"

    # === FIELDS === #

    model_id = fields.Many2one(
        "crm.lead.score.model", required=True, ondelete="cascade", readonly=True
    )
    ready_lead_count = fields.Integer(
        related="model_id.ready_lead_count", related_sudo=False
    )
    scope = fields.Selection(
        [
            ("new", "No: only leads that become ready from now on"),
            ("all", "Yes: hand them over and let everything follow"),
        ],
        "Act on Them Too",
        default="new",
        required=True,
    )

    # === ACTION METHODS === #

    def action_apply(self):
        """Set the model live; act on the leads that are ready now, if so asked."""
        self.ensure_one()
        self.model_id.check_access("write")
        self.model_id.state = "live"
        if self.scope == "all":
            self.model_id._follow_ready_leads()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
