"""`./test`: lint, then every kind of test, then one line that counts them."""

import argparse
import json
import os
import subprocess
import sys
import time

from . import browser, environment, odoo_source, plan
from .messages import Fault, say, step
from .places import HIDDEN, ROOT, ensure_hidden, require_space
from .processes import end_with_parent, lock, raise_on_signals
from .testbed import FOLDER, Testbed

# A test may be skipped for these reasons only; any other skip fails the run.
EXPECTED_SKIPS = ("needs ../shared/data",)
NO_BROWSER = ("Chrome executable not found", "needs a browser")
NOTHING_COLLECTED = 5
TITLES = {
    plan.PLAIN: "Tests without Odoo",
    plan.ODOO: "Tests in Odoo: models, browser tours, Hoot",
    plan.DEMO: "Acceptance tests in Odoo, with demo data",
    plan.E2E: "Tests end to end",
}


def parser():
    """The command line of ./test."""
    result = argparse.ArgumentParser(
        prog="./test",
        description="Check everything, or one part: ./test addons/crm_segmentation, "
        "./test tests/e2e, ./test lint, ./test take_next (a keyword), "
        "./test path/to/test_x.py::Class::test. What follows -- goes to pytest.",
    )
    add = result.add_argument
    add("targets", nargs="*", metavar="PATH_OR_KEYWORD", help="the part to run")
    add("--odoo", metavar="PATH", help="an Odoo 19.0 to test with (or ODOO_HOME)")
    add("--jobs", type=int, default=0, metavar="N", help="test databases side by side")
    add(
        "--upstream",
        action="store_true",
        help="Odoo's own tests of what the suite extends, with the suite installed",
    )
    add("--keep", action="store_true", help="keep the databases and the server")
    return result


def main(arguments):
    """Run the check; returns the exit code."""
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    options = parser().parse_args(arguments[:cut])
    raise_on_signals()
    environment.require_python()
    ensure_hidden()
    targets = options.targets + ["tests/e2e/upstream.py"] * options.upstream
    check = Check(options, plan.make(targets), arguments[cut + 1 :])
    try:
        check.run()
    finally:
        check.end()
    return check.report()


class Check:
    """One run of ./test.

    :param options: parsed command line
    :param wanted: the :class:`~launcher.plan.Plan`
    :param extra: arguments for pytest
    """

    def __init__(self, options, wanted, extra=()):
        self.options = options
        self.wanted = wanted
        self.extra = list(extra)
        self.began = time.monotonic()
        self.in_ci = os.environ.get("CI", "").lower() in ("1", "true", "yes")
        self.passed = self.failed = 0
        self.skipped = []
        self.problems = []
        self.testbed = None
        self.chromium = None
        self.linter = None

    def run(self):
        """All the steps of the plan; failures are counted, not raised."""
        paths = self.wanted.paths
        with lock(HIDDEN / "lock", "another ./run or ./test that prepares this folder"):
            if not environment.STAMP.exists():
                require_space(2.5, "the first run of the tests")
            environment.ensure_venv(environment.TEST_FILES)
            self.source = odoo_source.find(
                self.options.odoo or os.environ.get("ODOO_HOME")
            )
        needs_odoo = paths[plan.ODOO] or paths[plan.DEMO] or paths[plan.E2E]
        if needs_odoo:
            self.chromium = browser.ensure()
        if self.wanted.lint:
            self.start_lint()
        if paths[plan.PLAIN]:
            self.pytest(plan.PLAIN, ["-p", "no:odoo"], os.environ)
        if needs_odoo:
            self.run_on_databases()
        self.finish_lint()

    def end(self):
        """Leave nothing running, whatever happened."""
        if self.linter and self.linter.poll() is None:
            self.linter.terminate()
        if self.testbed:
            self.testbed.stop(self.options.keep)

    # === LINT === #

    def start_lint(self):
        """Start the linters beside the rest: they use other cores."""
        script = ROOT / "launcher" / "lint.py"
        if not script.exists():
            self.problems.append("launcher/lint.py is missing: nothing was linted")
            return
        FOLDER.mkdir(parents=True, exist_ok=True)
        with open(FOLDER / "lint.log", "w", encoding="utf-8") as log:
            self.linter = subprocess.Popen(
                [environment.PYTHON, script],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env={**os.environ, "ODOO_HOME": str(self.source.folder)},
                preexec_fn=end_with_parent,
            )

    def finish_lint(self):
        """Wait for the linters and print what they found; they count as one test."""
        if not self.linter:
            return
        with step("Lint"):
            code = self.linter.wait()
        say(
            (FOLDER / "lint.log").read_text(encoding="utf-8", errors="replace").rstrip()
        )
        self.count("lint", code == 0)
        self.linter = None

    # === PYTEST === #

    def run_on_databases(self):
        """Install the add-ons on a throw-away server and test them there."""
        self.testbed = Testbed(self.source)
        try:
            self.testbed.start()
            base = self.testbed.base()
        except Fault as fault:
            say(f"\n{fault}")
            self.count("the add-ons install", False)
            return
        if not self.wanted.keyword:
            self.count(
                "the add-ons install without a warning", not self.testbed.trouble
            )
        for line in self.testbed.trouble:
            say(f"  {line}")
        # tours have to be quick: the linters must not take their processor
        self.finish_lint()
        env = self.testbed.env()
        if self.chromium:
            env["SUITE_CHROMIUM"] = self.chromium
        for kind in (plan.ODOO, plan.DEMO):
            if self.wanted.paths[kind]:
                self.pytest_odoo(kind, env)
        if self.wanted.paths[plan.E2E]:
            self.pytest(plan.E2E, ["-p", "no:odoo"], env)
        if self.options.keep:
            say(f"\nKept: database {base} and its copies, PGHOST={env['PGHOST']},")
            say(f"configuration {self.testbed.odoo.conf}")

    def pytest_odoo(self, kind, env):
        """Run tests inside Odoo on a database of their own."""
        try:
            database = self.testbed.clone(demo=kind == plan.DEMO)
        except Fault as fault:
            say(f"\n{fault}")
            self.count("the add-ons install with demo data", False)
            return
        options = [f"--odoo-database={database}", "--odoo-http", *self.jobs()]
        # a browser's console is in the log of a failed test
        options += ["--odoo-log-level=error"]
        self.pytest(kind, options, {**env, "ODOO_RC": str(self.testbed.odoo.conf)})

    def jobs(self):
        """Options for pytest-xdist."""
        number = self.options.jobs
        return ["-n", str(number), "--dist=loadscope"] if number > 1 else []

    def pytest(self, kind, options, env):
        """Run pytest on the paths of one kind and add its counts."""
        say(f"\n=== {TITLES[kind]} ===")
        counts = HIDDEN / f"counts-{kind}-{os.getpid()}.json"
        command = [environment.PYTHON, "-m", "pytest", "-p", "launcher.counts", "-q"]
        command += ["-o", f"cache_dir={HIDDEN}/pytest-{kind}", "--durations=10"]
        command += [
            "--durations-min=2",
            *options,
            *self.wanted.paths[kind],
            *self.extra,
        ]
        if self.wanted.keyword:
            command += ["-k", self.wanted.keyword]
        code = subprocess.call(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
            env={**env, "SUITE_COUNTS": str(counts)},
            preexec_fn=end_with_parent,
        )
        self.add_counts(kind, code, counts)

    def add_counts(self, kind, code, path):
        """Add what a pytest run counted; a run that broke off is a failure."""
        try:
            counts = json.loads(path.read_text())
            path.unlink()
        except (OSError, ValueError):
            counts = {"passed": 0, "failed": 0, "skipped": []}
        self.passed += counts["passed"]
        self.failed += counts["failed"]
        self.skipped += counts["skipped"]
        if code == NOTHING_COLLECTED:
            if not self.wanted.keyword:
                self.problems.append(f"{TITLES[kind]}: no test was found")
        elif code and not counts["failed"]:
            self.problems.append(f"{TITLES[kind]}: pytest ended with code {code}")

    def count(self, title, good):
        """Count a step that is no pytest run."""
        say(f"  {title}: {'ok' if good else 'FAILED'}")
        self.passed += good
        self.failed += not good

    # === REPORT === #

    def unexpected_skips(self):
        """[(test, reason)] that make the run fail."""
        allowed = EXPECTED_SKIPS
        if not self.chromium and not self.in_ci:
            allowed += NO_BROWSER
        return [(t, why) for t, why in self.skipped if not why.startswith(allowed)]

    def report(self):
        """Print the closing lines; returns the exit code."""
        say(f"\n=== Result after {time.monotonic() - self.began:.0f} s ===")
        browserless = [t for t, why in self.skipped if why.startswith(NO_BROWSER)]
        if browserless:
            say(f"!! {len(browserless)} browser tests were SKIPPED: no Chromium.")
        for test, why in self.unexpected_skips():
            say(f"Skipped without leave: {test}: {why}")
            self.problems.append("a test was skipped that must run")
        if not (self.passed or self.failed or self.skipped):
            self.problems.append("nothing was tested: no test matches")
        for problem in dict.fromkeys(self.problems):
            say(f"FAILED: {problem}")
        failed = self.failed + (1 if self.problems and not self.failed else 0)
        sys.stdout.flush()
        say(f"{self.passed} passed, {failed} failed, {len(self.skipped)} skipped")
        return 1 if failed else 0
