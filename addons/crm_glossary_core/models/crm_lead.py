from odoo import models

from .. import engine


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.criterion.target"]

    def _message_post_after_hook(self, message, msg_vals):
        """Notice the first touch."""
        result = super()._message_post_after_hook(message, msg_vals)
        self.env["crm.lead.touch"]._note(self, message)
        return result

    def _merge_dependences(self, opportunities):
        """A lead keeps its own way through the stages, not that of its duplicates."""
        result = super()._merge_dependences(opportunities)
        engine.drop_stages(self.env, opportunities.ids)
        return result
