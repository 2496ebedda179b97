from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from .crm_call import TO_DO

#: No call lasts longer than a day: more is a clock that went wrong.
LONGEST = 24 * 3600
#: How long a call that was skipped waits for its next turn.
SKIPPED = timedelta(minutes=15)


class CrmCall(models.Model):
    """How a call ends: held, not held, cancelled, skipped, or opened again."""

    _inherit = "crm.call"

    # === ACTION METHODS === #
    def action_held(self, outcome_id=None, note=None, duration=0, start=None):
        """The person was reached: the call is over.

        :param int outcome_id: a ``crm.call.outcome`` of the kind *held*
        :param str note: what was said; kept with the attempt and added to the notes
        :param int duration: seconds
        :param start: when it was dialled (UTC); by default ``duration`` ago
        :raise UserError: when the call is closed, or another operator has it now
        """
        self._check_can_close()
        outcome = self._get_outcome("held", outcome_id)
        for call in self.sudo():
            call._log_attempt(outcome, note, duration, start)
            call._close("held", outcome)
        return True

    def action_not_held(
        self, outcome_id=None, note=None, duration=0, start=None, next_attempt_date=None
    ):
        """Nobody was reached: the call is tried again later, or given up.

        It is given up after the list's maximum of attempts and after an outcome that
        allows no further try.

        :param next_attempt_date: when to try again (UTC); by default after the delay of
            the outcome. For the other parameters see :meth:`action_held`.
        """
        self._check_can_close()
        outcome = self._get_outcome("not_held", outcome_id)
        date = fields.Datetime.to_datetime(next_attempt_date)
        for call in self.sudo():
            call._log_attempt(outcome, note, duration, start)
            reason = call._get_give_up_reason(outcome)
            if reason:
                call._close("cancelled", outcome, reason)
            else:
                call._postpone(outcome, date)
        return True

    def action_cancel(self, reason=None, outcome_id=None, note=None):
        """Give the call up without a dial.

        :param str reason: why; by default the outcome's name
        :param int outcome_id: a ``crm.call.outcome`` of the kind *cancelled*
        """
        self._check_can_close()
        outcome = self.env["crm.call.outcome"]
        if outcome_id or not reason:
            outcome = self._get_outcome("cancelled", outcome_id)
        for call in self.sudo():
            call._add_note(note)
            call._close("cancelled", outcome, reason or outcome.name)
        return True

    def action_skip(self):
        """Put the call back: it is served again in a quarter of an hour, or later."""
        self._check_can_close()
        later = fields.Datetime.now() + SKIPPED
        for call in self.sudo():
            call.write(
                {
                    "next_attempt_date": max(call.next_attempt_date or later, later),
                    "reserved_by": False,
                    "reserved_until": False,
                }
            )
        return True

    def action_reopen(self):
        """Take a held or cancelled call up again; its attempts stay."""
        self.check_access("write")
        self.sudo().filtered(lambda call: call.state not in TO_DO).write(
            {
                "state": "open",
                "outcome_id": False,
                "cancel_reason": False,
                "date_closed": False,
                "next_attempt_date": False,
            }
        )
        return True

    def action_wrap_up(self):
        """Open the dialog that asks how the call went; ``kind`` is in the context."""
        self.ensure_one()
        self.check_access("write")
        kind = self.env.context.get("default_kind", "held")
        titles = {
            "held": self.env._("The Call Was Held"),
            "not_held": self.env._("The Call Was Not Held"),
            "cancelled": self.env._("Cancel the Call"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": titles[kind],
            "res_model": "crm.call.wrap.up",
            "view_mode": "form",
            "target": "new",
            "context": {"default_call_id": self.id, "default_kind": kind},
        }

    def action_dial(self):
        """Ask whether the number may be called; return the action that dials it.

        :raise UserError: when there is no number or it must not be called
        """
        self.ensure_one()
        self._check_can_close()
        number = self.phone_sanitized or self.phone
        if not number:
            raise UserError(self.env._("This call has no phone number."))
        reasons = self._check_may_call([self.phone_sanitized], self.list_id)
        if reasons:
            raise UserError(
                self.env._(
                    "%(number)s must not be called. %(reason)s.",
                    number=number,
                    reason=reasons[self.phone_sanitized],
                )
            )
        return {"type": "ir.actions.act_url", "url": f"tel:{number}", "target": "self"}

    # === BUSINESS METHODS === #
    def _check_can_close(self):
        """Raise unless the user may say how these calls went."""
        self.check_access("write")
        now = fields.Datetime.now()
        for call in self.sudo():
            if call.state not in TO_DO:
                raise UserError(
                    self.env._("The call “%(name)s” is closed already.", name=call.name)
                )
            other = call.reserved_by - self.env.user
            if other and call.reserved_until and call.reserved_until > now:
                raise UserError(
                    self.env._(
                        "%(operator)s is making the call “%(name)s” now.",
                        operator=other.name,
                        name=call.name,
                    )
                )

    def _get_outcome(self, kind, outcome_id=None):
        """Return the outcome that is named, or the usual one of its kind."""
        Outcome = self.env["crm.call.outcome"].sudo()
        outcome = Outcome.browse(outcome_id or ()).exists() or Outcome._get_default(
            kind
        )
        if not outcome or outcome.kind != kind:
            raise ValidationError(
                self.env._("No outcome fits: choose one in Configuration, Outcomes.")
            )
        return outcome

    def _log_attempt(self, outcome, note=None, duration=0, start=None):
        """Add the row that says: it was dialled, and this came of it."""
        self.ensure_one()
        duration = self._check_duration(duration)
        start = fields.Datetime.to_datetime(start)
        now = fields.Datetime.now()
        attempt = self.env["crm.call.attempt"].create(
            {
                "call_id": self.id,
                "list_id": self.list_id.id,
                "direction": self.direction,
                "phone_sanitized": self.phone_sanitized,
                "user_id": self.env.uid,
                "team_id": self.team_id.id,
                "company_id": self.company_id.id,
                "start": min(start or now - timedelta(seconds=duration), now),
                "duration": duration,
                "outcome_id": outcome.id,
                "kind": outcome.kind,
                "note": (note or "").strip() or False,
            }
        )
        self._add_note(note)
        return attempt

    def _check_duration(self, duration):
        """Return the duration as whole seconds, or raise."""
        try:
            seconds = round(float(duration or 0))
        except (TypeError, ValueError, OverflowError):
            seconds = -1
        if not 0 <= seconds <= LONGEST:
            raise ValidationError(
                self.env._(
                    "The duration “%(value)s” is not a number of seconds between 0 and"
                    " one day.",
                    value=duration,
                )
            )
        return seconds

    def _add_note(self, note):
        if note and note.strip():
            self.description = "\n".join(filter(None, [self.description, note.strip()]))

    def _get_give_up_reason(self, outcome):
        """Why the call is not tried again; ``False`` when it is."""
        if outcome.is_final:
            return outcome.name
        maximum = self.list_id.max_attempts
        if maximum and self.attempt_count >= maximum:
            return self.env._("Not reached in %(count)s attempts", count=maximum)
        return False

    def _postpone(self, outcome, date=None):
        """Plan the next attempt of a call that was not held."""
        self.write(
            {
                "state": "not_held",
                "outcome_id": outcome.id,
                "next_attempt_date": date
                or fields.Datetime.now() + timedelta(minutes=outcome.retry_delay),
                "reserved_by": False,
                "reserved_until": False,
            }
        )

    def _close(self, state, outcome=None, reason=False):
        """End the calls; whoever held one is its operator from then on."""
        vals = {
            "state": state,
            "outcome_id": outcome.id if outcome else False,
            "cancel_reason": reason,
            "date_closed": fields.Datetime.now(),
            "next_attempt_date": False,
            "reserved_by": False,
            "reserved_until": False,
        }
        if state == "held":
            vals["user_id"] = self.env.uid
        self.write(vals)
