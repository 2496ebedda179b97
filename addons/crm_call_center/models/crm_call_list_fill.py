from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine

#: Up to so many new calls are made while the user waits.
AT_ONCE = 500
#: Calls that one batch makes: about a second.
BATCH = 250


class CrmCallList(models.Model):
    """How a list is filled: one call for each record that matches and has none.

    Filling goes through the records by id, in batches, and notes in the list how far it
    is; so it can stop and go on anywhere. It only adds: a call that was cancelled is
    there, and so its record is not called again.
    """

    _inherit = "crm.call.list"

    # === FIELDS === #
    is_filling = fields.Boolean(
        readonly=True, copy=False, help="Calls are being added in the background."
    )
    fill_position = fields.Integer(
        readonly=True, copy=False, help="The record that filling has reached."
    )
    filled_on = fields.Datetime(string="Last Filled", readonly=True, copy=False)
    no_phone_count = fields.Integer(
        string="Without a Usable Number",
        readonly=True,
        copy=False,
        help="Records that match and were left out, because their phone is missing or"
        " is no possible number.",
    )
    blocked_count = fields.Integer(
        string="On the Do-Not-Call List",
        readonly=True,
        copy=False,
        help="Records that match and were left out, because their number must not be"
        " called.",
    )
    left_out_count = fields.Integer(
        string="Left Out", compute="_compute_left_out_count"
    )

    # === COMPUTE METHODS === #
    @api.depends("no_phone_count", "blocked_count")
    def _compute_left_out_count(self):
        for call_list in self:
            call_list.left_out_count = (
                call_list.no_phone_count + call_list.blocked_count
            )

    # === CRUD METHODS === #
    def write(self, vals):
        if {"domain", "model_name", "company_id"} & vals.keys():
            # What was gone through already may match the new criterion.
            vals = {**vals, "fill_position": 0}
        return super().write(vals)

    # === ACTION METHODS === #
    def action_view_left_out(self):
        """Open the matching records that have no usable number."""
        self.ensure_one()
        action = self.action_view_records()
        missing = Domain("phone_sanitized", "=", False)
        return {**action, "domain": list(Domain(action["domain"]) & missing)}

    # === BUSINESS METHODS === #
    def _fill_and_tell(self):
        """Fill small lists now and large ones in the background; say which."""
        added = 0
        background = self.browse()
        self._keep_to_own_calls()
        for call_list in self.sudo():
            if call_list.refill_policy == "none":
                continue
            count = call_list._count_missing()
            if call_list.error_message:
                raise UserError(call_list.error_message)
            if count > AT_ONCE:
                call_list.is_filling = True
                background |= call_list
            else:
                added += call_list._fill_now()
        if background:
            self.env["crm.criterion.refresh"]._request(self._name)
        left_out = sum(self.mapped("left_out_count"))
        if background:
            message = self.env._(
                "The list is being filled; this may take some minutes."
            )
        elif set(self.mapped("refill_policy")) == {"none"}:
            message = self.env._("The list keeps to the calls that it has.")
        elif left_out:
            message = self.env._(
                "Calls added: %(added)s. Left out: %(left_out)s.",
                added=added,
                left_out=left_out,
            )
        else:
            message = self.env._("Calls added: %(added)s.", added=added)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _keep_to_own_calls(self):
        """A list that got its calls otherwise, and has no filter, calls nobody else.

        An empty filter matches all leads: nobody means that who has imported a file.
        """
        for call_list in self.filtered(lambda row: not row.filled_on):
            is_open = call_list.domain in (False, "", "[]")
            if is_open and not call_list.is_filling and call_list.sudo().call_ids:
                call_list.refill_policy = "none"

    def _fill_now(self):
        """Fill the list to its end; return how many calls were added.

        :raise UserError: when somebody else fills the list now
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._("“%(name)s” is being filled already.", name=self.name)
            ) from error
        self.fill_position = 0
        added = 0
        while True:
            is_finished, _seen, new = self._fill_batch()
            added += new
            if is_finished:
                return added

    def _fill_batch(self):
        """Add the next calls; return whether it was the end, records seen, calls added.

        The caller holds a lock on the list.
        """
        self.ensure_one()
        if not self.fill_position:
            self.blocked_count = 0
            self.no_phone_count = self._count_without_phone()
            if self.error_message:
                self._end_filling()
                return True, 0, 0
        records = self._search_missing(BATCH)
        blocked = self._get_never_callable(records)
        callable_ = records.filtered(lambda record: record.id not in blocked)
        self.blocked_count += len(records) - len(callable_)
        self._create_calls(callable_)
        if len(records) < BATCH:
            self._end_filling()
        else:
            self.fill_position = records[-1].id
        return len(records) < BATCH, len(records), len(callable_)

    def _get_never_callable(self, records):
        """Return the ids of the records that the gate lets nobody call, ever.

        What passes by waiting, such as the hour, is no matter of filling.
        """
        rows = [self._prepare_gate_row(record) for record in records]
        decisions = self.policy_id.sudo()._can_call_many(
            rows, purpose=self.purpose, call_list=self
        )
        return {
            record.id
            for record, decision in zip(records, decisions, strict=True)
            if decision.is_final
        }

    @api.model
    def _prepare_gate_row(self, record):
        """Return what the gate wants to know of a lead or a contact."""
        partner = record if record._name == "res.partner" else record.partner_id
        row = {
            "phone_sanitized": record.phone_sanitized,
            "partner_id": partner.id or False,
            **self.env["crm.call.policy"]._prepare_row_of_partner(partner),
            "tz": partner._get_calling_zone(record.phone_sanitized),
        }
        if record._name == "crm.lead" and record.country_id:
            row["country_code"] = record.country_id.code
            row["state_code"] = record.state_id.code or False
        return row

    def _end_filling(self):
        self.write(
            {
                "fill_position": 0,
                "is_filling": False,
                "filled_on": fields.Datetime.now(),
            }
        )

    def _create_calls(self, records):
        """Make one call for each record, without the ceremony of a single one."""
        Call = self.env["crm.call"].with_context(
            tracking_disable=True, mail_create_nosubscribe=True
        )
        return Call.create([self._prepare_call_vals(record) for record in records])

    def _count_missing(self):
        """How many records match, have a usable number and have no call here yet."""
        return self._count_records(self._get_missing_domain())

    def _count_without_phone(self):
        """How many records match and cannot be called, for want of a number."""
        return self._count_records(Domain("phone_sanitized", "=", False))

    def _count_records(self, domain):
        """Count matching records; an error of the criterion is kept on the list."""
        criterion = self._prepare_criterion()
        engine.try_out(self.env, criterion)
        self._store_criterion_errors([criterion])
        if criterion.error:
            return 0
        model, matching = self._get_matching(criterion)
        return model.search_count(matching & domain)

    def _search_missing(self, limit):
        """Return the next records to call after ``fill_position``, by id."""
        model, matching = self._get_matching(self._prepare_criterion())
        domain = matching & self._get_missing_domain()
        domain &= Domain("id", ">", self.fill_position)
        return model.search_fetch(
            domain, self._get_source_fields(), order="id", limit=limit
        )

    def _get_matching(self, criterion):
        """Return the criterion's model with system rights, and its domain."""
        model = engine.system_model(self.env, criterion)
        return model, criterion.parse(model.env)

    def _get_missing_domain(self):
        here = Domain("list_id", "=", self.id)
        return Domain("phone_sanitized", "!=", False) & Domain(
            "crm_call_ids", "not any", here
        )

    # === HOOKS === #
    def _get_source_fields(self):
        """Names of the fields of a record that a call is made of."""
        if self.model_name == "crm.lead":
            return [
                "name",
                "phone",
                "phone_sanitized",
                "partner_id",
                "company_id",
                "team_id",
            ]
        return ["name", "phone", "phone_sanitized", "company_id"]

    def _prepare_call_vals(self, record):
        """Return the values of the call to a lead or a contact."""
        vals = {
            "list_id": self.id,
            "user_id": False,
            "phone": record.phone,
            "team_id": self.team_id.id,
            "company_id": record.company_id.id or self.company_id.id,
        }
        if record._name == "crm.lead":
            return {
                **vals,
                "origin": "lead",
                "name": record.name,
                "opportunity_id": record.id,
                "partner_id": record.partner_id.id,
                "team_id": self.team_id.id or record.team_id.id,
            }
        return {
            **vals,
            "origin": "partner",
            "name": record.name or record.display_name,
            "partner_id": record.id,
            "opportunity_id": False,
        }

    # === CRON METHODS === #
    def _get_filling_domain(self):
        """The lists that the refresh fills."""
        dynamic = Domain("state", "=", "running") & Domain(
            "refill_policy", "=", "dynamic"
        )
        return dynamic | Domain("is_filling", "=", True)

    def _refresh_remaining(self, position):
        lists = self.search(self._get_filling_domain() & Domain("id", ">=", position))
        return sum(
            engine.count_after(
                self.env, self.env[call_list.model_name]._table, call_list.fill_position
            )
            for call_list in lists
        )

    def _refresh_batch(self, position):
        call_list = self.search(
            self._get_filling_domain() & Domain("id", ">=", position),
            order="id",
            limit=1,
        )
        if not call_list:
            return None, 0, 0
        if not call_list.try_lock_for_update(allow_referencing=True):
            # Somebody fills it with the button now.
            return call_list.id + 1, 0, 0
        is_finished, seen, added = call_list._fill_batch()
        return call_list.id + is_finished, seen, added
