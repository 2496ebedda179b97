def uninstall_hook(env):
    """Forget the foreign keys of our fields on Odoo's own models."""
    forget_foreign_keys(env, "crm_glossary_core")


def forget_foreign_keys(env, module):
    """Forget the notes of a module's foreign keys, when it is about to go.

    Odoo drops the columns with their keys, but keeps its notes of those that stood on
    models of other modules.
    """
    keys = env["ir.model.constraint"].search(
        [("module.name", "=", module), ("type", "=", "f")]
    )
    keys.unlink()
