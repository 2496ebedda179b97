"""The queue became a table of its own: an index had its name."""


def migrate(cr, version):
    """Make room for the table, and have Odoo forget the index."""
    cr.execute("DROP INDEX IF EXISTS crm_call_queue")
    cr.execute("DELETE FROM ir_model_constraint WHERE name = 'crm_call_queue'")
