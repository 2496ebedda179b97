from odoo import api, fields, models


class CrmSegmentTarget(models.AbstractModel):
    """Records that can be members of segments: their current ones and their history.

    The model itself declares ``segment_ids``, because the engine needs to know which
    column of the memberships holds its records.
    """

    _name = "crm.segment.target"
    _description = "Member of Segments"

    #: Column of ``crm.segment.member`` that points to this model.
    _segment_column = ""

    # === FIELDS === #
    segment_count = fields.Integer(
        string="Number of Segments",
        compute="_compute_segment_count",
        groups="sales_team.group_sale_salesman",
    )

    # === COMPUTE METHODS === #
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_segment_count(self):
        counts = dict(
            self.env["crm.segment.member"]._read_group(
                [
                    (self._segment_column, "in", self.ids),
                    ("date_to", "=", False),
                    ("segment_id.active", "=", True),
                ],
                [self._segment_column],
                ["__count"],
            )
        )
        for record in self:
            record.segment_count = counts.get(record._origin, 0)

    # === ACTION METHODS === #
    def action_view_segments(self):
        """Open the record's memberships: since when, until when, and why."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segmentation.crm_segment_member_action"
        )
        title = self.env._("Segments of %(name)s", name=self.display_name)
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": [(self._segment_column, "=", self.id)],
            "context": {"search_default_current": 1},
            "views": [
                (
                    self.env.ref(
                        "crm_segmentation.crm_segment_member_view_list_record"
                    ).id,
                    "list",
                )
            ],
            "view_mode": "list",
        }
