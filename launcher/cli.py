"""`./run`: from nothing to a login page, and back to nothing running."""

import argparse
import os
import re
import time
from pathlib import Path

from . import environment, odoo_source, suite_database
from .database import Odoo
from .messages import Fault, say, step
from .places import ADDONS, HIDDEN, ROOT, digest, ensure_hidden, require_space
from .postgres import Embedded, External
from .processes import Register, lock, raise_on_signals
from .server import Server, port_holder

LANGUAGES = ("bg_BG", "ru_RU")
STOP_SECONDS = 40


def parser():
    """The command line of ./run."""
    result = argparse.ArgumentParser(
        prog="./run",
        description="Start the suite in a browser. The first start fetches and makes "
        "everything it needs in the hidden folder .suite; later starts take seconds.",
    )
    add = result.add_argument
    add("--port", type=int, default=8069, help="port of the web page (8069)")
    add("--db", default="suite", metavar="NAME", help="name of the database (suite)")
    add("--fresh", action="store_true", help="make the database anew: its data is lost")
    add("--no-demo", action="store_true", help="make the database without demo data")
    add("--lang", choices=("en_US", *LANGUAGES), help="language of the users")
    add(
        "--workers", type=int, default=0, metavar="N", help="server processes (threads)"
    )
    add("--sample", metavar="DIR", help="load the prepared sample data of a folder")
    add("--odoo", metavar="PATH", help="an Odoo 19.0 to use (or ODOO_HOME)")
    add("--db-host", metavar="HOST", help="a PostgreSQL server to use (or PGHOST)")
    add("--db-port", type=int, metavar="PORT", help="its port (or PGPORT)")
    add("--db-user", metavar="USER", help="its user (or PGUSER)")
    add("--stop", action="store_true", help="stop what ./run started, and exit")
    return result


def main(arguments):
    """Run the command; returns the exit code."""
    options = parser().parse_args(arguments)
    check_options(options)
    raise_on_signals()
    environment.require_python()
    ensure_hidden()
    register = Register(HIDDEN / "running")
    if options.stop:
        return stop_all(register)
    if already_serves(register, options):
        return 0
    register.enter(port=options.port, database=options.db)
    try:
        return serve(options, register)
    finally:
        register.leave()


def check_options(options):
    """Reject values that would only fail later."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,62}", options.db):
        raise Fault(
            f"{options.db!r} cannot be a database's name: use letters, digits, - and _ "
            "after a first letter."
        )
    if options.db in ("postgres", "template0", "template1"):
        raise Fault(f"{options.db} is PostgreSQL's own database: choose another --db.")
    if not 1 <= options.port <= 65535:
        raise Fault(f"{options.port} is no port: use a number from 1024 to 65535.")
    if options.workers < 0:
        raise Fault("--workers takes the number of server processes, 0 for threads.")
    if options.sample and not Path(options.sample).is_dir():
        raise Fault(f"--sample: there is no folder {options.sample}.")


def already_serves(register, options):
    """Whether another ./run of this project has the port or the database."""
    for entry in register.others():
        same_port = entry.get("port") == options.port
        if same_port and entry.get("database") == options.db and not options.fresh:
            say(f"Already running: http://localhost:{options.port}")
            say("./run --stop stops it.")
            return True
        if entry.get("database") == options.db:
            raise Fault(
                f"Another ./run (process {entry['pid']}) uses the database "
                f"{options.db}: ./run --stop stops it, --db NAME makes another one."
            )
    holder = port_holder(options.port)
    if holder:
        other = max(options.port + 1, 8070)
        raise Fault(f"{holder}\nChoose another port: ./run --port {other}")
    return False


def serve(options, register):
    """Prepare everything, serve until asked to stop, and stop what was started."""
    began = time.monotonic()
    external = External.is_wanted(options)
    server = (
        External(options.db_host, options.db_port, options.db_user)
        if external
        else Embedded(HIDDEN / "postgres")
    )
    web = None
    try:
        with lock(HIDDEN / "lock", "another ./run or ./test that prepares this folder"):
            odoo = prepare(options, server)
        web = Server(odoo, options.db, options.port, options.workers)
        with step("Odoo starts"):
            web.start()
        welcome(odoo, options, time.monotonic() - began)
        web.wait()
    except KeyboardInterrupt:
        if not (web and web.is_ready):
            raise
        say("\nStopping ...")
    finally:
        if web:
            web.stop()
        register.leave()
        if not register.others():
            server.stop()
    say("Stopped. ./run starts it again; the data is kept.")
    return 0


def prepare(options, server):
    """Everything before the web server: returns the :class:`Odoo` to serve."""
    if not environment.STAMP.exists():
        say(f"First start: everything goes into {HIDDEN} (about 1 GB).")
        require_space(1.8, "the first start")
    environment.ensure_venv()
    source = odoo_source.find(options.odoo or os.environ.get("ODOO_HOME"))
    require_space(0.3, "the database")
    if isinstance(server, External):
        server.start()
        say(f"  Database server: {server} (named by an option or a PG* variable)")
    else:
        with step("Database server"):
            server.start()
    odoo = Odoo(
        source,
        server,
        server_folder(server),
        [ADDONS],
        {
            # an import of tens of thousands of rows is one request
            "limit_time_cpu": 3600,
            "limit_time_real": 3600,
            "max_cron_threads": 1,
        },
    )
    suite_database.ensure(odoo, options.db, options, LANGUAGES)
    if options.sample:
        suite_database.load_sample(odoo, options.db, Path(options.sample).resolve())
    return odoo


def server_folder(server):
    """Where the files of a server's databases are.

    One folder for each server: two of them may have a database of the same name, and
    making one anew removes its files.
    """
    if isinstance(server, External):
        return HIDDEN / f"odoo-server-{digest(str(server))}"
    return HIDDEN / "odoo-server"


def welcome(odoo, options, seconds):
    """Say where to go, as whom, and what to look at."""
    address = f"http://localhost:{options.port}"
    say(f"\nReady after {seconds:.0f} s: {address}   (Ctrl-C stops it)\n")
    say("  log in as     password      and open")
    for login, what in suite_database.logins(odoo, options.db):
        say(f"  {login:<12}  {login:<12}  {what}")
    shown = os.path.relpath(odoo.folder, ROOT)
    say(f"\nOpen first: {address}/odoo/crm - the pipeline; the apps are in the menu at")
    say(f"its top left. Database {options.db}, logs in {shown}/log.")


def stop_all(register):
    """``--stop``: end every ./run of this project and the database server."""
    others = register.others()
    for entry in others:
        os.kill(entry["pid"], 15)
        say(f"Stopping the suite on port {entry.get('port')} ...")
    deadline = time.monotonic() + STOP_SECONDS
    while register.others() and time.monotonic() < deadline:
        time.sleep(0.2)
    if register.others():
        raise Fault(
            "It does not stop: its process is " + str(register.others()[0]["pid"])
        )
    server = Embedded(HIDDEN / "postgres")
    left = environment.PYTHON.exists() and (server.data / "postmaster.pid").exists()
    if left and server.is_running():
        server.stop()
        say("Stopped the database server.")
    elif not others:
        say("Nothing of this project is running.")
    return 0
