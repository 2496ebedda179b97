from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..tools.phone import normalise


class CrmCallReceive(models.TransientModel):
    """The quick card of a call that comes in: its number, and who it may be."""

    _name = "crm.call.receive"
    _description = "Receive a Call"

    # === FIELDS === #
    phone = fields.Char(string="Number")
    looked_up = fields.Boolean()
    match_ids = fields.One2many("crm.call.receive.match", "receive_id")
    name = fields.Char(string="Who Calls")
    problem = fields.Char(compute="_compute_problem")

    # === COMPUTE METHODS === #
    @api.depends("phone")
    @api.depends_context("lang")
    def _compute_problem(self):
        Phone = self.env["crm.phone.number"]
        for card in self:
            code = normalise(card.phone, self.env.company.country_id.code).problem
            readable = not code or code == "empty"
            card.problem = False if readable else Phone._tell_problem(code)

    # === ACTION METHODS === #
    @api.model
    def action_receive(self, number=None):
        """Open the card of a number that rings.

        :param str number: as the telephone shows it; without it the card asks
        :raise AccessError: unless the user takes calls
        """
        if not self.env["crm.call"].has_access("create"):
            raise AccessError(self.env._("Only who takes calls may do this."))
        card = self.create({"phone": number})
        return card.action_look_up() if number else card._open()

    def action_look_up(self):
        """Show whom the number belongs to."""
        self.ensure_one()
        self.check_access("write")
        matches = self.env["crm.phone.number"].match_number(self.phone)
        fnames = ("name", "company", "subject", "phone", "reason")
        self.write(
            {
                "looked_up": True,
                "match_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "res_model": match["model"],
                                "res_id": match["id"],
                                **{fname: match[fname] for fname in fnames},
                            }
                        )
                        for match in matches
                    ),
                ],
            }
        )
        return self._open()

    def action_take(self):
        """Note a call of somebody who is not known yet, and open it."""
        return self._open_call(self._receive())

    def action_take_lead(self):
        """Note a call of somebody who is not known yet; make it an opportunity."""
        return self._receive().action_convert_to_opportunity()

    # === BUSINESS METHODS === #
    def _receive(self, record=None):
        """Return the call that came in.

        :param record: the contact or lead that calls, ``None`` for somebody new
        """
        self.ensure_one()
        self.check_access("write")
        self.env["crm.call"].check_access("create")
        if not record and not (self.name or self.phone or "").strip():
            raise UserError(
                self.env._("Write who calls, or the number they call from.")
            )
        vals = self._prepare_call_vals(record)
        # An operator takes calls of leads that only salespeople may open.
        call = self.env["crm.call"].sudo().create(vals)
        return call.with_env(self.env)

    def _prepare_call_vals(self, record=None):
        name = (self.name or "").strip()
        vals = {
            "direction": "inbound",
            "phone": self.phone,
            "user_id": self.env.uid,
            "company_id": self.env.company.id,
        }
        if not record:
            caller = name or self.phone
            vals["name"] = self.env._("Call from %(caller)s", caller=caller)
            return {**vals, "contact_name": name or False}
        vals["company_id"] = record.company_id.id or self.env.company.id
        fname = "opportunity_id" if record._name == "crm.lead" else "partner_id"
        return {**vals, fname: record.id}

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receive a Call"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def _open_call(self, call):
        return {
            "type": "ir.actions.act_window",
            "name": call.name,
            "res_model": "crm.call",
            "res_id": call.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
        }
