from odoo import fields, models


class ResCompany(models.Model):
    """How a company dials."""

    _inherit = "res.company"

    # === FIELDS === #
    call_provider = fields.Selection(
        selection="_get_call_providers",
        string="Dialler",
        required=True,
        default="tel",
        help="What dials the calls of the desk.",
    )
    call_auto_dial_seconds = fields.Integer(
        string="Dial by Itself After",
        default=0,
        help="Seconds for which the operator reads the card before the number is"
        " dialled. 0: the operator dials.",
    )

    call_purpose = fields.Selection(
        [("service", "Service"), ("marketing", "Marketing")],
        string="Calls without a List",
        required=True,
        default="service",
        help="What calls are for that somebody makes by hand. Service: answers and"
        " appointments, at any hour. Marketing: hours, limits and consent hold. Numbers"
        " of a marketing list keep the rules of that list in any case.",
    )

    _call_auto_dial_positive = models.Constraint(
        "CHECK (call_auto_dial_seconds BETWEEN 0 AND 600)",
        "The desk dials by itself after 0 to 600 seconds.",
    )

    # === HOOKS === #
    def _get_call_providers(self):
        providers = self.env["crm.call.provider"]._get_providers()
        return [(code, provider["name"]) for code, provider in providers.items()]
