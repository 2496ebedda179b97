from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .crm_call import TO_DO

#: How long a call that was taken is kept from the other operators.
LEASE = timedelta(minutes=10)
#: How many of the next calls are looked at together for one that is free.
LOOK_AHEAD = 20


class CrmCallList(models.Model):
    """The queue: which call is next, and that nobody else is given it."""

    _inherit = "crm.call.list"

    # === BUSINESS METHODS === #
    def take_next(self):
        """Reserve the next call of these lists for the user.

        Calls that are due for the user come first, then those due for anyone, then the
        others in the order of the lists, by priority and age. A call is reserved for
        ten minutes and can be kept longer with :meth:`renew`; no other operator is
        given it meanwhile. Calls that must not be made are cancelled on the way.

        On no lists at all, it means all running lists of the user.

        :return: dict ``{id, name, phone, partner_id, opportunity_id, list_id, ...}`` of
            the call; ``False`` when no call is due in a running list
        :raise UserError: when the user is no operator of any of the lists
        """
        lists = self._get_served_lists()
        for domain, order in lists._get_queue_steps():
            while call := lists._reserve_next(domain, order):
                reasons = call._check_may_call([call.phone_sanitized], call.list_id)
                if not reasons:
                    return call._prepare_card()
                call._close("cancelled", reason=reasons[call.phone_sanitized])
        return False

    @api.model
    def release(self, call_ids):
        """Give calls back that the user has taken and not made.

        :param call_ids: ids of calls; those that another operator has are left alone
        :return: how many were given back
        """
        calls = self._get_taken(call_ids)
        calls.write({"reserved_by": False, "reserved_until": False})
        return len(calls)

    @api.model
    def renew(self, call_ids):
        """Keep calls for another ten minutes.

        :return: ids of the calls that the user still has
        """
        calls = self._get_taken(call_ids)
        calls.write({"reserved_until": fields.Datetime.now() + LEASE})
        return calls.ids

    def _get_served_lists(self):
        """The running lists among these that the user works on, in their order."""
        Call = self.env["crm.call"]
        Call.check_access("write")
        self.check_access("read")
        lists = self or self.search([("operator_ids", "in", self.env.uid)])
        mine = lists.filtered(lambda call_list: self.env.user in call_list.operator_ids)
        if lists and not mine:
            raise UserError(
                self.env._(
                    "You are no operator of “%(name)s”.",
                    name=", ".join(lists.mapped("name")),
                )
            )
        today = fields.Date.context_today(self)
        return mine.filtered(
            lambda call_list: call_list.state == "running"
            and call_list.active
            and (call_list.date_start or today)
            <= today
            <= (call_list.date_end or today)
        ).sorted()

    def _reserve_next(self, domain, order):
        """Lock the first free call of ``domain`` and write the user's name on it.

        Rows that another transaction has locked are passed by. One that was taken since
        this transaction began is refused by the database; the web server then repeats
        the request, which sees the new state.
        """
        Call = self.env["crm.call"].sudo()
        seen = Call
        while candidates := Call.search(
            domain & Domain("id", "not in", seen.ids), order=order, limit=LOOK_AHEAD
        ):
            if call := candidates.try_lock_for_update(limit=1, allow_referencing=True):
                call.write(
                    {
                        "reserved_by": self.env.uid,
                        "reserved_until": fields.Datetime.now() + LEASE,
                    }
                )
                return call
            seen |= candidates
        return Call

    @api.model
    def _get_taken(self, call_ids):
        """Those of the calls that the user has taken, with system rights."""
        if not isinstance(call_ids, list | tuple):
            call_ids = [call_ids]
        if not self.env["crm.call"].has_access("write"):
            raise AccessError(self.env._("Only operators take calls."))
        return (
            self.env["crm.call"]
            .sudo()
            .search([("id", "in", call_ids), ("reserved_by", "=", self.env.uid)])
        )

    # === HOOKS === #
    def _get_queue_steps(self):
        """Return where the next call is looked for: pairs (domain, order), best first.

        Extend it to serve calls in another order.
        """
        if not self:
            return []
        now = fields.Datetime.now()
        me, anyone = Domain("user_id", "=", self.env.uid), Domain("user_id", "=", False)
        free = (
            Domain("state", "in", TO_DO)
            & Domain("phone", "!=", False)
            & (
                Domain("reserved_until", "=", False)
                | Domain("reserved_until", "<", now)
            )
        )
        due = free & Domain("list_id", "in", self.ids)
        due &= Domain("next_attempt_date", "<=", now)
        waiting = free & (me | anyone) & Domain("next_attempt_date", "=", False)
        return [
            (due & me, "next_attempt_date, id"),
            (due & anyone, "next_attempt_date, id"),
            *(
                (waiting & Domain("list_id", "=", call_list.id), "priority desc, id")
                for call_list in self
            ),
        ]
