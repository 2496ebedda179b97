from odoo import api, models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    # === BUSINESS METHODS === #
    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        """Let the glossary follow whenever a module or a language is loaded.

        At this moment the module's data are there and its translations are read.
        """
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        self.env["crm.glossary.shipped"].sudo()._follow(modules)
        return result

    def module_uninstall(self):
        """Have the glossary look again for what its terms name, if it stays."""
        leaving = "crm_glossary_core" in self.mapped("name")
        result = super().module_uninstall()
        if not leaving:
            # columns may be gone already: read no more than needed
            bindings = self.env["crm.glossary.binding"]
            bindings.with_context(prefetch_fields=False)._request_refresh()
        return result

    # === TOOLING === #
    def _is_installed(self):
        """Whether the module works, even while it is being updated."""
        self.ensure_one()
        return self.state in ("installed", "to upgrade")
