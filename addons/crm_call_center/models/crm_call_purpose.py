from typing import NamedTuple

from odoo import models

from .crm_call import TO_DO


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
            call_list = call.list_id or campaigns.get(
                (call.company_id.id, call.phone_sanitized), call.list_id
            )
            company = call.company_id or call_list.company_id or self.env.company
            purpose = call_list.purpose or company.sudo().call_purpose
            policy = call_list.policy_id or self.env[
                "crm.call.policy"
            ]._get_for_purpose(purpose)
            terms[call.id] = Terms(call_list, purpose, policy.sudo())
        return terms

    def _get_campaign_lists(self):
        """Return the marketing lists under way that hold the numbers of these calls.

        :return: dict of lists by ``(id of the company, number)``
        """
        numbers = [number for number in self.mapped("phone_sanitized") if number]
        if not numbers:
            return {}
        others = self.search_fetch(
            [
                ("phone_sanitized", "in", numbers),
                ("state", "in", TO_DO),
                ("list_id.purpose", "=", "marketing"),
                ("list_id.state", "in", ("running", "paused")),
            ],
            ["company_id", "phone_sanitized", "list_id"],
            order="id desc",
        )
        return {
            (call.company_id.id, call.phone_sanitized): call.list_id for call in others
        }
