from odoo import api, fields, models

from ..models.crm_call_outcome import KINDS


class CrmCallWrapUp(models.TransientModel):
    """Asks how a call went, where there is no desk: on the form of a call."""

    _name = "crm.call.wrap.up"
    _description = "Wrap Up a Call"

    # === FIELDS === #
    call_id = fields.Many2one("crm.call", required=True, ondelete="cascade")
    direction = fields.Selection(related="call_id.direction")
    kind = fields.Selection(KINDS, required=True, default="held")
    outcome_id = fields.Many2one(
        "crm.call.outcome",
        string="Outcome",
        compute="_compute_outcome_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        # Only a call that comes in can be missed by us.
        domain="[('kind', '=', kind),"
        " ('code', '!=', 'missed' if direction == 'outbound' else 'none')]",
    )
    start = fields.Datetime(string="Called At", default=fields.Datetime.now)
    opened_on = fields.Datetime(default=fields.Datetime.now)
    ring = fields.Integer(
        string="Ringing (s)", help="Seconds until somebody answered, if you know them."
    )
    minutes = fields.Integer()
    seconds = fields.Integer()
    note = fields.Text()
    is_final = fields.Boolean(related="outcome_id.is_final")
    is_promised = fields.Boolean(compute="_compute_is_promised")
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

    @api.depends("outcome_id")
    def _compute_is_promised(self):
        for wizard in self:
            wizard.is_promised = wizard.outcome_id.code == "callback"

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
                "start": self.start,
                **self._get_durations(),
            }
            if self.kind == "held":
                call.action_held(**values)
            else:
                call.action_not_held(next_attempt_date=self.next_attempt_date, **values)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #
    def _get_durations(self):
        """The call as it was typed in; its wrap-up lasted as long as this dialog.

        Whoever names no ringing names the whole: the call knows what to make of it.
        """
        wrap = (fields.Datetime.now() - self.opened_on).total_seconds()
        phone = self.minutes * 60 + self.seconds
        durations = {"wrap": min(max(0, wrap), 3600)}
        if self.ring:
            return {**durations, "ring": self.ring, "talk": phone}
        return {**durations, "duration": phone}
