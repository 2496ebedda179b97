from odoo import api, fields, models

from .. import engine

#: Leads of one batch of the refresh: about a second.
BATCH = 20_000


class CrmStageVisit(models.Model):
    """One stay of a lead in a stage: from when, until when, and where it went.

    Written by the engine alone, when a lead changes.
    """

    _name = "crm.stage.visit"
    _description = "Stay in a Stage"
    _inherit = ["crm.criterion.step"]
    _order = "date_from desc, id desc"
    _rec_name = "lead_id"
    _log_access = False

    # === FIELDS === #
    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", required=True, ondelete="cascade"
    )
    stage_id = fields.Many2one(
        "crm.stage", required=True, index=True, ondelete="cascade"
    )
    next_stage_id = fields.Many2one(
        "crm.stage", index="btree_not_null", ondelete="set null"
    )
    date_from = fields.Datetime(string="Entered", required=True, index=True)
    date_to = fields.Datetime(string="Left", index=True)
    days = fields.Float(aggregator="avg", help="Empty while the lead is there.")
    outcome = fields.Selection(
        selection=[
            ("open", "Still there"),
            ("forward", "Moved forward"),
            ("back", "Moved back"),
            ("lost", "Lost"),
        ],
        required=True,
    )
    # of the lead, as it is now
    user_id = fields.Many2one(related="lead_id.user_id")
    team_id = fields.Many2one(related="lead_id.team_id")
    company_id = fields.Many2one(related="lead_id.company_id")
    source_id = fields.Many2one(related="lead_id.source_id")
    medium_id = fields.Many2one(related="lead_id.medium_id")
    campaign_id = fields.Many2one(related="lead_id.campaign_id")
    country_id = fields.Many2one(related="lead_id.country_id")
    type = fields.Selection(related="lead_id.type")
    stage_is_won = fields.Boolean(related="stage_id.is_won", string="Won Stage")

    _lead_index = models.Index("(lead_id, date_from)")
    _open_unique = models.UniqueIndex(
        "(lead_id) WHERE date_to IS NULL", "A lead is in one stage at a time."
    )

    # === CRUD METHODS === #
    def init(self):
        """Read the history of the leads that are there already."""
        engine.fill_stages(self.env)
        engine.follow_stages(self.env)

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

    # === BUSINESS METHODS === #
    @api.model
    def _get_median_days(self, lead_domain):
        """Return ``{stage id: days}``: the median stay in each stage.

        :param lead_domain: which leads; those that the reader may see
        """
        lines = self._read_group(
            [("lead_id", "any", lead_domain), ("outcome", "!=", "open")],
            ["stage_id"],
            ["days:median"],
        )
        return {stage.id: days for stage, days in lines}

    # === BUSINESS METHODS - REFRESH === #
    def _refresh_watches(self):
        return {"crm.lead"}

    def _refresh_records(self, records, fnames=None):
        if fnames is None or {"stage_id", "won_status"} & fnames:
            engine.follow_stages(self.env, records.ids)

    def _refresh_remaining(self, position):
        return engine.count_after(self.env, "crm_lead", position)

    def _refresh_batch(self, position):
        batch = engine.next_range(self.env, "crm_lead", position, BATCH)
        if not batch:
            return None, 0, 0
        first, last, count = batch
        diff = engine.follow_stages(self.env, id_range=(first, last))
        return last, count, diff.total
