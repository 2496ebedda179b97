import pytz

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_time, html2plaintext, is_html_empty

#: How many past touches an operator sees before a call.
TOUCHES = 3


class CrmCall(models.Model):
    """What an operator sees of a call: enough to talk, no more.

    It is gathered with system rights, for an operator need not see leads; who may take
    the call is settled before.
    """

    _inherit = "crm.call"

    # === BUSINESS METHODS === #
    def _prepare_card(self):
        """Return the card of a call as a dict of plain values."""
        self.ensure_one()
        call = self.sudo()
        lead, partner = call.opportunity_id, call.partner_id
        call_list = call.list_id
        return {
            "id": call.id,
            "name": call.name,
            "direction": call.direction,
            "state": call.state,
            "phone": call._get_shown_number(),
            "phone_sanitized": call.phone_sanitized or False,
            "partner_id": partner.id,
            "opportunity_id": lead.id,
            "opportunity_name": lead.name or False,
            "list_id": call_list.id,
            "list_name": call_list.name or False,
            "script": call_list.script
            if not is_html_empty(call_list.script)
            else False,
            "description": call.description or False,
            "attempt_count": call.attempt_count,
            "max_attempts": call_list.max_attempts,
            "is_callback": bool(call.next_attempt_date),
            "reserved_until": fields.Datetime.to_string(call.reserved_until) or False,
            **call._prepare_card_person(),
            "touches": call._get_touches(),
        }

    def _prepare_card_person(self):
        """Whom the call is to, and what time it is there."""
        lead, partner = self.opportunity_id, self.partner_id
        company = partner.commercial_company_name or lead.partner_name
        person = partner.name or lead.contact_name or lead.partner_name or self.name
        country = lead.country_id or partner.country_id
        place = [lead.city or partner.city, country.name]
        return {
            "person": person,
            "company": company if company != person else False,
            "function": partner.function or lead.function or False,
            "place": ", ".join(filter(None, place)),
            "local_time": self._get_local_time(),
        }

    def _get_shown_number(self):
        """The number as people write it, or as it was entered."""
        if not self.phone_sanitized:
            return self.phone or False
        return (
            self._phone_format(
                number=self.phone_sanitized, force_format="INTERNATIONAL"
            )
            or self.phone_sanitized
        )

    def _get_time_zone(self):
        """Name of the callee's time zone; ``False`` when it cannot be told.

        A country with one zone settles it. Otherwise the contact's own zone is a hint;
        that of a lead is not known.
        """
        country = self.opportunity_id.country_id or self.partner_id.country_id
        zones = pytz.country_timezones.get(country.code or "", [])
        if len(zones) == 1:
            return zones[0]
        return self.partner_id.tz if self.partner_id.tz in zones else False

    def _get_local_time(self):
        zone = self._get_time_zone()
        if not zone:
            return False
        return format_time(
            self.env, fields.Datetime.now(), tz=zone, time_format="short"
        )

    def _get_touches(self):
        """Return the latest messages and attempts, newest first, as dicts."""
        touches = self._get_message_touches() + self._get_attempt_touches()
        touches.sort(key=lambda touch: touch["date"], reverse=True)
        return touches[:TOUCHES]

    def _get_message_touches(self):
        lead, partner = self.opportunity_id, self.partner_id
        about = Domain("model", "=", "crm.lead") & Domain("res_id", "=", lead.id)
        about |= Domain("model", "=", "res.partner") & Domain("res_id", "=", partner.id)
        messages = self.env["mail.message"].search(
            about
            & Domain("message_type", "in", ("comment", "email", "email_outgoing")),
            order="date desc, id desc",
            limit=TOUCHES,
        )
        return [
            {
                "key": f"message-{message.id}",
                "date": fields.Datetime.to_string(message.date),
                "kind": "note" if message.is_internal else "message",
                "who": message.author_id.name or message.email_from or "",
                "text": self._get_excerpt(message.subject, message.body),
            }
            for message in messages
        ]

    def _get_attempt_touches(self):
        same = Domain("call_id", "=", self.id)
        if self.opportunity_id:
            same |= Domain("call_id.opportunity_id", "=", self.opportunity_id.id)
        if self.partner_id:
            same |= Domain("call_id.partner_id", "=", self.partner_id.id)
        attempts = self.env["crm.call.attempt"].search(same, limit=TOUCHES)
        return [
            {
                "key": f"attempt-{attempt.id}",
                "date": fields.Datetime.to_string(attempt.start),
                "kind": attempt.kind,
                "who": attempt.user_id.name,
                "text": ": ".join(
                    filter(None, [attempt.outcome_id.name, attempt.note])
                ),
            }
            for attempt in attempts
        ]

    def _get_excerpt(self, subject, body, size=160):
        """The beginning of a message as plain text."""
        text = html2plaintext(body or "", include_references=False)
        text = " ".join(" ".join(filter(None, [subject, text])).split())
        return text if len(text) <= size else f"{text[: size - 1].rstrip()}…"
