from dataclasses import replace

from odoo import api, models


class CrmCallQueue(models.Model):
    """The order of the score; rows follow it as the refresh of scores goes on."""

    _inherit = "crm.call.queue"

    # === BUSINESS METHODS === #
    @api.model
    def _get_queue(self):
        queue = super()._get_queue()
        orders = {**queue.orders, "score": ("crm_lead_score", "total")}
        return replace(queue, orders=orders)
