from odoo import api, fields, models


class CrmLeadScoreHandover(models.Model):
    """An answer can be taken back by whoever gave it on the triage screen."""

    _inherit = "crm.lead.score.handover"

    # === BUSINESS METHODS === #

    def _prepare_reopening(self):
        """What :meth:`_reopen` needs to know; ``False`` without a hand-over."""
        if not self:
            return False
        return {
            "id": self.id,
            "state": self.state,
            "user_id": self.user_id.id,
            "answer_date": fields.Datetime.to_string(self.answer_date),
            "reason_id": self.reason_id.id,
            "note": self.note,
        }

    def _reopen(self, values):
        """Take the latest answer back.

        :param dict values: as :meth:`_prepare_reopening` gave it before the answer
        """
        self.ensure_one()
        if values and values["id"] == self.id:
            self.sudo().write({k: v for k, v in values.items() if k != "id"})
        else:
            # Nobody was asked: the answer itself had made it.
            self.sudo().unlink()

    @api.model
    def _merge(self, lead, others):
        """Decisions go the way of the hand-overs."""
        result = super()._merge(lead, others)
        self.env["crm.lead.score.triage"].sudo()._merge(lead, others)
        return result
