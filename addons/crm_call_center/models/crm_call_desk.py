from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .crm_call import TO_DO
from .crm_call_list_queue import LEASE

#: Seconds in which an outcome may be taken back.
UNDO = 10
ACTIONS = ("held", "not_held", "cancelled", "callback", "do_not_call", "skip")


class CrmCall(models.Model):
    """What the desk sends: how a call went, or that it is the last.

    Each outcome has a name of the desk's own, ``client_ref``. Whatever is sent twice is
    done once, and answered the same.
    """

    _inherit = "crm.call"

    # === BUSINESS METHODS === #
    @api.model
    def desk_submit(self, call_id, action, values, client_ref):
        """Save how a call went.

        :param int call_id: a call that the user has, or had
        :param str action: ``held``, ``not_held``, ``cancelled``, ``callback``,
            ``do_not_call`` or ``skip``
        :param dict values: ``outcome_id``, ``note``, ``ring``, ``talk`` and ``wrap``
            (seconds), ``start`` (UTC), ``reason``, ``personal`` (whether the user wants
            to make the callback), ``callback``: ``{"code": ...}`` or ``{"text": ...}``
        :param str client_ref: what the desk calls this outcome
        :return: dict with ``call_id``, ``state``, ``next_attempt_date``, ``reason``,
            ``undo_until`` (UTC, or ``False``), ``today`` and ``replayed``
        :raise UserError: when somebody else has closed the call meanwhile
        """
        self.browse().check_access("write")
        call = self._get_desk_call(call_id)
        ref = self._check_client_ref(client_ref)
        receipt = self.env["crm.call.receipt"]._find(ref)
        if receipt:
            return call._replay(receipt)
        if action not in ACTIONS:
            raise ValidationError(
                self.env._("“%(action)s” is nothing that a desk does.", action=action)
            )
        values = values if isinstance(values, dict) else {}
        call._take_over()
        before = call._get_undo_values()
        receipt = self.env["crm.call.receipt"]._begin(ref, call, action, before)
        attempts = call.sudo().attempt_ids
        getattr(call, f"_submit_{action}")(values, ref)
        receipt.attempt_id = (call.sudo().attempt_ids - attempts)[:1]
        result = call._prepare_result(receipt)
        receipt.result = result
        return {**result, "today": self._get_today(), "replayed": False}

    @api.model
    def desk_do_not_call(self, call_id, client_ref):
        """Have the number of a call called no more, whatever becomes of the call.

        The desk sends this alone and first, so that it stands once it is answered. A
        second time changes nothing, and no undo takes it back.

        :return: dict with ``number``: what is blocked, ``False`` when there is none
        """
        self.browse().check_access("write")
        call = self._get_desk_call(call_id)
        self._check_client_ref(client_ref)
        return {"number": call._request_no_more_calls()}

    # --- who may -------------------------------------------------------------------

    @api.model
    def _get_desk_call(self, call_id):
        """Return a call that the user has on the desk, or had.

        :raise AccessError: when it was never given to the user, who may not write it
            either, or is in a company that the user does not work in
        """
        if not isinstance(call_id, int) or isinstance(call_id, bool):
            raise ValidationError(self.env._("Which call? Give its id."))
        call = self.browse(call_id)
        known = call.sudo().exists()
        if not known:
            raise UserError(self.env._("The call was deleted."))
        company_id = known.company_id.id
        mine = self.env.user._get_company_ids()
        is_foreign = company_id and company_id not in mine
        if is_foreign or not (call._was_given() or call.has_access("write")):
            raise AccessError(
                self.env._("The call “%(name)s” is not yours.", name=call_id)
            )
        return call

    def _was_given(self):
        """Whether the user has this call now, or was given it before."""
        call = self.sudo()
        if call.reserved_by == self.env.user:
            return True
        return bool(self._get_given())

    def _get_given(self):
        """Return the certificate with which the user was given the call last."""
        return (
            self.env["crm.call.certificate"]
            .sudo()
            .search(
                [
                    ("call_id", "=", self.id),
                    ("user_id", "=", self.env.uid),
                    ("kind", "=", "reserve"),
                ],
                order="id desc",
                limit=1,
            )
        )

    @api.model
    def _check_client_ref(self, client_ref):
        ref = client_ref.strip() if isinstance(client_ref, str) else ""
        if not 8 <= len(ref) <= 200 or not ref.isprintable():
            raise ValidationError(
                self.env._("The outcome needs a name of its own: 8 to 200 characters.")
            )
        return ref

    def _take_over(self):
        """Make sure that this user may still say how the call went.

        A lease that has run out does no harm while nobody has made the call since; who
        has it on the desk now is not to ring the same person again. What was said in
        another window of the same user counts too: one dial is one attempt.
        """
        call = self.sudo()
        if call.state not in TO_DO:
            raise UserError(self._tell_closed())
        if call.reserved_by == self.env.user:
            return
        given = self._get_given()
        later = call.attempt_ids.filtered(
            lambda attempt: not attempt.voided_on
            and given
            and attempt.certificate_id.id >= given.id
        )
        others = later.filtered(lambda attempt: attempt.user_id != self.env.user)
        if later and not others:
            raise UserError(
                self.env._(
                    "You have said already how the call “%(name)s” went.",
                    name=call.name,
                )
            )
        if others:
            raise UserError(
                self.env._(
                    "%(operator)s has called “%(name)s” meanwhile.",
                    operator=others[0].user_id.name,
                    name=call.name,
                )
            )
        if given:
            self._lease()

    def _tell_closed(self):
        call = self.sudo()
        last = call.attempt_ids.filtered(lambda attempt: not attempt.voided_on)[:1]
        who = last.user_id or call.write_uid
        if who and who != self.env.user:
            return self.env._(
                "%(operator)s has closed the call “%(name)s” meanwhile.",
                operator=who.name,
                name=call.name,
            )
        return self.env._("The call “%(name)s” is closed already.", name=call.name)

    def _lease(self):
        """Keep the call for the user, whoever has it."""
        if self.sudo().reserved_by - self.env.user:
            self._give_back()
        rows = self.env["crm.call.queue"].sudo()
        now = fields.Datetime.now()
        rows._get_queue().reserve(self.env, self.env.uid, self.id, now, now + LEASE)
        rows.invalidate_model()
        self.invalidate_recordset(["reserved_by", "reserved_until"])

    # --- outcomes ------------------------------------------------------------------

    def _submit_held(self, values, ref):
        self.action_held(**self._get_attempt_values(values, ref))

    def _submit_not_held(self, values, ref):
        self.action_not_held(**self._get_attempt_values(values, ref))

    def _submit_cancelled(self, values, ref):
        attempt = self._get_attempt_values(values, ref)
        was_dialled = self._get_proof().kind == "dial"
        if not (was_dialled or attempt["ring"] or attempt["talk"]):
            attempt = {name: attempt[name] for name in ("outcome_id", "note")}
        self.action_cancel(self._get_text(values, "reason"), **attempt)

    def _submit_callback(self, values, ref):
        date = self._get_callback_date(values.get("callback"))
        outcome = self.env["crm.call.outcome"]._get_by_code("callback")
        attempt = self._get_attempt_values(values, ref)
        self.action_not_held(
            **{**attempt, "outcome_id": outcome.id, "next_attempt_date": date}
        )
        call = self.sudo()
        if values.get("personal"):
            call.user_id = self.env.uid
        elif call.list_id and call.user_id == self.env.user:
            call.user_id = False

    def _submit_do_not_call(self, values, ref):
        self._request_no_more_calls()
        outcome = self.env["crm.call.outcome"]._get_by_code("do_not_call")
        attempt = self._get_attempt_values(values, ref)
        attempt.pop("outcome_id")
        self.sudo()._log_attempt(outcome, **attempt)
        self.sudo()._close("cancelled", outcome, outcome.with_env(self.env).name)

    def _submit_skip(self, values, ref):
        self.action_skip(self._get_text(values, "reason"))

    def _get_attempt_values(self, values, ref):
        """Return what the methods of a call want to know of the attempt."""
        return {
            "outcome_id": self._get_id(values, "outcome_id"),
            "note": self._get_text(values),
            "start": self._get_start(values),
            "client_ref": ref,
            **{name: values.get(name) or 0 for name in ("ring", "talk", "wrap")},
        }

    def _get_start(self, values):
        return self._read_moment(values.get("start"))

    @api.model
    def _get_id(self, values, name):
        value = values.get(name)
        is_id = isinstance(value, int) and not isinstance(value, bool)
        return value if is_id and value else None

    @api.model
    def _get_text(self, values, name="note"):
        value = values.get(name)
        return value.replace("\0", "") if isinstance(value, str) else None

    def _request_no_more_calls(self):
        """Put the number on the do-not-call list, and return it."""
        number = self._get_proof().phone_sanitized or self.sudo().phone_sanitized
        if not number:
            return False
        self.env["crm.do.not.call"].sudo()._request(
            number, source="call", call_id=self.id, user_id=self.env.uid
        )
        return number

    # --- answers -------------------------------------------------------------------

    def _prepare_result(self, receipt):
        """Return what became of the call, as plain values that are kept."""
        call = self.sudo()
        undo_until = receipt.date + timedelta(seconds=UNDO)
        may_undo = receipt.action != "do_not_call"
        next_date = call.next_attempt_date
        return {
            "call_id": call.id,
            "state": call.state,
            "next_attempt_date": fields.Datetime.to_string(next_date) or False,
            "reason": call.cancel_reason or False,
            "undo_until": fields.Datetime.to_string(undo_until) if may_undo else False,
        }

    def _replay(self, receipt):
        """Return the answer that was given before."""
        if receipt.call_id.id != self.id:
            raise ValidationError(
                self.env._("This name was given to the outcome of another call.")
            )
        return {**receipt.result, "today": self._get_today(), "replayed": True}

    @api.model
    def _get_today(self):
        """Return the figures of the user's day: calls, held ones, seconds of talk."""
        domain = [
            ("user_id", "=", self.env.uid),
            ("start", ">=", "today"),
            ("voided_on", "=", False),
        ]
        today = {"calls": 0, "held": 0, "talk_seconds": 0}
        for kind, count, talk in (
            self.env["crm.call.attempt"]
            .sudo()
            ._read_group(domain, ["kind"], ["__count", "talk_duration:sum"])
        ):
            today["calls"] += count
            today["talk_seconds"] += talk or 0
            today["held"] += count if kind == "held" else 0
        return today
