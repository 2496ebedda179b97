"""What happens once, on install and on uninstall."""

from odoo.addons.crm_glossary_core.hooks import forget_foreign_keys


def post_init_hook(env):
    """Give every lead that exists already its score; have the past read soon."""
    env["crm.lead.score.history"]._request()
    scores = env["crm.lead.score"]
    scores._ensure_rows()
    if scores._is_small_database():
        env["crm.lead.facts"]._refresh_all()
        scores._refresh_all()
    else:
        scores._request_refresh()


def uninstall_hook(env):
    """Forget the steps of the refresh: their models are about to go."""
    steps = [
        "crm.lead.score.history",
        "calendar.event",
        "crm.lead.facts",
        "crm.lead.score",
    ]
    env["crm.criterion.refresh"].sudo().search([("step", "in", steps)]).unlink()
    forget_foreign_keys(env, "crm_lead_scoring")
