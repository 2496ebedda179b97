"""Work that must read what others have committed, not the caller's snapshot."""

from contextlib import contextmanager

from odoo import api, modules


@contextmanager
def own_transaction(records):
    """Work in a transaction of its own that reads what others have committed.

    It is committed at the end, whatever becomes of the caller's. In tests, which see
    only their own transaction, it is the caller's.

    :param records: records to go on with
    """
    if modules.module.current_test:
        yield records
        return
    env = records.env
    with env.registry.cursor() as cr:
        cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        own = records.with_env(api.Environment(cr, env.uid, env.context, env.su))
        yield own
        own.env.flush_all()
