from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import engine

#: What a KPI's number is made of: a change of one of them is a new version.
DEFINITION_FIELDS = (
    "model_name",
    "domain",
    "include_archived",
    "measure",
    "measure_field",
    "date_field",
    "fixed_period",
    "denominator_model_name",
    "denominator_domain",
    "denominator_measure_field",
    "denominator_date_field",
)


class CrmKpi(models.Model):
    """A number with one definition: which records, what is measured, by which date.

    Everybody reads the definitions; the numbers are computed with the reader's own
    rights (see ``crm_kpi_compute.py``), so that a tile, the list behind it, a line of
    the digest and a term's card show the same.
    """

    _name = "crm.kpi"
    _description = "KPI"
    _inherit = ["crm.criterion.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    # === FIELDS === #
    # identity
    name = fields.Char(string="KPI", required=True, translate=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="Short technical name for integrations.",
    )
    sequence = fields.Integer(default=10)
    description = fields.Text(
        translate=True, help="The formula in words, and where its figures come from."
    )
    term_id = fields.Many2one(
        "crm.glossary.term",
        string="Term",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The word of the glossary that this number belongs to.",
    )
    owner_id = fields.Many2one(
        "res.users",
        string="Owner",
        domain="[('share', '=', False)]",
        help="Who answers for the definition.",
    )
    audience_ids = fields.Many2many(
        "crm.glossary.audience",
        string="Roles",
        help="On whose dashboard the KPI stands.",
    )

    # what is measured
    include_archived = fields.Boolean(
        help="Count archived records too. Lost opportunities are archived."
    )
    measure = fields.Selection(
        selection=[
            ("count", "Number of records"),
            ("sum", "Sum"),
            ("average", "Average"),
            ("median", "Median"),
            ("percentile80", "80th percentile"),
            ("ratio", "Ratio of two numbers"),
        ],
        required=True,
        default="count",
    )
    measure_field = fields.Char(
        help="Technical name of the field that is measured. When records are counted,"
        " a link field counts each linked record once. In a ratio the field of the"
        " numerator: empty counts records, a number is added up."
    )
    date_field = fields.Char(
        help="Technical name of the date by which a record falls into a period. Empty:"
        " the number is as of now and the period does not matter."
    )
    fixed_period = fields.Selection(
        selection=[
            ("month", "Always this month"),
            ("quarter", "Always this quarter"),
            ("year", "Always this year"),
        ],
        help="Empty: the period that the reader chooses.",
    )
    denominator_model_name = fields.Char(
        help="Technical name of the denominator's model; empty means the same model."
    )
    denominator_domain = fields.Char(default="[]")
    denominator_measure_field = fields.Char()
    denominator_date_field = fields.Char(
        help="Empty: the same date as in the numerator."
    )
    denominator_domain_model = fields.Char(compute="_compute_denominator_domain_model")
    denominator_sentence = fields.Char(
        string="Denominator in Words", compute="_compute_denominator_sentence"
    )

    # how it is shown
    unit = fields.Selection(
        selection=[
            ("count", "Number"),
            ("currency", "Money"),
            ("percent", "Percent"),
            ("days", "Days"),
            ("hours", "Hours"),
        ],
        required=True,
        default="count",
    )
    direction = fields.Selection(
        selection=[("up", "More is better"), ("down", "Less is better")],
        required=True,
        default="up",
    )
    group_by_fields = fields.Char(
        string="Group By",
        help="Technical names of the fields by which the number may be grouped,"
        " separated by commas. Fields of apps that are not installed are left out.",
    )

    # history
    version = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        help="Goes up by one whenever what is measured changes.",
    )
    version_ids = fields.One2many("crm.kpi.version", "kpi_id", string="Versions")
    target_ids = fields.One2many("crm.kpi.target", "kpi_id", string="Targets")

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "Another KPI already has this code."
    )

    # === COMPUTE METHODS === #
    @api.depends("denominator_model_name", "model_name")
    def _compute_denominator_domain_model(self):
        for kpi in self:
            kpi.denominator_domain_model = kpi.denominator_model_name or kpi.model_name

    @api.depends("denominator_domain", "denominator_domain_model")
    @api.depends_context("lang", "uid")
    def _compute_denominator_sentence(self):
        for kpi in self:
            try:
                domain = engine.parse(self.env, kpi.denominator_domain)
                kpi.denominator_sentence = engine.describe(
                    self.env, kpi.denominator_domain_model, domain
                )
            except engine.CriterionError as error:
                kpi.denominator_sentence = str(error)

    # === CONSTRAINT METHODS === #
    @api.constrains("denominator_domain", "denominator_model_name", "measure")
    def _check_denominator_domain(self):
        """A ratio's denominator works, and its author may read what it names."""
        # Odoo checks constraints with system rights; these are the author's.
        env = self.sudo(False).env
        for kpi in self.filtered(lambda kpi: kpi.measure == "ratio"):
            try:
                engine.check(env, kpi.denominator_domain_model, kpi.denominator_domain)
            except engine.CriterionError as error:
                raise ValidationError(
                    self.env._(
                        "%(name)s, denominator: %(problem)s",
                        name=kpi.display_name,
                        problem=error,
                    )
                ) from error

    @api.constrains(*DEFINITION_FIELDS)
    def _check_measured_fields(self):
        """The fields that are measured and dated exist and are of a fitting type."""
        for kpi in self:
            kpi._check_field_type("model_name", "measure_field", kpi._measured_types())
            kpi._check_field_type("model_name", "date_field", ("date", "datetime"))
            if kpi.fixed_period and not kpi.date_field:
                raise ValidationError(
                    self.env._("%(kpi)s: a fixed period needs a date.", kpi=kpi.name)
                )
            if kpi.measure in ("count", "ratio") or kpi.measure_field:
                continue
            raise ValidationError(
                self.env._("%(kpi)s: choose the field to measure.", kpi=kpi.name)
            )
        for kpi in self.filtered(lambda kpi: kpi.measure == "ratio"):
            model, number = "denominator_domain_model", "denominator_measure_field"
            kpi._check_field_type(model, number, kpi._measured_types())
            dated = "denominator_date_field"
            kpi._check_field_type(model, dated, ("date", "datetime"))

    def _measured_types(self):
        numbers = ("integer", "float", "monetary")
        return {"count": ("many2one",), "ratio": (*numbers, "many2one")}.get(
            self.measure, numbers
        )

    def _check_field_type(self, model_fname, fname, types):
        name, model_name = self[fname], self[model_fname]
        if not name:
            return
        field = self.env[model_name]._fields.get(name)
        if field is None or field.type not in types:
            raise ValidationError(
                self.env._(
                    "%(kpi)s: “%(field)s” is no suitable field of “%(model)s”.",
                    kpi=self.name,
                    field=name,
                    model=self.env[model_name]._description,
                )
            )

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        kpis = super().create([{**vals, "version": 1} for vals in vals_list])
        self.env["crm.kpi.version"]._store(kpis)
        return kpis

    def write(self, vals):
        """Number the versions and keep what a new definition did to the value."""
        if not set(vals) & set(DEFINITION_FIELDS):
            return super().write(vals)
        old = {kpi: kpi._get_definition() for kpi in self}
        values = {kpi: kpi._get_version_values() for kpi in self}
        result = super().write(vals)
        for kpi in self.filtered(lambda kpi: kpi._get_definition() != old[kpi]):
            super(CrmKpi, kpi).write({"version": kpi.version + 1})
            self.env["crm.kpi.version"]._store(kpi, values[kpi])
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        return [
            {
                **vals,
                "name": self.env._("%(name)s (copy)", name=kpi.name),
                "code": f"{kpi.code}_copy",
            }
            | (default or {})
            for kpi, vals in zip(self, vals_list, strict=True)
        ]

    # === BUSINESS METHODS === #
    def _get_definition(self):
        """What the number is made of: ``{field name: value}``."""
        self.ensure_one()
        return {fname: self[fname] or False for fname in DEFINITION_FIELDS}
