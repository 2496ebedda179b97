from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import period
from ..tools.kpi_reading import PROBLEMS, Reader

#: Hour of the day, where the company is, from which the day's snapshot is taken.
EVENING = 20
#: Who a number is of: the scope, and the field by which it is told apart.
SCOPES = {"company": None, "team": "team_id", "user": "user_id"}


class CrmKpiSnapshot(models.Model):
    """A KPI's value on a day, with the version of the definition that gave it.

    Taken with system rights for a company, its teams and its salespeople, and shown by
    the record rules: salespeople see their own, managers those of their companies. A
    number of a period is that of the month so far.
    """

    _name = "crm.kpi.snapshot"
    _description = "KPI Snapshot"
    _inherit = ["crm.criterion.step"]
    _order = "date desc, kpi_id, id"
    _rec_name = "kpi_id"
    _check_company_auto = True

    # === FIELDS === #
    kpi_id = fields.Many2one(
        "crm.kpi", string="KPI", required=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True)
    scope = fields.Selection(
        selection=[
            ("company", "Company"),
            ("team", "Sales team"),
            ("user", "Salesperson"),
        ],
        required=True,
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    team_id = fields.Many2one("crm.team", string="Sales Team", ondelete="cascade")
    user_id = fields.Many2one("res.users", string="Salesperson", ondelete="cascade")
    value = fields.Float(aggregator="avg", digits=0)
    numerator = fields.Float(aggregator="sum", digits=0)
    denominator = fields.Float(aggregator="sum", digits=0)
    has_value = fields.Boolean(
        string="Has Data", help="Off when there was nothing to compute a value from."
    )
    version = fields.Integer(aggregator="max")
    taken_at = fields.Datetime(readonly=True)
    value_display = fields.Char(string="Figure", compute="_compute_value_display")

    _snapshot_unique = models.UniqueIndex(
        "(kpi_id, date, company_id, scope, COALESCE(team_id, 0), COALESCE(user_id, 0))",
        "There is a snapshot for this day already.",
    )
    _date_index = models.Index("(date, kpi_id)")

    # === COMPUTE METHODS === #
    @api.depends("value", "numerator", "denominator", "has_value", "kpi_id.unit")
    @api.depends_context("lang", "uid")
    def _compute_value_display(self):
        for snapshot in self:
            kpi = snapshot.kpi_id.with_company(snapshot.company_id)
            snapshot.value_display = kpi._format_row(
                {
                    "value": snapshot.value if snapshot.has_value else None,
                    "numerator": snapshot.numerator,
                    "denominator": snapshot.denominator,
                }
            )

    # === BUSINESS METHODS === #
    @api.model
    def _get_values(self, kpis, dates, filters=None):
        """Return ``(kpi id, date, value)`` of some days, with the reader's rights.

        Several companies are added up for numbers that add up; else they give nothing.
        """
        filters = filters or {}
        company_ids = filters.get("company_ids") or self.env.companies.ids
        domain = [
            ("kpi_id", "in", kpis.ids),
            ("date", "in", dates),
            ("company_id", "in", company_ids),
            ("has_value", "=", True),
        ]
        if filters.get("user_id"):
            domain += [("scope", "=", "user"), ("user_id", "=", filters["user_id"])]
        elif filters.get("team_id"):
            domain += [("scope", "=", "team"), ("team_id", "=", filters["team_id"])]
        else:
            domain += [("scope", "=", "company")]
        lines = self._read_group(
            domain, ["kpi_id", "date:day"], ["value:sum", "__count"]
        )
        return [
            (kpi.id, date, value)
            for kpi, date, value, count in lines
            if count == 1 or kpi.measure in ("count", "sum")
        ]

    # === BUSINESS METHODS - TAKING === #
    @api.model
    def _take(self, kpis, company, date):
        """Take the snapshot of a day for a company, its teams and its salespeople.

        Rows that are right already stay untouched. Works with system rights and the
        company's records (and those that belong to no company).

        :return: how many rows changed
        """
        env = self._get_company_env(company)
        rows, errors = {}, {}
        for kpi in kpis.with_env(env):
            try:
                with env.cr.savepoint():
                    rows.update(self._read_rows(kpi, company, date))
                errors[kpi.id] = False
            except PROBLEMS as error:
                errors[kpi.id] = str(kpi._explain(error))
        for kpi in kpis.sudo():
            if kpi.error_message != errors[kpi.id]:
                kpi.error_message = errors[kpi.id]
        working = kpis.filtered(lambda kpi: not errors[kpi.id])
        return self._store_rows(working, company, date, rows)

    def _get_company_env(self, company):
        """System rights in one company, in its time zone."""
        context = {
            "allowed_company_ids": company.ids,
            "tz": company.partner_id.tz or company.resource_calendar_id.tz or "UTC",
        }
        return self.env(user=self.env.ref("base.user_root").id, su=True)(
            context=context
        )

    def _read_rows(self, kpi, company, date):
        """Return ``{(kpi id, scope, team or user id): row}``."""
        window = (period.start_of(date, "month"), date)
        if kpi.fixed_period:
            window = kpi._get_fixed_window(date)
        reader = Reader(kpi.env)
        sides = kpi._get_sides(
            lambda model_name: (
                Domain("company_id", "in", [company.id, False])
                if "company_id" in kpi.env[model_name]._fields
                else Domain.TRUE
            )
        )
        keys = {}
        for scope, fname in SCOPES.items():
            if fname and any(
                kpi._get_model_filter(side.model, {fname: 1}) is None for side in sides
            ):
                continue
            groupby = (fname,) if fname else ()
            keys[scope] = [reader.ask(side, window, groupby) for side in sides]
        reader.run()
        rows = {}
        for scope, side_keys in keys.items():
            found = kpi._combine(sides, [reader.get(key) for key in side_keys])
            if scope == "company":
                found.setdefault(None, kpi._combine_one(sides, [{}, {}]))
            for group, row in found.items():
                rows[kpi.id, scope, group or False] = row
        return rows

    def _store_rows(self, kpis, company, date, rows):
        """Make the snapshots of a day equal to ``rows``; return how many changed."""
        found = self.sudo().search(
            [
                ("kpi_id", "in", kpis.ids),
                ("company_id", "=", company.id),
                ("date", "=", date),
            ]
        )
        versions = {kpi.id: kpi.version for kpi in kpis}
        changed, now = 0, fields.Datetime.now()
        for snapshot in found:
            fname = SCOPES[snapshot.scope]
            key = (snapshot.kpi_id.id, snapshot.scope, fname and snapshot[fname].id)
            row = rows.pop((*key[:2], key[2] or False), None)
            if row is None:
                snapshot.unlink()
                changed += 1
                continue
            values = self._prepare_values(row, versions[key[0]])
            different = {
                name: value for name, value in values.items() if snapshot[name] != value
            }
            changed += bool(different)
            if snapshot.scope == "company":
                different["taken_at"] = now
            if different:
                snapshot.write(different)
        self.sudo().create(
            [
                {
                    "kpi_id": kpi_id,
                    "date": date,
                    "company_id": company.id,
                    "scope": scope,
                    "taken_at": now,
                    **({SCOPES[scope]: group} if SCOPES[scope] else {}),
                    **self._prepare_values(row, versions[kpi_id]),
                }
                for (kpi_id, scope, group), row in rows.items()
            ]
        )
        return changed + len(rows)

    def _prepare_values(self, row, version):
        return {
            "value": float(row["value"] or 0),
            "numerator": float(row["numerator"] or 0),
            "denominator": float(row["denominator"] or 0),
            "has_value": row["value"] is not None,
            "version": version,
        }

    # === BUSINESS METHODS - REFRESH === #
    def _refresh_batch(self, position):
        """Take the snapshots of one KPI that are due; the position is its id."""
        kpi = self.env["crm.kpi"].search([("id", ">", position)], order="id", limit=1)
        if not kpi:
            return None, 0, 0
        changed = 0
        companies = self.env["res.company"].search([("active", "=", True)])
        for company in kpi.company_id or companies:
            date, since = self._get_due_day(company)
            taken = self.search_count(
                [
                    ("kpi_id", "=", kpi.id),
                    ("company_id", "=", company.id),
                    ("date", "=", date),
                    ("scope", "=", "company"),
                    ("taken_at", ">=", since),
                ]
            )
            if not taken:
                changed += self._take(kpi, company, date)
        return kpi.id, 1, changed

    def _refresh_remaining(self, position):
        return self.env["crm.kpi"].search_count([("id", ">", position)])

    def _refresh_problem(self):
        """Name the KPIs that do not work."""
        broken = self.env["crm.kpi"].search([("error_message", "!=", False)])
        return (
            self.env._("These KPIs do not work: %(names)s", names=", ".join(names))
            if (names := broken.mapped("name"))
            else False
        )

    def _get_due_day(self, company):
        """The latest day that has reached its evening, and when that was (in UTC)."""
        zone = self._get_company_env(company).tz
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=str(zone)), fields.Datetime.now()
        )
        date = (local - timedelta(hours=EVENING)).date()
        evening = zone.localize(datetime.combine(date, time(EVENING)))
        return date, (evening - evening.utcoffset()).replace(tzinfo=None)
