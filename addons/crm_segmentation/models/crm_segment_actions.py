from odoo import api, fields, models


class CrmSegment(models.Model):
    """The actions of a segment."""

    _inherit = "crm.segment"

    # === FIELDS === #
    action_ids = fields.One2many("crm.segment.action", "segment_id", string="Actions")
    is_paused = fields.Boolean(
        string="Pause Actions",
        copy=False,
        tracking=True,
        help="Nothing is done for the members; what is planned waits.",
    )
    run_count = fields.Integer(string="Actions Done", compute="_compute_run_count")

    # === COMPUTE METHODS === #
    def _compute_run_count(self):
        counts = dict(
            self.env["crm.segment.run"]._read_group(
                [("segment_id", "in", self.ids), ("state", "=", "done")],
                ["segment_id"],
                ["__count"],
            )
        )
        for segment in self:
            segment.run_count = counts.get(segment._origin, 0)

    # === CRUD METHODS === #
    def write(self, vals):
        result = super().write(vals)
        if "priority" in vals:
            claims = self.env["crm.segment.claim"].sudo()
            claims = claims.search([("segment_id", "in", self.ids)])
            if claims:
                claims.is_unsettled = True
                self.env.ref("crm_segmentation.ir_cron_segment_run").sudo()._trigger()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_actions(self):
        """The database would delete the actions without taking anything back."""
        self.with_context(active_test=False).sudo().action_ids.unlink()

    # === ACTION METHODS === #
    def action_view_runs(self):
        """Open what was done for members, and what is planned."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segmentation.crm_segment_run_action"
        )
        return {**action, "domain": [("segment_id", "=", self.id)]}

    # === HOOKS === #
    def _note_refresh(self, diff, *args, **kwargs):
        """Members changed: have the actions planned and done, soon."""
        result = super()._note_refresh(diff, *args, **kwargs)
        if diff and self.sudo().action_ids.filtered("is_on"):
            self.env.ref("crm_segmentation.ir_cron_segment_run").sudo()._trigger()
        return result
