from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_glossary_core import engine


class CrmCallTarget(models.AbstractModel):
    """Whether the number of a contact or lead may be called at all, and is its own.

    Both can be searched without naming a single number: the registers may hold
    hundreds of thousands, and they are nobody's to read.
    """

    _name = "crm.call.target"
    _description = "Somebody Who Can Be Called"

    # === FIELDS === #
    is_do_not_call = fields.Boolean(
        string="Do Not Call",
        compute="_compute_is_do_not_call",
        search="_search_is_do_not_call",
        compute_sudo=True,
        groups="base.group_user",
        help="The number is on a do-not-call list, for calls of any kind.",
    )
    is_wrong_number = fields.Boolean(
        string="Wrong Number",
        compute="_compute_is_wrong_number",
        search="_search_is_wrong_number",
        compute_sudo=True,
        groups="base.group_user",
        help="Somebody called the number, and it was not that of the contact.",
    )

    # === COMPUTE AND SEARCH METHODS === #
    @api.depends("phone_sanitized")
    @api.depends_context("allowed_company_ids")
    def _compute_is_do_not_call(self):
        self._compute_listed("is_do_not_call", self._get_do_not_call_entries())

    @api.depends("phone_sanitized")
    def _compute_is_wrong_number(self):
        self._compute_listed("is_wrong_number", self._get_wrong_number_entries())

    def _compute_listed(self, name, entries):
        numbers = [record.phone_sanitized for record in self if record.phone_sanitized]
        found = entries[0].search_fetch(
            entries[1] & Domain("phone_sanitized", "in", numbers), ["phone_sanitized"]
        )
        listed = set(found.mapped("phone_sanitized"))
        for record in self:
            record[name] = record.phone_sanitized in listed

    def _search_is_do_not_call(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._search_listed(value, *self._get_do_not_call_entries())

    def _search_is_wrong_number(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._search_listed(value, *self._get_wrong_number_entries())

    @api.model
    def _search_listed(self, value, entries, domain):
        if True in value and False in value:
            return Domain.TRUE
        return engine.shared_value(
            "phone_sanitized", entries, domain, shared=True in value
        )

    # === BUSINESS METHODS === #
    @api.model
    def _get_do_not_call_entries(self):
        """Entries for calls of any kind, by all companies or one of the user's."""
        entries = self.env["crm.do.not.call"].sudo()
        return entries, (
            entries._get_active_domain()
            & Domain("scope", "=", "all")
            & entries._get_company_domain(self.env.companies)
        )

    @api.model
    def _get_wrong_number_entries(self):
        return self.env["crm.phone.number"].sudo(), Domain("is_wrong", "=", True)
