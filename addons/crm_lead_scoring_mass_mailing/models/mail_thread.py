from odoo import api, models, tools


class MailThread(models.AbstractModel):
    """Replies to mailings and their bounces are told by the trace of the mail."""

    _inherit = "mail.thread"

    # === BUSINESS METHODS === #

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """The reply to a mailing is one event, not two."""
        references = tools.mail.mail_header_msgid_re.findall(
            message_dict.get("references") or message_dict.get("in_reply_to") or ""
        )
        if references and self._has_traces(references):
            self = self.with_context(scoring_reply_counted=True)
        return super()._message_route_process(message, message_dict, routes)

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        self = self.with_context(scoring_bounce=True)
        return super()._routing_handle_bounce(email_message, message_dict)

    @api.model
    def _prepare_bounce_events(self, message_dict):
        if self._has_traces(message_dict.get("bounced_msg_ids") or []):
            return []
        return super()._prepare_bounce_events(message_dict)

    @api.model
    def _has_traces(self, references):
        """Whether one of these messages is a mailing's."""
        traces = self.env["mailing.trace"].sudo()
        return bool(
            references
            and traces.search_count([("message_id", "in", references)], limit=1)
        )
