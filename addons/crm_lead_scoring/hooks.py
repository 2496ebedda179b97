"""What happens once, on install and on uninstall."""


def post_init_hook(env):
    """Give every lead that exists already its score."""
    scores = env["crm.lead.score"]
    scores._ensure_rows()
    if scores._is_small_database():
        scores._refresh_all()
    else:
        scores._request_refresh()


def uninstall_hook(env):
    """Forget the step of the refresh: its model is about to go."""
    env["crm.criterion.refresh"].sudo().search(
        [("step", "=", "crm.lead.score")]
    ).unlink()
