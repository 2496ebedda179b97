from odoo import api, fields, models
from odoo.fields import Command


class CrmSegmentCallList(models.TransientModel):
    """The dialog that makes a call list of a segment's members."""

    _name = "crm.segment.call.list"
    _description = "Call List From a Segment"

    # === FIELDS === #
    segment_id = fields.Many2one(
        "crm.segment", required=True, readonly=True, ondelete="cascade"
    )
    name = fields.Char(required=True)
    operator_ids = fields.Many2many(
        "res.users",
        "crm_segment_call_list_operator_rel",
        "wizard_id",
        "user_id",
        string="Operators",
        domain="[('share', '=', False)]",
        help="Who is given the calls of this list.",
    )
    purpose = fields.Selection(
        [("service", "Service"), ("marketing", "Marketing")],
        required=True,
        default="marketing",
        help="Service: the person expects the call, about an order or a request."
        " Marketing: you offer something.",
    )
    refill_policy = fields.Selection(
        [("dynamic", "Kept in step"), ("frozen", "The members of now")],
        string="Who",
        required=True,
        default="dynamic",
        help="Kept in step: who enters the segment is called too, and who leaves before"
        " the first try is not.\nThe members of now: later changes of the segment do"
        " not change the list.",
    )
    member_count = fields.Integer(compute="_compute_reach", string="Members")
    phone_count = fields.Integer(compute="_compute_reach", string="Reachable by Phone")
    blocked_text = fields.Char(compute="_compute_reach", string="Left Out")

    # === COMPUTE METHODS === #
    @api.depends("segment_id")
    def _compute_reach(self):
        for wizard in self:
            reach = wizard.segment_id.get_reach()
            wizard.member_count = reach["members"]
            wizard.phone_count = reach["phone"]
            wizard.blocked_text = ", ".join(
                f"{reason['text']}: {reason['count']}"
                for reason in reach["blocked"]
                if reason["channel"] == "phone"
            )

    # === ACTION METHODS === #
    def action_make(self):
        """Make the list and open it, as a draft."""
        self.ensure_one()
        self.check_access("read")
        call_list = self.env["crm.call.list"].create(self._prepare_call_list_vals())
        if self.refill_policy == "frozen":
            call_list._fill_and_tell()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.call.list",
            "res_id": call_list.id,
            "views": [(False, "form")],
        }

    # === HOOKS === #
    def _prepare_call_list_vals(self):
        """Return the values of the new list."""
        segment = self.segment_id
        company = segment.company_id or self.env.company
        return {
            "name": self.name,
            "segment_id": segment.id,
            "model_name": segment.model_name,
            "domain": repr([("segment_ids", "in", segment.ids)]),
            "operator_ids": [Command.set(self.operator_ids.ids)],
            "purpose": self.purpose,
            "refill_policy": self.refill_policy,
            "company_id": company.id,
        }
