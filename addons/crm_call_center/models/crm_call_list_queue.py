from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine

#: How long a call that was taken is kept from the other operators.
LEASE = timedelta(minutes=10)
#: Calls that one operator may have: on the desk, fetched ahead, and one more.
MOST_LEASES = 3
#: So many calls are looked at for one that may be made; then the user asks again.
LONGEST_LOOK = 25


class CrmCallList(models.Model):
    """The queue: which call is next, and that nobody else is given it."""

    _inherit = "crm.call.list"

    # === FIELDS === #
    call_order = fields.Selection(
        [
            ("fifo", "First Come, First Served"),
            ("value", "Expected Revenue"),
        ],
        string="Order",
        required=True,
        default="fifo",
        help="After callbacks that are due and calls of high priority.",
    )

    # === CRUD METHODS === #
    def write(self, vals):
        reordered = self.filtered(
            lambda call_list: "call_order" in vals
            and call_list.call_order != vals["call_order"]
        )
        result = super().write(vals)
        changed = reordered.sudo().call_ids
        if "operator_ids" in vals:
            # What waits for somebody who works here no more is anyone's.
            changed |= self.sudo().call_ids.filtered("user_id")
        self.env["crm.call.queue"].sudo()._follow(changed.ids)
        return result

    # === BUSINESS METHODS === #
    def take_next(self, held=None):
        """Reserve the next call of these lists for the user.

        Calls that are due for the user come first, then those due for anyone, then the
        others in the order of the lists, by priority and the list's order. A call is
        reserved for ten minutes and can be kept longer with :meth:`renew`; no other
        operator is given it, its number or its contact meanwhile. Calls that must never
        be made are cancelled on the way; those that must not be made now wait. A break
        of the user ends.

        On no lists at all, it means all running lists of the user.

        :param list held: ids of the calls that the user's screen shows. Another call
            that is still reserved for him is given first: it was lost on the way.
        :return: dict ``{id, name, phone, partner_id, opportunity_id, list_id, ...}`` of
            the call; ``False`` when no call is due in a running list
        :raise UserError: when the user is no operator of any of the lists
        """
        self.check_access("read")
        lists = self._get_served_lists()
        if not lists:
            return False
        # Whoever takes a call has come back from the break.
        self.env["crm.call.pause"]._get_running()._finish()
        # What is noted here already must be seen there.
        self.env.flush_all()
        with engine.own_transaction(lists) as own:
            return own._take_next(self._read_ids(held))

    @api.model
    def release(self, call_ids):
        """Give calls back that the user has taken and not made.

        :param call_ids: ids of calls; those that another operator has are left alone
        :return: how many were given back
        """
        return len(self._change_leases("release", self._read_ids(call_ids)))

    @api.model
    def release_mine(self):
        """Give back all calls that the user has; return how many.

        For a pause and for the end of the day.
        """
        return len(self._change_leases("release"))

    @api.model
    def renew(self, call_ids):
        """Keep calls for another ten minutes.

        :return: ids of the calls that the user still has
        """
        now = fields.Datetime.now()
        ids = self._read_ids(call_ids) or []
        return self._change_leases("renew", ids, now, now + LEASE)

    @api.model
    def _change_leases(self, method, *arguments):
        """Call a method of the queue on the user's leases, in its own transaction."""
        if not self.env["crm.call"].has_access("write"):
            raise AccessError(self.env._("Only operators take calls."))
        self.env.flush_all()
        with engine.own_transaction(self.env["crm.call.queue"].sudo()) as rows:
            queue = rows._get_queue()
            result = getattr(queue, method)(rows.env, self.env.uid, *arguments)
        self.env["crm.call.queue"].invalidate_model()
        self.env["crm.call"].invalidate_model(["reserved_by", "reserved_until"])
        return result

    @api.model
    def _read_ids(self, ids):
        """Return ids as a list, or ``None``; what is no id is left out."""
        if ids is None:
            return None
        if not isinstance(ids, list | tuple):
            ids = [ids]
        return [
            number
            for number in ids
            if isinstance(number, int) and not isinstance(number, bool)
        ]

    def _get_served_lists(self):
        """The running lists among these that the user works on, in their order."""
        Call = self.env["crm.call"]
        Call.check_access("write")
        self.check_access("read")
        domain = Domain("operator_ids", "in", self.env.uid)
        if self:
            domain &= Domain("id", "in", self.ids)
        mine = self.with_context(active_test=False).search_fetch(
            domain, ["name", "sequence", "state", "active", "date_start", "date_end"]
        )
        if self and not mine:
            raise UserError(
                self.env._(
                    "You are no operator of “%(name)s”.",
                    name=", ".join(self.mapped("name")),
                )
            )
        today = fields.Date.context_today(self)
        return (
            mine.with_env(self.env)
            .filtered(
                lambda call_list: call_list.state == "running"
                and call_list.active
                and (call_list.date_start or today)
                <= today
                <= (call_list.date_end or today)
            )
            .sorted()
        )

    def _take_next(self, held):
        """See :meth:`take_next`; in a transaction of its own."""
        Queue = self.env["crm.call.queue"].sudo()
        if held is not None:
            leased = Queue._get_leased(self.env.uid)
            lost = [call_id for call_id in leased if call_id not in held]
            if lost or len(leased) >= MOST_LEASES:
                return self.env["crm.call"].browse((lost or leased)[0])._prepare_card()
        queue = Queue._get_queue()
        for _look in range(LONGEST_LOOK):
            now = fields.Datetime.now()
            taken = queue.take(Queue.env, self.env.uid, self.ids, now, now + LEASE)
            Queue.invalidate_model()
            if not taken:
                return False
            call = self.env["crm.call"].browse(taken)
            call.invalidate_recordset()
            if call._is_as_queued():
                outlook = call._get_outlook()
                if outlook.now.allowed:
                    call._issue_certificates({call.id: outlook.now}, "reserve")
                    return call._prepare_card(outlook)
                call._put_aside(outlook.now)
        return False

    # === CRON METHODS === #
    @api.autovacuum
    def _gc_leases(self):
        """Give back what nobody renewed, also in lists that nobody works on."""
        Queue = self.env["crm.call.queue"].sudo()
        Queue._get_queue().sweep(self.env, fields.Datetime.now())
