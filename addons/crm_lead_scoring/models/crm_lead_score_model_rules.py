from odoo import models


class CrmLeadScoreModel(models.Model):
    """Which of its rules a scoring model uses at present."""

    _inherit = "crm.lead.score.model"

    # === BUSINESS METHODS === #

    def _find_rules_in_force(self):
        """Return the rules that can give points today."""
        today = self._get_today()
        return self.sudo().rule_ids.filtered(
            lambda rule: (
                rule.active
                and not rule.error_message
                and (not rule.valid_from or rule.valid_from <= today)
                and (not rule.valid_to or rule.valid_to >= today)
            )
        )
