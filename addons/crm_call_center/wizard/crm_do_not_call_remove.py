from odoo import fields, models


class CrmDoNotCallRemove(models.TransientModel):
    """Asks the privacy officer why a number may be called again."""

    _name = "crm.do.not.call.remove"
    _description = "Remove from Do Not Call"

    # === FIELDS === #
    entry_ids = fields.Many2many("crm.do.not.call", required=True)
    reason = fields.Char(required=True)

    # === ACTION METHODS === #
    def action_confirm(self):
        """Take the entries out of force."""
        self.ensure_one()
        self.entry_ids._remove(self.reason)
        return {"type": "ir.actions.act_window_close"}
