from odoo import models


class CrmCall(models.Model):
    """With what a call was dialled."""

    _inherit = "crm.call"

    # === BUSINESS METHODS === #
    def _get_last_dial(self):
        values = super()._get_last_dial()
        proof = self.env["crm.call.certificate"].browse(values.get("certificate_id"))
        if proof and proof.kind == "dial":
            code = self.env["crm.call.provider"]._get_code(self)
            values = {"provider": code, **values}
        return values
