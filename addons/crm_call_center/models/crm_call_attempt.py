from odoo import fields, models

from .crm_call_outcome import KINDS


class CrmCallAttempt(models.Model):
    """One dial and how it ended. Rows are added by the call and never change.

    Everything that reports need is copied into the row when it is written, so that
    figures of the past stay what they were when calls move or lists are renamed. An
    operator may take an outcome back within seconds: the row then stays, voided, and
    counts nowhere.
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
    purpose = fields.Selection(
        [("service", "Service"), ("marketing", "Marketing")], readonly=True
    )
    phone_sanitized = fields.Char(
        string="Number", readonly=True, index="btree_not_null"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
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
        string="Duration (s)",
        readonly=True,
        aggregator="sum",
        help="Seconds on the phone: ringing and talking.",
    )
    ring_duration = fields.Integer(
        string="Ringing (s)", readonly=True, aggregator="sum", help="In seconds."
    )
    talk_duration = fields.Integer(
        string="Talking (s)", readonly=True, aggregator="sum", help="In seconds."
    )
    wrap_duration = fields.Integer(
        string="Wrap-Up (s)",
        readonly=True,
        aggregator="sum",
        help="Seconds from the end of the call until its outcome was saved.",
    )
    outcome_id = fields.Many2one(
        "crm.call.outcome",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(KINDS, string="Result", required=True, readonly=True)
    is_contact = fields.Boolean(
        string="Person Reached", readonly=True, help="The right person answered."
    )
    is_refusal = fields.Boolean(string="Refused", readonly=True)
    note = fields.Text(readonly=True)
    # how it was dialled
    certificate_id = fields.Many2one(
        "crm.call.certificate",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    certificate = fields.Json(
        related="certificate_id.facts", string="Facts of the Certificate"
    )
    provider = fields.Char(
        string="Dialled With", readonly=True, help="Code of the dialler."
    )
    provider_ref = fields.Char(
        string="Reference of the Dialler", readonly=True, index="btree_not_null"
    )
    client_ref = fields.Char(
        readonly=True, help="What the desk calls this dial: it is saved once."
    )
    voided_on = fields.Datetime(
        string="Taken Back On",
        readonly=True,
        help="The operator took the outcome back: this row counts nowhere.",
    )

    _duration_positive = models.Constraint(
        "CHECK (duration >= 0 AND ring_duration >= 0 AND talk_duration >= 0"
        " AND wrap_duration >= 0)",
        "A call cannot last less than no time.",
    )
    _client_ref_unique = models.UniqueIndex(
        "(client_ref) WHERE client_ref IS NOT NULL AND voided_on IS NULL",
        "This dial is saved already.",
    )
    # for the limits of the calling policies
    _number_by_time = models.Index("(phone_sanitized, start) WHERE voided_on IS NULL")
    _partner_by_time = models.Index("(partner_id, start) WHERE voided_on IS NULL")
