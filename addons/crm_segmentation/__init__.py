from . import models, report, tools, wizard


def uninstall_hook(env):
    """Forget what other add-ons keep of this one and would leave behind.

    The rows of the refresh steps are the core's. The choices of the activities' fields
    are noted under the name of the mail app.
    """
    steps = ["crm.segment", "crm.segment.snapshot"]
    env["crm.criterion.refresh"].search([("step", "in", steps)]).unlink()
    env["ir.model.data"].sudo().search(
        [
            ("module", "=", "mail"),
            ("model", "=", "ir.model.fields.selection"),
            ("name", "=like", "selection\\_\\_crm\\_segment\\_\\_%"),
        ]
    ).unlink()
