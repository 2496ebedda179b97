"""Criteria asked about a few records, and questions that may not take long."""

import psycopg2

from odoo.tools import SQL, mute_logger

from .compiler import compile as compile_criteria
from .compiler import run_safely


def matching(env, criteria, ids):
    """Return which of a few records each criterion matches. Nothing is stored.

    A criterion that does not work says why in its ``error`` and matches nothing.

    :param criteria: :class:`Criterion` objects with different keys
    :param ids: ids of records
    :return: dict ``{key: set of ids}`` with an entry for each criterion
    """
    found = {criterion.key: set() for criterion in criteria}
    statement = compile_criteria(env, criteria, None, ids=list(ids))
    for key, record_id in run_safely(env, statement):
        found[key].add(record_id)
    return found


def within_time(env, milliseconds, action):
    """Return what ``action()`` returns, or ``None`` if a statement of it takes longer.

    :param int milliseconds: for each statement that it runs
    """
    env.flush_all()
    try:
        with mute_logger("odoo.sql_db"), env.cr.savepoint(flush=False):
            [[before]] = env.execute_query(SQL("SHOW statement_timeout"))
            _limit(env, f"{int(milliseconds)}ms")
            result = action()
            _limit(env, before)
            return result
    except psycopg2.errors.QueryCanceled:
        return None


def _limit(env, time):
    env.execute_query(SQL("SELECT set_config('statement_timeout', %s, true)", time))
