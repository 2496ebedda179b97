"""One Odoo database: making it, bringing it up to date, copying it."""

import json
import re
import shutil
import subprocess
import tempfile

from .environment import PYTHON
from .messages import Fault
from .places import ROOT, digest, folder_digest
from .processes import explain, run

LOADING = re.compile(r"Loading module (\w+) \((\d+)/(\d+)\)")
TROUBLE = re.compile(r"^\d{4}-\d\d-\d\d \S+ \d+ (WARNING|ERROR|CRITICAL) ")


class Odoo:
    """The programs of one Odoo on one database server.

    :param source: the :class:`~launcher.odoo_source.Source`
    :param server: an object with ``env()``, see :mod:`launcher.postgres`
    :param folder: receives ``odoo.conf``, the file store and the logs
    :param extra_addons: folders of add-ons besides Odoo's own
    """

    def __init__(self, source, server, folder, extra_addons, settings=None):
        self.source = source
        self.server = server
        self.folder = folder
        self.data = folder / "data"
        self.conf = folder / "odoo.conf"
        self.addons = [
            path for path in extra_addons if any(path.glob("*/__manifest__.py"))
        ]
        self._write_conf(settings or {})

    def _write_conf(self, settings):
        paths = [*self.source.addons_paths, *self.addons]
        options = {
            "addons_path": ",".join(map(str, paths)),
            "data_dir": self.data,
            "http_interface": "127.0.0.1",
            "list_db": False,
            "admin_passwd": digest(str(self.folder), self.source.identity()),
            **settings,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        lines = [f"{name} = {value}" for name, value in options.items()]
        content = "\n".join(["[options]", *lines, ""])
        # another process may be reading it
        if not self.conf.exists() or self.conf.read_text() != content:
            self.conf.with_suffix(".new").write_text(content)
            self.conf.with_suffix(".new").replace(self.conf)

    def env(self):
        """The environment for Odoo's programs."""
        env = {**self.server.env(), "PYTHONUNBUFFERED": "1"}
        for name in ("ODOO_RC", "OPENERP_SERVER", "PYTHONPATH", "PYTHONHOME"):
            env.pop(name, None)
        return env

    def command(self, *arguments):
        """The command line of an Odoo program."""
        return [str(part) for part in (PYTHON, "-m", "odoo", *arguments)]

    # === DATABASES === #

    def sql(self, query, database="postgres"):
        """Run SQL and return its rows as tuples of texts."""
        command = ["psql", "-X", "-q", "-At", "-F", "\t", "-v", "ON_ERROR_STOP=1"]
        done = subprocess.run(
            [*command, "-d", database, "-f", "-"],
            env=self.env(),
            input=query,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise explain(done.stderr, "use the database server")
        return [tuple(line.split("\t")) for line in done.stdout.splitlines() if line]

    def exists(self, name):
        """Whether a database of this name is on the server."""
        return bool(
            self.sql(f"select 1 from pg_database where datname = {quote(name)}")
        )

    def create(self, name):
        """Make an empty database as Odoo itself would."""
        self.sql(
            f"create database {identifier(name)} encoding 'UTF8' lc_collate 'C' "
            "template template0"
        )
        # a managed server may not offer the extension: Odoo works without it
        try:
            self.sql("create extension if not exists pg_trgm", name)
        except Fault:
            pass

    def drop(self, name):
        """Remove a database with its files."""
        self.sql(f"drop database if exists {identifier(name)} with (force)")
        shutil.rmtree(self.filestore(name), ignore_errors=True)

    def clone(self, origin, name):
        """Copy a database that nobody uses, files included (hard links)."""
        self.drop(name)
        self.sql(
            f"create database {identifier(name)} template {identifier(origin)} "
            "strategy file_copy"
        )
        if self.filestore(origin).exists():
            run(
                ["cp", "-al", self.filestore(origin), self.filestore(name)],
                f"copy the files of {origin}",
            )

    def filestore(self, name):
        """The folder of a database's files."""
        return self.data / "filestore" / name

    def read_note(self, name):
        """What we wrote on a database: {} on one that is not ours, None if missing."""
        rows = self.sql(
            "select coalesce(shobj_description(oid, 'pg_database'), '') "
            f"from pg_database where datname = {quote(name)}"
        )
        if not rows and not self.exists(name):
            return None
        try:
            note = json.loads(rows[0][0]) if rows else {}
        except ValueError:
            return {}
        return note.get("suite", {}) if isinstance(note, dict) else {}

    def write_note(self, name, note):
        """Write facts on a database, for the next start."""
        text = quote(json.dumps({"suite": note}))
        self.sql(f"comment on database {identifier(name)} is {text}")

    # === MODULES === #

    def install(
        self, name, modules=(), upgrade=(), demo=False, languages=(), **run_options
    ):
        """Install and upgrade modules, reporting each one that is loaded.

        :param progress: receives ``n/m module``
        :returns: log lines of level WARNING or above
        """
        progress = run_options.pop("progress", None)
        command = self.command("-c", self.conf, "-d", name, "--no-http")
        command += ["--stop-after-init", "--log-level=info", "--max-cron-threads=0"]
        if modules:
            command += ["-i", ",".join(modules)]
        if upgrade:
            command += ["-u", ",".join(upgrade)]
        if demo:
            command += ["--with-demo"]
        if languages:
            # the first becomes everybody's language; only loaded ones are active
            command += [f"--load-language={','.join(('en_US', *languages))}"]
        trouble = []

        def watch(line):
            match = LOADING.search(line)
            if match and progress:
                progress.update(f"{match[2]}/{match[3]} {match[1]}")
            if TROUBLE.match(line):
                trouble.append(line)

        log = self._new_log("install.log")
        doing = f"install the apps ({log.relative_to(ROOT)} tells all)"
        run(command, doing, on_line=watch, log=log, env=self.env(), cwd=ROOT)
        return trouble

    def shell(self, name, script, doing, on_line=None):
        """Run Python in an Odoo shell (`env` is there); commit is the script's."""
        command = self.command("shell", "-c", self.conf, "-d", name, "--no-http")
        command += ["--log-level=warn"]
        log = self._new_log("shell.log")
        with tempfile.TemporaryFile() as file:
            file.write(script.encode())
            file.seek(0)
            options = {"stdin": file, "env": self.env(), "cwd": ROOT}
            return run(command, doing, on_line=on_line, log=log, **options)

    def _new_log(self, name):
        log = self.folder / "log" / name
        log.parent.mkdir(parents=True, exist_ok=True)
        log.unlink(missing_ok=True)
        return log

    def states(self, name):
        """{module: state} of the modules that are installed or on their way."""
        query = "select name, state from ir_module_module where state != 'uninstalled'"
        return dict(self.sql(query, name))

    def digests(self):
        """{add-on: digest of its files}, for the add-ons outside Odoo."""
        folders = [
            path.parent for top in self.addons for path in top.glob("*/__manifest__.py")
        ]
        return {folder.name: folder_digest(folder) for folder in sorted(folders)}


def quote(text):
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name):
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
