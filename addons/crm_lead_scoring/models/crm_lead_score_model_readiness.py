from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine

#: Thresholds beyond this are a slip of the keyboard: no lead gets so many points.
HIGHEST_SCORE = 100_000
READY_SCORE, UNREADY_SCORE = 60, 45
#: Leads that are still open: closed ones stay ready, or not, as they were.
OPEN = Domain("active", "=", True) & Domain("won_status", "=", "pending")


class CrmLeadScoreModel(models.Model):
    """When a lead is ready for sales.

    From one score on, until it falls below a second and lower one, and as long as it
    meets what it must have.
    """

    _inherit = "crm.lead.score.model"

    #: Fields whose change may open or shut the gate for some leads.
    _readiness_fields = frozenset(
        {"ready_score", "unready_score", "ready_domain", "ready_dwell_hours"}
    )

    # === FIELDS === #

    # readiness
    ready_score = fields.Integer(
        "Becomes Ready from",
        default=READY_SCORE,
        required=True,
        help="Score from which a lead is ready for sales.",
    )
    unready_score = fields.Integer(
        "Stays Ready down to",
        default=UNREADY_SCORE,
        required=True,
        help="A lead that is ready stays so until its score falls below this. Some"
        " points of distance keep it from going to and fro.",
    )
    ready_domain = fields.Char(
        "Must-Haves",
        default="[]",
        required=True,
        help="What a lead must have besides the score. A ready lead that does not meet"
        " it any more is ready no longer.",
    )
    ready_dwell_hours = fields.Float(
        "Score Kept for",
        help="Hours for which the score must stay at the threshold before the lead is"
        " ready. The first refresh after that time makes it so.",
    )
    ready_error_message = fields.Char(
        "Problem of the Must-Haves",
        readonly=True,
        copy=False,
        help="Why the must-haves cannot be used at present. Until they are mended"
        " every lead stays ready, or not, as it is.",
    )
    ready_sentence = fields.Char("In Words", compute="_compute_ready_sentence")
    ready_matching_count = fields.Integer(compute="_compute_ready_matching_count")
    ready_lead_count = fields.Integer(
        "Ready Leads",
        compute="_compute_ready_lead_count",
        help="Open leads that are ready now, among those that you may see.",
    )
    reachable_score = fields.Integer(compute="_compute_reachable_score")
    # === COMPUTE, INVERSE, SEARCH METHODS === #

    @api.depends("ready_domain")
    @api.depends_context("lang", "uid")
    def _compute_ready_sentence(self):
        for model in self:
            try:
                domain = engine.parse(self.env, model.ready_domain or "[]")
                model.ready_sentence = engine.describe(self.env, "crm.lead", domain)
            except engine.CriterionError as error:
                model.ready_sentence = str(error)

    @api.depends("ready_domain", "team_ids", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_ready_matching_count(self):
        for model in self:
            try:
                engine.check(self.env, "crm.lead", model.ready_domain)
                domain = model._prepare_must_criterion().parse(self.env)
            except engine.CriterionError:
                model.ready_matching_count = 0
                continue
            domain &= model._get_shown_scope() & OPEN
            model.ready_matching_count = self.env["crm.lead"].search_count(domain)

    def _compute_ready_lead_count(self):
        for model in self:
            model.ready_lead_count = self.env["crm.lead"].search_count(
                model._get_ready_domain()
            )

    @api.depends("rule_ids.points", "rule_ids.active", "rule_ids.kind")
    def _compute_reachable_score(self):
        """The most points that a lead can get; 0 where nobody can tell."""
        for model in self:
            rules = model.rule_ids.filtered(lambda rule: rule.active)
            points = [rule.points for rule in rules if rule.points > 0]
            is_known = set(rules.mapped("kind")) == {"attribute"}
            model.reachable_score = sum(points) if is_known else 0

    # === CONSTRAINT METHODS === #

    @api.constrains("ready_score", "unready_score", "ready_dwell_hours")
    def _check_thresholds(self):
        for model in self:
            if model.unready_score > model.ready_score:
                raise ValidationError(
                    self.env._(
                        "%(model)s: a lead is ready from %(enter)s points and stays so"
                        " from %(leave)s. The second number cannot be the greater one:"
                        " the lead would be ready and not ready at once.",
                        model=model.name,
                        enter=model.ready_score,
                        leave=model.unready_score,
                    )
                )
            if not 0 <= model.ready_dwell_hours <= 24 * 366:
                raise ValidationError(
                    self.env._(
                        "%(model)s: the score can be asked to last between no time and"
                        " one year.",
                        model=model.name,
                    )
                )

    @api.constrains("ready_domain")
    def _check_ready_domain(self):
        # Odoo checks constraints with system rights; these are the editing user's.
        env = self.sudo(False).env
        for model in self:
            try:
                engine.check(env, "crm.lead", model.ready_domain)
            except engine.CriterionError as error:
                raise ValidationError(
                    self.env._(
                        "Must-haves of %(model)s: %(problem)s",
                        model=model.name,
                        problem=error,
                    )
                ) from error

    def _check_ready_range(self, vals):
        """Said before the database is asked, which knows only that it is too large."""
        for name in ("ready_score", "unready_score"):
            if abs(vals.get(name) or 0) > HIGHEST_SCORE:
                raise ValidationError(
                    self.env._(
                        "“%(field)s” lies between %(lowest)s and %(highest)s points.",
                        field=self._fields[name].get_description(self.env, ["string"])[
                            "string"
                        ],
                        lowest=-HIGHEST_SCORE,
                        highest=HIGHEST_SCORE,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_ready_range(vals)
            if vals.get("ready_score", READY_SCORE) < UNREADY_SCORE:
                # Who names one number only need not know the other.
                vals.setdefault("unready_score", vals["ready_score"])
        return super().create(vals_list)

    def write(self, vals):
        self._check_ready_range(vals)
        if "ready_domain" in vals:
            # The next refresh says whether the new one works.
            vals = {**vals, "ready_error_message": False}
        result = super().write(vals)
        if vals.keys() & self._readiness_fields:
            self._forget_scores()
        return result

    # === ACTION METHODS === #

    def action_view_ready_leads(self):
        """Open the leads that are ready now."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_scoring.crm_lead_action_by_score"
        )
        action["display_name"] = self.env._("Ready for sales: %(name)s", name=self.name)
        action["domain"] = list(self._get_ready_domain())
        action["context"] = {"create": False}
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _refresh_readiness(self, ids=None, id_range=None, most=None):
        """Make leads ready, or no longer ready, as their scores say.

        Called when the scores are written; what follows is noted here and done later.

        :param ids: only these leads; ``None`` means all in the range
        :param tuple id_range: only leads with ``first <= id <= last``
        :param int most: write about so many rows at most, beginning with the lowest ids
        :return: the id up to which all is done, where there may be more to write
        """
        table = self.env["crm.lead.score"]._table
        scopes = self._get_scopes()
        if ids is not None:
            lowest = min(
                (model.ready_score for model, _s in scopes if model), default=0
            )
            if not engine.readiness.may_concern(self.env, table, lowest, ids):
                return None
        share = None if most is None else most // len(scopes)
        moved = [
            (model, *model._move_gate(scope & OPEN, ids, id_range, share))
            for model, scope in scopes
        ]
        if any(transitions for _model, transitions, _last in moved):
            self.env["crm.lead.score"]._invalidate_scores(ids)
        for model, transitions, _last in moved:
            if transitions:
                model._follow(transitions, at_once=ids is not None)
        return min((last for *_rest, last in moved if last is not None), default=None)

    def _move_gate(self, scope, ids=None, id_range=None, most=None):
        """Let the leads through; return what :func:`engine.readiness.move` does."""
        gate = engine.readiness.Gate("crm_lead_score")
        if self:
            gate = engine.readiness.Gate(
                "crm_lead_score",
                enter=self.ready_score,
                leave=self.unready_score,
                dwell=round(self.ready_dwell_hours * 3600),
                must=self._prepare_must_criterion(),
            )
        moved = engine.readiness.move(
            self.env,
            gate,
            self.env(su=True, context={})["crm.lead"],
            fields.Datetime.now(),
            scope,
            ids=ids,
            id_range=id_range,
            most=None if most is None else self._count_transitions(most),
        )
        error = gate.must and gate.must.error or False
        if self and self.ready_error_message != error:
            self.ready_error_message = error
            self.flush_recordset(["ready_error_message"])
        return moved

    def _find_ready_leads(self, domain=Domain.TRUE, limit=None):
        """Leads of this model that are ready now, whoever asks; by id."""
        leads = self.env["crm.lead"].sudo()
        return leads.search(self._get_ready_domain() & domain, limit=limit, order="id")

    def _get_ready_domain(self):
        return self._get_shown_scope() & OPEN & Domain("is_sales_ready", "=", True)

    @api.model
    def _get_of(self, lead):
        """Return the scoring model of a lead; empty when no model scores it."""
        for model, scope in self.sudo()._get_scopes():
            if lead.sudo().filtered_domain(scope):
                return model
        return self.sudo().browse()

    @api.model
    @tools.ormcache()
    def _get_readiness_touched_fields(self):
        """Names of the lead's fields that decide about readiness, besides its score."""
        names = {"active", "won_status"}
        for model in self.sudo().search([("active", "=", True)]):
            names |= engine.touched_fields(self.env, model._prepare_must_criterion())
        return frozenset(names)

    # === HOOKS === #

    def _prepare_must_criterion(self):
        """The must-haves as the engine wants them."""
        self.ensure_one()
        return engine.Criterion(
            key=self._origin.id or 0,
            model="crm.lead",
            domain=self.ready_domain or "[]",
            active_test=False,
            uid=self.create_uid.id or self.env.uid,
        )
