from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: States in which a call is still to be made.
TO_DO = ("open", "not_held")
#: What only the methods of a call set: nobody writes them by hand.
GUARDED_FIELDS = {
    "state",
    "outcome_id",
    "cancel_reason",
    "date_closed",
    "reserved_by",
    "reserved_until",
    "origin",
    "origin_call_id",
}
#: What is counted, or follows from elsewhere: not even a new call brings it along.
COUNTED_FIELDS = {
    "reserved_by",
    "reserved_until",
    "origin",
    "is_converted",
    "import_batch_id",
    "import_values",
    "attempt_count",
    "duration",
    "phone_sanitized",
    "agenda_date",
    "agenda_kind",
}


class CrmCall(models.Model):
    """A phone call: planned, received, held, or tried in vain.

    Operators and call lists write it through ``action_*`` and ``take_next()``; each
    dial adds a row to ``attempt_ids``, and figures are sums of those rows.
    """

    _name = "crm.call"
    _description = "Phone Call"
    _inherit = ["mail.thread.phone"]
    _order = "date desc, id desc"
    _check_company_auto = True

    # === FIELDS === #
    # identity
    name = fields.Char(
        string="Subject",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    direction = fields.Selection(
        [("inbound", "Inbound"), ("outbound", "Outbound")],
        required=True,
        default="outbound",
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("held", "Held"),
            ("not_held", "Not Held"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        default="open",
        copy=False,
        index=True,
        tracking=1,
        help="Open: to be made. Held: you spoke with the person. Not held: tried, and"
        " to be tried again. Cancelled: given up.",
    )
    priority = fields.Selection(
        [("0", "Normal"), ("1", "High"), ("2", "Very High")], default="0"
    )
    tag_ids = fields.Many2many("crm.tag", string="Tags")
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", default=lambda self: self.env.company
    )
    # with whom
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    opportunity_id = fields.Many2one(
        "crm.lead",
        string="Lead",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    phone = fields.Char(
        compute="_compute_phone",
        store=True,
        readonly=False,
        precompute=True,
        tracking=5,
        help="The number of the lead or the contact, until the call is made.",
    )
    phone_sanitized = fields.Char(index="btree_not_null")
    # by whom
    user_id = fields.Many2one(
        "res.users",
        string="Operator",
        default=lambda self: self.env.user,
        index="btree_not_null",
        domain="[('share', '=', False)]",
        check_company=True,
        tracking=2,
        help="Who is to make the call. Empty: any operator of the list.",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    # from where
    list_id = fields.Many2one(
        "crm.call.list",
        string="Call List",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        copy=False,
    )
    origin = fields.Selection(
        [
            ("manual", "Added by Hand"),
            ("lead", "Filled from a Lead"),
            ("partner", "Filled from a Contact"),
        ],
        required=True,
        readonly=True,
        default="manual",
        copy=False,
    )
    # when
    date = fields.Datetime(required=True, default=fields.Datetime.now, copy=False)
    next_attempt_date = fields.Datetime(
        string="Call Again",
        copy=False,
        tracking=3,
        help="When the call is due. Empty: when its turn in the list comes.",
    )
    date_closed = fields.Datetime(string="Closed On", readonly=True, copy=False)
    # how it went
    attempt_ids = fields.One2many(
        "crm.call.attempt", "call_id", string="Attempts", readonly=True
    )
    attempt_count = fields.Integer(
        string="Attempts Made",
        compute="_compute_attempt_figures",
        store=True,
        compute_sudo=True,
    )
    duration = fields.Integer(
        string="Duration (s)",
        compute="_compute_attempt_figures",
        store=True,
        compute_sudo=True,
        help="Seconds of all attempts together, and the correction.",
    )
    duration_correction = fields.Integer(
        string="Correction (s)",
        copy=False,
        tracking=6,
        help="Seconds to add to what was measured; below zero, to take off. Reports of"
        " attempts keep what was measured.",
    )
    outcome_id = fields.Many2one(
        "crm.call.outcome",
        string="Outcome",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    cancel_reason = fields.Char(string="Reason", readonly=True, copy=False, tracking=4)
    description = fields.Text(string="Notes")

    _lead_once = models.UniqueIndex(
        "(list_id, opportunity_id) WHERE origin = 'lead'",
        "The lead is in this call list already.",
    )
    _partner_once = models.UniqueIndex(
        "(list_id, partner_id) WHERE origin = 'partner'",
        "The contact is in this call list already.",
    )
    _due = models.Index(
        "(next_attempt_date, id)"
        " WHERE state IN ('open', 'not_held') AND next_attempt_date IS NOT NULL"
    )

    # === COMPUTE METHODS === #
    @api.depends("opportunity_id", "partner_id")
    def _compute_name(self):
        for call in self:
            if not call.name:
                call.name = call.opportunity_id.name or call.partner_id.display_name

    @api.depends("opportunity_id.partner_id")
    def _compute_partner_id(self):
        for call in self:
            if not call.partner_id:
                call.partner_id = call.opportunity_id.partner_id

    @api.depends("opportunity_id.phone", "partner_id.phone")
    def _compute_phone(self):
        for call in self:
            if call.phone and call._keeps_number():
                continue
            number = call.opportunity_id.phone or call.partner_id.phone
            if number:
                call.phone = number

    @api.depends("list_id", "opportunity_id")
    def _compute_team_id(self):
        for call in self:
            if not call.team_id:
                call.team_id = call.list_id.team_id or call.opportunity_id.team_id

    @api.depends("attempt_ids.voided_on", "duration_correction")
    def _compute_attempt_figures(self):
        for call in self:
            attempts = call.attempt_ids.filtered(lambda row: not row.voided_on)
            measured = sum(attempts.mapped("duration"))
            call.attempt_count = len(attempts)
            call.duration = max(0, measured + call.duration_correction)

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                guarded = COUNTED_FIELDS & set(vals)
                # The form of a new call sends a correction of 0.
                if vals.get("duration_correction"):
                    guarded.add("duration_correction")
                self._check_guarded(guarded)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_guarded((GUARDED_FIELDS | COUNTED_FIELDS) & set(vals))
            if "list_id" in vals:
                self._check_may_leave_list(vals["list_id"])
            if "duration_correction" in vals:
                self._check_may_correct()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dialled(self):
        if self.sudo()._get_dialled():
            raise UserError(
                self.env._(
                    "A call that was made is part of the history: cancel it instead of"
                    " deleting it."
                )
            )

    def _check_guarded(self, names):
        """Refuse to let a user write what only the methods of a call may set."""
        if names:
            labels = [
                self._fields[name].get_description(self.env, ["string"])["string"]
                for name in sorted(names)
            ]
            raise AccessError(
                self.env._(
                    "%(fields)s: set by Held, Not Held, Cancel and the call lists, not"
                    " by hand.",
                    fields=", ".join(labels),
                )
            )

    def _check_may_leave_list(self, list_id):
        """The rules of its list hold for a call: no operator takes it out of them."""
        if self.env.user.has_group("crm_call_center.group_call_center_supervisor"):
            return
        if any(call.list_id and call.list_id.id != list_id for call in self.sudo()):
            raise AccessError(
                self.env._("Only a supervisor takes a call out of its list.")
            )

    def _check_may_correct(self):
        """Durations of closed calls are put right by who made them and supervisors."""
        if any(call.state in TO_DO for call in self.sudo()):
            raise UserError(
                self.env._("The duration is corrected when the call is closed.")
            )
        if self.env.user.has_group("crm_call_center.group_call_center_supervisor"):
            return
        if self.sudo().user_id != self.env.user:
            raise AccessError(
                self.env._("Only the operator of a call corrects its duration.")
            )

    # === BUSINESS METHODS === #
    def _move_to(self, fname, target):
        """Give the calls of merged leads or contacts to the one that remains.

        A list holds each lead and each contact once. Where both had a call in one list,
        the call that went further stays; the other leaves the list, and it is cancelled
        if it was still to be made.

        :param str fname: ``opportunity_id`` or ``partner_id``
        :param target: the record that remains
        """
        calls = self.sudo().filtered(lambda call: call[fname] != target)
        if not calls:
            return
        origin = {"opportunity_id": "lead", "partner_id": "partner"}[fname]
        filled = calls.filtered(lambda call: call.origin == origin)
        if filled:
            filled |= self.sudo().search(
                [
                    (fname, "=", target.id),
                    ("origin", "=", origin),
                    ("list_id", "in", filled.list_id.ids),
                ]
            )
        for duplicates in filled.grouped("list_id").values():
            kept = duplicates.sorted(lambda call: call._get_progress_key())[-1:]
            (duplicates - kept)._leave_list(self.env._("Merged with another call"))
        # They have left the list before the others are given to the same record.
        filled.flush_recordset()
        calls.write({fname: target.id})

    def _get_progress_key(self):
        """What tells which of two calls went further: sort by it, the last one wins."""
        self.ensure_one()
        return (self.state not in TO_DO, self.attempt_count, -self.id)

    def _leave_list(self, reason):
        """Take calls out of their list; those still to be made are cancelled."""
        self.filtered(lambda call: call.state in TO_DO)._close(
            "cancelled", reason=reason
        )
        self.write({"list_id": False, "origin": "manual"})

    @api.model
    def _count_for(self, records, fname, count_name):
        """Set ``count_name`` of the records to their calls that the user may see."""
        counts = {}
        if self.has_access("read"):
            counts = dict(
                self._read_group([(fname, "in", records.ids)], [fname], ["__count"])
            )
        for record in records:
            record[count_name] = counts.get(record._origin, 0)

    @api.model
    def _open_for(self, record, fname):
        """Return the action with the calls of one record."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_call_center.crm_call_action"
        )
        context = {f"default_{fname}": record.id}
        domain = [(fname, "=", record.id)]
        return {**action, "domain": domain, "context": context}

    # === HOOKS === #
    def _phone_get_country(self):
        countries = {}
        for call in self:
            country = (
                call.opportunity_id.country_id
                or call.partner_id.country_id
                or call.company_id.country_id
            )
            if country:
                countries[call.id] = country
        return countries

    def _phone_get_sanitize_triggers(self):
        return super()._phone_get_sanitize_triggers() + ["opportunity_id", "company_id"]
