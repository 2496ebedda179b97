from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import engine


class CrmCriterionMixin(models.AbstractModel):
    """A model and a domain: which records something is about.

    Scoring rules, segments, KPIs, stage rules and call lists inherit it. The domain is
    checked with the rights of whoever writes it, applied with system rights, and shown
    with the rights of whoever looks.
    """

    _name = "crm.criterion.mixin"
    _description = "Criterion"

    # === FIELDS === #
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Only records of this company and those shared by all companies match."
        " Empty: records of every company.",
    )
    model_name = fields.Char(
        required=True,
        default=lambda self: self._get_criterion_model_name(),
        help="Technical name of the model whose records match.",
    )
    model_id = fields.Many2one(
        "ir.model",
        string="Model",
        compute="_compute_model_id",
        inverse="_inverse_model_id",
        search="_search_model_id",
    )
    domain = fields.Char(required=True, default="[]", help="Which records match.")
    error_message = fields.Char(
        string="Problem",
        readonly=True,
        copy=False,
        help="Why the criterion cannot be used at present. Until it is mended, what"
        " matched before stays as it was.",
    )
    matching_count = fields.Integer(
        string="Matching Records",
        compute="_compute_matching_count",
        help="Records that match now, among those that you may see.",
    )
    domain_sentence = fields.Char(string="In Words", compute="_compute_domain_sentence")

    # === COMPUTE, INVERSE, SEARCH METHODS === #
    @api.depends("model_name")
    def _compute_model_id(self):
        for criterion in self:
            criterion.model_id = self.env["ir.model"]._get(criterion.model_name).id

    def _inverse_model_id(self):
        for criterion in self:
            criterion.model_name = criterion.model_id.sudo().model

    def _search_model_id(self, operator, value):
        models_ = self.env["ir.model"].sudo().search([("id", operator, value)])
        return [("model_name", "in", models_.mapped("model"))]

    @api.depends("model_name", "domain", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_matching_count(self):
        for criterion in self:
            try:
                domain = criterion._get_shown_domain()
                criterion.matching_count = self.env[criterion.model_name].search_count(
                    domain
                )
            except engine.CriterionError:
                criterion.matching_count = 0

    @api.depends("model_name", "domain")
    @api.depends_context("lang", "uid")
    def _compute_domain_sentence(self):
        for criterion in self:
            criterion.domain_sentence = criterion._describe()

    # === CONSTRAINT METHODS === #
    @api.constrains("domain", "model_name")
    def _check_domain(self):
        # Odoo checks constraints with system rights; these are the editing user's.
        env = self.sudo(False).env
        for criterion in self:
            try:
                engine.check(env, criterion.model_name, criterion.domain)
            except engine.CriterionError as error:
                raise ValidationError(
                    self.env._(
                        "%(name)s: %(problem)s",
                        name=criterion.display_name,
                        problem=error,
                    )
                ) from error

    # === CRUD METHODS === #
    def write(self, vals):
        if "domain" in vals or "model_name" in vals:
            # The next refresh says whether the new domain works.
            vals = {**vals, "error_message": False}
        return super().write(vals)

    # === ACTION METHODS === #
    def action_view_records(self):
        """Open the records that match, among those that the user may see."""
        self.ensure_one()
        self.check_access("read")
        try:
            domain = self._get_shown_domain()
        except engine.CriterionError as error:
            raise ValidationError(str(error)) from error
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self.model_name,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": list(domain),
        }

    # === BUSINESS METHODS === #
    def describe(self):
        """Return the domain as one sentence in the user's language."""
        self.ensure_one()
        self.check_access("read")
        return self._describe()

    def _describe(self):
        try:
            domain = engine.parse(self.env, self.domain)
        except engine.CriterionError as error:
            return str(error)
        return engine.describe(self.env, self.model_name, domain)

    def _get_shown_domain(self):
        """The domain for the user who looks, checked for what that user may use."""
        criterion = self._prepare_criterion()
        engine.check(self.env, criterion.model, criterion.domain)
        return criterion.parse(self.env)

    def _to_criteria(self):
        """Return one :class:`engine.Criterion` for each record."""
        return [criterion._prepare_criterion() for criterion in self]

    def _store_criterion_errors(self, criteria):
        """Keep what the engine said of each criterion; write only what differs."""
        errors = {criterion.key: criterion.error or False for criterion in criteria}
        for criterion in self.sudo():
            error = errors.get(criterion.id, False)
            if criterion.id in errors and criterion.error_message != error:
                criterion.error_message = error

    def _touching(self, fnames):
        """Those of the criteria that look at one of the record's fields ``fnames``.

        :param fnames: names of fields that changed; ``None`` for a new record, which
            concerns every criterion
        """
        if fnames is None:
            return self
        return self.filtered(
            lambda criterion: fnames
            & engine.touched_fields(self.env, criterion._prepare_criterion())
        )

    # === HOOKS === #
    def _get_criterion_model_name(self):
        """Technical name of the model of new criteria; fixed models override it."""
        return False

    def _prepare_criterion(self):
        """Return the :class:`engine.Criterion`; override to add points and options."""
        self.ensure_one()
        return engine.Criterion(
            key=self.id or 0,
            model=self.model_name,
            domain=self.domain,
            company_id=self.company_id.id,
            uid=self.create_uid.id or self.env.uid,
        )
