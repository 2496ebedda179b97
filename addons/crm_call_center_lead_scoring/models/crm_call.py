from odoo import models


class CrmCall(models.Model):
    """The grade on the operator's card; a call counts once."""

    _inherit = "crm.call"

    # === BUSINESS METHODS === #
    def _leave_trace(self, attempt):
        """Have the activity that a call closes not be counted beside the call."""
        counted = self.with_context(scoring_call_counted=True)
        return super(CrmCall, counted)._leave_trace(attempt)

    # === HOOKS === #
    def _get_card_grade(self):
        grade = self.sudo().opportunity_id.lead_grade_id
        if not grade:
            return super()._get_card_grade()
        return {"name": grade.name, "color": grade.color}
