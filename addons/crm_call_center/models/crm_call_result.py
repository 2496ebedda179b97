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
    def action_held(
        self, outcome_id=None, note=None, duration=0, start=None, **durations
    ):
        """The person was reached: the call is over.

        :param int outcome_id: a ``crm.call.outcome`` of the kind *held*
        :param str note: what was said; kept with the attempt and added to the notes
        :param int duration: seconds on the phone, ringing and talking
        :param start: when it was dialled (UTC); by default ``duration`` ago
        :param durations: ``ring``, ``talk`` and ``wrap`` in seconds, where they are
            known apart
        :raise UserError: when the call is closed, or another operator has it now
        """
        self._check_can_close()
        outcome = self._get_outcome("held", outcome_id)
        for call in self.sudo():
            call._log_attempt(outcome, note, duration, start, **durations)
            call._close("held", outcome)
        return True

    def action_not_held(
        self,
        outcome_id=None,
        note=None,
        duration=0,
        start=None,
        next_attempt_date=None,
        **durations,
    ):
        """Nobody was reached: the call is tried again later, or given up.

        It is given up after the list's maximum of attempts and after an outcome that
        allows no further try. It is never planned for a moment at which it must not be
        made.

        :param next_attempt_date: when to try again (UTC); by default after the delay of
            the outcome. For the other parameters see :meth:`action_held`.
        """
        self._check_can_close()
        outcome = self._get_outcome("not_held", outcome_id)
        date = self._read_moment(next_attempt_date)
        for call in self.sudo():
            call._log_attempt(outcome, note, duration, start, **durations)
            reason = call._get_give_up_reason(outcome)
            if reason:
                call._close("cancelled", outcome, reason)
            else:
                call._postpone(outcome, date)
        return True

    def action_cancel(
        self,
        reason=None,
        outcome_id=None,
        note=None,
        duration=0,
        start=None,
        **durations,
    ):
        """Give the call up, without a dial or after one.

        :param str reason: why; by default the outcome's name
        :param int outcome_id: a ``crm.call.outcome`` of the kind *cancelled*; one that
            says that the person was reached adds an attempt, as do durations
        """
        self._check_can_close()
        reason = self._read_text(reason)
        outcome = self.env["crm.call.outcome"]
        dialled = duration or start or any(durations.values())
        if outcome_id or dialled or not reason:
            outcome = self._get_outcome("cancelled", outcome_id)
        for call in self.sudo():
            if outcome.code == "do_not_call":
                call._request_no_more_calls()
            if dialled or outcome.is_contact:
                call._log_attempt(outcome, note, duration, start, **durations)
            else:
                call._add_note(note)
            call._close("cancelled", outcome, reason or outcome.name)
        return True

    def action_skip(self, reason=None):
        """Put the call back: it is served again in a quarter of an hour, or later.

        :param str reason: why; kept in the history of the call
        """
        self._check_can_close()
        reason = self._read_text(reason)
        later = fields.Datetime.now() + SKIPPED
        for call in self.sudo():
            if reason:
                call._message_log(body=self.env._("Skipped: %(reason)s", reason=reason))
            call.write(
                {"next_attempt_date": max(call.next_attempt_date or later, later)}
            )
            call._give_back()
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
        decisions = self._decide()
        decision = decisions[self.id]
        if not decision.allowed:
            raise UserError(
                self.env._(
                    "%(number)s must not be called. %(reason)s.",
                    number=number,
                    reason=self.env["crm.call.policy"]._tell_reasons(decision),
                )
            )
        certificate = self._issue_certificates(decisions, "dial")
        return self.env["crm.call.provider"]._dial(self, certificate)

    # === BUSINESS METHODS === #
    def _check_can_close(self):
        """Raise unless the user may say how these calls went.

        Who has a call on the desk may, also when the list is not his any more.
        """
        taken = self.sudo().filtered(lambda call: call.reserved_by == self.env.user)
        (self - taken.with_env(self.env)).check_access("write")
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
        outcome = Outcome.browse(self._read_id(outcome_id) or ()).exists()
        outcome = outcome or Outcome._get_default(kind)
        if not outcome or outcome.kind != kind:
            raise ValidationError(
                self.env._("No outcome fits: choose one in Configuration, Outcomes.")
            )
        return outcome

    def _log_attempt(
        self, outcome, note=None, duration=0, start=None, *, client_ref=None, **apart
    ):
        """Add the row that says: it was dialled, and this came of it.

        :param apart: ``ring``, ``talk`` and ``wrap`` in seconds
        """
        self.ensure_one()
        seconds = self._get_seconds(outcome, duration, **apart)
        proof = self._get_proof()
        number = proof.phone_sanitized or self.phone_sanitized
        now = fields.Datetime.now()
        start = self._read_moment(start) or now - timedelta(
            seconds=seconds["duration"] + seconds["wrap_duration"]
        )
        if proof and not self.list_id.is_training:
            # An attempt from before the card was seen would count for no limit.
            start = max(start, proof.date)
        attempt = self.env["crm.call.attempt"].create(
            {
                "call_id": self.id,
                "list_id": self.list_id.id,
                "direction": self.direction,
                "purpose": self._get_terms()[self.id].purpose,
                "phone_sanitized": number,
                "partner_id": self.partner_id.id,
                "user_id": self.env.uid,
                "team_id": self.team_id.id,
                "company_id": self.company_id.id,
                "start": min(start, now),
                "outcome_id": outcome.id,
                "kind": outcome.kind,
                "is_contact": outcome.is_contact,
                "is_refusal": outcome.is_refusal,
                "note": self._read_text(note),
                "client_ref": self._read_text(client_ref),
                **self._get_last_dial(),
                **seconds,
            }
        )
        if outcome.marks_wrong:
            self.env["crm.phone.number"]._mark_wrong(self.partner_id, number)
        self._add_note(note)
        return attempt

    def _get_seconds(self, outcome, duration=0, ring=None, talk=None, wrap=None):
        """Return the durations of an attempt in whole seconds.

        Who knows only how long it took, talked if the person was reached, and let it
        ring otherwise.
        """
        if ring is None and talk is None:
            whole = self._check_duration(duration)
            ring, talk = (0, whole) if outcome.is_contact else (whole, 0)
        ring, talk = self._check_duration(ring), self._check_duration(talk)
        return {
            "ring_duration": ring,
            "talk_duration": talk,
            "duration": self._check_duration(ring + talk),
            "wrap_duration": self._check_duration(wrap),
        }

    def _get_proof(self):
        """Return the proof of the number that the user has in hand, or an empty one.

        It tells which number was dialled: the contact may have got another one since.
        """
        told = self.sudo().attempt_ids.filtered(lambda row: not row.voided_on)
        return (
            self.env["crm.call.certificate"]
            .sudo()
            .search(
                [
                    ("call_id", "=", self.id),
                    ("user_id", "=", self.env.uid),
                    ("kind", "in", ("reserve", "dial")),
                    ("date", ">", fields.Datetime.now() - timedelta(seconds=LONGEST)),
                    ("id", ">", max(told.certificate_id.ids, default=0)),
                ],
                order="id desc",
                limit=1,
            )
        )

    def _get_dialled(self):
        """Return those of these calls that were dialled, or of which somebody told."""
        dials = self.env["crm.call.certificate"].search(
            [("call_id", "in", self.ids), ("kind", "=", "dial")]
        )
        return self.filtered("attempt_ids") | dials.call_id

    def _get_last_dial(self):
        """Return the proof of the last dial that no attempt tells of yet."""
        certificate = self.env["crm.call.certificate"].search(
            [
                ("call_id", "=", self.id),
                ("kind", "=", "dial"),
                ("user_id", "=", self.env.uid),
            ],
            limit=1,
        )
        if not certificate or certificate in self.attempt_ids.certificate_id:
            if self.direction == "inbound" or not self.phone_sanitized:
                return {}
            # Dialled on another telephone: what the gate says of it now.
            certificate = self._issue_certificates(self._decide(), "log")
        return {"certificate_id": certificate.id}

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
        note = self._read_text(note)
        if note:
            self.description = "\n".join(filter(None, [self.description, note]))

    def _get_give_up_reason(self, outcome):
        """Why the call is not tried again; ``False`` when it is."""
        if self.cancel_reason:
            # Its contact was deleted in mid-call.
            return self.cancel_reason
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
                "next_attempt_date": self._plan_retry(outcome, date),
            }
        )
        self._give_back()

    def _cancel_orphans(self):
        """Cancel the calls that are still to be made: their record is being deleted."""
        calls = self.filtered(lambda call: call.state in TO_DO)
        reason = self.env._("The record was deleted")
        # What an operator is talking about ends with what came of it.
        on_the_desk = calls.filtered("reserved_by")
        on_the_desk.cancel_reason = reason
        (calls - on_the_desk)._close("cancelled", reason=reason)

    def _close(self, state, outcome=None, reason=False):
        """End the calls; whoever held one is its operator from then on."""
        vals = {
            "state": state,
            "outcome_id": outcome.id if outcome else False,
            "cancel_reason": reason,
            "date_closed": fields.Datetime.now(),
            "next_attempt_date": False,
        }
        if state == "held":
            vals["user_id"] = self.env.uid
        self.write(vals)
