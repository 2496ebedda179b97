from odoo import api, models


class CrmLeadScoreSignal(models.Model):
    _inherit = "crm.lead.score.signal"

    # === HOOKS === #

    @api.model
    def _get_health_problems(self):
        """Say why signals may be missing, for the health line.

        Add to what ``super()`` returns.

        :return: list of dicts: ``code``, ``message`` (for the user) and ``action`` (an
            action to mend it by, or ``False``)
        """
        return []
