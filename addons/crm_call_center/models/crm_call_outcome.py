from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("held", "Held"),
    ("not_held", "Not Held"),
    ("cancelled", "Cancelled"),
]


class CrmCallOutcome(models.Model):
    """How a call may end, and what follows: it is over, tried again or given up."""

    _name = "crm.call.outcome"
    _description = "Call Outcome"
    _order = "sequence, id"

    # === FIELDS === #
    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        copy=False, help="A fixed name for programs; the other name may be changed."
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10, help="The order of the buttons and of their keys on the desk."
    )
    kind = fields.Selection(
        KINDS,
        required=True,
        default="not_held",
        help="Held: you spoke with the person. Not held: you did not, the call is tried"
        " again. Cancelled: the call is given up.",
    )
    retry_delay = fields.Integer(
        string="Try Again After",
        default=60,
        aggregator=None,
        help="Minutes until a call that was not held is tried again.",
    )
    is_final = fields.Boolean(
        string="No Further Try",
        help="A call that was not held is cancelled at once, with this outcome as the"
        " reason: a wrong number stays wrong.",
    )

    _code_unique = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "The code of an outcome must be unique."
    )
    _retry_delay_positive = models.Constraint(
        "CHECK (retry_delay >= 0)", "A call cannot be tried again in the past."
    )

    # === CRUD METHODS === #
    def write(self, vals):
        if "kind" in vals:
            used = self.filtered(lambda outcome: outcome.kind != vals["kind"])
            domain = [("outcome_id", "in", used.ids)]
            if used and self.env["crm.call.attempt"].sudo().search_count(
                domain, limit=1
            ):
                raise ValidationError(
                    self.env._(
                        "Calls have ended with this outcome: its kind cannot change."
                        " Archive it and make a new one."
                    )
                )
        return super().write(vals)

    # === BUSINESS METHODS === #
    @api.model
    def _get_default(self, kind):
        """Return the outcome of ``kind`` that is meant when none is named."""
        return self.search([("kind", "=", kind)], limit=1)

    def _prepare_button(self):
        """Return what the desk needs for the outcome's button."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "code": self.code or False,
            "kind": self.kind,
            "is_final": self.is_final,
        }
