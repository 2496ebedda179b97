from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: An operator may take an outcome back for ten seconds: events stay for good, so they
#: are written after that.
SETTLED = timedelta(seconds=12)
#: Attempts of one batch.
BATCH = 500
#: The signal that each result is. A cancelled call was not made.
SIGNALS = {"held": "call_held", "not_held": "call_not_held"}


class CrmCallAttempt(models.Model):
    """A call that was made is a signal of the lead, or of the contact."""

    _inherit = "crm.call.attempt"

    # === FIELDS === #
    is_counted = fields.Boolean(
        readonly=True, help="The ledger of the lead's events knows of it."
    )

    _to_count = models.Index("(id) WHERE is_counted IS NOT TRUE AND voided_on IS NULL")

    # === CRUD METHODS === #
    @api.model_create_multi
    def create(self, vals_list):
        attempts = super().create(vals_list)
        cron = self.env.ref(
            "crm_call_center_lead_scoring.ir_cron_log_calls", raise_if_not_found=False
        )
        if cron:
            cron.sudo()._trigger(at=fields.Datetime.now() + SETTLED)
        return attempts

    # === BUSINESS METHODS === #
    @api.model
    def _get_score_domain(self, date_from, date_to):
        """Domain of the calls of a time that were made."""
        return (
            Domain("voided_on", "=", False)
            & Domain("kind", "in", list(SIGNALS))
            & Domain("start", ">=", date_from)
            & Domain("start", "<", date_to)
        )

    def _prepare_score_events(self):
        """Return one event for each attempt on a lead or a contact."""
        events = []
        for attempt in self:
            call = attempt.call_id
            lead, partner = call.opportunity_id, attempt.partner_id or call.partner_id
            signal = "call_held" if attempt.is_contact else SIGNALS.get(attempt.kind)
            if not signal or not (lead or partner):
                continue
            owner = {"lead_id": lead.id} if lead else {"partner_id": partner.id}
            events.append(
                {
                    "signal": signal,
                    "date": attempt.start,
                    "value": f"{call.name}: {attempt.outcome_id.name}",
                    "origin": f"crm.call.attempt,{attempt.id}",
                    "res_model": "crm.call",
                    "res_id": call.id,
                    **owner,
                }
            )
        return events

    @api.model
    def _log_settled(self):
        """Log the next calls that nobody can take back any more; return how many."""
        ready = Domain("is_counted", "=", False) & Domain("voided_on", "=", False)
        ready &= Domain("create_date", "<=", fields.Datetime.now() - SETTLED)
        attempts = self.search(ready, order="id", limit=BATCH)
        self.env["crm.lead.score.event"]._log_records(attempts)
        attempts.is_counted = True
        return len(attempts)

    # === CRON METHODS === #
    @api.model
    def _cron_log_settled(self):
        """Log calls in batches that are committed one by one."""
        while logged := self._log_settled():
            if not self.env["ir.cron"]._commit_progress(logged):
                break
