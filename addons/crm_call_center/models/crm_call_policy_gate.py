from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools import gate
from ..tools.callee_time import find_zones, is_zone
from ..tools.phone import find_country, normalise

#: Rows whose facts are read together.
CHUNK = 5000
#: Attempts that are older play no part.
MEMORY = timedelta(days=31)
PERIOD = 30
#: A lifetime, in days: a rest that is longer is one too.
LONGEST_REST = 36500
#: So long after a dial its outcome is waited for; dials and attempts that are nearer to
#: each other are the same.
AT_WORK = timedelta(minutes=10)
#: Bases of a call on which somebody is called without a consent of his own.
CONSENTED = ("consent", "customer")


class Attempt(NamedTuple):
    """What the gate looks at of an attempt."""

    id: int
    start: datetime
    reached: bool
    refused: bool


class CrmCallPolicy(models.Model):
    """The gate: whether a number may be called, and if not, why and until when.

    Asked at import, when a call is taken and when it is dialled. The decision itself is
    a pure function (``tools/gate.py``); here its facts are gathered, for many numbers
    at once.
    """

    _inherit = "crm.call.policy"

    # === BUSINESS METHODS === #
    def can_call(self, phone, at=None, purpose=None, partner_id=None, list_id=None):
        """Say whether a number may be called.

        :param str phone: as people write it
        :param at: UTC moment; now, if it is missing
        :param str purpose: ``service`` or ``marketing``; by default that of the list,
            else ``marketing`` (the stricter)
        :param int partner_id: whom the number reaches, if known
        :param int list_id: the call list that the call is for
        :return: dict ``{allowed, reasons: [{code, text, until}], next_time, zones,
            zone_source, flagged}``; ``until`` and ``next_time`` are UTC texts, or
            ``False`` when waiting does not help
        """
        self.check_access("read")
        read_id = self.env["crm.call"]._read_id
        call_list = self.env["crm.call.list"].browse(read_id(list_id) or ())
        partner = self.env["res.partner"].browse(read_id(partner_id) or ())
        # Salespeople, who have no call lists, ask about their own contacts.
        for record in (call_list, partner):
            if record:
                record.check_access("read")
        at = self._read_moment(at)
        purpose = purpose or call_list.purpose or "marketing"
        if purpose not in ("service", "marketing"):
            raise ValidationError(
                self.env._("A purpose is “service” or “marketing”, nothing else.")
            )
        policy = self[:1] or call_list.policy_id or self._get_for_purpose(purpose)
        country = partner.sudo().country_id or self.env.company.country_id
        parsed = normalise(phone, country.code)
        row = {
            "phone_sanitized": parsed.e164,
            "partner_id": partner.id or False,
            **policy._prepare_row_of_partner(partner.sudo()),
            "tz": partner._get_calling_zone(parsed.e164),
        }
        [decision] = policy._can_call_many([row], at, purpose, call_list)
        return policy._tell_decision(decision)

    @api.model
    def _read_moment(self, at):
        return self.env["crm.call"]._read_moment(at) or fields.Datetime.now()

    def _can_call_many(self, rows, at=None, purpose="marketing", call_list=None):
        """Decide on many numbers at once.

        :param list rows: dicts with ``phone_sanitized`` and, as far as known,
            ``partner_id``, ``country_code``, ``state_code``, ``tz``, ``is_company``,
            ``number_country``, ``zones`` and ``zone_source``, ``consent``,
            ``provenance`` (whether there is one)
        :param at: naive UTC; now, if it is missing
        :param call_list: the ``crm.call.list`` that the calls are for, or ``None``
        :return: list of :class:`gate.Decision`, in the order of the rows
        """
        self.ensure_one()
        at = at or fields.Datetime.now()
        call_list = call_list or self.env["crm.call.list"]
        decisions = []
        for start in range(0, len(rows), CHUNK):
            chunk = rows[start : start + CHUNK]
            facts = self._gather(chunk, at, purpose, call_list)
            zone = self._get_fallback_zone(call_list, facts)
            decisions += [
                gate.decide(fact, self._get_rules_of(row, fact, at, purpose, zone), at)
                for row, fact in zip(chunk, facts, strict=True)
            ]
        return decisions

    # --- facts ---------------------------------------------------------------------

    @api.model
    def _prepare_row_of_partner(self, partner):
        """Return what a contact tells about whoever answers its number."""
        return {
            "country_code": partner.country_id.code or False,
            "state_code": partner.state_id.code or False,
            "is_company": partner.commercial_partner_id.is_company,
        }

    def _gather(self, rows, at, purpose, call_list):
        """Return the :class:`gate.Facts` of rows, read set by set."""
        numbers = [row["phone_sanitized"] for row in rows if row.get("phone_sanitized")]
        partners = [row["partner_id"] for row in rows if row.get("partner_id")]
        blocks = self.env["crm.do.not.call"]._get_blocks(
            numbers,
            purpose,
            call_list.id,
            (call_list.company_id or self.env.company).id,
        )
        by_number, by_partner = self._read_attempts(numbers, partners, at)
        wrong = self._read_wrong(partners, numbers)
        consent = call_list.legal_basis in CONSENTED
        facts = []
        for row in rows:
            number = row.get("phone_sanitized") or None
            zones, source = row.get("zones"), row.get("zone_source")
            if not zones:
                zones, source = find_zones(
                    number,
                    row.get("tz"),
                    row.get("country_code"),
                    row.get("state_code"),
                )
            of_number = by_number.get(number, ())
            of_partner = by_partner.get(row.get("partner_id")) or of_number
            last = of_number[-1] if of_number else None
            refusals = [
                attempt.start
                for attempt in {*of_number, *of_partner}
                if attempt.refused
            ]
            facts.append(
                gate.Facts(
                    number=number,
                    zones=tuple(zones),
                    zone_source=source or "unknown",
                    blocks=blocks.get(number, ()),
                    is_wrong=(row.get("partner_id"), number) in wrong,
                    number_attempts=tuple(attempt.start for attempt in of_number),
                    contact_attempts=tuple(attempt.start for attempt in of_partner),
                    last_no_answer=last.start if last and not last.reached else None,
                    last_refusal=max(refusals, default=None),
                    has_consent=bool(row.get("consent", consent)),
                    has_provenance=bool(row.get("provenance", True)),
                )
            )
        return facts

    @api.model
    def _read_wrong(self, partners, numbers):
        """Return the pairs of contact and number that are known to be wrong."""
        phones = self.env["crm.phone.number"].sudo()
        domain = (
            Domain("is_wrong", "=", True)
            & Domain("partner_id", "in", list(set(partners)))
            & Domain("phone_sanitized", "in", list(set(numbers)))
        )
        return {
            (phone.partner_id.id, phone.phone_sanitized)
            for phone in phones.search(domain)
        }

    @api.model
    def _read_attempts(self, numbers, partners, at):
        """Return attempts until ``at`` by number and by contact, oldest first.

        Only those that may play a part: all of the last weeks, and refusals of the last
        years.
        """
        if not numbers and not partners:
            return {}, {}
        whose = Domain("phone_sanitized", "in", list(set(numbers))) | Domain(
            "partner_id", "in", list(set(partners))
        )
        recent = Domain("start", ">", at - MEMORY) | Domain("is_refusal", "=", True)
        attempts = (
            self.env["crm.call.attempt"]
            .sudo()
            .search_fetch(
                whose
                & recent
                & Domain("start", "<=", at)
                & Domain("voided_on", "=", False)
                & Domain("direction", "=", "outbound"),
                ["phone_sanitized", "partner_id", "start", "is_contact", "is_refusal"],
                order="start, id",
            )
        )
        by_number, by_partner = defaultdict(list), defaultdict(list)
        for attempt in attempts:
            seen = Attempt(
                attempt.id, attempt.start, attempt.is_contact, attempt.is_refusal
            )
            if attempt.phone_sanitized:
                by_number[attempt.phone_sanitized].append(seen)
            if attempt.partner_id:
                by_partner[attempt.partner_id.id].append(seen)
        self._add_untold_dials(numbers, at, by_number, by_partner)
        return by_number, by_partner

    @api.model
    def _add_untold_dials(self, numbers, at, by_number, by_partner):
        """Count what was dialled and never told of: it rang all the same."""
        dials = (
            self.env["crm.call.certificate"]
            .sudo()
            .search_fetch(
                Domain("kind", "=", "dial")
                & Domain("phone_sanitized", "in", list(set(numbers)))
                & Domain("date", ">", at - MEMORY)
                & Domain("date", "<=", min(at, fields.Datetime.now()) - AT_WORK),
                ["phone_sanitized", "call_id", "date"],
                order="date, id",
            )
        )
        for dial in dials:
            of_number = by_number[dial.phone_sanitized]
            if any(abs(attempt.start - dial.date) < AT_WORK for attempt in of_number):
                continue
            untold = Attempt(-dial.id, dial.date, reached=False, refused=False)
            of_number.append(untold)
            of_number.sort(key=lambda attempt: attempt.start)
            if partner := dial.call_id.partner_id:
                by_partner[partner.id].append(untold)
                by_partner[partner.id].sort(key=lambda attempt: attempt.start)

    # --- rules ---------------------------------------------------------------------

    def _get_rules_of(self, row, fact, at, purpose, fallback_zone):
        """Return the :class:`gate.Rules` for one number."""
        codes = set()
        if self.use_country_packs and purpose == "marketing":
            if "number_country" in row:
                country = row["number_country"]
            else:
                country = find_country(fact.number)
            codes = {country, row.get("country_code")} - {None, False}
        return self._get_rules(
            self.id,
            frozenset(codes),
            bool(row.get("is_company")),
            purpose,
            at.date(),
            fallback_zone,
        )

    def _get_fallback_zone(self, call_list, facts):
        """Return the zone of a callee of whom nothing is known: that of the company.

        Where all are known, it does not matter.
        """
        if all(fact.zones for fact in facts):
            return "UTC"
        company = call_list.company_id or self.company_id or self.env.company
        zone = company.sudo().partner_id.tz
        if not zone:
            zones, _source = find_zones(
                None, None, company.sudo().country_id.code or None
            )
            zone = zones[0] if zones else "UTC"
        return zone if is_zone(zone) else "UTC"

    @api.model
    @tools.ormcache(
        "policy_id", "country_codes", "is_company", "purpose", "day", "fallback_zone"
    )
    def _get_rules(
        self, policy_id, country_codes, is_company, purpose, day, fallback_zone
    ):
        """Put a policy and the packs of some countries together: the stricter counts.

        :return: :class:`gate.Rules`
        """
        policy = self.sudo().browse(policy_id)
        packs = self.env["crm.call.pack"].sudo()
        if policy.use_country_packs and purpose == "marketing":
            packs = packs.browse(packs._get_ids_for(country_codes, day))
        weeks = []
        if policy.window_ids:
            weeks.append(gate.Week(policy.window_ids._get_days()))
        years = range(day.year - 1, day.year + 3)
        for pack in packs.filtered("window_ids"):
            holidays = frozenset()
            if not pack.calls_on_holidays:
                holidays = pack.holiday_ids._get_dates(years)
            weeks.append(gate.Week(pack.window_ids._get_days(), holidays))
        ages = self.env["crm.do.not.call.register"]._get_ages()
        opt_in = "company_opt_in" if is_company else "consumer_opt_in"
        return gate.Rules(
            weeks=tuple(weeks),
            fallback_zone=fallback_zone,
            limits=self._put_limits_together(policy, packs),
            spacing=policy.spacing,
            other_daypart=policy.other_daypart,
            rest_days=min(
                max([policy.rest_days, *packs.mapped("rest_days")]), LONGEST_REST
            ),
            needs_opt_in=any(packs.mapped(opt_in)),
            needs_provenance=purpose == "marketing",
            stale_registers=tuple(
                pack.register_name
                for pack in packs
                if pack.register_name
                and not is_company
                and not (
                    pack.register_name in ages
                    and ages[pack.register_name] <= (pack.register_max_age or 10**6)
                )
            ),
        )

    @api.model
    def _put_limits_together(self, policy, packs):
        limits = []
        for of in ("number", "contact"):
            for name, days in (("day", 1), ("period", PERIOD)):
                fname = f"max_{of}_{name}"
                asked = [policy[fname], *packs.mapped(fname)]
                if maximum := min(filter(None, asked), default=0):
                    limits.append(
                        gate.Limit(f"attempts_{of}_{name}", maximum, days, of)
                    )
        return tuple(limits)
