from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..tools.phone import normalise

#: What may be written to an entry: what makes it stronger, or says more.
ADDED_LATER = {"reason", "expires_on", "call_id"}
REMOVAL = {"removed_on", "removed_by", "removal_reason"}


class CrmDoNotCall(models.Model):
    """A number that must not be called, and who asked for that.

    Entries only get more: no outcome of a call, no import and no operator takes one
    away. The privacy officer may, with a reason, and the entry stays as history.
    """

    _name = "crm.do.not.call"
    _description = "Do-Not-Call Entry"
    _order = "date desc, id desc"
    _rec_name = "phone_sanitized"
    _check_company_auto = True

    # === FIELDS === #
    phone_sanitized = fields.Char(
        string="Number", required=True, index=True, help="In the international form."
    )
    scope = fields.Selection(
        [
            ("all", "Any Call"),
            ("purpose", "Calls of One Purpose"),
            ("list", "Calls of One List"),
        ],
        required=True,
        default="all",
    )
    purpose = fields.Selection([("service", "Service"), ("marketing", "Marketing")])
    list_id = fields.Many2one(
        "crm.call.list",
        string="Call List",
        ondelete="restrict",
        index="btree_not_null",
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Empty: no company of this database calls.",
    )
    source = fields.Selection(
        [
            ("call", "Asked for on a Call"),
            ("manual", "Added by Hand"),
            ("import", "Imported"),
            ("blacklist", "Phone Blacklist"),
        ],
        required=True,
        default="manual",
        readonly=True,
    )
    reason = fields.Char()
    call_id = fields.Many2one(
        "crm.call", readonly=True, ondelete="set null", index="btree_not_null"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Added By",
        readonly=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    date = fields.Datetime(
        string="Since", required=True, readonly=True, default=fields.Datetime.now
    )
    expires_on = fields.Date(help="Empty: for good.")
    removed_on = fields.Datetime(readonly=True, copy=False)
    removed_by = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    removal_reason = fields.Char(readonly=True, copy=False)
    state = fields.Selection(
        [("active", "Holds"), ("expired", "Expired"), ("removed", "Removed")],
        string="Status",
        compute="_compute_state",
        search="_search_state",
    )

    _scope_complete = models.Constraint(
        "CHECK ((scope != 'purpose' OR purpose IS NOT NULL)"
        " AND (scope != 'list' OR list_id IS NOT NULL))",
        "Say which purpose or which list must not call.",
    )
    _in_force = models.Index("(phone_sanitized) WHERE removed_on IS NULL")

    # === COMPUTE METHODS === #
    @api.depends("removed_on", "expires_on")
    def _compute_state(self):
        today = fields.Date.today()
        for entry in self:
            if entry.removed_on:
                entry.state = "removed"
            elif entry.expires_on and entry.expires_on <= today:
                entry.state = "expired"
            else:
                entry.state = "active"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        removed = Domain("removed_on", "!=", False)
        past = ~removed & Domain("expires_on", "<=", fields.Date.today())
        domains = {
            "removed": removed,
            "expired": past,
            "active": self._get_active_domain(),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["phone_sanitized"] = self._read_number(vals.get("phone_sanitized"))
            if not self.env.su and vals.get("source", "manual") != "manual":
                raise AccessError(self.env._("Entries by hand are marked as such."))
            if not self.env.su and REMOVAL & vals.keys():
                raise AccessError(
                    self.env._("Only a privacy officer removes do-not-call entries.")
                )
        entries = super().create(vals_list)
        entries._follow()
        return entries

    def write(self, vals):
        if self.env.context.get("do_not_call_removal") is not REMOVAL:
            self._check_only_stronger(vals)
        result = super().write(vals)
        if "expires_on" in vals:
            self._follow()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "A do-not-call entry is not deleted. The privacy officer can remove it,"
                " with a reason."
            )
        )

    def _check_only_stronger(self, vals):
        """Refuse a change that would allow calls which are forbidden now."""
        expires = fields.Date.to_date(vals.get("expires_on"))
        shorter = "expires_on" in vals and any(
            expires and (not entry.expires_on or entry.expires_on > expires)
            for entry in self
        )
        if shorter or vals.keys() - ADDED_LATER:
            raise UserError(
                self.env._(
                    "A do-not-call entry does not become weaker. The privacy officer"
                    " can remove it, with a reason."
                )
            )

    @api.model
    def _read_number(self, text):
        """Return the number in the international form, or raise."""
        parsed = normalise(text, self.env.company.country_id.code)
        if not parsed.e164:
            raise ValidationError(
                self.env._("“%(number)s” is no phone number.", number=text or "")
            )
        return parsed.e164

    # === ACTION METHODS === #
    def action_remove(self):
        """Open the dialog in which the privacy officer gives the reason."""
        self._check_may_remove()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Remove from Do Not Call"),
            "res_model": "crm.do.not.call.remove",
            "view_mode": "form",
            "target": "new",
            "context": {"default_entry_ids": self.ids},
        }

    # === BUSINESS METHODS === #
    @api.model
    def _request(self, number, scope="all", source="manual", **values):
        """Have a number called no more; a second time changes nothing.

        :param str number: as people write it
        :param str scope: ``all``, ``purpose`` (with ``purpose``) or ``list`` (with
            ``list_id``)
        :param values: other fields of the entry
        :return: the entry that holds from now on
        """
        number = self._read_number(number)
        entries = self.sudo().search(
            self._get_active_domain()
            & Domain("phone_sanitized", "=", number)
            & Domain("scope", "=", scope)
            & Domain("purpose", "=", values.get("purpose") or False)
            & Domain("list_id", "=", values.get("list_id") or False)
            & Domain("company_id", "=", values.get("company_id") or False)
            & Domain("expires_on", "=", values.get("expires_on") or False),
            limit=1,
        )
        return entries or self.sudo().create(
            {
                "phone_sanitized": number,
                "scope": scope,
                "source": source,
                "user_id": self.env.uid,
                **values,
            }
        )

    def _remove(self, reason):
        """Take entries out of force; they stay as history.

        :raise AccessError: unless the user is a privacy officer
        """
        self._check_may_remove()
        reason = (reason or "").strip()
        if not reason:
            raise ValidationError(self.env._("Say why the number may be called again."))
        entries = self.sudo().filtered(lambda entry: not entry.removed_on)
        entries.with_context(do_not_call_removal=REMOVAL).write(
            {
                "removed_on": fields.Datetime.now(),
                "removed_by": self.env.uid,
                "removal_reason": reason,
            }
        )
        numbers = set(entries.mapped("phone_sanitized"))
        kept = self.sudo().search(
            self._get_active_domain()
            & Domain("phone_sanitized", "in", numbers)
            & Domain("scope", "=", "all")
        )
        self.env["phone.blacklist"].sudo()._remove(
            sorted(numbers - set(kept.mapped("phone_sanitized")))
        )
        return True

    def _check_may_remove(self):
        self.check_access("read")
        if not self.env.user.has_group("crm_call_center.group_privacy_officer"):
            raise AccessError(
                self.env._("Only a privacy officer removes do-not-call entries.")
            )

    def _follow(self):
        """Stop text messages too, where any call is unwanted for good."""
        numbers = {
            entry.phone_sanitized
            for entry in self
            if entry.scope == "all" and not entry.expires_on and not entry.company_id
        }
        if numbers:
            blacklist = self.env["phone.blacklist"].sudo()
            blacklist.with_context(do_not_call_follows=True)._add(sorted(numbers))

    @api.model
    def _get_active_domain(self):
        today = fields.Date.today()
        return Domain("removed_on", "=", False) & (
            Domain("expires_on", "=", False) | Domain("expires_on", ">", today)
        )

    @api.model
    def _get_company_domain(self, companies):
        """Entries that hold for one of the companies: theirs, their parents', all's."""
        return Domain("company_id", "in", [False, *companies.sudo().parent_ids.ids])

    @api.model
    def _get_blocks(self, numbers, purpose=None, list_id=None, company_id=None):
        """Say which numbers must not be called.

        :param numbers: numbers in the international form
        :param int company_id: who calls; what holds for it holds for its branches
        :return: dict of tuples ``(code, until, what to tell)`` by number; ``until`` is
            ``None`` for good, else the naive UTC moment at which the entry expires
        """
        numbers = [number for number in set(numbers) if number]
        if not numbers:
            return {}
        scopes = Domain("scope", "=", "all")
        if purpose:
            scopes |= Domain("scope", "=", "purpose") & Domain("purpose", "=", purpose)
        if list_id:
            scopes |= Domain("scope", "=", "list") & Domain("list_id", "=", list_id)
        domain = (
            self._get_active_domain()
            & Domain("phone_sanitized", "in", numbers)
            & self._get_company_domain(self.env["res.company"].browse(company_id or ()))
            & scopes
        )
        blocks = {}
        for entry in self.sudo().search_fetch(
            domain, ["phone_sanitized", "expires_on"], order="id"
        ):
            until = fields.Datetime.to_datetime(entry.expires_on) or None
            blocks.setdefault(entry.phone_sanitized, []).append(
                ("do_not_call", until, None)
            )
        registers = self.env["crm.do.not.call.register"].sudo()
        for number, names in registers._find(numbers, purpose).items():
            for name in names:
                blocks.setdefault(number, []).append(("in_register", None, name))
        return {number: tuple(found) for number, found in blocks.items()}
