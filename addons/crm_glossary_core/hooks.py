def uninstall_hook(env):
    """Forget the foreign keys of our fields on Odoo's own models.

    Odoo drops the columns with their keys, but keeps its notes of the keys.
    """
    keys = env["ir.model.constraint"].search(
        [("module.name", "=", "crm_glossary_core"), ("type", "=", "f")]
    )
    keys.unlink()
