"""What happens once, on uninstall."""

from odoo.addons.crm_glossary_core.hooks import forget_foreign_keys

STEPS = ("crm.call.list", "crm.call.queue")


def uninstall_hook(env):
    """Forget the steps of the refresh, and our keys on models that stay."""
    env["crm.criterion.refresh"].sudo().search([("step", "in", STEPS)]).unlink()
    forget_foreign_keys(env, "crm_call_center")
