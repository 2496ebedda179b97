from odoo import api, fields, models

#: Models whose records have events.
OWNERS = {"crm.lead": "lead_id", "res.partner": "partner_id"}


class IrActionsServer(models.Model):
    """A kind of server action that notes what a lead did: for any automation."""

    _inherit = "ir.actions.server"

    # === FIELDS === #

    state = fields.Selection(
        selection_add=[("log_score_event", "Log Score Event"), ("code",)],
        ondelete={"log_score_event": "cascade"},
    )
    score_signal_id = fields.Many2one(
        "crm.lead.score.signal", "Signal", ondelete="restrict"
    )
    score_value = fields.Char(
        "Signal Value", help="Which page, subject or stage; rules may look at it."
    )

    # === COMPUTE METHODS === #

    @api.depends("state")
    def _compute_available_model_ids(self):
        """Events belong to leads and contacts."""
        own = self.filtered(lambda action: action.state == "log_score_event")
        owners = self.env["ir.model"].sudo().search([("model", "in", list(OWNERS))])
        own.available_model_ids = owners
        return super(IrActionsServer, self - own)._compute_available_model_ids()

    # === ONCHANGE METHODS === #

    @api.onchange("score_signal_id")
    def _onchange_score_signal_id(self):
        """Name and warning follow the signal.

        They do not depend on it: scheduled jobs inherit the fields of actions, and
        Odoo would forget theirs together with this one when the app is uninstalled.
        """
        self._compute_name()
        self._compute_warning()

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if "score_signal_id" in vals:
            self._compute_name()
        return result

    # === BUSINESS METHODS === #

    def _run_action_log_score_event_multi(self, eval_context=None):
        """Note the signal for each record, once in a second.

        A run that is repeated at once (two rules that fire together) changes nothing
        the second time.
        """
        if self._is_recompute():
            return False
        ids = self.env.context.get("active_ids") or [self.env.context.get("active_id")]
        now = fields.Datetime.now()
        self.env["crm.lead.score.event"].sudo().log(
            [
                {
                    OWNERS[self.model_name]: record_id,
                    "signal": self.score_signal_id.code,
                    "date": now,
                    "value": self.score_value,
                    "origin": f"action/{self.id}/{self.model_name}/{record_id}/{now}",
                }
                for record_id in ids
                if record_id
            ]
        )
        return False

    # === HOOKS === #

    def _generate_action_name(self):
        self.ensure_one()
        if self.state == "log_score_event" and self.score_signal_id:
            return self.env._("Log “%(signal)s”", signal=self.score_signal_id.name)
        return super()._generate_action_name()

    def _get_warning_messages(self):
        warnings = super()._get_warning_messages()
        if self.state == "log_score_event":
            if not self.score_signal_id:
                warnings.append(self.env._("Choose the signal that is noted."))
            if self.model_name not in OWNERS:
                warnings.append(
                    self.env._("Score events are noted for leads and contacts only.")
                )
        return warnings
