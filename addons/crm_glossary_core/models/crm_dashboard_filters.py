from datetime import date, timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import date_utils

DEFAULT_PERIOD = "this_month"
MAX_OPTIONS = 200


class CrmDashboard(models.AbstractModel):
    _inherit = "crm.dashboard"

    # === BUSINESS METHODS - FILTERS === #

    def _prepare_filters(self, role, filters):
        """Return the filters checked and complete, dates as dates.

        :param str role: gives the defaults when ``filters`` is empty
        :param dict filters: as the client sends them
        :raise UserError: an unknown period, a date or a record that does not exist
        """
        if filters and not isinstance(filters, dict):
            raise UserError(self.env._("The filters are not readable."))
        filters = filters or self._get_default_filters(role)
        period = filters.get("period") or DEFAULT_PERIOD
        date_from, date_to = self._get_period_dates(period, filters)
        return {
            "period": period,
            "date_from": date_from,
            "date_to": date_to,
            "user_id": self._check_record("res.users", filters.get("user_id")),
            "team_id": self._check_record("crm.team", filters.get("team_id")),
            "company_id": self._check_company(filters.get("company_id")),
        }

    def _get_default_filters(self, role):
        """Return what a role looks at first.

        Salespeople look at their own records of the month; managers look at the
        quarter, which has deals enough for a win rate.
        """
        return {
            "period": "this_quarter" if role == "manager" else DEFAULT_PERIOD,
            "user_id": self.env.uid if role == "salesperson" else False,
        }

    def _format_filters(self, filters):
        """Return the filters as JSON can hold them, with the period in words."""
        return {
            **filters,
            "date_from": fields.Date.to_string(filters["date_from"]),
            "date_to": fields.Date.to_string(filters["date_to"]),
        }

    def _check_record(self, model, record_id):
        """Return the id of a record that the user may read, or ``False``."""
        if not record_id:
            return False
        found = self.env[model]
        if type(record_id) is int:
            found = found.with_context(active_test=False).search(
                [("id", "=", record_id)]
            )
        if not found:
            raise UserError(
                self.env._(
                    "The filter names a %(model)s that does not exist or that you"
                    " may not read.",
                    model=self.env[model]._description,
                )
            )
        return found.id

    def _check_company(self, company_id):
        if company_id and company_id not in self.env.companies.ids:
            raise UserError(
                self.env._("Choose a company that is active in the company selector.")
            )
        return company_id or False

    # === BUSINESS METHODS - PERIODS === #

    def _get_periods(self):
        """Return ``[{"code", "name"}]`` of the periods, in the order of the list."""
        names = {
            "this_month": self.env._("This month"),
            "last_month": self.env._("Last month"),
            "this_quarter": self.env._("This quarter"),
            "last_quarter": self.env._("Last quarter"),
            "this_year": self.env._("This year"),
            "last_year": self.env._("Last year"),
            "last_30_days": self.env._("Last 30 days"),
            "last_90_days": self.env._("Last 90 days"),
            "custom": self.env._("From … to …"),
        }
        return [{"code": code, "name": name} for code, name in names.items()]

    def _get_period_dates(self, period, filters):
        """Return the first and the last day of a period, today in the user's zone."""
        today = fields.Date.context_today(self)
        if period == "custom":
            return self._check_dates(filters)
        if period in ("last_30_days", "last_90_days"):
            days = 30 if period == "last_30_days" else 90
            return today - timedelta(days=days - 1), today
        when, _separator, unit = period.partition("_")
        if when not in ("this", "last") or unit not in ("month", "quarter", "year"):
            raise UserError(
                self.env._("There is no period “%(period)s”.", period=period)
            )
        day = date_utils.start_of(today, unit)
        if when == "last":
            day -= timedelta(days=1)
        return date_utils.start_of(day, unit), date_utils.end_of(day, unit)

    def _check_dates(self, filters):
        """Return both dates of a period that the user chose."""
        try:
            days = [
                fields.Date.to_date(filters.get(name))
                for name in ("date_from", "date_to")
            ]
        except (ValueError, TypeError):
            days = [None]
        if not all(isinstance(day, date) for day in days):
            raise UserError(self.env._("Choose the first and the last day."))
        if days[0] > days[1]:
            raise UserError(self.env._("The period ends before it starts."))
        return days

    # === BUSINESS METHODS - SCOPE === #

    def _get_kpi_filters(self, filters):
        """Return the filters in the words of the KPIs."""
        company_id = filters["company_id"]
        return {
            "user_id": filters["user_id"],
            "team_id": filters["team_id"],
            "company_ids": [company_id] if company_id else [],
        }

    def _get_lead_domain(self, filters):
        """Return the domain of team, person and company on leads."""
        kpi_filters = self._get_kpi_filters(filters)
        return self.env["crm.kpi"]._get_model_filter("crm.lead", kpi_filters)

    def _get_scope(self, filters):
        """Return in words whose records are counted."""
        user = self.env["res.users"].browse(filters["user_id"])
        if user == self.env.user:
            return self.env._("Your own records")
        if user:
            return self.env._("Records of %(name)s", name=user.sudo().name)
        if not self._reads_all():
            return self.env._("Your own records and those that nobody has")
        return self.env._("Records of all salespeople")

    def _reads_all(self):
        return self.env.user.has_group("sales_team.group_sale_salesman_all_leads")

    def _get_options(self, filters):
        """Return what the user may choose from: periods, people, teams, companies."""
        people = self.env.user
        if self._reads_all():
            domain = Domain("share", "=", False) & Domain(
                "company_ids", "in", self.env.companies.ids
            )
            people |= people.search_fetch(domain, ["name"], limit=MAX_OPTIONS)
        teams = self.env["crm.team"].search_fetch([], ["name"], limit=MAX_OPTIONS)
        people |= people.browse(filters["user_id"] or [])
        teams |= teams.browse(filters["team_id"] or [])
        companies = self.env.companies if len(self.env.companies) > 1 else []
        return {
            "periods": self._get_periods(),
            "users": [{"id": user.id, "name": user.name} for user in people],
            "teams": [{"id": team.id, "name": team.name} for team in teams],
            "companies": [{"id": one.id, "name": one.name} for one in companies],
        }
