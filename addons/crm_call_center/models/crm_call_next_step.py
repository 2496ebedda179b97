from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .crm_call import TO_DO


class CrmCall(models.Model):
    """What follows a call: an opportunity, or another call."""

    _inherit = "crm.call"

    # === FIELDS === #
    is_converted = fields.Boolean(
        string="Became an Opportunity",
        readonly=True,
        copy=False,
        help="The opportunity came of this call.",
    )
    origin_call_id = fields.Many2one(
        "crm.call",
        string="Call Before",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The call that this one follows.",
    )
    next_call_ids = fields.One2many(
        "crm.call", "origin_call_id", string="Calls After", readonly=True
    )

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        calls = super().create(vals_list)
        for call in calls.filtered("origin_call_id"):
            call.origin_call_id.check_access("read")
            before = call.sudo().origin_call_id
            if before.direction == "inbound" and before.state in TO_DO:
                # It was answered: nothing of it is due any more.
                before.next_attempt_date = False
            before._message_log(
                body=call.env._(
                    "Followed by the call %(link)s", link=call._get_html_link()
                )
            )
        return calls

    # === ACTION METHODS === #
    def action_convert_to_opportunity(self):
        """Make the call an opportunity, or its lead; a second time changes nothing.

        :return: the action that opens the opportunity, or a message for an operator who
            may not see opportunities
        """
        self.ensure_one()
        self.check_access("write")
        call = self.sudo()
        lead = call.opportunity_id
        if not lead:
            lead = self.env["crm.lead"].sudo().create(call._prepare_opportunity_vals())
            call.write({"opportunity_id": lead.id, "is_converted": True})
        elif lead.type == "lead":
            if not lead.active:
                raise UserError(
                    self.env._(
                        "“%(name)s” is archived: restore it first.", name=lead.name
                    )
                )
            lead._handle_partner_assignment(force_partner_id=call.partner_id.id)
            lead.convert_opportunity(lead.partner_id, team_id=call.team_id.id)
            lead.write(call._prepare_missing_utm_vals(lead))
            call.is_converted = True
        return self._open_opportunity(lead)

    def action_schedule_call(self, date=None, user_id=None, name=None, note=None):
        """Plan another call to the same person.

        :param date: when (UTC); without it the form of a new call opens
        :param int user_id: who is to call; by default the current user
        :return: the action that opens the call
        """
        self.ensure_one()
        self.check_access("read")
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Schedule a Call"),
            "res_model": "crm.call",
            "view_mode": "form",
            "views": [(False, "form")],
        }
        vals = self._prepare_next_call_vals(date, user_id, name, note)
        if date:
            return {**action, "res_id": self.env["crm.call"].create(vals).id}
        defaults = {f"default_{fname}": value for fname, value in vals.items() if value}
        return {**action, "context": defaults}

    # === BUSINESS METHODS === #
    def _open_opportunity(self, lead):
        if lead.with_user(self.env.user).has_access("read"):
            return {
                "type": "ir.actions.act_window",
                "name": lead.name,
                "res_model": "crm.lead",
                "res_id": lead.id,
                "view_mode": "form",
                "views": [(False, "form")],
            }
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The opportunity “%(name)s” is with the sales team.", name=lead.name
                ),
            },
        }

    # === HOOKS === #
    def _prepare_opportunity_vals(self):
        """Return the values of the opportunity that a call without a lead becomes."""
        self.ensure_one()
        seller = self.env.user.has_group("sales_team.group_sale_salesman")
        return {
            "name": self.name,
            "type": "opportunity",
            "partner_id": self.partner_id.id,
            "phone": self.phone,
            "user_id": self.env.uid if seller else False,
            "team_id": self.team_id.id,
            "company_id": self.company_id.id,
            **self._prepare_utm_vals(),
            **self._prepare_callee_vals(),
            "tag_ids": self.tag_ids.ids,
            "priority": self.priority,
            "description": plaintext2html(self.description)
            if self.description
            else False,
        }

    def _prepare_utm_vals(self):
        """Where an opportunity of this call comes from: the phone, and the list."""
        self.ensure_one()
        medium = self.env.ref("utm.utm_medium_phone", raise_if_not_found=False)
        source = self.env.ref(
            "crm_call_center.utm_source_phone", raise_if_not_found=False
        )
        return {
            "medium_id": medium.id if medium else False,
            "source_id": source.id if source else False,
            "campaign_id": self.list_id._get_campaign().id,
        }

    def _prepare_missing_utm_vals(self, lead):
        """The origin of a lead is kept: the call fills in only what is not known."""
        vals = self._prepare_utm_vals()
        return {fname: value for fname, value in vals.items() if not lead[fname]}

    def _prepare_callee_vals(self):
        """Who was called, for a call without a contact."""
        return {}

    def _prepare_next_call_vals(self, date=None, user_id=None, name=None, note=None):
        """Return the values of another call to the same person."""
        self.ensure_one()
        date = self._read_moment(date)
        user = self.env["res.users"].browse(self._read_id(user_id) or self.env.uid)
        if not user.exists():
            raise UserError(self.env._("There is no such operator."))
        return {
            "name": self._read_text(name) or self.name,
            "direction": "outbound",
            "partner_id": self.partner_id.id,
            "opportunity_id": self.opportunity_id.id,
            "phone": self.phone,
            "user_id": user.id,
            "team_id": self.team_id.id,
            "company_id": self.company_id.id,
            "date": date or fields.Datetime.now(),
            "next_attempt_date": date,
            "description": self._read_text(note),
            "origin_call_id": self.id,
        }
