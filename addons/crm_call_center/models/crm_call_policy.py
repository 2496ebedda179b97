from odoo import api, fields, models
from odoo.exceptions import ValidationError

LIMIT_FIELDS = (
    "max_number_day",
    "max_number_period",
    "max_contact_day",
    "max_contact_period",
)


class CrmCallPolicy(models.Model):
    """When and how often people may be called: hours on their own clock, and limits.

    Limits hold across all lists. 0 means none.
    """

    _name = "crm.call.policy"
    _description = "Calling Policy"
    _order = "sequence, id"
    _inherit = ["mail.thread"]
    _check_company_auto = True

    # === FIELDS === #
    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False, help="A fixed name for programs.")
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", index="btree_not_null")
    note = fields.Text(translate=True)
    # hours
    window_ids = fields.One2many(
        "crm.call.window",
        "policy_id",
        string="Calling Hours",
        copy=True,
        help="On the clock of the callee. None: at any hour.",
    )
    hours_text = fields.Char(string="Hours", compute="_compute_hours_text")
    use_country_packs = fields.Boolean(
        string="Rules of the Callee's Country",
        default=True,
        tracking=True,
        help="Hours, holidays, limits, consent and registers of the country pack hold"
        " too; for a country without a pack, those of all packs. Only marketing calls"
        " follow packs: for service calls this changes nothing.",
    )
    # limits
    max_number_day = fields.Integer(string="Per Number and Day", tracking=True)
    max_number_period = fields.Integer(string="Per Number in 30 Days", tracking=True)
    max_contact_day = fields.Integer(string="Per Contact and Day", tracking=True)
    max_contact_period = fields.Integer(string="Per Contact in 30 Days", tracking=True)
    spacing = fields.Integer(
        string="Time between Attempts",
        tracking=True,
        help="Minutes between two attempts on one number, in all lists together.",
    )
    other_daypart = fields.Boolean(
        string="Another Part of the Day",
        tracking=True,
        help="After nobody answered in the morning, the afternoon or the evening is"
        " tried (for three days).",
    )
    rest_days = fields.Integer(
        string="Rest after Refusal",
        tracking=True,
        help="Days in which somebody who refused is not called.",
    )

    _code_unique = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "The code of a policy must be unique."
    )
    _limits_positive = models.Constraint(
        "CHECK (max_number_day >= 0 AND max_number_period >= 0 AND max_contact_day >= 0"
        " AND max_contact_period >= 0 AND spacing >= 0 AND rest_days >= 0)",
        "A limit cannot be negative.",
    )

    # === COMPUTE METHODS === #
    @api.depends("window_ids.weekday", "window_ids.hour_from", "window_ids.hour_to")
    @api.depends_context("lang")
    def _compute_hours_text(self):
        for policy in self:
            policy.hours_text = policy.window_ids._tell() or self.env._("At any hour")

    # === CONSTRAINTS === #
    @api.constrains("window_ids", "use_country_packs", "active")
    def _check_ever_open(self):
        """Say at once when a policy leaves no hour in some country."""
        for policy in self.filtered("active"):
            packs = (
                self.env["crm.call.pack"].sudo().search([])
                if policy.use_country_packs
                else self.env["crm.call.pack"]
            )
            own = policy.window_ids._get_days() if policy.window_ids else None
            for pack in packs.filtered("window_ids"):
                if own and not self._have_common_hour(own, pack.window_ids._get_days()):
                    raise ValidationError(
                        self.env._(
                            "“%(policy)s” would never call anybody in %(pack)s: its"
                            " hours (%(own)s) and theirs (%(theirs)s) have none in"
                            " common.",
                            policy=policy.name,
                            pack=pack.name,
                            own=policy.hours_text,
                            theirs=pack.hours_text,
                        )
                    )

    @api.model
    def _have_common_hour(self, one, other):
        return any(
            max(a[0], b[0]) < min(a[1], b[1])
            for ours, theirs in zip(one, other, strict=True)
            for a in ours
            for b in theirs
        )

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        if "code" in vals and any(
            policy.code and policy.code != vals["code"] for policy in self
        ):
            raise ValidationError(
                self.env._("This policy is used by programs: its code stays.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shipped(self):
        if self.filtered("code"):
            raise ValidationError(
                self.env._("This policy is used by programs: archive it instead.")
            )

    # === BUSINESS METHODS === #
    @api.model
    def _get_by_code(self, code):
        """Return the policy with this code; it must be there."""
        policies = self.sudo().with_context(active_test=False)
        return policies.search([("code", "=", code)], limit=1)

    @api.model
    def _get_for_purpose(self, purpose):
        """Return the policy of calls of a purpose that name none."""
        return self._get_by_code(
            "default" if purpose == "marketing" else "unrestricted"
        )
