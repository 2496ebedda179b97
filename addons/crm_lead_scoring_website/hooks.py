"""What happens once, on install and on uninstall."""

from odoo.addons.crm_glossary_core.hooks import forget_foreign_keys


def post_init_hook(env):
    """Have the step of the refresh listed."""
    env["crm.criterion.refresh"]._get_rows()


def uninstall_hook(env):
    """Forget the step of the refresh: its model goes on without us."""
    env["crm.criterion.refresh"].sudo().search(
        [("step", "=", "website.track")]
    ).unlink()
    forget_foreign_keys(env, "crm_lead_scoring_website")
