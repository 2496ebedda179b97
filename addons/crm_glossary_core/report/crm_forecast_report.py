from odoo import fields, models
from odoo.tools import SQL


class CrmForecastReport(models.Model):
    """Past forecasts and what was won: one row a month and salesperson.

    The forecast is the first snapshot of the KPI *forecast of this month* that was
    taken in the month; won is the expected revenue of the opportunities closed as won
    in the month (in UTC, in the company's currency). Who won without a forecast has a
    row too.
    """

    _name = "crm.forecast.report"
    _description = "Forecast and Result"
    _auto = False
    _order = "date desc, user_id"
    _rec_name = "user_id"
    _depends = {
        "crm.kpi": ["code"],
        "crm.kpi.snapshot": [
            "company_id",
            "date",
            "has_value",
            "kpi_id",
            "scope",
            "user_id",
            "value",
        ],
        "crm.lead": [
            "company_id",
            "date_closed",
            "expected_revenue",
            "type",
            "user_id",
            "won_status",
        ],
    }

    # === FIELDS === #
    date = fields.Date(string="Month", readonly=True)
    forecast_date = fields.Date(string="Forecast of", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    forecast = fields.Monetary(readonly=True)
    won = fields.Monetary(readonly=True)
    error = fields.Monetary(
        readonly=True, help="How far the forecast was from what was won, as an amount."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH snapshot AS (
                SELECT snapshot.company_id, snapshot.user_id, snapshot.scope,
                       snapshot.date, snapshot.value,
                       DATE_TRUNC('month', snapshot.date)::date AS month,
                       MIN(snapshot.date) OVER (
                           PARTITION BY snapshot.company_id,
                                        DATE_TRUNC('month', snapshot.date)) AS first
                  FROM crm_kpi_snapshot AS snapshot
                  JOIN crm_kpi AS kpi ON kpi.id = snapshot.kpi_id
                 WHERE kpi.code = 'forecast_month' AND kpi.company_id IS NULL
                   AND snapshot.date < DATE_TRUNC('month', NOW() AT TIME ZONE 'utc')
            ), forecast AS (
                SELECT company_id, month, user_id, value
                  FROM snapshot WHERE scope = 'user' AND date = first
            ), month AS (
                SELECT DISTINCT company_id, month, first FROM snapshot
            ), won AS (
                SELECT month.company_id, month.month, lead.user_id,
                       SUM(lead.expected_revenue) AS value
                  FROM month
                  JOIN crm_lead AS lead
                    ON lead.date_closed >= month.month
                   AND lead.date_closed < month.month + INTERVAL '1 month'
                   AND COALESCE(lead.company_id, month.company_id) = month.company_id
                   AND lead.won_status = 'won' AND lead.type = 'opportunity'
                 GROUP BY month.company_id, month.month, lead.user_id
            ), figure AS (
                SELECT company_id, month, user_id, value AS forecast, 0 AS won
                  FROM forecast
             UNION ALL
                SELECT company_id, month, user_id, 0, value FROM won
            )
            SELECT ROW_NUMBER() OVER (
                       ORDER BY month.month, month.company_id, figure.user_id) AS id,
                   month.month AS date, month.first AS forecast_date,
                   month.company_id, figure.user_id, company.currency_id,
                   SUM(figure.forecast) AS forecast, SUM(figure.won) AS won,
                   ABS(SUM(figure.forecast) - SUM(figure.won)) AS error
              FROM month
              JOIN figure
                ON figure.month = month.month
               AND figure.company_id = month.company_id
              JOIN res_company AS company ON company.id = month.company_id
             GROUP BY month.month, month.first, month.company_id, figure.user_id,
                      company.currency_id
            """
        )
