from odoo import api, models

from .crm_lead import SCORE_FIELDS
from .crm_lead_facts import FACT_FIELDS


class CrmCriterionRefresh(models.Model):
    """Scores are refreshed first: segments and call lists may look at them."""

    _inherit = "crm.criterion.refresh"

    # === BUSINESS METHODS === #

    @api.model
    def _dispatch(self, records, fnames=None):
        """Scores that were read before are read again after a change.

        A change of a contact may concern any lead; to drop what is in memory is cheap.
        """
        result = super()._dispatch(records, fnames)
        if records and records._name in self.env["crm.lead.score"]._refresh_watches():
            self.env["crm.lead"].invalidate_model(
                {*SCORE_FIELDS, *FACT_FIELDS}, flush=False
            )
        return result

    # === HOOKS === #

    def _get_refresh_steps(self):
        """Events come before the facts and scores that count them."""
        return super()._get_refresh_steps() + [
            (3, "crm.lead.score.history"),
            (5, "calendar.event"),
            (7, "crm.lead.facts"),
            (10, "crm.lead.score"),
        ]
