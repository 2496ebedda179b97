"""Benchmark of the operator's desk: from the key "Not held" to the next call.

    python bench/desk.py            # 20 operators, a list of 100,000 calls
    python bench/desk.py --quick    # 5 operators, 2,000 calls

Real operators do it over HTTP, with a session each, against a server with workers:
``desk_submit`` of a call that was not held, then ``take_next``. README.md says what is
measured and against which goal.
"""

import argparse
import contextlib
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
import uuid

import common
from engine import read_size

MODULES = "crm_call_center"
#: Another one than that of the benches of other apps.
TEMPLATE = "bench_desk_template"
#: Seconds that an operator waits at most for one out of twenty calls.
GOAL = 0.8
PASSWORD = "desk-bench"


def make_data(env, operators, calls):
    """Make the operators, and a running list with the calls; return outcome's id."""
    users = make_operators(env, operators)
    call_list = env["crm.call.list"].create(
        {
            "name": "Bench",
            "model_name": "res.partner",
            "domain": "[('ref', '=', 'desk-bench')]",
            "refill_policy": "frozen",
            "operator_ids": [(6, 0, users.ids)],
            "state": "running",
        }
    )
    for first in range(0, calls, 5000):
        make_calls(env, call_list, range(first, min(first + 5000, calls)))
        env.flush_all()
        env.invalidate_all()
    return env.ref("crm_call_center.outcome_no_answer").id


def make_operators(env, count):
    group = env.ref("crm_call_center.group_call_center_operator")
    users = env["res.users"].with_context(no_reset_password=True)
    return users.create(
        [
            {
                "name": f"Operator {number}",
                "login": f"desk_{number}",
                "password": PASSWORD,
                "tz": "Europe/Sofia",
                "group_ids": [(4, group.id)],
            }
            for number in range(count)
        ]
    )


def make_calls(env, call_list, numbers):
    """Make a contact and a call for each of the numbers."""
    quiet = env(context={"tracking_disable": True, "mail_create_nosubscribe": True})
    germany = env.ref("base.de").id
    partners = quiet["res.partner"].create(
        [
            {
                "name": f"Person {number}",
                "phone": f"+4930{20000000 + number}",
                "country_id": germany,
                "ref": "desk-bench",
            }
            for number in numbers
        ]
    )
    quiet["crm.call"].create(
        [
            {
                "name": partner.name,
                "partner_id": partner.id,
                "list_id": call_list.id,
                "user_id": False,
                "company_id": call_list.company_id.id,
            }
            for partner in partners
        ]
    )


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def serving(database, workers):
    """Serve the database with that many processes; yield port and process id."""
    port = free_port()
    # Workers start the long-polling process by the name of the script.
    script = common.STATE / "odoo_server.py"
    script.write_text("from odoo.cli.command import main\n\nmain()\n")
    command = [sys.executable, str(script), "-d", database, f"--http-port={port}"]
    command += [f"--addons-path={common.ROOT / 'addons'}"]
    command += [f"--data-dir={common.STATE / 'data'}", f"--workers={workers}"]
    command += [f"--gevent-port={free_port()}", "--http-interface=127.0.0.1"]
    command += ["--max-cron-threads=0", "--log-level=error", "--db-filter=."]
    server = subprocess.Popen(command)
    try:
        for _try in range(240):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            time.sleep(0.5)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(30)


class Operator:
    """One operator: a connection, a session, and how long each step took."""

    def __init__(self, port, database, number, outcome_id):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = ""
        self.outcome_id = outcome_id
        self.wraps, self.submits, self.takes, self.ids = [], [], [], []
        self.errors = []
        session = self.post(
            "/web/session/authenticate",
            {"db": database, "login": f"desk_{number}", "password": PASSWORD},
        )
        # The web client sends it with each request.
        self.context = session["user_context"]

    def post(self, path, params):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        headers = {"Content-Type": "application/json", "Cookie": self.cookie}
        self.connection.request("POST", path, body, headers)
        response = self.connection.getresponse()
        data = json.loads(response.read())
        if cookie := response.getheader("Set-Cookie"):
            self.cookie = cookie.partition(";")[0]
        if "error" in data:
            raise RuntimeError(data["error"]["data"]["message"])
        return data["result"]

    def call(self, model, method, *args):
        kwargs = {"context": self.context}
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.post(f"/web/dataset/call_kw/{model}/{method}", params)

    def work(self, count, pause):
        """Say "Not held" so many times, with some thought between."""
        try:
            card = self.call("crm.call.list", "take_next", [])
            for _turn in range(count):
                time.sleep(pause)
                card = self.wrap(card)
        except Exception as error:
            self.errors.append(repr(error))

    def wrap(self, card):
        begin = time.perf_counter()
        values = {"outcome_id": self.outcome_id, "ring": 20, "wrap": 2, "note": ""}
        answer = self.call(
            "crm.call", "desk_submit", card["id"], "not_held", values, uuid.uuid4().hex
        )
        middle = time.perf_counter()
        following = self.call("crm.call.list", "take_next", [])
        end = time.perf_counter()
        if answer["state"] != "not_held" or not following:
            raise RuntimeError(f"unexpected: {answer}")
        self.ids.append(card["id"])
        self.submits.append(middle - begin)
        self.takes.append(end - middle)
        self.wraps.append(end - begin)
        return following


def prepare(options):
    """Return the database with the data, and the id of the outcome."""
    common.TEMPLATE = TEMPLATE
    common.use_server()
    common.load_odoo()
    note = common.digest_of("addons/crm_call_center/**/*.py")
    common.ensure_template(MODULES, note, options.keep)
    database = f"bench_desk_{options.calls}"
    common.clone(common.TEMPLATE, database)
    from odoo.modules.registry import Registry

    registry = Registry(database)
    print(f"  making {options.calls:,} calls ...", flush=True)
    made = common.run_once(
        registry, lambda env: make_data(env, options.operators, options.calls), (), True
    )
    common.query(database, "VACUUM ANALYZE")
    return database, made.result


def p95(values):
    return statistics.quantiles(values, n=20)[-1]


def report(operators, seconds, options):
    """Print the figures; return whether the goal is met."""
    wraps = [value for operator in operators for value in operator.wraps]
    ids = [number for operator in operators for number in operator.ids]
    errors = [error for operator in operators for error in operator.errors]
    if len(wraps) < 20:
        raise SystemExit(f"too few calls were made: {errors[:3]}")
    load = os.getloadavg()[0]
    print(
        f"\n{len(wraps):,} calls by {len(operators)} operators in {seconds:.1f} s,"
        f" load {load:.1f} on {os.cpu_count()} cores"
    )
    print(f"{'step':<24}{'median':>10}{'p95':>10}{'worst':>10}")
    for name, label in (
        ("submits", "desk_submit"),
        ("takes", "take_next"),
        ("wraps", "Not held to next call"),
    ):
        values = [value for operator in operators for value in getattr(operator, name)]
        figures = (statistics.median(values), p95(values), max(values))
        print(
            f"{label:<24}" + "".join(f"{1000 * figure:>7.0f} ms" for figure in figures)
        )
    doubles = len(ids) - len(set(ids))
    is_met = p95(wraps) <= GOAL and not doubles and not errors
    print(f"calls given twice: {doubles}; errors: {len(errors)} {errors[:1]}")
    print(f"goal p95 <= {GOAL:g} s: {'met' if is_met else 'NOT MET'}")
    return is_met


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="5 operators, 2,000 calls")
    parser.add_argument("--operators", type=int, default=20)
    parser.add_argument("--calls", type=read_size, default=100_000)
    parser.add_argument("--each", type=int, default=50, help="calls of one operator")
    parser.add_argument("--pause", type=float, default=2.0, help="seconds of thought")
    parser.add_argument("--workers", type=int, default=max(2, os.cpu_count() or 2))
    parser.add_argument("--keep", action="store_true", help="keep an older template")
    options = parser.parse_args()
    if options.quick:
        options.operators, options.calls, options.each = 5, 2000, 10
        options.pause = 0.2
    database, outcome_id = prepare(options)
    try:
        with serving(database, options.workers) as (port, _pid):
            operators = [
                Operator(port, database, number, outcome_id)
                for number in range(options.operators)
            ]
            begin = time.perf_counter()
            threads = [
                threading.Thread(
                    target=operator.work, args=(options.each, options.pause)
                )
                for operator in operators
            ]
            for thread in threads:
                thread.start()
                time.sleep(options.pause / len(threads))
            for thread in threads:
                thread.join()
            is_met = report(operators, time.perf_counter() - begin, options)
    finally:
        common.drop(database)
    sys.exit(not is_met)


if __name__ == "__main__":
    main()
