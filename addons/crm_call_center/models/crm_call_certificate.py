from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import gate


class CrmCallCertificate(models.Model):
    """The proof that a number was allowed to be called, and what that was judged by.

    Written by the gate when a call is taken, dialled or noted, and never changed.
    """

    _name = "crm.call.certificate"
    _description = "Callability Certificate"
    _order = "date desc, id desc"
    _rec_name = "phone_sanitized"
    _check_company_auto = True

    # === FIELDS === #
    call_id = fields.Many2one(
        "crm.call", readonly=True, index="btree_not_null", ondelete="set null"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Operator",
        readonly=True,
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    company_id = fields.Many2one("res.company", readonly=True, index="btree_not_null")
    date = fields.Datetime(
        readonly=True, required=True, default=fields.Datetime.now, index=True
    )
    kind = fields.Selection(
        [
            ("reserve", "Call Taken"),
            ("dial", "Dialled"),
            ("log", "Noted Afterwards"),
        ],
        required=True,
        readonly=True,
    )
    phone_sanitized = fields.Char(string="Number", readonly=True)
    policy_id = fields.Many2one(
        "crm.call.policy", readonly=True, ondelete="set null", string="Policy"
    )
    allowed = fields.Boolean(readonly=True)
    facts = fields.Json(
        readonly=True,
        help="What the decision was made on: purpose, zones and how they were found,"
        " local time, hours, attempts so far, packs with their versions, registers.",
    )
    summary = fields.Text(compute="_compute_summary")

    _dials = models.Index("(phone_sanitized, date) WHERE kind = 'dial'")

    # === COMPUTE METHODS === #
    @api.depends("facts")
    @api.depends_context("lang")
    def _compute_summary(self):
        labels = {
            "purpose": self.env._("Purpose"),
            "basis": self.env._("Ground for calling"),
            "packs": self.env._("Country packs"),
            "registers": self.env._("Registers"),
            "zones": self.env._("Time zones"),
            "zone_source": self.env._("Zones found by"),
            "local_time": self.env._("Local time"),
            "attempts": self.env._("Attempts of this call before"),
            "number_attempts": self.env._(
                "Attempts on this number in the 30 days before"
            ),
            "reasons": self.env._("Against the call"),
        }
        for certificate in self:
            facts = certificate.facts or {}
            certificate.summary = "\n".join(
                f"{label}: {self._tell_fact(key, facts[key])}"
                for key, label in labels.items()
                if key in facts
            )

    @api.model
    def _tell_fact(self, key, value):
        """Return one of the facts in the words of the screens."""
        selections = {
            "purpose": ("crm.call.list", "purpose"),
            "basis": ("crm.call.list", "legal_basis"),
            "zone_source": ("crm.phone.number", "tz_source"),
        }
        if key in selections:
            model, fname = selections[key]
            field = self.env[model]._fields[fname]
            return dict(field._description_selection(self.env)).get(value, "–")
        if key == "reasons":
            policies = self.env["crm.call.policy"]
            value = [
                policies._tell_reason(gate.Reason(code, None, param))
                for code, param in value
            ]
        if isinstance(value, list):
            return ", ".join(value) or "–"
        return str(value)

    # === CRUD METHODS === #
    def write(self, vals):
        if vals:
            raise UserError(self.env._("A certificate is a proof: it does not change."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A certificate is a proof: it is not deleted."))
