from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

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

    is_contact = fields.Boolean(
        string="Person Reached",
        compute="_compute_is_contact",
        store=True,
        readonly=False,
        precompute=True,
        help="The right person answered, though perhaps without time: it counts for"
        " the contact rate.",
    )
    is_refusal = fields.Boolean(
        string="Refused",
        help="The person does not want the offer: the rest of the calling policy"
        " begins.",
    )
    marks_wrong = fields.Boolean(
        string="Wrong Number",
        help="The number is nobody's, or somebody else's: it is not called again.",
    )

    is_on_desk = fields.Boolean(
        string="Button on the Desk",
        default=True,
        help="What has a key of its own on the desk, such as Call back, needs none.",
    )

    _code_unique = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "The code of an outcome must be unique."
    )
    _retry_delay_positive = models.Constraint(
        "CHECK (retry_delay >= 0)", "A call cannot be tried again in the past."
    )

    # === COMPUTE METHODS === #
    @api.depends("kind")
    def _compute_is_contact(self):
        for outcome in self:
            outcome.is_contact = outcome.kind == "held"

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
    def _get_by_code(self, code):
        """Return the outcome with this code, archived or not."""
        outcomes = self.sudo().with_context(active_test=False)
        return outcomes.search([("code", "=", code)], limit=1)

    @api.model
    def _get_default(self, kind):
        """Return the outcome of ``kind`` that is meant when none is named.

        Who gives a call up without saying why says of nobody that they refused.
        """
        domain = Domain("kind", "=", kind)
        if kind == "cancelled":
            domain &= Domain("is_refusal", "=", False)
            domain &= Domain("is_contact", "=", False)
        return self.search(domain, limit=1)

    def _prepare_button(self):
        """Return what the desk needs for the outcome's button."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "code": self.code or False,
            "kind": self.kind,
            "is_final": self.is_final,
            "is_refusal": self.is_refusal,
            "marks_wrong": self.marks_wrong,
        }
