from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Tell the web client whether to ask for the glossary at all.

        A user without access to it then causes no request and meets no error.
        """
        info = super().session_info()
        info["crm_glossary"] = bool(
            self.env.uid
            and self.env.user._is_internal()
            and self.env["crm.glossary.term"].has_access("read")
        )
        return info
