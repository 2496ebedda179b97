from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.base.models.res_partner import _tz_get
from odoo.addons.crm_glossary_core import engine

from ..tools.callee_time import find_zones
from ..tools.phone import normalise

#: So many contacts get their first number at a time.
CHUNK = 5000


class CrmPhoneNumber(models.Model):
    """One of the numbers of a contact: what it is, where it rings, whether it works.

    The contact's own phone is one of them, the main one; both stay in step.
    """

    _name = "crm.phone.number"
    _description = "Phone Number"
    _order = "partner_id, is_main desc, sequence, id"
    _rec_name = "number"
    _check_company_auto = True

    # === FIELDS === #
    partner_id = fields.Many2one(
        "res.partner", string="Contact", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="partner_id.company_id", store=True)
    number = fields.Char(required=True)
    phone_sanitized = fields.Char(
        string="International Form",
        compute="_compute_phone_sanitized",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    problem = fields.Char(compute="_compute_problem")
    kind = fields.Selection(
        [("mobile", "Mobile"), ("work", "Work"), ("home", "Home"), ("other", "Other")],
        string="Label",
        required=True,
        default="work",
    )
    is_main = fields.Boolean(string="Main", help="The phone on the contact itself.")
    sequence = fields.Integer(default=10)
    tz = fields.Selection(
        _tz_get, string="Time Zone", help="Where it rings, if you know better."
    )
    zone_text = fields.Char(string="Rings In", compute="_compute_zone")
    tz_source = fields.Selection(
        [
            ("manual", "Set by Hand"),
            ("contact", "Zone of the Contact"),
            ("address", "Address"),
            ("prefix", "Prefix of the Number"),
            ("unknown", "Unknown"),
        ],
        string="Found By",
        compute="_compute_zone",
    )
    is_wrong = fields.Boolean(
        string="Wrong Number", help="It reaches nobody, or somebody else."
    )
    state = fields.Selection(
        [
            ("reachable", "Reachable"),
            ("wrong", "Wrong"),
            ("do_not_call", "Do Not Call"),
        ],
        string="Status",
        compute="_compute_state",
    )

    _once = models.UniqueIndex(
        "(partner_id, phone_sanitized) WHERE phone_sanitized IS NOT NULL",
        "The contact has this number already.",
    )
    _one_main = models.UniqueIndex(
        "(partner_id) WHERE is_main", "A contact has one main number."
    )

    # === COMPUTE METHODS === #
    @api.depends("number", "partner_id.country_id")
    def _compute_phone_sanitized(self):
        for phone in self:
            phone.phone_sanitized = normalise(phone.number, phone._get_country()).e164

    @api.depends("number", "partner_id.country_id")
    @api.depends_context("lang")
    def _compute_problem(self):
        for phone in self:
            code = normalise(phone.number, phone._get_country()).problem
            phone.problem = self._tell_problem(code) if code else False

    @api.depends("phone_sanitized", "tz", "partner_id.tz", "partner_id.country_id")
    def _compute_zone(self):
        for phone in self:
            if phone.tz:
                zones, source = (phone.tz,), "manual"
            else:
                zones, source = find_zones(
                    phone.phone_sanitized,
                    phone.partner_id._get_calling_zone(phone.phone_sanitized),
                    phone.partner_id.country_id.code,
                    phone.partner_id.state_id.code,
                )
            phone.tz_source = source
            text = ", ".join(zones[:2])
            phone.zone_text = f"{text}, …" if len(zones) > 2 else text

    @api.depends("phone_sanitized", "is_wrong")
    def _compute_state(self):
        blocks = self.env["crm.do.not.call"]._get_blocks(self.mapped("phone_sanitized"))
        for phone in self:
            if phone.phone_sanitized in blocks:
                phone.state = "do_not_call"
            else:
                phone.state = "wrong" if phone.is_wrong else "reachable"

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        partner_ids = [
            vals.get("partner_id") for vals in vals_list if vals.get("is_main")
        ]
        self._unset_main(partner_ids)
        phones = super().create(vals_list)
        phones._check_readable()
        phones._set_main_of_contact()
        if not self.env.context.get("phone_in_step"):
            # A contact from before has its own phone in its field only.
            phones.partner_id._ensure_main_number()
        return phones

    def write(self, vals):
        if vals.get("is_main"):
            self._unset_main(self.partner_id.ids, self)
        before = {phone.id: phone.phone_sanitized for phone in self}
        result = super().write(vals)
        if "number" in vals:
            self._check_readable()
            if "is_wrong" not in vals:
                # Another number is not wrong because the old one was; the same one,
                # written in another way, is.
                self.filtered(
                    lambda phone: phone.is_wrong
                    and phone.phone_sanitized != before[phone.id]
                ).is_wrong = False
        if {"number", "is_main"} & vals.keys():
            self._set_main_of_contact()
        if vals.get("is_main") is False and not self.env.context.get("phone_in_step"):
            # The phone of the contact is the main one until another is.
            self.partner_id._ensure_main_number()
        return result

    def unlink(self):
        contacts = self.filtered("is_main").partner_id.exists()
        result = super().unlink()
        if not self.env.context.get("phone_in_step"):
            contacts.with_context(phone_in_step=True).phone = False
        return result

    def _check_readable(self):
        """Refuse an additional number that nobody can call.

        The contact's own phone is Odoo's field: it takes any text.
        """
        for phone in self.filtered(lambda phone: not phone.is_main):
            problem = normalise(phone.number, phone._get_country()).problem
            if problem:
                raise ValidationError(
                    self.env._(
                        "“%(number)s”: %(problem)s.",
                        number=phone.number,
                        problem=self._tell_problem(problem),
                    )
                )

    # === BUSINESS METHODS === #
    def _get_country(self):
        self.ensure_one()
        return self._get_country_of(self.partner_id)

    @api.model
    def _fill_main_numbers(self):
        """Give contacts from before the row of their phone; run at every upgrade."""
        missing = (
            self.env["res.partner"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [("phone", "not in", [False, ""]), ("phone_number_ids", "=", False)],
                order="id",
            )
        )
        for start in range(0, len(missing), CHUNK):
            chunk = missing[start : start + CHUNK]
            rows = [
                {
                    "partner_id": partner.id,
                    "company_id": partner.company_id.id or None,
                    "number": partner.phone,
                    "phone_sanitized": normalise(
                        partner.phone, self._get_country_of(partner)
                    ).e164,
                    "is_main": True,
                }
                for partner in chunk
            ]
            engine.bulk.insert(self.env, self._name, rows)
            # a million contacts do not fit into the memory at once
            chunk.invalidate_recordset()

    @api.model
    def _get_country_of(self, partner):
        country = partner.country_id or partner.company_id.country_id
        return (country or self.env.company.country_id).code or None

    @api.model
    def _unset_main(self, partner_ids, kept=None):
        """Make room for another main number: only one may be it, also for a moment."""
        if not partner_ids:
            return
        kept = kept or self.browse()
        others = self.search(
            [
                ("partner_id", "in", partner_ids),
                ("is_main", "=", True),
                ("id", "not in", kept.ids),
            ]
        )
        others.with_context(phone_in_step=True).is_main = False
        others.flush_recordset(["is_main"])

    def _set_main_of_contact(self):
        """Write the main number on the contact."""
        if self.env.context.get("phone_in_step"):
            return
        for phone in self.filtered("is_main"):
            if phone.partner_id.phone != phone.number:
                phone.partner_id.with_context(phone_in_step=True).phone = phone.number

    @api.model
    def _tell_problem(self, code):
        """Return what is wrong with a number as the end of a sentence."""
        return {
            "empty": self.env._("there is no number"),
            "scientific": self.env._("a spreadsheet has cut off its digits"),
            "letters": self.env._("it has letters in it"),
            "several": self.env._("these are several numbers"),
            "too_short": self.env._("it has too few digits"),
            "too_long": self.env._("it has too many digits"),
            "no_country": self.env._("its country is not known: write it with +"),
            "unknown_prefix": self.env._("no number begins like that"),
            "not_a_number": self.env._("it is no phone number"),
        }.get(code, code)

    @api.model
    def _mark_wrong(self, partner, number):
        """Note that a number does not reach the contact."""
        if not partner or not number:
            return
        phone = self.sudo().search(
            Domain("partner_id", "=", partner.id)
            & Domain("phone_sanitized", "=", number),
            limit=1,
        )
        if not phone and partner.sudo().phone_sanitized == number:
            phone = partner.sudo()._make_main_number()
        phone.is_wrong = True
