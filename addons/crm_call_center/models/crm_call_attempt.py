from odoo import fields, models

from .crm_call_outcome import KINDS


class CrmCallAttempt(models.Model):
    """One dial and how it ended. Rows are added by the call and never change.

    Everything that reports need is copied into the row when it is written, so that
    figures of the past stay what they were when calls move or lists are renamed.
    """

    _name = "crm.call.attempt"
    _description = "Call Attempt"
    _order = "start desc, id desc"
    _rec_name = "call_id"
    _check_company_auto = True

    # === FIELDS === #
    # what
    call_id = fields.Many2one(
        "crm.call",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    list_id = fields.Many2one(
        "crm.call.list",
        string="Call List",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    direction = fields.Selection(
        [("inbound", "Inbound"), ("outbound", "Outbound")], required=True, readonly=True
    )
    phone_sanitized = fields.Char(
        string="Number", readonly=True, index="btree_not_null"
    )
    # who
    user_id = fields.Many2one(
        "res.users",
        string="Operator",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    # how it went
    start = fields.Datetime(required=True, readonly=True, index=True)
    duration = fields.Integer(
        string="Duration (s)", readonly=True, aggregator="sum", help="In seconds."
    )
    outcome_id = fields.Many2one(
        "crm.call.outcome",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(KINDS, string="Result", required=True, readonly=True)
    note = fields.Text(readonly=True)

    _duration_positive = models.Constraint(
        "CHECK (duration >= 0)", "A call cannot last less than no time."
    )
