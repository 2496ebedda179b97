from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import period


class CrmKpiTarget(models.Model):
    """What a KPI shall be in a period, for a company, a team or a person."""

    _name = "crm.kpi.target"
    _description = "KPI Target"
    _order = "date_from desc, kpi_id, id"
    _rec_name = "kpi_id"
    _check_company_auto = True

    # === FIELDS === #
    kpi_id = fields.Many2one(
        "crm.kpi",
        string="KPI",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    team_id = fields.Many2one("crm.team", string="Sales Team", check_company=True)
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        domain="[('share', '=', False)]",
        check_company=True,
    )
    period_type = fields.Selection(
        selection=[("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
        string="Period",
        required=True,
        default="month",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        help="Any day of the period.",
    )
    date_to = fields.Date(string="To", compute="_compute_date_to", store=True)
    value = fields.Float(
        string="Target",
        required=True,
        help="In the KPI's unit; a share of 50 % is written 0.5.",
    )
    target_display = fields.Char(
        string="Target with Unit", compute="_compute_target_display"
    )
    current_display = fields.Char(string="So Far", compute="_compute_current")
    status = fields.Selection(
        selection=[
            ("reached", "Reached"),
            ("ahead", "On track"),
            ("behind", "Behind"),
        ],
        compute="_compute_current",
    )

    _target_unique = models.UniqueIndex(
        "(kpi_id, company_id, COALESCE(team_id, 0), COALESCE(user_id, 0),"
        " period_type, date_from)",
        "There is a target for this KPI, period and person, team or company already.",
    )

    # === COMPUTE METHODS === #
    @api.depends("date_from", "period_type")
    def _compute_date_to(self):
        for target in self:
            target.date_to = target.date_from and period.end_of(
                target.date_from, target.period_type
            )

    @api.depends("value", "kpi_id")
    @api.depends_context("lang")
    def _compute_target_display(self):
        for target in self:
            target.target_display = target.kpi_id._format_value(target.value)

    @api.depends("value", "kpi_id", "date_from", "date_to", "team_id", "user_id")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_current(self):
        """The value so far, with the reader's rights."""
        self.current_display, self.status = False, False
        for target in self.filtered(lambda target: target.kpi_id and target.date_to):
            kpi = target.kpi_id.with_company(target.company_id)
            window = (target.date_from, target.date_to)
            row = kpi._get_values(*window, target._get_filters())[kpi.id]
            pace = kpi._get_pace(row["value"], target.value, *window)
            target.current_display = row["display"]
            target.status = pace and pace["status"]

    # === CONSTRAINT METHODS === #
    @api.constrains("team_id", "user_id")
    def _check_one_owner(self):
        for target in self:
            if target.team_id and target.user_id:
                raise ValidationError(
                    self.env._("A target is for a team or for a person, not for both.")
                )

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create(vals_list)
        targets._snap_date_from()
        return targets

    def write(self, vals):
        result = super().write(vals)
        if {"date_from", "period_type"} & set(vals):
            self._snap_date_from()
        return result

    def _snap_date_from(self):
        """Any day of the period was given: keep its first."""
        for target in self:
            start = period.start_of(target.date_from, target.period_type)
            if target.date_from != start:
                target.date_from = start

    # === BUSINESS METHODS === #
    def _get_filters(self):
        """The filters for the KPI that mean whose target it is."""
        self.ensure_one()
        return {
            "user_id": self.user_id.id,
            "team_id": self.team_id.id,
            "company_ids": self.company_id.ids,
        }

    @api.model
    def _get_for(self, kpis, date_from, date_to, filters=None):
        """Return ``{kpi id: target}`` of a period, for whom the filters mean.

        Targets of several companies are added up for numbers that add up.
        """
        filters = filters or {}
        company_ids = filters.get("company_ids") or self.env.companies.ids
        found = self.search_fetch(
            [
                ("kpi_id", "in", kpis.ids),
                ("date_from", "=", date_from),
                ("date_to", "=", date_to),
                ("company_id", "in", company_ids),
                ("user_id", "=", filters.get("user_id") or False),
                (
                    "team_id",
                    "=",
                    not filters.get("user_id") and filters.get("team_id") or False,
                ),
            ],
            ["kpi_id", "company_id", "value"],
        )
        result = {}
        for kpi, targets in found.grouped("kpi_id").items():
            if len(targets) == 1 or kpi.measure in ("count", "sum"):
                result[kpi.id] = sum(targets.mapped("value"))
        return result
