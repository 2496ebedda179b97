from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PhoneBlacklist(models.Model):
    """Who wants no text messages wants no calls either, and the other way round."""

    _inherit = "phone.blacklist"

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._note_as_do_not_call()
        return entries

    def write(self, vals):
        if "number" in vals or ("active" in vals and not vals["active"]):
            self._check_do_not_call()
        result = super().write(vals)
        if vals.get("active") or "number" in vals:
            self._note_as_do_not_call()
        return result

    # === BUSINESS METHODS === #
    def _note_as_do_not_call(self):
        if self.env.context.get("do_not_call_follows"):
            return
        for entry in self.filtered("active"):
            self.env["crm.do.not.call"]._request(entry.number, source="blacklist")

    def _check_do_not_call(self):
        """Refuse to allow what somebody asked us not to do.

        An entry that only follows this list stays in force for calls: text messages may
        be wanted again, calls are another thing.
        """
        DoNotCall = self.env["crm.do.not.call"].sudo()
        entry = DoNotCall.search(
            DoNotCall._get_active_domain()
            & Domain("phone_sanitized", "in", self.mapped("number"))
            & Domain("scope", "=", "all")
            & Domain("source", "!=", "blacklist"),
            limit=1,
        )
        if entry:
            raise UserError(
                self.env._(
                    "%(number)s is on the do-not-call list. Only a privacy officer"
                    " takes it off, there.",
                    number=entry.phone_sanitized,
                )
            )
