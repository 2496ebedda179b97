"""What happens once, on install and on uninstall."""

from odoo.addons.crm_glossary_core.hooks import forget_foreign_keys

SOURCES = (
    "mailing.trace",
    "link.tracker.click",
    "mailing.subscription",
    "mail.blacklist",
)


def post_init_hook(env):
    """Have past mailings read soon."""
    env["crm.lead.score.history"]._request()


def uninstall_hook(env):
    """Forget how far the past was read: the models go on without us."""
    rows = env["crm.lead.score.history"].sudo()
    rows.search([("source", "in", SOURCES)]).unlink()
    forget_foreign_keys(env, "crm_lead_scoring_mass_mailing")
