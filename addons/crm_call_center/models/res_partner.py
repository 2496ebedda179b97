import pytz

from odoo import api, fields, models

from ..tools.callee_time import find_zones
from ..tools.phone import normalise


class ResPartner(models.Model):
    """The calls with a contact, and its numbers: one is in step with its phone."""

    _name = "res.partner"
    _inherit = ["res.partner", "crm.call.target"]

    # === FIELDS === #
    crm_call_ids = fields.One2many("crm.call", "partner_id", string="Phone Calls")
    crm_call_count = fields.Integer(
        string="Calls",
        compute="_compute_crm_call_count",
        compute_sudo=False,
        groups="sales_team.group_sale_salesman,crm_call_center.group_call_center_operator",
    )

    phone_number_ids = fields.One2many(
        "crm.phone.number", "partner_id", string="Phone Numbers"
    )

    # === COMPUTE METHODS === #
    @api.depends("crm_call_ids")
    @api.depends_context("uid")
    def _compute_crm_call_count(self):
        """A company counts the calls with its people too."""
        self.crm_call_count = 0
        Call = self.env["crm.call"]
        if not self.ids or not Call.has_access("read"):
            return
        family = self.with_context(active_test=False).search(
            [("id", "child_of", self.ids)]
        )
        groups = Call._read_group(
            [("partner_id", "in", family.ids)], ["partner_id"], ["__count"]
        )
        for partner, count in groups:
            while partner:
                if partner in self:
                    partner.crm_call_count += count
                partner = partner.parent_id

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._follow_phone()
        return partners

    def write(self, vals):
        result = super().write(vals)
        if "phone" in vals:
            self._follow_phone()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_cancel_calls(self):
        self.sudo().crm_call_ids._cancel_orphans()

    # === ACTION METHODS === #
    def action_view_crm_calls(self):
        """Open the calls with the contact and its people."""
        self.ensure_one()
        action = self.env["crm.call"]._open_for(self, "partner_id")
        return {**action, "domain": [("partner_id", "child_of", self.id)]}

    # === BUSINESS METHODS === #
    def _follow_phone(self):
        """Make the main number what the phone of the contact says."""
        if self.env.context.get("phone_in_step"):
            return
        Phone = self.env["crm.phone.number"].sudo().with_context(phone_in_step=True)
        rows = Phone.search([("partner_id", "in", self.ids)]).grouped("partner_id")
        new = self.browse()
        for partner in self.sudo():
            phones = rows.get(partner, Phone)
            phone = phones.filtered("is_main")
            if not partner.phone:
                phone.unlink()
            elif not phones:
                new |= partner
            elif not phone:
                partner._make_main_number()
            elif phone.number != partner.phone:
                vals = {"number": partner.phone}
                twin = partner._find_number(partner.phone) - phone
                if twin:
                    vals["is_wrong"] = twin.is_wrong
                    twin.unlink()
                phone.write(vals)
        Phone.create([partner._prepare_main_number() for partner in new])

    def _ensure_main_number(self):
        """Give the contacts the row of their own phone where it is missing."""
        contacts = self.sudo().filtered("phone")
        for partner in contacts:
            if not partner.phone_number_ids.filtered("is_main"):
                partner._make_main_number()

    def _make_main_number(self):
        """Return the row of the contact's own phone; make it if it is missing."""
        self.ensure_one()
        Phone = self.env["crm.phone.number"].sudo().with_context(phone_in_step=True)
        phone = self._find_number(self.phone)
        if phone:
            phone.with_context(phone_in_step=True).is_main = True
            return phone
        return Phone.create(self._prepare_main_number())

    def _prepare_main_number(self):
        return {"partner_id": self.id, "number": self.phone, "is_main": True}

    def _find_number(self, number):
        """Return the row of the contact with a number, in whatever form."""
        country = (self.country_id or self.env.company.country_id).code
        e164 = normalise(number, country).e164
        phones = self.env["crm.phone.number"].sudo()
        phones = phones.with_context(phone_in_step=True).search(
            [("partner_id", "=", self.id)]
        )
        return phones.filtered(
            lambda phone: phone.number == number
            or (e164 and phone.phone_sanitized == e164)
        )[:1]

    def _take_numbers_of(self, partners):
        """Take over the numbers of contacts merged into this one, once each."""
        self.ensure_one()
        Phone = self.env["crm.phone.number"].sudo().with_context(phone_in_step=True)
        if self.phone:
            self._make_main_number()
        own = Phone.search([("partner_id", "=", self.id)])
        known = set(own.mapped("phone_sanitized"))
        for partner in (partners - self).filtered("phone"):
            partner._make_main_number()
        for phone in Phone.search([("partner_id", "in", (partners - self).ids)]):
            if phone.phone_sanitized in known or not phone.phone_sanitized:
                if phone.is_wrong:
                    own.filtered(
                        lambda row, number=phone.phone_sanitized: (
                            row.phone_sanitized == number
                        )
                    ).is_wrong = True
                phone.unlink()
            else:
                known.add(phone.phone_sanitized)
                phone.write({"partner_id": self.id, "is_main": False})
                own |= phone

    def _get_calling_zone(self, number):
        """Return the zone that was chosen for the contact, or ``None``.

        Odoo gives a contact the zone of whoever made it. So the zone counts only where
        the country of the contact has it, or, without a country, where the number may
        ring in it.
        """
        if not self:
            return None
        chosen = self.sudo().phone_number_ids.filtered(
            lambda phone: phone.tz and phone.phone_sanitized == number
        )
        if chosen:
            return chosen[0].tz
        if not self.tz:
            return None
        if self.country_id:
            zones = pytz.country_timezones.get(self.country_id.code, [])
            return self.tz if self.tz in zones or not zones else None
        zones, _source = find_zones(number)
        return self.tz if self.tz in zones else None
