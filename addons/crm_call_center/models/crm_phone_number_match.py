import re

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..tools.phone import normalise

#: Numbers are compared by so many last digits when nothing better is known.
LAST_DIGITS = 9
#: So many last digits must agree at least.
FEWEST_DIGITS = 6


class CrmPhoneNumber(models.Model):
    """Who calls: contacts and leads with a number, the likeliest first."""

    _inherit = "crm.phone.number"

    # === BUSINESS METHODS === #
    @api.model
    def match_number(self, number, limit=10):
        """Return whom a number belongs to.

        :param str number: as the phone shows it: international, national, with 00
        :return: list of dicts ``{model, id, name, company, phone, rank, reason}``, best
            first; ``reason`` is ``exact`` or ``digits``
        :raise AccessError: unless the user makes or takes calls
        """
        if not self.env["crm.call"].has_access("create"):
            raise AccessError(self.env._("Only who takes calls looks up numbers."))
        return self._match(self.env["crm.call"]._read_text(number) or "", limit)

    @api.model
    def _match(self, number, limit=10):
        """See :meth:`match_number`. Only records of the user's companies are told.

        What a salesperson may not read stays unknown; an operator, who reads no leads,
        is told names: that is what taking a call needs.
        """
        country = self.env.company.country_id.code
        e164 = normalise(number, country).e164
        digits = re.sub(r"\D", "", number or "")
        found = {}
        if e164:
            for match in self._search_exact(e164):
                found.setdefault((match["model"], match["id"]), match)
        # The last digits are looked for only if the whole number is nobody's.
        if not found and len(digits) >= FEWEST_DIGITS:
            for match in self._search_digits(digits[-LAST_DIGITS:]):
                found.setdefault((match["model"], match["id"]), match)
        return sorted(found.values(), key=lambda match: -match["rank"])[:limit]

    @api.model
    def _search_exact(self, e164):
        domain = Domain("phone_sanitized", "=", e164)
        matches = self._list_partners(domain, "exact", 100)
        matches += self._list_numbers(domain, "exact", 95)
        return matches + self._list_leads(domain, "exact", 90)

    @api.model
    def _search_digits(self, digits):
        domain = Domain("phone_sanitized", "=like", f"%{digits}")
        matches = self._list_partners(domain, "digits", 60)
        matches += self._list_numbers(domain, "digits", 55)
        return matches + self._list_leads(domain, "digits", 50)

    @api.model
    def _get_told(self, model, domain, limit=20):
        """Records of the user's companies; those that the user may not read only if he
        is an operator, with system rights for their names."""
        records = (
            self.env[model].search(domain, limit=limit)
            if self.env[model].has_access("read")
            else self.env[model]
        )
        if self.env.user.has_group("crm_call_center.group_call_center_operator"):
            companies = Domain("company_id", "in", [*self.env.companies.ids, False])
            records |= self.env[model].sudo().search(domain & companies, limit=limit)
        return records.sudo()

    @api.model
    def _list_partners(self, domain, reason, rank):
        return [
            self._prepare_match(partner, partner.phone, reason, rank)
            for partner in self._get_told("res.partner", domain)
        ]

    @api.model
    def _list_numbers(self, domain, reason, rank):
        return [
            self._prepare_match(phone.partner_id, phone.number, reason, rank)
            for phone in self._get_told("crm.phone.number", domain)
        ]

    @api.model
    def _list_leads(self, domain, reason, rank):
        matches = []
        for lead in self._get_told("crm.lead", domain):
            # Open ones are what people call about.
            open_bonus = 3 if lead.active and lead.won_status == "pending" else 0
            matches.append(
                self._prepare_match(lead, lead.phone, reason, rank + open_bonus)
            )
        return matches

    @api.model
    def _prepare_match(self, record, phone, reason, rank):
        is_lead = record._name == "crm.lead"
        company = record.partner_name if is_lead else record.commercial_company_name
        name = (record.contact_name or record.name) if is_lead else record.name
        return {
            "model": record._name,
            "id": record.id,
            "name": name or record.display_name,
            "company": company if company != name else False,
            "subject": record.name if is_lead else False,
            "phone": phone or False,
            "rank": rank,
            "reason": reason,
        }
