from odoo import api, fields, models
from odoo.tools import format_datetime

from .crm_call import TO_DO


class CrmCall(models.Model):
    """Why a call is not being served, in sentences."""

    _inherit = "crm.call"

    # === FIELDS === #
    why_not_served = fields.Text(
        string="Why It Waits", compute="_compute_why_not_served"
    )

    # === COMPUTE METHODS === #
    @api.depends_context("uid", "lang", "tz")
    def _compute_why_not_served(self):
        for call in self:
            call.why_not_served = (
                "\n".join(call._list_why_not_served()) if call.id else False
            )

    # === ACTION METHODS === #
    def action_why_not_served(self):
        """Show why the call is not being served."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Why It Waits"),
                "message": " ".join(self._list_why_not_served()),
                "type": "info",
                "sticky": True,
            },
        }

    # === BUSINESS METHODS === #
    def get_why_not_served(self):
        """Return the reasons why a call is not being served, as sentences.

        A call that is next in its list has one: that it is.
        """
        self.ensure_one()
        self.check_access("read")
        return self._list_why_not_served()

    def _list_why_not_served(self):
        call = self.sudo()
        if call.state not in TO_DO:
            states = dict(self._fields["state"]._description_selection(self.env))
            reason = call.cancel_reason or call.outcome_id.name
            state = states[call.state]
            return [f"{state}: {reason}." if reason else f"{state}."]
        sentences = call.list_id._list_why_not_worked() if call.list_id else []
        if call.reserved_by:
            sentences.append(
                self.env._("%(operator)s has it now.", operator=call.reserved_by.name)
            )
        now = fields.Datetime.now()
        if call.next_attempt_date and call.next_attempt_date > now:
            sentences.append(
                self.env._(
                    "It is planned for %(date)s.",
                    date=format_datetime(
                        self.env, call.next_attempt_date, dt_format="short"
                    ),
                )
            )
        sentences += call._list_what_the_gate_says()
        return sentences or [call._tell_place()]

    def _list_what_the_gate_says(self):
        policies = self.env["crm.call.policy"]
        decision = self._decide()[self.id]
        if decision.allowed:
            return []
        sentences = [f"{policies._tell_reason(r)}." for r in decision.reasons]
        if not decision.next_time:
            return [*sentences, self.env._("Waiting does not help.")]
        moment = format_datetime(self.env, decision.next_time, dt_format="short")
        return [*sentences, self.env._("It may be called from %s on.", moment)]

    def _tell_place(self):
        """Return how many calls of the list come before this one."""
        if not self.list_id:
            return self.env._("It is in no list: whoever opens it may call.")
        row = self.env["crm.call.queue"].sudo().browse(self.id).exists()
        if row.user_id:
            return self.env._("It waits for %(operator)s.", operator=self.user_id.name)
        before = self.env["crm.call.queue"]._count_before(self.id)
        if before:
            return self.env._("It waits its turn: %s calls come before it.", before)
        return self.env._("It is the next one.")
