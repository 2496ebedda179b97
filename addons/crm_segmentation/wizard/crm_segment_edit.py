from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.crm_segment import TARGET_MODELS


class CrmSegmentEdit(models.TransientModel):
    """Add contacts or leads to a segment that is kept by hand, or remove them.

    Opened from a segment, or from a selection in the list of contacts or leads.
    """

    _name = "crm.segment.edit"
    _description = "Add to Segment or Remove from It"

    # === DEFAULTS === #
    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        model_name = self.env.context.get("active_model")
        for target, name in TARGET_MODELS.items():
            if name == model_name:
                values["target"] = target
                chosen = self.env.context.get("active_ids") or []
                values[f"{target}_ids"] = [Command.set(chosen)]
        return values

    # === FIELDS === #
    operation = fields.Selection(
        [("add", "Add"), ("remove", "Remove")], required=True, default="add"
    )
    target = fields.Selection(
        [("partner", "Contacts"), ("lead", "Leads")],
        required=True,
        readonly=True,
        default="partner",
    )
    segment_id = fields.Many2one(
        "crm.segment",
        required=True,
        ondelete="cascade",
        domain="[('kind', '=', 'manual'), ('target', '=', target)]",
    )
    partner_ids = fields.Many2many("res.partner", string="Contacts")
    lead_ids = fields.Many2many("crm.lead", string="Leads")
    record_count = fields.Integer(string="Chosen", compute="_compute_counts")
    changing_count = fields.Integer(
        string="Will Change",
        compute="_compute_counts",
        help="How many of the chosen records are not members yet, or are members that"
        " will be removed.",
    )

    # === COMPUTE METHODS === #
    @api.depends("operation", "segment_id", "partner_ids", "lead_ids")
    def _compute_counts(self):
        for edit in self:
            records = edit._get_records()
            members = records.filtered(
                lambda record, edit=edit: edit.segment_id in record.segment_ids
            )
            changing = members if edit.operation == "remove" else records - members
            edit.record_count = len(records)
            edit.changing_count = len(changing)

    # === ACTION METHODS === #
    def action_apply(self):
        """Make the change and say what it came to."""
        self.ensure_one()
        records = self._get_records()
        if not records:
            raise UserError(self.env._("Choose at least one record first."))
        if self.operation == "add":
            count = self.segment_id.add_members(records.ids)
            message = self.env._(
                "%(count)s added to “%(segment)s”.",
                count=count,
                segment=self.segment_id.display_name,
            )
        else:
            count = self.segment_id.remove_members(records.ids)
            message = self.env._(
                "%(count)s removed from “%(segment)s”.",
                count=count,
                segment=self.segment_id.display_name,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # === TOOLING === #
    def _get_records(self):
        return (self.partner_ids if self.target == "partner" else self.lead_ids)._origin
