from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import date_utils

from ..tools.kpi_reading import Side, date_domain, midnight

MONTHS_BACK = 5
MONTHS_AHEAD = 3
#: From this probability on a deal counts as likely: it makes the forecast's band.
LIKELY = 50
#: Neither won nor lost; "pending" alone would include what somebody archived.
WAITING = Domain("won_status", "=", "pending") & Domain("active", "=", True)
OPEN = Domain("type", "=", "opportunity") & WAITING
EXPECTED, PRORATED = "expected_revenue:sum", "prorated_revenue:sum"


class CrmDashboard(models.AbstractModel):
    """The funnel and the forecast."""

    _inherit = "crm.dashboard"

    def _ask_leads(self, reader, domain, group_by=None, amounts=()):
        """Ask for the number of leads and for sums; return the key of the answer.

        :param str group_by: a specification for ``_read_group``
        :param tuple amounts: aggregates of monetary fields
        """
        currency_field = self._get_currency_field() if amounts else None
        side = Side("crm.lead", domain, False, None, "__count", amounts, currency_field)
        return reader.ask(side, groupby=(group_by,) if group_by else ())

    # === BUSINESS METHODS - FUNNEL === #

    def _get_funnel_domain(self, filters):
        """Return the opportunities that were open at some time in the period.

        One that is archived without a closing date was put away: it does not count.
        """
        start = midnight(self.env, filters["date_from"])
        end = midnight(self.env, fields.Date.add(filters["date_to"], days=1))
        still_open = Domain("active", "=", True) & Domain("date_closed", "=", False)
        return (
            Domain("type", "=", "opportunity")
            & Domain("active", "in", [True, False])
            & Domain("create_date", "<", end)
            & (still_open | Domain("date_closed", ">=", start))
            & self._get_lead_domain(filters)
        )

    def _ask_funnel(self, reader, filters):
        domain = self._get_funnel_domain(filters)
        return self._ask_leads(reader, domain, "stage_id", (EXPECTED,))

    def _get_funnel(self, reader, key, filters):
        """Return the stages with the opportunities that came at least so far.

        Lost ones stay counted where they were lost. ``conversion`` is the share of
        those in the row before, ``None`` when there were none; ``median_days`` is how
        long half of them stayed in the stage at most.

        :return: list of ``{"stage_id", "stage", "is_won", "count", "amount",
            "conversion", "median_days"}``
        """
        found = reader.get(key)
        stages = self._get_stages()
        medians = self._get_stage_medians(filters) if found else {}
        rows, count, amount = [], 0, 0.0
        for stage in reversed(stages):
            own = found.get(stage.id, {})
            count += own.get("__count") or 0
            amount += own.get(EXPECTED) or 0.0
            if not own and not self._is_stage_shown(stage, filters):
                continue
            rows.append(
                {
                    "stage_id": stage.id,
                    "stage": stage.name,
                    "is_won": stage.is_won,
                    "count": count,
                    "amount": amount,
                    "median_days": medians.get(stage.id),
                }
            )
        rows.reverse()
        before = None
        for row in rows:
            row["conversion"] = row["count"] / before if before else None
            before = row["count"]
        return rows

    def _get_stages(self):
        return self.env["crm.stage"].search_fetch([], ["name", "is_won", "sequence"])

    def _is_stage_shown(self, stage, filters):
        """Stages of other teams only matter where their deals are."""
        team_ids = stage.team_ids.ids
        return not team_ids or filters["team_id"] in team_ids

    def _get_stage_medians(self, filters):
        """Return ``{stage id: median days}`` of the funnel's opportunities."""
        domain = self._get_funnel_domain(filters)
        return self.env["crm.stage.visit"]._get_median_days(domain)

    def _open_funnel(self, stage_id, filters, _part):
        stages = self._get_stages()
        stage = stages.filtered(lambda one: one.id == stage_id)
        if not stage:
            raise UserError(self.env._("This stage does not exist any more."))
        reached = stages.ids[stages.ids.index(stage.id) :]
        domain = self._get_funnel_domain(filters) & Domain("stage_id", "in", reached)
        name = self.env._("Came to %(stage)s or further", stage=stage.name)
        return self._open_list(name, "crm.lead", domain)

    # === BUSINESS METHODS - FORECAST === #

    def _ask_forecast(self, reader, filters):
        """Ask for what was won, is to come and is likely to come, by month."""
        this_month = self._get_this_month()
        first = this_month - relativedelta(months=MONTHS_BACK)
        last = this_month + relativedelta(months=MONTHS_AHEAD)
        coming = self._get_coming_domain(filters, this_month, last)
        likely = coming & Domain("probability", ">=", LIKELY)
        won = self._get_won_domain(filters, first, last)
        by_deadline, amounts = "date_deadline:month", (EXPECTED, PRORATED)
        return {
            "won": self._ask_leads(reader, won, "date_closed:month", (EXPECTED,)),
            "coming": self._ask_leads(reader, coming, by_deadline, amounts),
            "likely": self._ask_leads(reader, likely, by_deadline, amounts),
        }

    def _get_forecast(self, reader, keys):
        """Return the months around today: what was won and what is to come.

        The band is honest about what nobody knows: at its low end only the deals that
        are more likely than not count, prorated; at its high end these are all won in
        full and the others stay prorated.

        :return: ``{"months": [{"month", "won", "won_count"}]}``; from this month on
            with ``open_count``, ``expected``, ``prorated``, ``low`` and ``high``
        """
        won, coming, likely = (
            reader.get(keys[name]) for name in ("won", "coming", "likely")
        )
        this_month, months = self._get_this_month(), []
        for number in range(-MONTHS_BACK, MONTHS_AHEAD + 1):
            month = fields.Date.to_string(this_month + relativedelta(months=number))
            closed = won.get(month, {})
            row = {
                "month": month,
                "won": closed.get(EXPECTED) or 0.0,
                "won_count": closed.get("__count") or 0,
            }
            if number >= 0:
                row |= self._get_outlook(coming.get(month, {}), likely.get(month, {}))
            months.append(row)
        return {"months": months}

    def _get_outlook(self, coming, likely):
        """Return the figures of a month to come."""
        prorated = coming.get(PRORATED) or 0.0
        low = likely.get(PRORATED) or 0.0
        return {
            "open_count": coming.get("__count") or 0,
            "expected": coming.get(EXPECTED) or 0.0,
            "prorated": prorated,
            "low": low,
            "high": (likely.get(EXPECTED) or 0.0) + prorated - low,
        }

    def _get_this_month(self):
        return date_utils.start_of(fields.Date.context_today(self), "month")

    def _get_won_domain(self, filters, first, last):
        """Return what was won in these months."""
        window = first, date_utils.end_of(last, "month")
        return (
            Domain("won_status", "=", "won")
            & date_domain(self.env, "crm.lead", "date_closed", window)
            & self._get_lead_domain(filters)
        )

    def _get_coming_domain(self, filters, first, last):
        """Return the open opportunities that shall close in these months."""
        window = first, date_utils.end_of(last, "month")
        return (
            OPEN
            & date_domain(self.env, "crm.lead", "date_deadline", window)
            & self._get_lead_domain(filters)
        )

    def _open_forecast(self, month, filters, part):
        try:
            first = date_utils.start_of(fields.Date.to_date(month), "month")
        except (ValueError, TypeError, AttributeError):
            raise UserError(self.env._("This is no month.")) from None
        if part == "won":
            domain = self._get_won_domain(filters, first, first)
            name = self.env._("Won in the month")
        else:
            domain = self._get_coming_domain(filters, first, first)
            name = self.env._("Expected to close in the month")
        return self._open_list(name, "crm.lead", domain)
