from dataclasses import replace

from odoo import api, fields, models, tools

from odoo.addons.crm_glossary_core import engine


class CrmLeadScoreRule(models.Model):
    """Leads that match a domain get signed points on one axis of a scoring model.

    Managers write rules; everybody whose leads are scored may read them.
    """

    _name = "crm.lead.score.rule"
    _description = "Lead Scoring Rule"
    _inherit = ["crm.criterion.mixin"]
    _order = "model_id, sequence, id"
    _check_company_auto = True

    #: Fields whose change makes scores out of date.
    _scoring_fields = frozenset(
        {"active", "axis", "domain", "kind", "model_id", "model_name", "points"}
    )

    # === FIELDS === #

    # identity
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    # the scoring model; the model of the records is always the lead
    model_id = fields.Many2one(
        "crm.lead.score.model",
        string="Scoring Model",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        compute=None,
        inverse=None,
        search=None,
        help="The rule scores the leads of this model.",
    )
    company_id = fields.Many2one(related="model_id.company_id", store=True)
    model_name = fields.Char(readonly=True, copy=False)
    # effect
    kind = fields.Selection(
        [("attribute", "Field Values")],
        default="attribute",
        required=True,
        help="What the rule looks at: the values that the lead has now.",
    )
    axis = fields.Selection(
        [("fit", "Fit"), ("engagement", "Engagement")],
        default="fit",
        required=True,
        help="Fit: how well the lead suits what we sell. Engagement: how much interest"
        " it shows.",
    )
    points = fields.Integer(
        default=10,
        required=True,
        help="Points that each matching lead gets; below zero they are taken away.",
    )
    error_message = fields.Char(
        help="Why the rule cannot be used at present. Until it is mended it gives no"
        " points; the other rules go on.",
    )

    _points_range = models.Constraint(
        "CHECK (points BETWEEN -10000 AND 10000 AND points <> 0)",
        "A rule gives or takes between 1 and 10,000 points.",
    )
    _model_name_is_lead = models.Constraint(
        "CHECK (model_name = 'crm.lead')", "A scoring rule is about leads."
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self._forget_scores()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & self._scoring_fields:
            self._forget_scores()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_scores()
        return result

    # === BUSINESS METHODS === #

    def _forget_scores(self):
        """Scores are out of date: have them refreshed, and look at the rules anew."""
        self.env.registry.clear_cache()
        self.env["crm.lead.score"]._request_refresh()

    @api.model
    @tools.ormcache()
    def _get_touched_fields(self):
        """Names of the lead's fields that decide about scores.

        :return: frozenset; besides what the rules look at, what decides which scoring
            model a lead belongs to
        """
        names = {"team_id", "company_id"}
        rules = self.sudo().search(
            [("active", "=", True), ("model_id.active", "=", True)]
        )
        for rule in rules:
            names |= engine.touched_fields(self.env, rule._prepare_criterion())
        return frozenset(names)

    # === HOOKS === #

    def _get_criterion_model_name(self):
        return "crm.lead"

    def _get_shown_domain(self):
        """The matching leads are among those that the scoring model scores."""
        return super()._get_shown_domain() & self.model_id._get_shown_scope()

    def _prepare_criterion(self):
        """Archived leads are scored as well: a lost lead keeps its score."""
        return replace(
            super()._prepare_criterion(),
            active_test=False,
            points={self.axis: self.points},
        )
