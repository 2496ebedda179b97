from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.rpc_values import clean_text, read_id

OTHER = "crm_lead_scoring.crm_lead_score_return_reason_other"


class CrmLeadScoreReturnReason(models.Model):
    """Why a salesperson returns a lead that was said to be ready.

    Managers write the list; salespeople choose from it.
    """

    _name = "crm.lead.score.return.reason"
    _description = "Reason to Return a Lead"
    _order = "sequence, id"

    # === FIELDS === #

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    handover_count = fields.Integer("Returned Leads", compute="_compute_handover_count")

    # === COMPUTE, INVERSE, SEARCH METHODS === #

    def _compute_handover_count(self):
        """Returned leads among those that the reader may see."""
        groups = self.env["crm.lead.score.handover"]._read_group(
            [("reason_id", "in", self.ids), ("state", "=", "returned")],
            ["reason_id"],
            ["__count"],
        )
        counts = {reason.id: count for reason, count in groups}
        for reason in self:
            reason.handover_count = counts.get(reason.id, 0)

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_other(self):
        """Texts that are no reason of the list stand under the reason "Other"."""
        if self.env.ref(OTHER, raise_if_not_found=False) in self:
            raise UserError(
                self.env._(
                    "“%(name)s” takes what fits nowhere else. Archive it instead.",
                    name=self.env.ref(OTHER).name,
                )
            )

    # === BUSINESS METHODS === #

    @api.model
    def _find(self, reason, note=None):
        """Return the reason that is meant, and the note.

        :param reason: a record, an id, a name in the user's language or in English, or
            any other text: that becomes the note of the reason "Other"
        """
        if isinstance(reason, models.BaseModel):
            reason = reason.id
        if isinstance(reason, str):
            reason = clean_text(reason).strip()
        note = clean_text(note)
        if not reason:
            raise UserError(
                self.env._("Say why the lead is returned: the rules learn from it.")
            )
        if not isinstance(reason, str):
            found = self.browse(read_id(self.env, reason)).exists()
            if not found:
                raise UserError(
                    self.env._("There is no such reason (%(id)s).", id=reason)
                )
            return found, note
        for lang in (self.env.lang, "en_US"):
            named = self.with_context(lang=lang).search(
                Domain("name", "=ilike", self._escape(reason)), limit=1
            )
            if named:
                return named.with_env(self.env), note
        other = self.env.ref(OTHER)
        return other, "\n".join(text for text in (reason, note) if text)

    @staticmethod
    def _escape(text):
        """A text as a pattern that means nothing but itself."""
        for character in "\\%_":
            text = text.replace(character, f"\\{character}")
        return text
