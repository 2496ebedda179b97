from odoo import api, fields, models, tools


class CrmLeadScoreSignal(models.Model):
    """A kind of thing that leads do, such as opening a mailing.

    Programs name it by its code; people read its name, which stands in sentences
    ("Opened a mailing: +6 each").
    """

    _name = "crm.lead.score.signal"
    _description = "Lead Signal"
    _order = "sequence, id"

    # === FIELDS === #

    name = fields.Char(
        required=True, translate=True, help="What the lead did, in the past tense."
    )
    code = fields.Char(
        required=True,
        copy=False,
        help="What programs call it. Small letters, digits and underscores.",
    )
    channel = fields.Selection(
        [
            ("web", "Website"),
            ("mail", "E-mail"),
            ("call", "Call"),
            ("meeting", "Meeting"),
            ("form", "Form"),
            ("chat", "Chat"),
            ("survey", "Survey"),
            ("stage", "Stage"),
            ("activity", "Activity"),
            ("other", "Other"),
        ],
        default="other",
        required=True,
    )
    description = fields.Text(
        translate=True, help="When it is noted, and what its value says."
    )
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code)", "Each signal has a code of its own.")
    _code_format = models.Constraint(
        "CHECK (code ~ '^[a-z][a-z0-9_]*$')",
        "A signal's code begins with a small letter and holds small letters, digits and"
        " underscores only.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if "code" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # === BUSINESS METHODS === #

    @api.model
    @tools.ormcache()
    def _get_ids_by_code(self):
        """Return the id of each signal by its code, archived ones among them."""
        signals = self.sudo().with_context(active_test=False).search([])
        return {signal.code: signal.id for signal in signals}
