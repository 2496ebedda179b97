from odoo import models

from .crm_call import TO_DO


class ResUsers(models.Model):
    """Calls that wait for somebody who left the company are anyone's."""

    _inherit = "res.users"

    # === CRUD METHODS === #
    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            waiting = (
                self.env["crm.call"]
                .sudo()
                .search(
                    [
                        ("user_id", "in", self.ids),
                        ("list_id", "!=", False),
                        ("state", "in", TO_DO),
                    ]
                )
            )
            self.env["crm.call.queue"].sudo()._follow(waiting.ids)
        return result
