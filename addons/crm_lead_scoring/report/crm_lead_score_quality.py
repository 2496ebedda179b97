from odoo import api, fields, models
from odoo.tools import SQL

#: What may be seen of costs is up to the campaign.
COST_GROUPS = "sales_team.group_sale_salesman_all_leads"


class CrmLeadScoreQuality(models.Model):
    """How good the leads are that came from somewhere: one row a lead.

    Open, won and lost ones; not those that somebody has put away. The grade and the
    score are those of now, or of the lead's end. The id is the lead's.

    A campaign's cost is spread evenly over its leads: whatever the rows are grouped by,
    it is counted once, and a part of the leads bears a part of it. Amounts are in the
    currency of the company in use. The database leaves out what a query does not name.
    """

    _name = "crm.lead.score.quality"
    _description = "Lead Quality"
    _auto = False
    _order = "date_created desc, id desc"
    _rec_name = "lead_id"
    _depends = {
        "crm.lead": [
            "active",
            "campaign_id",
            "company_id",
            "country_id",
            "create_date",
            "expected_revenue",
            "medium_id",
            "source_id",
            "team_id",
            "type",
            "user_id",
            "won_status",
        ],
        "crm.lead.score": ["total", "fit", "engagement", "grade_id", "is_ready"],
        "crm.lead.score.event": ["date", "lead_id", "signal_id", "value"],
        "crm.lead.score.grade": ["model_id"],
        "crm.lead.score.signal": ["code"],
        "utm.campaign": ["crm_cost", "crm_cost_currency_id"],
    }

    # === FIELDS === #

    lead_id = fields.Many2one("crm.lead", readonly=True)
    date_created = fields.Datetime("Created on", readonly=True)
    type = fields.Selection(
        [("lead", "Lead"), ("opportunity", "Opportunity")], readonly=True
    )
    won_status = fields.Selection(
        [("won", "Won"), ("lost", "Lost"), ("pending", "Open")],
        string="Status",
        readonly=True,
    )
    # where it came from, and whose it is
    source_id = fields.Many2one("utm.source", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    form = fields.Char(
        "Web Form",
        readonly=True,
        help="The page of the first web form that the lead has sent.",
    )
    country_id = fields.Many2one("res.country", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    # how good it is
    model_id = fields.Many2one("crm.lead.score.model", "Scoring Model", readonly=True)
    lead_grade_id = fields.Many2one("crm.lead.score.grade", "Grade", readonly=True)
    lead_grade_color = fields.Integer(
        "Grade Color", related="lead_grade_id.color", aggregator=None
    )
    lead_score = fields.Integer("Score", readonly=True, aggregator="avg")
    lead_score_fit = fields.Integer("Fit", readonly=True, aggregator="avg")
    lead_score_engagement = fields.Integer(
        "Engagement", readonly=True, aggregator="avg"
    )
    is_sales_ready = fields.Boolean(
        "Ready for Sales",
        readonly=True,
        help="Ready now, or when the lead was won or lost.",
    )
    ready_count = fields.Integer("Ready Leads", readonly=True)
    ready_rate = fields.Float(
        "Ready (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="How many of a hundred leads are ready for sales.",
    )
    won_count = fields.Integer("Won Leads", readonly=True)
    # money
    currency_id = fields.Many2one("res.currency", readonly=True)
    expected_revenue = fields.Monetary(readonly=True)
    campaign_cost = fields.Monetary(
        readonly=True,
        groups=COST_GROUPS,
        help="The cost of a campaign, spread evenly over its leads. A campaign without"
        " leads is not in.",
    )
    cost_per_ready_lead = fields.Monetary(
        "Cost per Ready Lead",
        readonly=True,
        aggregator="avg",
        groups=COST_GROUPS,
        help="What the campaigns cost, divided by their ready leads. Leads of campaigns"
        " without a cost are not counted; there is no number without a ready lead.",
    )

    # === CRUD METHODS === #

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT lead.id, lead.id AS lead_id, lead.create_date AS date_created,
                   lead.type, lead.won_status, lead.source_id, lead.medium_id,
                   lead.campaign_id, lead.country_id, lead.team_id, lead.user_id,
                   lead.company_id, form.value AS form,
                   grade.model_id, score.grade_id AS lead_grade_id,
                   score.total AS lead_score, score.fit AS lead_score_fit,
                   score.engagement AS lead_score_engagement,
                   score.is_ready IS TRUE AS is_sales_ready,
                   (score.is_ready IS TRUE)::int AS ready_count,
                   100.0 * (score.is_ready IS TRUE)::int AS ready_rate,
                   (lead.won_status = 'won')::int AS won_count,
                   %(currency)s AS currency_id,
                   lead.expected_revenue * %(lead_rate)s AS expected_revenue,
                   NULLIF(campaign.crm_cost, 0) * %(cost_rate)s / spread.leads
                   AS campaign_cost,
                   NULL::numeric AS cost_per_ready_lead
              FROM crm_lead AS lead
         LEFT JOIN crm_lead_score AS score ON score.id = lead.id
         LEFT JOIN crm_lead_score_grade AS grade ON grade.id = score.grade_id
         LEFT JOIN res_company AS company ON company.id = lead.company_id
         LEFT JOIN utm_campaign AS campaign ON campaign.id = lead.campaign_id
         LEFT JOIN (SELECT other.campaign_id, COUNT(*) AS leads
                      FROM crm_lead AS other
                     WHERE other.campaign_id IS NOT NULL
                       AND (other.active OR other.won_status <> 'pending')
                     GROUP BY other.campaign_id) AS spread
                ON spread.campaign_id = lead.campaign_id
         LEFT JOIN (%(forms)s) AS form ON form.lead_id = lead.id
             WHERE lead.active OR lead.won_status <> 'pending'
            """,
            forms=self._select_forms(),
            currency=self.env.company.currency_id.id,
            lead_rate=self._select_rate(SQL.identifier("company", "currency_id")),
            cost_rate=self._select_rate(
                SQL.identifier("campaign", "crm_cost_currency_id")
            ),
        )

    @api.model
    def _select_forms(self):
        """The page of each lead's first web form."""
        return SQL(
            """
            SELECT DISTINCT ON (event.lead_id) event.lead_id, event.value
              FROM crm_lead_score_event AS event
             WHERE event.signal_id = %s AND event.lead_id IS NOT NULL
             ORDER BY event.lead_id, event.date, event.id
            """,
            self.env["crm.lead.score.signal"]._get_ids_by_code().get("form_submitted"),
        )

    @api.model
    def _select_rate(self, currency):
        """The rate of today from the currency in a column to the company's.

        :param SQL currency: the column; no currency is the company's
        """
        own = self.env.company.currency_id
        others = self._find_currencies() - own
        if not others:
            return SQL("1.0")
        rates = (own | others)._get_rates(
            self.env.company, fields.Date.context_today(self)
        )
        cases = [
            SQL("WHEN %s THEN %s", one.id, rates[own.id] / rates[one.id])
            for one in others
        ]
        return SQL("CASE %s %s ELSE 1.0 END", currency, SQL(" ").join(cases))

    @api.model
    def _find_currencies(self):
        """The currencies of amounts: of the companies, and of campaigns with a cost."""
        [[currencies]] = (
            self.env["utm.campaign"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                [("crm_cost", "!=", 0)], [], ["crm_cost_currency_id:recordset"]
            )
        )
        return currencies | self.env["res.company"].sudo().search([]).currency_id

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """A cost per ready lead is a quotient of sums, never a mean of quotients."""
        if aggregate_spec != "cost_per_ready_lead:avg":
            return super()._read_group_select(aggregate_spec, query)
        cost, ready = (
            self._field_to_sql(self._table, name, query)
            for name in ("campaign_cost", "ready_count")
        )
        return SQL(
            "SUM(%(cost)s)"
            " / NULLIF(SUM(CASE WHEN %(cost)s IS NOT NULL THEN %(ready)s END), 0)",
            cost=cost,
            ready=ready,
        )

    # === ACTION METHODS === #

    def action_open_lead(self):
        """Open the lead."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "views": [(self.env.ref("crm.crm_lead_view_form").id, "form")],
        }
