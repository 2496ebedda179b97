from odoo import api, fields, models
from odoo.fields import Command


class CrmLeadScoreLog(models.TransientModel):
    """Notes by hand what leads did: what no program saw."""

    _name = "crm.lead.score.log"
    _description = "Log Score Event"

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
    signal_id = fields.Many2one(
        "crm.lead.score.signal", "What happened", required=True, ondelete="cascade"
    )
    date = fields.Datetime("When", required=True, default=fields.Datetime.now)
    value = fields.Char(
        "Which one", help="The page, the subject, the stage; rules may look at it."
    )

    # === ACTION METHODS === #

    def action_apply(self):
        """Note the event for each lead; a second click changes nothing."""
        self.ensure_one()
        self.env["crm.lead.score.event"].log(
            [
                {
                    "lead_id": lead.id,
                    "signal": self.signal_id.code,
                    "date": self.date,
                    "value": self.value,
                    "origin": f"manual/{self.create_date}/{self.id}/{lead.id}",
                }
                for lead in self.lead_ids
            ]
        )
        return {"type": "ir.actions.act_window_close"}
