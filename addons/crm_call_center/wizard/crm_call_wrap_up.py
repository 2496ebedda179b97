from odoo import api, fields, models

from ..models.crm_call_outcome import KINDS


class CrmCallWrapUp(models.TransientModel):
    """Asks how a call went, where there is no desk: on the form of a call."""

    _name = "crm.call.wrap.up"
    _description = "Wrap Up a Call"

    # === FIELDS === #
    call_id = fields.Many2one("crm.call", required=True, ondelete="cascade")
    kind = fields.Selection(KINDS, required=True, default="held")
    outcome_id = fields.Many2one(
        "crm.call.outcome",
        string="Outcome",
        compute="_compute_outcome_id",
        store=True,
        readonly=False,
        required=True,
        domain="[('kind', '=', kind)]",
    )
    start = fields.Datetime(string="Called At", default=fields.Datetime.now)
    minutes = fields.Integer()
    seconds = fields.Integer()
    note = fields.Text()
    is_final = fields.Boolean(related="outcome_id.is_final")
    next_attempt_date = fields.Datetime(
        string="Call Again", help="Empty: after the delay of the outcome."
    )

    # === COMPUTE METHODS === #
    @api.depends("kind")
    def _compute_outcome_id(self):
        for wizard in self:
            if wizard.outcome_id.kind != wizard.kind:
                wizard.outcome_id = self.env["crm.call.outcome"]._get_default(
                    wizard.kind
                )

    # === ACTION METHODS === #
    def action_confirm(self):
        """Write down how the call went."""
        self.ensure_one()
        call, outcome, note = self.call_id, self.outcome_id, self.note
        if self.kind == "cancelled":
            call.action_cancel(outcome_id=outcome.id, note=note)
        else:
            values = {
                "outcome_id": outcome.id,
                "note": note,
                "duration": self.minutes * 60 + self.seconds,
                "start": self.start,
            }
            if self.kind == "held":
                call.action_held(**values)
            else:
                call.action_not_held(next_attempt_date=self.next_attempt_date, **values)
        return {"type": "ir.actions.act_window_close"}
