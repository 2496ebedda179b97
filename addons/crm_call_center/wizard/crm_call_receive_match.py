from odoo import fields, models
from odoo.exceptions import AccessError


class CrmCallReceiveMatch(models.TransientModel):
    """Somebody whom a call that comes in may be from."""

    _name = "crm.call.receive.match"
    _description = "Possible Caller"

    # === FIELDS === #
    receive_id = fields.Many2one(
        "crm.call.receive", required=True, ondelete="cascade", index=True
    )
    res_model = fields.Selection(
        [("res.partner", "Contact"), ("crm.lead", "Lead")], string="Kind", required=True
    )
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    name = fields.Char(string="Who Calls")
    company = fields.Char()
    subject = fields.Char()
    phone = fields.Char(string="Number")
    reason = fields.Selection(
        [("exact", "Same Number"), ("digits", "Same Last Digits")], string="Match"
    )

    # === ACTION METHODS === #
    def action_take(self):
        """Note that this contact or lead has called, and open the call."""
        self.ensure_one()
        self.check_access("write")
        card = self.receive_id
        # What was told once may have been merged, or written here by somebody.
        told = self.env["crm.phone.number"].match_number(card.phone)
        if (self.res_model, self.res_id) not in [(m["model"], m["id"]) for m in told]:
            raise AccessError(
                self.env._("The number is somebody else's now: look it up again.")
            )
        record = self.env[self.res_model].sudo().browse(self.res_id)
        return card._open_call(card._receive(record))
