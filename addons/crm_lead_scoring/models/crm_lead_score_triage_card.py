from email.utils import parseaddr
from textwrap import shorten

from odoo import api, fields, models
from odoo.tools import html2plaintext

from ..tools.rpc_values import read_id

#: How many reasons for and against a lead are shown, and how many messages.
REASONS, MESSAGES = 3, 3
#: Characters of a message that are shown.
SNIPPET = 160


class CrmLeadScoreTriage(models.Model):
    """What a person has to know about a lead in order to decide."""

    _inherit = "crm.lead.score.triage"

    # === BUSINESS METHODS === #

    @api.model
    def get_lead(self, lead_id):
        """Return a lead in short.

        :return: dict (see :meth:`_prepare_card`), or ``False`` when the lead is gone or
            no longer the user's to see
        """
        self.check_access("read")
        lead = self.env["crm.lead"].browse(read_id(self.env, lead_id)).exists()
        if not lead or not lead.has_access("read"):
            return False
        return self._prepare_card(lead)

    # === HOOKS === #

    @api.model
    def _prepare_card(self, lead):
        """The row of the queue, and what is to be known besides; extend it freely."""
        explanation = lead.get_score_explanation()
        lines = sorted(explanation["lines"], key=lambda line: -line["points"])
        reasons_for = [line for line in lines if line["points"] > 0]
        against = [line for line in reversed(lines) if line["points"] < 0]
        readiness = lead.get_readiness()
        handovers = self.env["crm.lead.score.handover"]
        return {
            **self._prepare_row(lead),
            "type": lead.type,
            "company": lead.partner_name or lead.partner_id.commercial_company_name,
            "contact": lead.contact_name or "",
            "function": lead.function or "",
            "partner": lead.partner_id.display_name or "",
            "email": lead.email_from or "",
            "phone": lead.phone or "",
            "website": lead.website or "",
            "place": ", ".join(filter(None, (lead.city, lead.country_id.name))),
            "source": lead.source_id.name or "",
            "medium": lead.medium_id.name or "",
            "campaign": lead.campaign_id.name or "",
            "tags": lead.tag_ids.mapped("name"),
            "user": lead.user_id.name or "",
            "team": lead.team_id.name or "",
            "stage": lead.stage_id.name or "",
            "created": fields.Datetime.to_string(lead.create_date),
            "description": self._shorten(lead.description),
            "duplicates": lead.duplicate_lead_count,
            "messages": self._prepare_messages(lead),
            "fit": explanation["axes"]["fit"],
            "engagement": explanation["axes"]["engagement"],
            "model": explanation["model"],
            "reasons_for": reasons_for[:REASONS],
            "reasons_against": against[:REASONS],
            "readiness": readiness["sentences"],
            # The answer counts for the rules, so it needs a reason.
            "needs_reason": self._is_handed_over(lead),
            "can_decide": handovers._may_answer(lead),
        }

    @api.model
    def _prepare_messages(self, lead):
        """The last things that were said, the latest first."""
        messages = self.env["mail.message"].search(
            [
                ("model", "=", "crm.lead"),
                ("res_id", "=", lead.id),
                ("message_type", "in", ["email", "comment", "email_outgoing"]),
            ],
            order="id desc",
            limit=MESSAGES,
        )
        return [
            {
                "id": message.id,
                "author": message.author_id.name or self._get_sender(message),
                "date": fields.Datetime.to_string(message.date),
                "is_incoming": message.message_type == "email",
                "text": self._shorten(message.body) or message.subject or "",
            }
            for message in messages
        ]

    @api.model
    def _get_sender(self, message):
        """Who wrote a message that no contact wrote."""
        name, address = parseaddr(message.email_from or "")
        return name or address

    @api.model
    def _shorten(self, html):
        text = html2plaintext(html or "", include_references=False)
        return shorten(text, SNIPPET, placeholder="…")
