from odoo import fields, models
from odoo.tools import SQL


class CrmLeadSpeedReport(models.Model):
    """Leads with the times between their birth, the first touch and their end.

    The database leaves out what a query does not name: the first touch is joined by
    its unique key, being touchless is a condition of its own.
    """

    _name = "crm.lead.speed.report"
    _description = "Lead Speed"
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
            "create_uid",
            "date_closed",
            "medium_id",
            "source_id",
            "team_id",
            "type",
            "user_id",
            "won_status",
        ],
        "crm.lead.touch": ["lead_id", "date_first_touch"],
        "mail.message": ["author_id", "model", "res_id"],
        "mail.tracking.value": ["field_id", "mail_message_id"],
        "res.users": ["partner_id", "share"],
    }

    # === FIELDS === #
    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True)
    date_created = fields.Datetime(string="Created on", readonly=True)
    date_closed = fields.Datetime(string="Closed Date", readonly=True)
    date_first_touch = fields.Datetime(string="First Touch", readonly=True)
    hours_to_first_touch = fields.Float(readonly=True, aggregator="avg")
    days_to_close = fields.Float(readonly=True, aggregator="avg")
    is_touchless = fields.Boolean(
        string="Touchless",
        readonly=True,
        help="Came in by itself and reached its salesperson without anybody's hand.",
    )
    won_status = fields.Selection(
        selection=[("won", "Won"), ("lost", "Lost"), ("pending", "Pending")],
        string="Won/Lost",
        readonly=True,
    )
    type = fields.Selection(
        selection=[("lead", "Lead"), ("opportunity", "Opportunity")], readonly=True
    )
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT lead.id, lead.id AS lead_id, lead.type, lead.won_status,
                   lead.user_id, lead.team_id, lead.company_id, lead.source_id,
                   lead.medium_id, lead.campaign_id, lead.country_id,
                   lead.create_date AS date_created, lead.date_closed,
                   EXTRACT(EPOCH FROM lead.date_closed - lead.create_date) / 86400
                   AS days_to_close,
                   touch.date_first_touch,
                   CASE WHEN touch.date_first_touch < lead.create_date THEN 0
                        ELSE EXTRACT(
                            EPOCH FROM touch.date_first_touch - lead.create_date
                        ) / 3600 END AS hours_to_first_touch,
                   (%(touchless)s) AS is_touchless
              FROM crm_lead AS lead
              LEFT JOIN crm_lead_touch AS touch ON touch.lead_id = lead.id
            """,
            touchless=self._condition_touchless(),
        )

    def _condition_touchless(self):
        """Made by OdooBot or by somebody outside, and assigned by no person."""
        return SQL(
            """
            lead.user_id IS NOT NULL
            AND EXISTS (
                SELECT FROM res_users AS author
                 WHERE author.id = lead.create_uid AND (author.id = 1 OR author.share))
            AND NOT EXISTS (
                SELECT FROM mail_message AS message
                  JOIN mail_tracking_value AS value
                    ON value.mail_message_id = message.id AND value.field_id = %s
                  JOIN res_users AS person
                    ON person.partner_id = message.author_id
                   AND person.id <> 1 AND person.share IS NOT TRUE
                 WHERE message.model = 'crm.lead' AND message.res_id = lead.id)
            """,
            self.env["ir.model.fields"]._get("crm.lead", "user_id").id,
        )

    # === ACTION METHODS === #
    def action_open_lead(self):
        """Open the opportunity."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "views": [(self.env.ref("crm.crm_lead_view_form").id, "form")],
        }
