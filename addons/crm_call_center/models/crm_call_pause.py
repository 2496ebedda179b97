from odoo import fields, models


class CrmCallPause(models.Model):
    """When an operator took a break, and why."""

    _name = "crm.call.pause"
    _description = "Break of an Operator"
    _order = "start desc, id desc"
    _rec_name = "reason_id"
    _check_company_auto = True

    # === FIELDS === #
    user_id = fields.Many2one(
        "res.users",
        string="Operator",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, default=lambda self: self.env.company
    )
    reason_id = fields.Many2one(
        "crm.call.pause.reason", string="Reason", readonly=True, ondelete="restrict"
    )
    start = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now, index=True
    )
    end = fields.Datetime(readonly=True)
    duration = fields.Integer(
        string="Duration (s)",
        readonly=True,
        aggregator="sum",
        help="Seconds; known when the break is over.",
    )

    _running = models.UniqueIndex(
        '(user_id) WHERE "end" IS NULL', "The operator has a break already."
    )
    _in_order = models.Constraint(
        'CHECK ("end" IS NULL OR "end" >= start)', "A break ends after it began."
    )

    # === BUSINESS METHODS === #
    def _get_running(self):
        """Return the break that the user is on, with system rights."""
        return self.sudo().search(
            [("user_id", "=", self.env.uid), ("end", "=", False)], limit=1
        )

    def _finish(self):
        """End breaks now."""
        now = fields.Datetime.now()
        for pause in self.sudo():
            seconds = round((now - pause.start).total_seconds())
            pause.write({"end": max(now, pause.start), "duration": max(seconds, 0)})

    def _prepare_desk(self):
        """Return what the desk shows of a break; ``False`` of none."""
        if not self:
            return False
        return {
            "id": self.id,
            "reason_id": self.reason_id.id,
            "name": self.reason_id.with_env(self.env).name or self.env._("Break"),
            "start": fields.Datetime.to_string(self.start),
        }
