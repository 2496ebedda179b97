from . import models, report, tools, wizard


def uninstall_hook(env):
    """Forget the refresh steps: their rows belong to the core and would stay."""
    steps = ["crm.segment", "crm.segment.snapshot"]
    env["crm.criterion.refresh"].search([("step", "in", steps)]).unlink()
