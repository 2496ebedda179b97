from odoo import models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    # === BUSINESS METHODS === #
    def _is_active_with_parents(self):
        """Whether neither the menu nor one above it is switched off."""
        self.ensure_one()
        menu = self
        while menu:
            if not menu.active:
                return False
            menu = menu.parent_id
        return True
