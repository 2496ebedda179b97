from odoo import api, fields, models


class CrmCallList(models.Model):
    """By which rules a list calls, and on what ground."""

    _inherit = "crm.call.list"

    # === FIELDS === #
    policy_id = fields.Many2one(
        "crm.call.policy",
        string="Calling Policy",
        compute="_compute_policy_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Hours, limits and rests. Asked when a number is imported, taken and"
        " dialled.",
    )
    legal_basis = fields.Selection(
        [
            ("consent", "They Agreed"),
            ("customer", "They Are Customers"),
            ("interest", "Legitimate Interest"),
        ],
        string="Ground for Calling",
        tracking=True,
        help="Why these people may be called to offer them something. Where a country"
        " asks for consent, a legitimate interest is not enough.",
    )

    # === COMPUTE METHODS === #
    @api.depends("purpose")
    def _compute_policy_id(self):
        Policy = self.env["crm.call.policy"]
        shipped = {
            purpose: Policy._get_for_purpose(purpose)
            for purpose in ("service", "marketing")
        }
        for call_list in self:
            if not call_list.policy_id or call_list.policy_id in shipped.values():
                call_list.policy_id = shipped[call_list.purpose or "service"]
