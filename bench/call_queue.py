"""Benchmark of the call queue: real operators at once, over HTTP and without it.

    python bench/call_queue.py [--quick]

Three things are measured. *Takes*: processes that only take the next call, by the app's
queue and by the ways one would write first. *The pick*: what the statement reads after
many calls. *The desk*: operators in processes of their own against ``--workers``, each
taking and logging calls by the desk's requests, while operators and workers are killed.
README.md says what is expected.
"""

import argparse
import contextlib
import http.client
import json
import multiprocessing
import os
import random
import signal
import time
import uuid

import common
import desk
import psutil
import queue_ways
from queue_ways import quantile

OPERATORS = 32
WORKERS = 4
TEMPLATE = "bench_desk_template"
#: Calls that were taken and done before the pick is measured again.
TAKEN = 30_000
#: What a request meets when the other end is killed.
BROKEN = (OSError, http.client.HTTPException, ValueError)


# === DATA === #


def make_data(env, count, sharing):
    """Make the operators and a running list with calls.

    :param int sharing: one in so many calls has the number of another one; 0: none
    """
    users = desk.make_operators(env, OPERATORS)
    call_list = env["crm.call.list"].create(
        {
            "name": "Bench",
            "model_name": "res.partner",
            "domain": "[('id', '=', 0)]",
            "refill_policy": "frozen",
            "operator_ids": [(6, 0, users.ids)],
            "state": "running",
        }
    )
    env.flush_all()
    numbers = count - count // sharing if sharing else count
    env.cr.execute(
        """
        INSERT INTO crm_call (name, direction, state, priority, company_id, list_id,
               phone, phone_sanitized, date, origin, attempt_count, duration,
               create_uid, create_date, write_uid, write_date)
        SELECT 'Call ' || n, 'outbound', 'open', '0', %(company)s, %(list)s,
               '+4930' || (20000000 + n %% %(numbers)s),
               '+4930' || (20000000 + n %% %(numbers)s),
               now() at time zone 'utc', 'manual', 0, 0, 1, now(), 1, now()
          FROM generate_series(1, %(count)s) AS n
        """,
        {
            "company": env.company.id,
            "list": call_list.id,
            "count": count,
            "numbers": max(1, numbers),
        },
    )
    env["crm.call.queue"]._follow()


def make_database(database, count, sharing=0):
    """A database with ``count`` calls to make."""
    from odoo.modules.registry import Registry

    common.clone(common.TEMPLATE, database)
    registry = Registry(database)
    common.run_once(registry, lambda env: make_data(env, count, sharing), commit=True)
    common.query(database, "VACUUM ANALYZE")
    return registry


# === THE DESK, OVER HTTP === #


class Notes:
    """What an operator's desk keeps, whatever becomes of its process."""

    def __init__(self, path, login):
        self.login = login
        self.unanswered = None
        if path.exists():
            for line in read_lines(path):
                self.follow(line[0], line[3:])
        self.file = path.open("a", buffering=1, encoding="utf-8")

    def follow(self, kind, values):
        if kind == "submit":
            self.unanswered = values
        elif kind in ("done", "refused"):
            self.unanswered = None

    def add(self, kind, *values):
        line = json.dumps([kind, time.time(), self.login, *values])
        self.file.write(line + "\n")
        self.follow(kind, list(values))


def read_lines(path):
    """Return the lines of a desk's notes; the last may be half written."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        with contextlib.suppress(ValueError):
            lines.append(json.loads(line))
    return lines


def operate(port, database, number, outcome_id, end, path):
    """An operator's process: take calls and log outcomes until time is up.

    An outcome that was not answered is sent again by the same name, also by the process
    that comes after a killed one: as the desk does, which keeps it in the browser.
    """
    notes, client = Notes(path, number), None
    while time.time() < end:
        try:
            if client is None:
                client = desk.Operator(port, database, number, outcome_id)
            if notes.unanswered is None:
                begin = time.time()
                card = client.call("crm.call.list", "take_next", [], [])
                if not card:
                    notes.add("empty")
                    break
                ref = uuid.uuid4().hex
                phone, took = card["phone_sanitized"], time.time() - begin
                notes.add("taken", card["id"], phone, took)
                notes.add("submit", card["id"], phone, ref)
            call_id, phone, ref = notes.unanswered
            begin = time.time()
            values = {"outcome_id": outcome_id, "talk": 20, "wrap": 2}
            client.call("crm.call", "desk_submit", call_id, "held", values, ref)
            notes.add("done", call_id, phone, ref, time.time() - begin)
        except RuntimeError as error:
            notes.add("refused", str(error))
        except BROKEN:
            notes.add("broken")
            client = None
            time.sleep(0.2)


def get_workers(pid):
    """Ids of the processes that answer requests."""
    children = psutil.Process(pid).children()
    return [child.pid for child in children if "gevent" not in child.cmdline()]


def warm_up(port, database, outcome_id):
    """Have every worker read its caches."""
    clients = [desk.Operator(port, database, n, outcome_id) for n in range(WORKERS)]
    for _round in range(3):
        for client in clients:
            card = client.call("crm.call.list", "take_next", [], [])
            client.call("crm.call.list", "get_desk")
            client.call("crm.call.list", "release", [card["id"]])


def run_desk(database, operators, seconds):
    """Let operators work over HTTP; kill some of them, and workers.

    :return: dict of figures
    """
    folder = common.STATE / f"{database}_{operators}"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    [[outcome_id]] = common.query(
        database, "SELECT id FROM crm_call_outcome WHERE code = 'held' LIMIT 1"
    )
    common.close_connections()
    fork, dice, killed = multiprocessing.get_context("fork"), random.Random(1), [0, 0]
    with desk.serving(database, WORKERS) as (port, server):
        warm_up(port, database, outcome_id)
        end = time.time() + seconds

        def start(number):
            args = (port, database, number, outcome_id, end, folder / f"desk_{number}")
            process = fork.Process(target=operate, args=args)
            process.start()
            return process

        team = [start(number) for number in range(operators)]
        while any(process.is_alive() for process in team) and time.time() < end:
            time.sleep(1.5)
            if time.time() > end - 3:
                continue
            number = dice.randrange(operators)
            if team[number].is_alive():
                team[number].kill()
                team[number].join()
                team[number] = start(number)
                killed[0] += 1
            if dice.random() < 0.3:
                with contextlib.suppress(OSError, IndexError, psutil.Error):
                    os.kill(dice.choice(get_workers(server)), signal.SIGKILL)
                    killed[1] += 1
        for process in team:
            process.join()
    return {**judge(database, folder, seconds), "killed": "{}+{}".format(*killed)}


def judge(database, folder, seconds):
    """Read what the operators noted, and what the database holds."""
    lines = [line for path in folder.iterdir() for line in read_lines(path)]
    holders, both, done, refs, empty = {}, 0, [], [], 0
    takes, submits, refused = [], [], []
    for kind, _moment, login, *values in sorted(lines, key=lambda line: line[1]):
        if kind == "taken":
            both += holders.get(values[1], login) != login
            holders[values[1]] = login
            takes.append(values[2])
        elif kind == "done":
            holders.pop(values[1], None)
            done.append(values[0])
            refs.append(values[2])
            submits.append(values[3])
        elif kind == "refused":
            refused.append(values[0])
        empty += kind == "empty"
    [[twice]] = common.query(
        database,
        "SELECT COUNT(*) FROM (SELECT FROM crm_call_attempt GROUP BY call_id"
        " HAVING COUNT(*) > 1) AS more",
    )
    [[kept]] = common.query(
        database,
        "SELECT COUNT(*) FROM crm_call_attempt WHERE client_ref = ANY(%s)",
        refs,
    )
    [[out_of_sight]] = common.query(
        database,
        "SELECT COUNT(*) FROM crm_call AS call WHERE state IN ('open', 'not_held')"
        " AND list_id IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM crm_call_queue WHERE id = call.id)",
    )
    if refused:
        print("   refused:", refused[:2])
    takes.sort()
    submits.sort()
    return {
        "done": len(set(done)),
        "rate": len(submits) / seconds,
        "take p50": quantile(takes, 0.5),
        "take p99": quantile(takes, 0.99),
        "submit p50": quantile(submits, 0.5),
        "submit p99": quantile(submits, 0.99),
        "both": both,
        "twice": twice,
        "lost": len(set(refs)) - kept + out_of_sight,
        "refused": len(refused),
        "empty": empty,
    }


# === MAIN === #


def get_load():
    return f"{os.getloadavg()[0]:.1f}"


def report_takes(options):
    database = "bench_queue"
    make_database(database, options.calls)
    rows = []
    for operators in options.operators:
        for way in queue_ways.WAYS:
            queue_ways.reset(database)
            found = queue_ways.run(database, way, operators, options.seconds)
            cells = [f"{found[key]:.0f}" for key in ("rate", "p50", "p99")]
            rows.append([operators, way, *cells, found["twice"], found["failed"]])
            rows[-1].append(get_load())
            print("  ", *rows[-1], flush=True)
    header = ["processes", "way", "calls/s", "p50 ms", "p99 ms", "twice", "failed"]
    common.print_table(f"Takes, {options.calls:,} calls", [*header, "load"], rows)


def report_buffers(options):
    database = "bench_queue"
    registry = make_database(database, options.calls)
    [[naptime]] = common.query(database, "SHOW autovacuum_naptime")
    rows = [["fresh", *queue_ways.pick_buffers(registry)]]
    found = queue_ways.run(database, "app", 8, 900, options.taken // 8, closes=True)
    label = f"{found['taken']:,} taken, {found['rate']:.0f}/s"
    rows.append([label, *queue_ways.pick_buffers(registry)])
    rows.append(["the next pick", *queue_ways.pick_buffers(registry)])
    waited = queue_ways.wait_for_autovacuum(database, 200)
    when = "never" if waited is None else f"after {waited} s"
    rows.append([f"autovacuum came {when}", *queue_ways.pick_buffers(registry)])
    title = f"The pick (autovacuum_naptime {naptime}, load {get_load()})"
    common.print_table(title, ["when", "buffers", "ms"], rows)


def report_desk(options):
    columns = ["done", "killed", "rate", "take p50", "take p99", "submit p50"]
    columns += ["submit p99", "both", "twice", "lost", "refused", "empty"]
    rows = []
    for count in options.desk_calls:
        for operators in options.operators:
            database = f"bench_queue_desk_{count}"
            make_database(database, count, sharing=10)
            found = run_desk(database, operators, options.desk_seconds)
            cells = [found[name] for name in columns]
            cells = [f"{c:.0f}" if isinstance(c, float) else c for c in cells]
            rows.append([count, operators, *cells, get_load()])
            print("  ", *rows[-1], flush=True)
            common.drop(database)
    names = ["calls", "operators", "done", "killed", "calls/s", "take p50 ms", "p99"]
    names += ["submit p50 ms", "p99", "one number for two", "held twice", "lost"]
    names += ["refused", "empty", "load"]
    common.print_table("The desk, over HTTP", names, rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small numbers")
    parser.add_argument("--only", choices=["takes", "buffers", "desk"])
    parser.add_argument("--keep", action="store_true", help="keep an older template")
    parser.add_argument("--calls", help="how many calls the desk works on, as 500")
    parser.add_argument("--operators", help="how many at once, as 2,8,32")
    options = parser.parse_args()
    quick = options.quick
    options.taken = 2_000 if quick else TAKEN
    options.seconds = 3 if quick else 8
    options.desk_seconds = 8 if quick else 30
    teams = options.operators or ("2,8" if quick else f"2,8,{OPERATORS}")
    options.operators = [int(number) for number in teams.split(",")]
    desk_calls = options.calls or ("500" if quick else "500,100000")
    options.desk_calls = [int(number) for number in desk_calls.split(",")]
    options.calls = 5_000 if quick else 100_000
    common.TEMPLATE = TEMPLATE
    common.use_server()
    common.load_odoo()
    note = common.digest_of("addons/crm_call_center/**/*.py")
    common.ensure_template("crm_call_center", note, options.keep)
    try:
        if options.only in (None, "takes"):
            report_takes(options)
        if options.only in (None, "buffers"):
            report_buffers(options)
        if options.only in (None, "desk"):
            report_desk(options)
    finally:
        common.drop("bench_queue")


if __name__ == "__main__":
    main()
