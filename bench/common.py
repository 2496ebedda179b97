"""What every benchmark shares: databases of its own, and CPU seconds of one method.

Wall time tells little on a machine that does other work too, so a method's cost is
*CPU seconds = Python process + its PostgreSQL backend*. Each run of a method gets a
forked child with a connection of its own and is rolled back; methods take turns in
rounds, and the median counts.
"""

import atexit
import contextlib
import hashlib
import json
import os
import pickle
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".suite" / "bench"
TEMPLATE = "bench_template"
TICKS = os.sysconf("SC_CLK_TCK")
# The same for hand-written SQL and for the engine. JIT compiles for longer than it
# saves here, and parallel workers would hide work from the backend's own clock.
SESSION = (
    "SET jit = off; SET max_parallel_workers_per_gather = 0; SET work_mem = '128MB'"
)


@dataclass
class Cost:
    """What one run of a method took."""

    cpu: float
    wall: float
    rss: float
    result: object

    def __lt__(self, other):
        return self.cpu < other.cpu


# === DATABASES === #


def use_server():
    """Point libpq at a PostgreSQL: the one that ``PG*`` variables name, else ours."""
    if os.environ.get("PGHOST") or os.environ.get("PGSERVICE"):
        return
    sys.path.insert(0, str(ROOT))
    from launcher.postgres import Embedded

    server = Embedded(ROOT / ".suite" / "bench" / "postgres", durable=False)
    if server.start():
        atexit.register(server.stop)
    os.environ.update(server.env())


def load_odoo():
    """Configure Odoo for this process; no database is opened."""
    import odoo.tools.config  # noqa: F401
    from odoo.tools import config

    (STATE / "data").mkdir(parents=True, exist_ok=True)
    config.parse_config(
        [
            f"--addons-path={ROOT / 'addons'}",
            f"--data-dir={STATE / 'data'}",
            "--log-level=error",
            "--max-cron-threads=0",
        ],
        setup_logging=True,
    )


def query(database, sql, *params):
    """Run SQL outside Odoo, committed at once; return the rows, if any."""
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, params or None)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def digest_of(*patterns):
    """Return a digest of the project's files that match the patterns."""
    total = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            total.update(path.read_bytes())
    return total.hexdigest()[:12]


def read_note(database):
    """Return what :func:`write_note` wrote; ``None`` when there is no database."""
    rows = query(
        "postgres",
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
        " WHERE datname = %s",
        database,
    )
    return (rows[0][0] or "") if rows else None


def write_note(database, note):
    """Remember on the database what it was made from."""
    query("postgres", f'COMMENT ON DATABASE "{database}" IS %s', note)


def drop(database):
    query("postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def clone(origin, database):
    drop(database)
    create = f'CREATE DATABASE "{database}" TEMPLATE "{origin}" STRATEGY file_copy'
    query("postgres", create)


def ensure_template(modules, note, keep=False):
    """Make the database with the modules and nothing in it, unless it is there."""
    found = read_note(TEMPLATE)
    if found == note or (keep and found):
        return
    print(f"  installing {modules} ...", flush=True)
    drop(TEMPLATE)
    query("postgres", f'CREATE DATABASE "{TEMPLATE}" TEMPLATE template0')
    with contextlib.suppress(psycopg2.Error):
        query(TEMPLATE, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
    command = [sys.executable, "-m", "odoo", "-d", TEMPLATE, "-i", modules]
    command += [f"--addons-path={ROOT / 'addons'}", f"--data-dir={STATE / 'data'}"]
    command += ["--no-http", "--stop-after-init", "--log-level=error"]
    subprocess.run(command, check=True)
    write_note(TEMPLATE, note)


# === MEASURING === #


def backend_seconds(pid):
    """CPU seconds of a local PostgreSQL backend; 0 when it is on another machine."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(key):
    """Return ``VmRSS`` or ``VmHWM`` of this process in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) / 1024
    return 0.0


def close_connections():
    """A child must not share a connection with its parent."""
    from odoo import sql_db

    sql_db.close_all()


def run_once(registry, method, before=(), commit=False):
    """Run ``method(env)`` in a forked child and return its :class:`Cost`.

    :param registry: Odoo's registry of the database
    :param before: functions of ``env`` that run before in the child, unmeasured
    :param bool commit: keep what the method did
    :raise RuntimeError: the method failed; with its traceback
    """
    close_connections()
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reader)
        code = 1
        try:
            answer = _run_in_child(registry, method, before, commit)
            code = 0
        except BaseException:
            import traceback

            answer = traceback.format_exc()
        with os.fdopen(writer, "wb") as pipe:
            pickle.dump((code, answer), pipe)
        os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        data = pipe.read()
    os.waitpid(pid, 0)
    code, answer = pickle.loads(data) if data else (1, "the child was killed")
    if code:
        raise RuntimeError(answer)
    return answer


def _run_in_child(registry, method, before, commit):
    from odoo.api import SUPERUSER_ID, Environment

    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        cr.execute(SESSION)
        for prepare in before:
            prepare(env)
        backend = cr.connection.info.backend_pid
        Path("/proc/self/clear_refs").write_text("5")
        resident, start = memory("VmRSS"), time.perf_counter()
        cpu = time.process_time() + backend_seconds(backend)
        result = method(env)
        cpu = time.process_time() + backend_seconds(backend) - cpu
        cost = Cost(
            cpu=cpu,
            wall=time.perf_counter() - start,
            rss=max(memory("VmHWM") - resident, 0.0),
            result=result,
        )
        if commit:
            env.flush_all()
            cr.commit()
        else:
            cr.rollback()
    return cost


def take_turns(registry, methods, rounds, warm=None, after=None, commit=False):
    """Run all methods in turn, several rounds, and return their median costs.

    :param dict methods: name -> method, or (method, prepare)
    :param warm: ``warm(env)`` runs first in each child, unmeasured
    :param after: ``after(name)`` runs after each one, unmeasured
    :param bool commit: keep what they do
    :return: dict of name -> :class:`Cost` (the run with the median CPU)
    """
    costs = {name: [] for name in methods}
    for number in range(rounds):
        names = list(methods)
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            method = methods[name]
            method, *before = method if isinstance(method, tuple) else (method,)
            before = [warm, *before] if warm else before
            costs[name].append(run_once(registry, method, before, commit))
            if after:
                after(name)
    return {name: statistics.median_low(found) for name, found in costs.items()}


def counters(database, table):
    """Return ``(rows updated, rows inserted)`` that PostgreSQL counted for a table."""
    return query(
        database,
        "SELECT n_tup_upd, n_tup_ins FROM pg_stat_user_tables WHERE relname = %s",
        table,
    )[0]


def explain_wal(cr, statement, params=None):
    """Run a statement and return the bytes of write-ahead log that it made."""
    cr.execute(b"EXPLAIN (ANALYZE, WAL, FORMAT JSON) " + cr.mogrify(statement, params))
    plan = cr.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return plan[0]["Plan"].get("WAL Bytes", 0)


# === REPORT === #


def print_table(title, header, rows):
    """Print rows of texts under a header, columns aligned."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    print(f"\n{title}")
    for row in [header, ["-" * width for width in widths], *rows]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  " + "  ".join(cells).rstrip())
    sys.stdout.flush()
