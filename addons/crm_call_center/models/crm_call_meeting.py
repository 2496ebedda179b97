from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class CrmCall(models.Model):
    """What is agreed on in a call: a meeting, or a quotation."""

    _inherit = "crm.call"

    # === FIELDS === #
    meeting_ids = fields.One2many("calendar.event", "crm_call_id", string="Meetings")
    meeting_count = fields.Integer(compute="_compute_meeting_count", compute_sudo=True)
    can_quote = fields.Boolean(compute="_compute_can_quote")

    # === COMPUTE METHODS === #
    def _compute_meeting_count(self):
        counts = dict(
            self.env["calendar.event"]._read_group(
                [("crm_call_id", "in", self.ids)], ["crm_call_id"], ["__count"]
            )
        )
        for call in self:
            call.meeting_count = counts.get(call._origin, 0)

    def _compute_can_quote(self):
        self.can_quote = self._has_quotations()

    # === ACTION METHODS === #
    def action_schedule_meeting(self, start=None, duration=1.0, partner_ids=None):
        """Agree on a meeting: with the person, about the lead of the call.

        :param start: when (UTC); without it the calendar opens to choose a slot
        :param float duration: hours
        :param list partner_ids: who is invited, beside the user; by default the contact
        :return: the action that opens the meeting or the calendar
        """
        self.ensure_one()
        self.check_access("write")
        vals = self._prepare_meeting_vals(partner_ids)
        if not start:
            return self._choose_meeting_slot(vals)
        start = self._read_moment(start)
        # An operator may not see the lead; the meeting belongs to it all the same.
        meeting = self.env["calendar.event"].sudo()
        length = timedelta(hours=self._read_hours(duration))
        meeting = meeting.create({**vals, "start": start, "stop": start + length})
        return {
            "type": "ir.actions.act_window",
            "name": meeting.name,
            "res_model": "calendar.event",
            "res_id": meeting.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_view_meetings(self):
        """Open the meetings that were agreed on in the call."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "calendar.action_calendar_event"
        )
        return {
            **action,
            "views": [(False, "list"), (False, "form")],
            "domain": [("crm_call_id", "=", self.id)],
            "context": {"default_crm_call_id": self.id},
        }

    def action_new_quotation(self):
        """Open a new quotation for the person of the call.

        :raise UserError: when quotations are not installed, or there is no contact
        """
        self.ensure_one()
        self.check_access("read")
        if "sale.order" not in self.env:
            raise UserError(self.env._("Quotations need the Sales app."))
        if not self._has_quotations():
            raise AccessError(self.env._("You may not make quotations."))
        if not self.partner_id:
            raise UserError(self.env._("A quotation needs a contact: choose one."))
        context = {"default_partner_id": self.partner_id.id}
        if "opportunity_id" in self.env["sale.order"]._fields and self.opportunity_id:
            context["default_opportunity_id"] = self.opportunity_id.id
        utm = self._prepare_utm_vals()
        context |= {f"default_{fname}": value for fname, value in utm.items() if value}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Quotation"),
            "res_model": "sale.order",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": context,
        }

    # === BUSINESS METHODS === #
    def _has_quotations(self):
        """Whether the user may make quotations here."""
        return "sale.order" in self.env and self.env["sale.order"].has_access("create")

    def _choose_meeting_slot(self, vals):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "calendar.action_calendar_event"
        )
        if not self.opportunity_id.has_access("read"):
            vals.pop("opportunity_id")
        vals["partner_ids"] = vals["partner_ids"][0][2]
        defaults = {f"default_{fname}": value for fname, value in vals.items()}
        return {**action, "context": defaults}

    # === HOOKS === #
    def _prepare_meeting_vals(self, partner_ids=None):
        """Return the values of a meeting with the person, without its hour."""
        self.ensure_one()
        partner_ids = self.env["crm.call.list"]._read_ids(partner_ids)
        if partner_ids is None:
            partner_ids = self.partner_id.ids
        guests = {self.env.user.partner_id.id, *partner_ids}
        return {
            "name": self.name,
            "user_id": self.env.uid,
            "partner_ids": [fields.Command.set(sorted(guests))],
            "opportunity_id": self.sudo().opportunity_id.id,
            "crm_call_id": self.id,
        }
