"""What happens once, on install and on uninstall."""

from odoo.addons.crm_glossary_core.hooks import forget_foreign_keys


def post_init_hook(env):
    """Have past calls read soon."""
    env["crm.lead.score.history"]._request()


def uninstall_hook(env):
    """Forget how far past calls were read; lists in the order of the score go on."""
    rows = env["crm.lead.score.history"].sudo()
    rows.search([("source", "=", "crm.call.attempt")]).unlink()
    lists = env["crm.call.list"].sudo().with_context(active_test=False)
    lists.search([("call_order", "=", "score")]).call_order = "fifo"
    forget_foreign_keys(env, "crm_call_center_lead_scoring")
