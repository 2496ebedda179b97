from zoneinfo import ZoneInfo

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_time, html2plaintext, is_html_empty

from ..tools.callee_time import find_zones

#: How many past touches an operator sees before a call.
TOUCHES = 3


class CrmCall(models.Model):
    """What an operator sees of a call: enough to talk, no more.

    It is gathered with system rights, for an operator need not see leads; who may take
    the call is settled before.
    """

    _inherit = "crm.call"

    # === BUSINESS METHODS === #
    def _prepare_card(self, outlook=None):
        """Return the card of a call as a dict of plain values.

        :param outlook: what the gate has just said of it, if it was asked
        """
        self.ensure_one()
        call = self.sudo()
        lead, partner = call.opportunity_id, call.partner_id
        call_list = call.list_id
        now, moments, later = outlook or call._get_outlook()
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
            "provider": self.env["crm.call.provider"]._get_code(call),
            "permission": call._prepare_permission(now),
            "grade": call._get_card_grade(),
            "numbers": call._get_numbers(),
            "callback_choices": call._prepare_callback_choices(moments, later),
            "can_convert": call._can_convert(),
            "has_sale": call._has_quotations(),
            **call._prepare_card_person(),
            "touches": call._get_touches(),
        }

    def _prepare_permission(self, decision=None):
        """Return whether the call may be made, in a word that is never colour alone."""
        self.ensure_one()
        if decision is None:
            decision = self._decide_moments([fields.Datetime.now()])[0]
        word = "call"
        if not decision.allowed:
            word = "never" if decision.next_time is None else "later"
        labels = {
            "call": self.env._("May be called"),
            "later": self.env._("Not now"),
            "never": self.env._("Must not be called"),
        }
        policies = self.env["crm.call.policy"]
        opens = decision.next_time if word == "later" else None
        zone = self._get_callback_zone()
        return {
            "word": word,
            "label": labels[word],
            "opens": fields.Datetime.to_string(opens) or False,
            "opens_local": policies._tell_moment(opens, zone) if opens else False,
            "reasons": [policies._tell_reason(reason) for reason in decision.reasons],
            "flagged": decision.flagged,
        }

    def _get_numbers(self):
        """Return the numbers at which the person may be reached, this one first."""
        numbers = [{"phone": self._get_shown_number(), "label": False}]
        for phone in self.partner_id.phone_number_ids:
            if phone.phone_sanitized == self.phone_sanitized:
                numbers[0]["label"] = self._get_kind_of_number(phone)
            elif phone.phone_sanitized and not phone.is_wrong:
                numbers.append(
                    {"phone": phone.number, "label": self._get_kind_of_number(phone)}
                )
        return numbers

    def _get_kind_of_number(self, phone):
        selection = phone._fields["kind"]._description_selection(self.env)
        return dict(selection).get(phone.kind, False)

    def _can_convert(self):
        """Whether the call can still become an opportunity."""
        lead = self.opportunity_id
        return not lead or (lead.type == "lead" and lead.active)

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
            "tz": self._get_time_zone(),
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

        Where several are possible and their clocks agree now, any of them will do.
        """
        row = self._prepare_gate_rows()[0]
        zones, _source = find_zones(
            row["phone_sanitized"], row["tz"], row["country_code"], row["state_code"]
        )
        now = fields.Datetime.now()
        if len({ZoneInfo(zone).utcoffset(now) for zone in zones[:60]}) == 1:
            return zones[0]
        return False

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
        if not lead and not partner:
            return []
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
        calls = self
        if self.opportunity_id or self.partner_id:
            # Asked by itself: joined, all attempts ever made would be read.
            same = Domain("partner_id", "=", self.partner_id.id or -1)
            same |= Domain("opportunity_id", "=", self.opportunity_id.id or -1)
            calls |= self.search(same)
        attempts = self.env["crm.call.attempt"].search(
            Domain("call_id", "in", calls.ids) & Domain("voided_on", "=", False),
            limit=TOUCHES,
        )
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

    # === HOOKS === #
    def _get_card_grade(self):
        """Return the grade of the lead, ``{"name": ..., "color": ...}``, or ``False``.

        Extend it where leads have one.
        """
        return False
