from typing import NamedTuple

from odoo import models


class Terms(NamedTuple):
    """What a call is judged by: a list (or none), a purpose and a policy."""

    call_list: models.BaseModel
    purpose: str
    policy: models.BaseModel


class CrmCall(models.Model):
    """What a call is for, and so which rules hold for it."""

    _inherit = "crm.call"

    # === BUSINESS METHODS === #
    def _get_terms(self):
        """Return the :class:`Terms` of each call, by its id.

        A call without a list is what the company says calls by hand are for. But who
        dials a number of a marketing list by hand dials for that list: its rules hold.
        """
        calls = self.sudo()
        by_hand = calls.filtered(lambda call: not call.list_id)
        campaigns = by_hand._get_campaign_lists()
        terms = {}
        for call in calls:
            company = call.company_id or self.env.company
            call_list = call.list_id
            if not call_list and call.phone_sanitized in campaigns:
                call_list = campaigns[call.phone_sanitized].filtered_domain(
                    [("company_id", "in", [company.id, False])]
                )[:1]
            company = call.company_id or call_list.company_id or company
            purpose = call_list.purpose or company.sudo().call_purpose
            policy = call_list.policy_id or self.env[
                "crm.call.policy"
            ]._get_for_purpose(purpose)
            terms[call.id] = Terms(call_list, purpose, policy.sudo())
        return terms

    def _get_campaign_lists(self):
        """Return the marketing lists under way that hold the numbers of these calls.

        Who was reached is spoken with as agreed: that is no campaign any more. Who was
        given up, or refused, is called by hand as little as by the list.

        :return: dict of lists, in their order, by number
        """
        numbers = [number for number in self.mapped("phone_sanitized") if number]
        if not numbers:
            return {}
        others = self.search_fetch(
            [
                ("phone_sanitized", "in", numbers),
                ("state", "!=", "held"),
                ("list_id.purpose", "=", "marketing"),
                ("list_id.state", "in", ("running", "paused")),
            ],
            ["phone_sanitized", "list_id"],
        )
        return {
            number: same_number.list_id.sorted()
            for number, same_number in others.grouped("phone_sanitized").items()
        }
