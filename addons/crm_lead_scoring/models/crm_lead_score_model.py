from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

#: The matrix of a new model: name and minimum, best first. The last is open below.
FIT_BANDS = (("A", 70), ("B", 40), ("C", 0))
ENGAGEMENT_BANDS = (("1", 50), ("2", 30), ("3", 0))
#: Odoo's colours from the best corner of the matrix to the worst.
GRADE_COLORS = (10, 7, 4, 3, 0)


class CrmLeadScoreModel(models.Model):
    """A scorecard: the rules and the grades for the leads of some sales teams.

    A lead belongs to the model that names its team, else to the model without teams
    (the default one): to its own company's, else to the one that all companies share.
    """

    _name = "crm.lead.score.model"
    _description = "Lead Scoring Model"
    _order = "sequence, id"
    _check_company_auto = True

    # === DEFAULTS === #

    def _default_grade_ids(self):
        return [
            Command.create(
                {
                    "name": fit + engagement,
                    "sequence": 10 * (row * 3 + column + 1),
                    "fit_min": fit_min,
                    "engagement_min": engagement_min,
                    "color": GRADE_COLORS[row + column],
                }
            )
            for row, (fit, fit_min) in enumerate(FIT_BANDS)
            for column, (engagement, engagement_min) in enumerate(ENGAGEMENT_BANDS)
        ]

    # === FIELDS === #

    # identity
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    state = fields.Selection(
        [("observe", "Observe"), ("live", "Live")],
        default="observe",
        required=True,
        copy=False,
        help="Observe: scores are shown, nothing else happens. Live: what is set up to"
        " follow from a score happens too.",
    )
    # scope
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Only leads of this company are scored. Empty: leads of every company.",
    )
    team_ids = fields.Many2many(
        "crm.team",
        string="Sales Teams",
        check_company=True,
        copy=False,
        help="Leads of these teams are scored by this model. Empty: leads of all teams"
        " that no other model names.",
    )
    # content
    rule_ids = fields.One2many("crm.lead.score.rule", "model_id", "Rules", copy=True)
    grade_ids = fields.One2many(
        "crm.lead.score.grade",
        "model_id",
        "Grades",
        copy=True,
        default=lambda self: self._default_grade_ids(),
    )
    cap_ids = fields.One2many(
        "crm.lead.score.cap",
        "model_id",
        "Caps",
        help="Limits for several rules together.",
    )
    # statistics
    rule_count = fields.Integer("Number of Rules", compute="_compute_rule_count")
    broken_rule_count = fields.Integer(
        "Rules with a Problem", compute="_compute_rule_count"
    )
    lead_count = fields.Integer("Leads", compute="_compute_lead_count")
    refreshed_at = fields.Datetime(
        "Scores as of",
        compute="_compute_refreshed_at",
        help="When the scores of all leads were last brought up to date.",
    )
    is_refresh_pending = fields.Boolean(compute="_compute_refreshed_at")

    # === COMPUTE, INVERSE, SEARCH METHODS === #

    @api.depends("rule_ids.error_message", "rule_ids.active")
    def _compute_rule_count(self):
        for model in self:
            rules = model.rule_ids.filtered("active")
            model.rule_count = len(rules)
            model.broken_rule_count = len(rules.filtered("error_message"))

    def _compute_lead_count(self):
        """Leads that this model has graded, among those that the reader may see."""
        counts = dict(
            self.env["crm.lead"]._read_group(
                [("lead_grade_id.model_id", "in", self.ids)],
                ["lead_grade_id"],
                ["__count"],
            )
        )
        for model in self:
            model.lead_count = sum(
                count
                for grade, count in counts.items()
                if grade.model_id == model._origin
            )

    def _compute_refreshed_at(self):
        state = self._get_refresh_row()
        self.refreshed_at = state.last_end
        self.is_refresh_pending = state.state in ("waiting", "running")

    # === CONSTRAINT METHODS === #

    @api.constrains("active", "company_id", "team_ids")
    def _check_scope(self):
        """A lead belongs to one model at most."""
        active_models = self.sudo().search([("active", "=", True)])
        for model in self.filtered("active").sudo():
            for other in active_models - model:
                model._check_scope_against(other)

    def _check_scope_against(self, other):
        if self.company_id != other.company_id and self.company_id and other.company_id:
            return
        if shared := self.team_ids & other.team_ids:
            raise ValidationError(
                self.env._(
                    "“%(model)s” and “%(other)s” both score the leads of the team"
                    " “%(team)s”. Take the team out of one of them, or archive one.",
                    model=self.name,
                    other=other.name,
                    team=shared[0].name,
                )
            )
        if self.team_ids or other.team_ids or self.company_id != other.company_id:
            return
        raise ValidationError(
            self.env._(
                "“%(other)s” scores the leads of all other teams already. Name the"
                " teams of “%(model)s”, or archive one of the two.",
                model=self.name,
                other=other.name,
            )
        )

    @api.constrains("grade_ids")
    def _check_grades(self):
        """Each grade can be reached: none stands behind a grade that asks for less."""
        for model in self:
            grades = model.grade_ids.sorted(lambda grade: (grade.sequence, grade.id))
            for index, grade in enumerate(grades):
                for better in grades[:index]:
                    if (
                        better.fit_min <= grade.fit_min
                        and better.engagement_min <= grade.engagement_min
                    ):
                        raise ValidationError(
                            self.env._(
                                "No lead could get the grade %(grade)s: %(better)s"
                                " comes before it and asks for no more points. Check"
                                " the minimums.",
                                grade=grade.name,
                                better=better.name,
                            )
                        )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        models_ = super().create(vals_list)
        models_._forget_scores()
        return models_

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"active", "company_id", "team_ids"}:
            self._forget_scores()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_scores()
        return result

    def copy_data(self, default=None):
        """A copy is archived: two models cannot score the same leads."""
        vals_list = super().copy_data(default=default)
        for model, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(name)s (copy)", name=model.name)
            if "active" not in (default or {}):
                vals["active"] = False
        return vals_list

    def copy(self, default=None):
        """The rules of a copy share caps of its own."""
        copies = super(
            CrmLeadScoreModel, self.with_context(copying_scoring_model=True)
        ).copy(default)
        for model, copy in zip(self, copies, strict=True):
            rules, new_rules = (
                m.with_context(active_test=False).rule_ids.sorted("id")
                for m in (model, copy)
            )
            new_caps = {
                cap: cap.copy({"model_id": copy.id}).id for cap in model.cap_ids
            }
            if len(rules) == len(new_rules):
                for rule, new_rule in zip(rules, new_rules, strict=True):
                    if rule.cap_id in new_caps:
                        new_rule.cap_id = new_caps[rule.cap_id]
        return copies.with_env(self.env)

    # === ACTION METHODS === #

    def action_archive(self):
        """Leads show no points of a model that is gone, nor wait for their new ones."""
        self.check_access("write")
        result = super().action_archive()
        self.env["crm.lead.score"]._refresh_now_or_soon()
        return result

    def action_unarchive(self):
        self.check_access("write")
        result = super().action_unarchive()
        self.env["crm.lead.score"]._refresh_now_or_soon()
        return result

    def action_recompute(self):
        """Bring all scores up to date: at once if that is quick, else very soon."""
        self.check_access("write")
        if self.env["crm.lead.score"]._refresh_now_or_soon():
            message = self.env._("The scores are up to date.")
        else:
            message = self.env._(
                "The scores are being brought up to date, a part of the leads after the"
                " other."
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_view_leads(self):
        """Open the leads that this model has graded."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_scoring.crm_lead_action_by_score"
        )
        action["domain"] = [("lead_grade_id.model_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    # === BUSINESS METHODS === #

    @api.model
    @api.readonly
    def get_freshness(self):
        """Say how old the scores are.

        :return: dict with ``refreshed_at`` (UTC, ``False`` before the first refresh)
            and ``pending`` (a refresh is under way or asked for)
        :raise AccessError: when the user may not read scoring models
        """
        self.browse().check_access("read")
        row = self._get_refresh_row()
        return {
            "refreshed_at": row.last_end,
            "pending": row.state in ("waiting", "running"),
        }

    @api.model
    def _get_refresh_row(self):
        return (
            self.env["crm.criterion.refresh"]
            .sudo()
            .search([("step", "=", "crm.lead.score")], limit=1)
        )

    def _forget_scores(self):
        self.env["crm.lead.score.rule"]._forget_scores()

    def _get_shown_scope(self):
        """Domain of the leads that this model scores; of all if it is not saved yet."""
        for model, scope in self.sudo()._get_scopes():
            if model and model.id == self._origin.id:
                return scope
        return Domain.FALSE if self._origin and not self.active else Domain.TRUE
