"""Databases for tests: a cached template of the dependencies, clones of it.

The template never holds this project's code: every run of ./test installs the add-ons
afresh into a clone of it (the *base*) and runs the tests on the base's clones. A test
without Odoo inside its process (end to end) uses :meth:`Testbed.attach`.
"""

import json
import os
import re
import subprocess
from contextlib import contextmanager
from pathlib import Path

from . import odoo_source
from .database import Odoo
from .environment import PYTHON
from .messages import Fault, step
from .places import ADDONS, HIDDEN, TEST_ADDONS, digest, manifests
from .postgres import Embedded
from .processes import Register, lock
from .server import Server, free_port

FOLDER = HIDDEN / "test"
LANGUAGES = ("bg_BG", "ru_RU")
ATTACHED = "SUITE_TESTBED"
# the files whose change makes another template
BUILDERS = ("testbed.py", "database.py", "odoo_source.py")
# What a page of the tests loads: made once, as a test's own are rolled back with it
ASSETS = """
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
"""
VERSIONS = """
import importlib.metadata, sys
print(sys.version)
print(*sorted(f"{d.name}=={d.version}" for d in importlib.metadata.distributions()))
"""


class Testbed:
    """The throw-away database server of the tests and what is on it.

    :param source: the Odoo to test with
    :param owner: number of the ./test process; its databases carry it
    """

    __test__ = False  # not a test case, for pytest

    def __init__(self, source, owner=None):
        self.source = source
        self.owner = owner or os.getpid()
        self.server = Embedded(FOLDER / "postgres", durable=False)
        settings = {
            "screenshots": FOLDER / "screenshots",
            "limit_time_cpu": 3600,
            "limit_time_real": 3600,
            "max_cron_threads": 0,
        }
        self.odoo = Odoo(source, self.server, FOLDER, [ADDONS, TEST_ADDONS], settings)
        self.register = Register(FOLDER / "running")
        self.trouble = []
        self.count = 0

    # === LIFE === #

    @classmethod
    def attach(cls):
        """The testbed of the ./test that started this process.

        :raises Fault: there is none
        """
        if ATTACHED not in os.environ:
            raise Fault("These tests need their database server: start them by ./test")
        facts = json.loads(os.environ[ATTACHED])
        return cls(odoo_source.Source(Path(facts["odoo"]), "attached"), facts["owner"])

    def env(self):
        """The environment that leads pytest and tests to this testbed."""
        facts = {"odoo": str(self.source.folder), "owner": self.owner}
        return {**self.odoo.env(), ATTACHED: json.dumps(facts)}

    def start(self):
        """Start the server and remove what killed runs left."""
        self.register.enter()
        with (
            step("Throw-away database server"),
            lock(FOLDER / "lock", "another ./test"),
        ):
            self.server.start()
            self._drop_leftovers()

    def stop(self, keep=False):
        """Remove this run's databases; the last run out stops the server."""
        if not keep and self.server.is_running():
            for name in self._mine():
                self.odoo.drop(name)
        self.register.leave()
        if not keep and not self.register.others():
            self.server.stop()

    def _databases(self):
        rows = self.odoo.sql("select datname from pg_database where not datistemplate")
        return [row[0] for row in rows]

    def _mine(self):
        return [n for n in self._databases() if owner_of(n) == self.owner]

    def _drop_leftovers(self):
        living = {entry["pid"] for entry in self.register.others()} | {self.owner}
        for name in self._databases():
            owner = owner_of(name)
            unfinished = name.startswith("tpl_")
            if unfinished or (owner is not None and owner not in living):
                self.odoo.drop(name)

    # === DATABASES === #

    def key(self, demo):
        """What the template depends on: all of it, none of our code."""
        versions = subprocess.run(
            [PYTHON, "-c", VERSIONS], capture_output=True, text=True, check=True
        ).stdout
        here = Path(__file__).parent
        return digest(
            ",".join(dependencies()),
            ",".join(LANGUAGES),
            str(demo),
            self.source.identity(),
            versions,
            *(here / name for name in BUILDERS),
        )

    def template(self, demo=False):
        """Name of the template of the dependencies, made unless it is there."""
        name = f"tpl_{self.key(demo)}"
        with lock(FOLDER / "lock", "another ./test that makes the template"):
            query = "select datname from pg_database where datistemplate"
            present = [
                row[0] for row in self.odoo.sql(f"{query} and datname like 'tpl_%'")
            ]
            if name in present:
                return name
            self._drop_old_templates(present, demo)
            with step("Template database of the dependencies") as progress:
                self.odoo.create(name)
                self.odoo.install(
                    name,
                    dependencies(),
                    demo=demo,
                    languages=LANGUAGES,
                    progress=progress,
                )
                self.odoo.shell(name, ASSETS, "prepare the pages of the tests")
                self.odoo.write_note(name, {"state": "ready", "demo": demo})
                self.odoo.sql(f'alter database "{name}" is_template true')
        return name

    def _drop_old_templates(self, present, demo):
        """Outdated templates go, unless another run may still use them."""
        if self.register.others():
            return
        for name in present:
            note = self.odoo.read_note(name) or {}
            if note.get("demo", demo) == demo:
                self.odoo.sql(f'alter database "{name}" is_template false')
                self.odoo.drop(name)

    def base(self, demo=False):
        """Name of this run's database with every add-on installed, made when needed.

        Nobody works in it: tests clone it. Warnings of the installation are kept in
        `trouble`.
        """
        name = f"base_{self.owner}" + ("_demo" if demo else "")
        if self.odoo.exists(name):
            return name
        template = self.template(demo)
        building = f"{name}_new"
        with step("Add-ons on a clone of the template") as progress:
            self.odoo.clone(template, building)
            self.trouble += self.odoo.install(
                building, own_addons(), demo=demo, progress=progress
            )
            states = self.odoo.states(building)
            missing = [n for n in own_addons() if states.get(n) != "installed"]
            if missing:
                raise Fault(f"Not installed: {', '.join(missing)}; see {FOLDER}/log")
            self.odoo.shell(building, ASSETS, "prepare the pages of the tests")
            self.odoo.sql(f'alter database "{building}" rename to "{name}"')
            if self.odoo.filestore(building).exists():
                self.odoo.filestore(building).rename(self.odoo.filestore(name))
        return name

    def clone(self, demo=False):
        """Name of a new copy of the base, for the caller alone."""
        origin = self.base(demo)
        self.count += 1
        name = f"run_{self.owner}_{os.getpid()}_{self.count}"
        self.odoo.clone(origin, name)
        return name

    @contextmanager
    def serve(self, demo=False, workers=0, arguments=()):
        """A web server on a new copy of the base; both are gone afterwards.

        Yields a :class:`~launcher.server.Server`: ``url``, ``name`` (database),
        ``process``, ``log``.
        """
        server = Server(self.odoo, self.clone(demo), free_port(), workers, arguments)
        try:
            server.start()
            yield server
        finally:
            server.stop()
            self.odoo.drop(server.name)


def own_addons():
    """All add-ons of the project, the tests' own included."""
    return [*manifests(ADDONS), *manifests(TEST_ADDONS)]


def dependencies():
    """The add-ons of Odoo that ours depend on."""
    own = {**manifests(ADDONS), **manifests(TEST_ADDONS)}
    named = {name for manifest in own.values() for name in manifest.get("depends", [])}
    return sorted(named - set(own)) or ["base"]


def owner_of(name):
    """Number of the ./test that made a database, None for other databases."""
    match = re.match(r"(?:base|run)_(\d+)", name)
    return int(match[1]) if match else None
