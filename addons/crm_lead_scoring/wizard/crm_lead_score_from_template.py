from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CrmLeadScoreFromTemplate(models.TransientModel):
    """Makes a scoring model from a template: which one, and whose leads it scores."""

    _name = "crm.lead.score.from.template"
    _description = "New Scoring Model from a Template"

    # === DEFAULTS === #

    def _selection_template(self):
        templates = self.env["crm.lead.score.template"]
        return [
            (code, templates._read_text(template["name"]))
            for code, template in templates._get_templates().items()
        ]

    def _default_template(self):
        return next(iter(self.env["crm.lead.score.template"]._get_templates()))

    # === FIELDS === #

    template = fields.Selection(
        selection="_selection_template",
        default=lambda self: self._default_template(),
        required=True,
    )
    cards = fields.Json(compute="_compute_cards")
    preview = fields.Json(compute="_compute_preview")
    name = fields.Char(
        compute="_compute_name",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    company_id = fields.Many2one(
        "res.company", help="Only leads of this company. Empty: of every company."
    )
    # whose leads
    scope = fields.Selection(
        [
            ("default", "All leads that no other scoring model names"),
            ("teams", "The leads of some sales teams"),
            ("archived", "None for now: archived, to look at it first"),
        ],
        "Which Leads It Scores",
        compute="_compute_scope",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    team_ids = fields.Many2many("crm.team", string="Sales Teams")
    taken_team_ids = fields.Many2many("crm.team", compute="_compute_rival")
    rival_id = fields.Many2one(
        "crm.lead.score.model",
        compute="_compute_rival",
        help="The model that scores the leads without a model of their own now.",
    )
    rival_warning = fields.Char(compute="_compute_rival")

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    def _compute_cards(self):
        self.cards = self.env["crm.lead.score.template"]._get_cards()

    @api.depends("template")
    @api.depends_context("lang", "uid")
    def _compute_preview(self):
        templates = self.env["crm.lead.score.template"]
        for wizard in self:
            wizard.preview = wizard.template and templates._get_preview(wizard.template)

    @api.depends("template")
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard._get_usual_name()

    @api.depends("company_id")
    def _compute_rival(self):
        active = self.env["crm.lead.score.model"].search([("active", "=", True)])
        for wizard in self:
            wizard.taken_team_ids = active.team_ids
            wizard.rival_id = active.filtered(
                lambda model, company=wizard.company_id: (
                    not model.team_ids and model.company_id == company
                )
            )[:1]
            wizard.rival_warning = wizard.rival_id and self.env._(
                "“%s” scores these leads at present. This model takes its place, and"
                " the other one is archived. To go back, archive this one and restore"
                " the other.",
                wizard.rival_id.name,
            )

    @api.depends("rival_id")
    def _compute_scope(self):
        for wizard in self:
            if not wizard.scope or wizard.scope != "teams":
                wizard.scope = "archived" if wizard.rival_id else "default"

    # === ACTION METHODS === #

    def action_create(self):
        """Create the scoring model and open it.

        A model that scores the same leads is archived if this one is to take its place.
        """
        self.ensure_one()
        if self.scope == "teams" and not self.team_ids:
            raise UserError(
                self.env._("Choose the sales teams whose leads the model scores.")
            )
        if self.scope == "default":
            self.rival_id.active = False
        model = self._create_model()
        if model.active:
            self.env["crm.lead.score"]._refresh_now_or_soon()
        return {
            "type": "ir.actions.act_window",
            "res_model": model._name,
            "res_id": model.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    def _create_model(self):
        models_ = self.env["crm.lead.score.model"]
        values = self.env["crm.lead.score.template"]._get_values(self.template)
        overrides = {
            "active": self.scope != "archived",
            "company_id": self.company_id.id,
            "team_ids": [
                Command.set(self.team_ids.ids if self.scope == "teams" else [])
            ],
        }
        if self.name != self._get_usual_name():
            overrides["name"] = self.name
        return models_._from_dict(values, skip_broken=True, **overrides)

    def _get_usual_name(self):
        templates = self.env["crm.lead.score.template"]
        template = templates._get_templates().get(self.template)
        return template and templates._read_text(template["name"])
