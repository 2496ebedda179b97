"""What happens once, on uninstall."""

from odoo.addons.crm_glossary_core.hooks import forget_foreign_keys


def uninstall_hook(env):
    """Forget our keys on models that stay."""
    forget_foreign_keys(env, "crm_segmentation_mass_mailing")
