"""Ways to take the next call: the app's queue, and what one would write first.

Each way runs in processes of its own that do nothing else: a transaction for each call
that is taken, committed at once. ``call_queue.py`` lets them run and prints.
"""

import json
import logging
import multiprocessing
import time
from datetime import timedelta

import common

LEASE = timedelta(minutes=10)
#: Seconds for processes to open their connections before the clock starts.
WARM_UP = 120


# === WAYS === #


def take_app(env, user, list_id):
    """The app's queue: it reads what is committed."""
    from odoo import fields

    env.cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
    now = fields.Datetime.now()
    queue = env["crm.call.queue"]._get_queue()
    return queue.take(env, user, [list_id], now, now + LEASE)


def take_snapshot(env, user, list_id):
    """The same statements in Odoo's usual transaction, REPEATABLE READ.

    A request has read something before, such as its user: so the snapshot is taken.
    """
    from odoo import fields

    env.cr.execute("SELECT login FROM res_users WHERE id = %s", [user])
    now = fields.Datetime.now()
    queue = env["crm.call.queue"]._get_queue()
    return queue.take(env, user, [list_id], now, now + LEASE)


def take_plain(env, user, list_id):
    """Find the first free row, then mark it, REPEATABLE READ."""
    env.cr.execute(
        """
        SELECT id FROM crm_call_queue
         WHERE list_id = %s AND reserved_by IS NULL AND due IS NULL
         ORDER BY priority DESC, order_key, id LIMIT 1
        """,
        [list_id],
    )
    [call] = env.cr.fetchone()
    env.cr.execute(
        "UPDATE crm_call_queue SET reserved_by = %s,"
        " lease_until = now() AT TIME ZONE 'utc' + interval '10 min' WHERE id = %s",
        [user, call],
    )
    return call


def take_orm(env, user, list_id):
    """``search`` and ``write`` on the calls themselves, as one would write first."""
    call = env["crm.call"].search(
        [
            ("list_id", "=", list_id),
            ("state", "=", "open"),
            ("user_id", "=", False),
        ],
        order="priority desc, id",
        limit=1,
    )
    call.with_context(tracking_disable=True).write({"user_id": user})
    return call.id


#: Each with whether Odoo repeats it, as it repeats a request that met a conflict.
WAYS = {
    "app": (take_app, False),
    "app's statements, REPEATABLE READ": (take_snapshot, True),
    "SELECT and UPDATE, REPEATABLE READ": (take_plain, True),
    "ORM search and write": (take_orm, True),
}


# === RUNS === #


class Impatient:
    """A clock whose pauses are a hundredth."""

    @staticmethod
    def sleep(seconds):
        time.sleep(seconds / 100)


def take_many(database, way, user, list_id, seconds, most, closes, start, out):
    """One process: take until time or calls are up; report by a pipe."""
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry
    from odoo.service import model as service_model

    logging.disable(logging.CRITICAL)
    registry, (take, is_repeated) = Registry(database), WAYS[way]
    # With Odoo's own pauses (up to 32 seconds) all but one process would sleep, and
    # that one meets nobody: operators who are many keep meeting.
    service_model.time = Impatient

    def turn(commit=True):
        with registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            if not commit:
                take(env, user, list_id)
                cr.rollback()
                return None
            if is_repeated:
                return service_model.retrying(lambda: take(env, user, list_id), env)
            call = take(env, user, list_id)
            if call and closes:
                # As the outcome of a call does.
                cr.execute("DELETE FROM crm_call_queue WHERE id = %s", [call])
            cr.commit()
            return call

    try:
        turn(commit=False)
    except Exception:
        pass  # it met another one: it is warm all the same
    taken, times, failed = [], [], 0
    start.wait(WARM_UP)
    end = time.monotonic() + seconds
    while time.monotonic() < end and len(taken) < most:
        begin = time.monotonic()
        try:
            call = turn()
        except Exception:
            failed += 1
            continue
        if not call:
            break
        taken.append(call)
        times.append(time.monotonic() - begin)
    out.send((taken, times, failed, time.monotonic() - end + seconds))
    out.close()


def run(database, way, operators, seconds, most=10**9, closes=False):
    """Return the figures of so many processes that take at once.

    :param int most: calls after which a process stops
    :param bool closes: whether each call that is taken is done at once
    """
    rows = common.query(
        database, "SELECT id FROM res_users WHERE login LIKE 'desk_%%' ORDER BY id"
    )
    [[list_id]] = common.query(
        database, "SELECT id FROM crm_call_list WHERE name = 'Bench'"
    )
    common.close_connections()
    fork = multiprocessing.get_context("fork")
    start = fork.Barrier(operators)
    pipes, processes = [], []
    for number in range(operators):
        reader, writer = fork.Pipe(duplex=False)
        user = rows[number % len(rows)][0]
        args = (database, way, user, list_id, seconds, most, closes, start, writer)
        process = fork.Process(target=take_many, args=args)
        process.start()
        writer.close()
        pipes.append(reader)
        processes.append(process)
    answers = [pipe.recv() for pipe in pipes]
    for process in processes:
        process.join()
    taken = [call for answer in answers for call in answer[0]]
    times = sorted(value for answer in answers for value in answer[1])
    return {
        "rate": len(taken) / max(answer[3] for answer in answers),
        "twice": len(taken) - len(set(taken)),
        "failed": sum(answer[2] for answer in answers),
        "p50": quantile(times, 0.5),
        "p99": quantile(times, 0.99),
        "taken": len(taken),
    }


def quantile(values, share):
    """Milliseconds; 0 of nothing."""
    if not values:
        return 0.0
    return 1000 * values[min(len(values) - 1, int(len(values) * share))]


def reset(database):
    """Make the queue as it was: nothing taken, no dead rows."""
    common.query(
        database,
        "UPDATE crm_call_queue SET reserved_by = NULL, lease_until = NULL"
        " WHERE reserved_by IS NOT NULL",
    )
    common.query(
        database, "UPDATE crm_call SET user_id = NULL WHERE user_id IS NOT NULL"
    )
    common.query(database, "VACUUM (FULL, ANALYZE) crm_call_queue")


# === WHAT A PICK READS === #


def pick_buffers(registry):
    """Return ``(buffers, milliseconds)`` of the statement that finds the next call."""
    from odoo.tools import SQL

    def measure(env):
        env.cr.execute("SELECT id FROM crm_call_list WHERE name = 'Bench'")
        [list_id] = env.cr.fetchone()
        pick = (
            env["crm.call.queue"]
            ._get_queue()
            .pick(
                SQL(
                    "row.due IS NULL AND row.list_id = %s AND row.user_id IS NULL",
                    list_id,
                ),
                SQL("row.priority DESC, row.order_key, row.id"),
            )
        )
        explain = SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) %s", pick)
        [[answer]] = env.execute_query(explain)
        plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]
        read = plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
        return read, round(plan["Execution Time"], 2)

    return common.run_once(registry, measure).result


def wait_for_autovacuum(database, seconds):
    """Wait until it has nothing more to do; return after how many seconds, or ``None``.

    Fewer dead rows than the table's threshold are left by it.
    """
    begin = time.monotonic()
    ask = "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'crm_call_queue'"
    while time.monotonic() < begin + seconds:
        time.sleep(2)
        [[dead]] = common.query(database, ask)
        if dead < 500:
            return round(time.monotonic() - begin)
    return None
