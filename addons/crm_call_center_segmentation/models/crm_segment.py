from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmSegment(models.Model):
    """Call lists made from a segment, and who of it must not be called."""

    _inherit = "crm.segment"

    # === FIELDS === #
    call_list_ids = fields.One2many(
        "crm.call.list",
        "segment_id",
        string="Call Lists",
        groups="crm_call_center.group_call_center_operator",
    )
    call_list_count = fields.Integer(
        string="Number of Call Lists",
        compute="_compute_call_list_count",
        groups="crm_call_center.group_call_center_operator",
    )

    # === COMPUTE METHODS === #
    @api.depends("call_list_ids")
    def _compute_call_list_count(self):
        for segment in self:
            segment.call_list_count = len(segment.call_list_ids)

    # === ACTION METHODS === #
    def action_make_call_list(self):
        """Open the dialog that makes a call list of the members."""
        self.check_access("read")
        if len(self) != 1:
            raise UserError(self.env._("Choose one segment for a call list."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Call List"),
            "res_model": "crm.segment.call.list",
            "view_mode": "form",
            "target": "new",
            "context": {"default_segment_id": self.id, "default_name": self.name},
        }

    def action_view_call_lists(self):
        """Open the call lists that were made from the segment."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Call Lists of %(name)s", name=self.display_name),
            "res_model": "crm.call.list",
            "view_mode": "list,kanban,form",
            "domain": [("segment_id", "=", self.id)],
        }

    # === BUSINESS METHODS === #
    def _forget_members(self, target):
        result = super()._forget_members(target)
        following = [
            ("segment_id.target", "=", target),
            ("refill_policy", "=", "dynamic"),
            ("state", "=", "running"),
        ]
        if self.env["crm.call.list"].sudo().search_count(following, limit=1):
            self.env["crm.criterion.refresh"]._request("crm.call.list")
        return result

    # === HOOKS === #
    @api.model
    def _get_reach_channels(self):
        """Say of the phone who must not be called, and whose number is wrong."""
        channels = super()._get_reach_channels()
        for channel in channels:
            if channel["code"] == "phone":
                channel["blocked"] = self._add_call_reasons(channel["blocked"])
        return channels

    @api.model
    def _add_call_reasons(self, blocked):
        """Return the reasons with those of the call center put before the blacklist.

        Who must not be called is on the phone blacklist too, and the first reason that
        holds counts.
        """
        codes = [reason[0] for reason in blocked]
        place = codes.index("blacklisted") if "blacklisted" in codes else len(codes)
        reasons = [
            (
                "do_not_call",
                self.env._("on the do-not-call list"),
                Domain("is_do_not_call", "=", True),
            ),
            (
                "wrong_number",
                self.env._("wrong number"),
                Domain("is_wrong_number", "=", True),
            ),
        ]
        return [*blocked[:place], *reasons, *blocked[place:]]
