from odoo import fields, models
from odoo.tools import SQL


class CrmActivityDueReport(models.Model):
    """Open activities of leads and opportunities, with whose sales they are."""

    _name = "crm.activity.due.report"
    _description = "Open CRM Activity"
    _auto = False
    _order = "date_deadline, id"
    _rec_name = "summary"
    _depends = {
        "mail.activity": [
            "active",
            "activity_type_id",
            "date_deadline",
            "res_id",
            "res_model",
            "summary",
            "user_id",
        ],
        "crm.lead": [
            "active",
            "campaign_id",
            "company_id",
            "country_id",
            "medium_id",
            "source_id",
            "stage_id",
            "team_id",
            "type",
            "user_id",
        ],
    }

    # === FIELDS === #
    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True)
    summary = fields.Char(readonly=True)
    activity_type_id = fields.Many2one("mail.activity.type", readonly=True)
    date_deadline = fields.Date(string="Due Date", readonly=True)
    user_id = fields.Many2one("res.users", string="Assigned to", readonly=True)
    lead_user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    type = fields.Selection(
        selection=[("lead", "Lead"), ("opportunity", "Opportunity")], readonly=True
    )
    stage_id = fields.Many2one("crm.stage", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT activity.id, activity.summary, activity.activity_type_id,
                   activity.date_deadline, activity.user_id, lead.id AS lead_id,
                   lead.user_id AS lead_user_id, lead.team_id, lead.company_id,
                   lead.type, lead.stage_id, lead.source_id, lead.medium_id,
                   lead.campaign_id, lead.country_id
              FROM mail_activity AS activity
              JOIN crm_lead AS lead
                ON activity.res_model = 'crm.lead' AND lead.id = activity.res_id
             WHERE activity.active AND lead.active
            """
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
