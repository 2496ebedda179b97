from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .crm_call_desk import UNDO
from .crm_call_trace import PROMISED

#: Seconds that an undo may be on its way to us.
ON_THE_WAY = 3
#: What an undo puts back as it was.
RESTORED = (
    "state",
    "outcome_id",
    "cancel_reason",
    "date_closed",
    "next_attempt_date",
    "user_id",
    "description",
)


class CrmCall(models.Model):
    """An outcome that the operator takes back: a wrong key, seen at once."""

    _inherit = "crm.call"

    # === BUSINESS METHODS === #
    @api.model
    def desk_undo(self, call_id, client_ref):
        """Take the last outcome back: its call is on the desk again.

        :param str client_ref: the outcome
        :return: dict with ``call_id``, ``state``, ``next_attempt_date``, ``today`` and
            ``card``
        :raise UserError: when it is too late, or was a refusal for good
        """
        self.browse().check_access("write")
        call = self._get_desk_call(call_id)
        receipt = self.env["crm.call.receipt"]._find(self._check_client_ref(client_ref))
        if not receipt or receipt.call_id.id != call.id:
            raise UserError(self.env._("There is nothing to take back."))
        if not receipt.undone_on:
            call._check_can_undo(receipt)
            call._take_back(receipt)
        next_date = call.sudo().next_attempt_date
        return {
            "call_id": call.id,
            "state": call.sudo().state,
            "next_attempt_date": fields.Datetime.to_string(next_date) or False,
            "today": self._get_today(),
            "card": call._prepare_card(),
        }

    def _get_undo_values(self):
        """Return what the call is like, as plain values."""
        call = self.sudo()
        values = {}
        for name in RESTORED:
            value = call[name]
            if call._fields[name].type == "many2one":
                value = value.id
            elif call._fields[name].type == "datetime":
                value = fields.Datetime.to_string(value)
            values[name] = value or False
        phone = call._get_phone_number()
        return {**values, "number_was_wrong": phone.is_wrong}

    def _check_can_undo(self, receipt):
        if receipt.action == "do_not_call":
            raise UserError(
                self.env._("Who wants no more calls is called no more: this stays.")
            )
        age = fields.Datetime.now() - receipt.date
        if age > timedelta(seconds=UNDO + ON_THE_WAY):
            raise UserError(
                self.env._(
                    "It is too late to take it back: more than %(seconds)s seconds.",
                    seconds=UNDO,
                )
            )
        call = self.sudo()
        other = call.reserved_by - self.env.user
        if other:
            raise UserError(
                self.env._(
                    "%(operator)s is making the call “%(name)s” now.",
                    operator=other.name,
                    name=call.name,
                )
            )
        later = self.env["crm.call.receipt"].sudo()
        if later.search_count(
            [
                ("call_id", "=", call.id),
                ("id", ">", receipt.id),
                ("undone_on", "=", False),
            ],
            limit=1,
        ):
            raise UserError(
                self.env._("The call went on since: nothing is taken back.")
            )

    def _take_back(self, receipt):
        """Void the attempt and put the call back as it was, on the user's desk."""
        call = self.sudo()
        before = dict(receipt.before)
        was_wrong = before.pop("number_was_wrong", False)
        now = fields.Datetime.now()
        receipt.attempt_id.write({"voided_on": now})
        phone = call._get_phone_number()
        if phone.is_wrong and not was_wrong:
            phone.is_wrong = False
        call.write(before)
        call._restore_promise()
        receipt.undone_on = now
        self._lease()

    def _restore_promise(self):
        """Let the activity of a callback follow what is promised now."""
        if self.outcome_id.code == PROMISED:
            self._plan_activity()
        else:
            self._get_promised_activities().unlink()
        for record in (self.opportunity_id, self.partner_id):
            if record:
                record._message_log(
                    body=self.env._("The outcome of the last call was taken back.")
                )

    def _get_phone_number(self):
        """The entry of the contact's number, if there is one."""
        phones = self.env["crm.phone.number"].sudo()
        if not self.partner_id or not self.phone_sanitized:
            return phones
        return phones.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("phone_sanitized", "=", self.phone_sanitized),
            ],
            limit=1,
        )
