from datetime import timedelta

from odoo import fields, models

from ..tools import gate
from ..tools.phone import normalise

#: When a call has to wait, so many of the next are asked about with it.
LOOK_AHEAD = 200
#: What cannot be called for want of a paper is looked at again after so long.
ASK_AGAIN = timedelta(days=1)


class CrmCall(models.Model):
    """What the gate says of calls, and the proof of it."""

    _inherit = "crm.call"

    # === BUSINESS METHODS === #
    def _decide(self, at=None):
        """Ask the gate about these calls.

        :param at: naive UTC; now, if it is missing
        :return: dict of :class:`gate.Decision` by the call's id
        """
        at = at or fields.Datetime.now()
        decisions = {}
        terms = self._get_terms()
        for (company, (call_list, purpose, policy)), group in (
            self.sudo().grouped(lambda call: (call.company_id, terms[call.id])).items()
        ):
            rows = group._prepare_gate_rows()
            answers = policy.with_company(
                company or call_list.company_id or self.env.company
            )._can_call_many(rows, at, purpose, call_list)
            decisions |= dict(zip(group.ids, answers, strict=True))
        return decisions

    def _put_aside(self, decision):
        """Give up a call that must never be made; let another wait for its moment.

        Those that come after it in the list are probably alike: they are asked about
        together, so that an operator does not wait for each of them.
        """
        self.ensure_one()
        Queue = self.env["crm.call.queue"].sudo()
        queue = Queue._get_queue()
        ahead = queue.look_ahead(Queue.env, self.id, LOOK_AHEAD)
        decisions = {self.id: decision, **self.browse(ahead)._decide()}
        moments, now = {}, fields.Datetime.now()
        for call in self.browse(decisions).sudo():
            answer = decisions[call.id]
            if answer.is_hopeless:
                reason = self.env["crm.call.policy"]._tell_reasons(answer)
                call._close("cancelled", reason=reason)
            elif not answer.allowed:
                # A consent or a register may come in: it is asked about again.
                moments[call.id] = answer.next_time or now + ASK_AGAIN
        queue.put_off(Queue.env, moments)
        Queue.invalidate_model()

    def _is_as_queued(self):
        """Whether the row in the queue still says what the call says; else mend it.

        A contact's new phone changes its calls without their being written.
        """
        self.ensure_one()
        row = self.env["crm.call.queue"].sudo().browse(self.id)
        call = self.sudo()
        # The row is locked: nobody can have deleted its call.
        if row.phone_sanitized == call.phone_sanitized:
            return True
        call._give_back()
        self.env["crm.call.queue"].sudo()._follow(self.ids)
        return False

    def _prepare_gate_rows(self):
        """Return for each call what the gate wants to know of it."""
        rows = []
        for call in self:
            partner, lead = call.partner_id, call.opportunity_id
            country = lead.country_id or partner.country_id
            state = lead.state_id if lead.country_id else partner.state_id
            rows.append(
                {
                    "phone_sanitized": call.phone_sanitized,
                    "partner_id": partner.id or False,
                    "country_code": country.code or False,
                    "state_code": state.code or False,
                    "tz": call._get_contact_tz() or False,
                    "is_company": bool(
                        partner.commercial_partner_id.is_company or lead.partner_name
                    ),
                    "provenance": call._has_provenance(),
                }
            )
        return rows

    def _get_contact_tz(self):
        """Return the zone that somebody chose for the contact, if it is one of its own.

        Odoo gives contacts that it makes the zone of whoever made them; so the zone of
        a contact counts only where its country has it, or has no country.
        """
        self.ensure_one()
        return self.partner_id._get_calling_zone(self.phone_sanitized)

    def _has_provenance(self):
        """Whether it is known where the number comes from.

        Records of ours and numbers that somebody typed are known; files say so.
        """
        self.ensure_one()
        return True

    def _issue_certificates(self, decisions, kind):
        """Write down what the gate said, for good.

        :param dict decisions: :class:`gate.Decision` by call id
        :param str kind: ``reserve``, ``dial`` or ``log``
        :return: the certificates, in the order of the calls
        """
        vals_list = []
        terms = self._get_terms()
        for call in self.sudo():
            decision = decisions[call.id]
            vals_list.append(
                {
                    "call_id": call.id,
                    "company_id": call.company_id.id,
                    "kind": kind,
                    "phone_sanitized": call.phone_sanitized,
                    "policy_id": terms[call.id].policy.id,
                    "allowed": decision.allowed,
                    "facts": call._prepare_certificate_facts(decision, terms[call.id]),
                }
            )
        return self.env["crm.call.certificate"].sudo().create(vals_list)

    def _prepare_certificate_facts(self, decision, terms):
        """Return what a decision was made on, as plain values."""
        now = fields.Datetime.now()
        call_list, purpose, policy = terms
        countries = self._get_gate_countries()
        packs = self.env["crm.call.pack"].sudo()
        if policy.use_country_packs and purpose == "marketing":
            packs = packs.browse(packs._get_ids_for(countries, now.date()))
        return {
            "purpose": purpose,
            "basis": call_list.legal_basis or False,
            "policy": policy.code or policy.name,
            "packs": [f"{pack.code} {pack.version}" for pack in packs],
            "registers": list(self.env["crm.do.not.call.register"]._get_versions()),
            "zones": list(decision.zones)[:20],
            "zone_source": decision.zone_source,
            "local_time": [
                gate.local(now, zone).strftime("%Y-%m-%d %H:%M")
                for zone in decision.zones[:3]
            ],
            "attempts": self.attempt_count,
            "number_attempts": decision.attempts,
            "allowed": decision.allowed,
            "reasons": [[reason.code, reason.param] for reason in decision.reasons],
        }

    def _get_gate_countries(self):
        country = self.opportunity_id.country_id or self.partner_id.country_id
        codes = {normalise(self.phone_sanitized).country, country.code}
        return frozenset(codes - {None, False})

    def _plan_retry(self, outcome, wanted=None):
        """Return when a call that was not held is tried again (naive UTC).

        After the delay of the outcome, or when it was wished for; then at the next
        moment that the gate allows, on the clock of the callee. A call that can never
        be made again keeps the wished moment: it is judged anew then.

        :param outcome: a ``crm.call.outcome``
        :param wanted: a moment that somebody asked for (naive UTC)
        """
        self.ensure_one()
        now = fields.Datetime.now()
        wanted = wanted or now + timedelta(minutes=outcome.retry_delay)
        decision = self._decide(max(wanted, now))[self.id]
        return decision.next_time or wanted
