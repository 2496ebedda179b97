from odoo import fields, models

from odoo.addons.crm_segmentation.models.crm_segment_run import NotDone


class CrmSegmentAction(models.Model):
    """The action that puts people on a call list."""

    _inherit = "crm.segment.action"

    # === FIELDS === #
    kind = fields.Selection(
        selection_add=[("call_list", "Put on a call list")],
        ondelete={"call_list": "cascade"},
    )
    call_list_id = fields.Many2one(
        "crm.call.list",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('model_name', '=', model_name), ('state', '!=', 'done')]",
    )

    # === BUSINESS METHODS === #
    def _get_needed_field(self):
        if self.kind == "call_list":
            return "call_list_id"
        return super()._get_needed_field()

    def _do_call_list(self, record, run):
        call_list = self.call_list_id.sudo()
        if call_list.state == "done" or not call_list.active:
            raise NotDone(self.env._("The call list is closed."))
        if call_list.model_name != record._name:
            raise NotDone(self.env._("The call list calls others."))
        if not record.phone_sanitized:
            raise NotDone(self.env._("No valid phone number."))
        if record.crm_call_ids.filtered(lambda call: call.list_id == call_list):
            raise NotDone(self.env._("On the call list already."))
        if record.id in call_list._get_never_callable(record):
            raise NotDone(self.env._("The number must not be called."))
        call_list._create_calls(record)
