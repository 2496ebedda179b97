from odoo import api, fields, models, tools


class CrmCallPack(models.Model):
    """What a country asks of whoever calls people there to offer something.

    Packs are data with a source and a date; they do not replace advice. A country
    without a pack is treated by all active packs at once, which is the strictest way.
    """

    _name = "crm.call.pack"
    _description = "Country Pack of Calling Rules"
    _order = "sequence, name, id"
    _inherit = ["mail.thread"]

    # === FIELDS === #
    # identity
    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    active = fields.Boolean(
        default=True, tracking=True, help="Without a pack, all others hold together."
    )
    sequence = fields.Integer(default=10)
    country_ids = fields.Many2many("res.country", string="Countries")
    # where it comes from
    version = fields.Char(required=True, default="1", copy=False, tracking=True)
    source = fields.Text(
        required=True, help="The law, the regulator's page or the code of practice."
    )
    source_date = fields.Date(
        string="State Of", required=True, help="The day the source was read."
    )
    valid_from = fields.Date()
    valid_to = fields.Date()
    reviewed_by = fields.Char(tracking=True)
    note = fields.Text(translate=True, string="In Short")
    # hours
    window_ids = fields.One2many("crm.call.window", "pack_id", string="Calling Hours")
    holiday_ids = fields.One2many("crm.call.holiday", "pack_id", string="Holidays")
    calls_on_holidays = fields.Boolean(string="Holidays Are Ordinary Days")
    hours_text = fields.Char(string="Hours", compute="_compute_hours_text")
    # limits; 0 means none
    max_number_day = fields.Integer(string="Attempts per Number and Day")
    max_number_period = fields.Integer(string="Attempts per Number in 30 Days")
    max_contact_day = fields.Integer(string="Attempts per Contact and Day")
    max_contact_period = fields.Integer(string="Attempts per Contact in 30 Days")
    rest_days = fields.Integer(
        string="Rest after Refusal (Days)", help="Nobody calls for so many days."
    )
    # consent and registers
    consumer_opt_in = fields.Boolean(string="Consumers Must Have Agreed", tracking=True)
    company_opt_in = fields.Boolean(string="Companies Must Have Agreed", tracking=True)
    register_name = fields.Char(
        string="Register to Consult",
        help="A do-not-call register with this name must have been imported.",
    )
    register_max_age = fields.Integer(
        string="Register at Most (Days) Old", help="0: any age."
    )

    _code_unique = models.UniqueIndex("(code)", "The code of a pack must be unique.")
    _limits_positive = models.Constraint(
        "CHECK (max_number_day >= 0 AND max_number_period >= 0 AND max_contact_day >= 0"
        " AND max_contact_period >= 0 AND rest_days >= 0 AND register_max_age >= 0)",
        "A limit cannot be negative.",
    )

    # === COMPUTE METHODS === #
    @api.depends("window_ids.weekday", "window_ids.hour_from", "window_ids.hour_to")
    @api.depends_context("lang")
    def _compute_hours_text(self):
        for pack in self:
            pack.hours_text = pack.window_ids._tell()

    # === CONSTRAINTS === #
    @api.constrains("window_ids", "active")
    def _check_policies_ever_open(self):
        """Hours that no policy shares would call nobody there."""
        self.env["crm.call.policy"].sudo().search(
            [("use_country_packs", "=", True)]
        )._check_ever_open()

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # === BUSINESS METHODS === #
    @api.model
    @tools.ormcache("country_codes", "day")
    def _get_ids_for(self, country_codes, day):
        """Return the ids of the packs that hold for numbers of these countries.

        :param frozenset country_codes: ISO codes; empty where nothing is known
        :param date day: packs that are not valid on it do not hold
        """
        packs = self.sudo().search(
            [
                "|",
                ("valid_from", "=", False),
                ("valid_from", "<=", day),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", day),
            ]
        )
        covered = country_codes & set(packs.country_ids.mapped("code"))
        if not covered or covered != country_codes:
            # Nobody knows what holds there: all that is known anywhere does.
            return tuple(packs.ids)
        own = packs.filtered(
            lambda pack: country_codes & set(pack.country_ids.mapped("code"))
        )
        return tuple(own.ids)
