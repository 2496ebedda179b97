from odoo import api, fields, models

from ..tools import period


class CrmKpi(models.Model):
    """What the form of a KPI shows and does."""

    _inherit = "crm.kpi"

    # === FIELDS === #
    snapshot_ids = fields.One2many("crm.kpi.snapshot", "kpi_id", string="Snapshots")
    value_display = fields.Char(
        string="Value",
        compute="_compute_value_display",
        help="Of this month, or as of now if the KPI has no date.",
    )
    as_of_now = fields.Boolean(compute="_compute_as_of_now")

    # === COMPUTE METHODS === #
    @api.depends("date_field", "fixed_period")
    def _compute_as_of_now(self):
        for kpi in self:
            kpi.as_of_now = not kpi.date_field

    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_value_display(self):
        """The value of this month (or as of now), with the reader's rights."""
        kpis = self.filtered("id")
        (self - kpis).value_display = False
        rows = kpis._get_values(*self._get_this_month())
        for kpi in kpis:
            row = rows[kpi.id]
            kpi.value_display = row["error"] or row["display"]

    def _get_this_month(self):
        today = fields.Date.context_today(self)
        return period.start_of(today, "month"), period.end_of(today, "month")

    def _prepare_card_number(self):
        """The KPI's number for the card of its term, or ``False`` if not to be seen."""
        self.ensure_one()
        date_from, date_to = self._get_this_month()
        row = self._get_values(date_from, date_to)[self.id]
        if not self.env[self.model_name].has_access("read"):
            return False
        if self.as_of_now:
            label = self.env._("Now")
        else:
            if self.fixed_period:
                date_from = self._get_fixed_window()[0]
            unit = self.fixed_period or "month"
            label = self._get_period_label(date_from.isoformat(), unit)
        return {
            "id": self.id,
            "code": self.code,
            "name": self.name,
            "value": row["value"],
            "display": row["display"],
            "numerator": row["numerator"],
            "denominator": row["denominator"],
            "unit": self.unit,
            "direction": self.direction,
            "period_label": label,
            "date_from": date_from.isoformat(),
            "date_to": date_to.isoformat(),
            "error": row["error"],
        }

    def _prepare_digest_line(self, columns):
        """The KPI's line in the digest e-mail, or ``None`` without any figure.

        :param columns: ``(title, values, earlier values)`` of each time frame, values
            as :meth:`_get_values` returns them
        """
        self.ensure_one()
        if columns[0][1][self.id]["error"]:
            return None
        line = {
            "kpi_name": f"crm_kpi_{self.code}",
            "kpi_fullname": self.name,
            "kpi_action": "crm_glossary_core.crm_kpi_action",
            "kpi_col1": {},
            "kpi_col2": {},
            "kpi_col3": {},
        }
        if self.as_of_now or self.fixed_period:
            columns = [(self._get_now_label(), columns[0][1], None)]
        for number, (title, rows, earlier) in enumerate(columns, 1):
            value = rows[self.id]["value"]
            before = earlier and earlier[self.id]["value"]
            margin = 0.0
            # A mail paints what falls red: say nothing where less is better.
            if value and before and self.direction == "up":
                margin = round((value - before) / before * 100, 2)
            line[f"kpi_col{number}"] = {
                "value": rows[self.id]["display"],
                "margin": margin,
                "col_subtitle": title,
            }
        return line

    def _get_now_label(self):
        labels = {
            "month": self.env._("This month"),
            "quarter": self.env._("This quarter"),
            "year": self.env._("This year"),
        }
        return labels.get(self.fixed_period) or self.env._("Now")

    # === ACTION METHODS === #
    def action_view_numerator(self):
        """Open the records that are counted this month (or now)."""
        return self.action_open_records(*self._get_this_month())

    def action_view_denominator(self):
        """Open the records of the denominator of this month (or now)."""
        return self.action_open_records(*self._get_this_month(), part="denominator")

    def action_view_snapshots(self):
        """Open the history of the KPI."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_glossary_core.crm_kpi_snapshot_action"
        )
        return {
            **action,
            "display_name": self.name,
            "view_mode": "graph,pivot,list",
            "views": [(False, "graph"), (False, "pivot"), (False, "list")],
            "domain": [("kpi_id", "=", self.id), ("has_value", "=", True)],
            "context": {"search_default_scope_company": 1},
        }

    def action_recompute(self):
        """Take today's snapshots anew, of all KPIs or those that are selected."""
        self.check_access("write")
        kpis = self or self.search([("active", "=", True)])
        today = fields.Date.context_today(self)
        changed = 0
        for company in self.env.companies:
            changed += self.env["crm.kpi.snapshot"]._take(
                kpis.filtered(lambda kpi, c=company: kpi.company_id in (c, c.browse())),
                company,
                today,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "KPIs recomputed: %(kpis)s. Figures that changed: %(rows)s.",
                    kpis=len(kpis),
                    rows=changed,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
