"""What happens once, on install and on uninstall."""


def post_init_hook(env):
    """Have the step of the refresh listed."""
    env["crm.criterion.refresh"]._get_rows()


def uninstall_hook(env):
    """Forget the step of the refresh: its model goes on without us."""
    env["crm.criterion.refresh"].sudo().search(
        [("step", "=", "website.track")]
    ).unlink()
