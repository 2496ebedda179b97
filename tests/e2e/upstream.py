"""Odoo's own tests of what the suite extends, on a database that has the suite.

Not part of a plain ./test: it takes many minutes. ``./test --upstream`` runs it.
Odoo's own runner runs these tests before our add-ons are loaded; pytest runs them with
every override in place.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from launcher.places import ROOT

MODULES = ("crm", "sales_team", "utm", "phone_validation", "calendar")
KNOWN = Path(__file__).with_name("upstream_known_failures.txt")
FAILED = re.compile(
    r"^(?:FAILED|ERROR|SUBFAILED)\S* .*?(\w+)/tests/(\w+\.py)((?:::\w+)*)", re.MULTILINE
)
COUNTS = re.compile(r"^(.*\b\d+ passed.*) in [\d.]+s", re.MULTILINE)
SKIPPED = re.compile(r"\b(\d+) skipped")


def known_failures():
    """Tests that fail on Odoo without the suite as well; the file gives the reasons."""
    lines = KNOWN.read_text(encoding="utf-8").splitlines()
    return {line.split()[0] for line in lines if line and not line.startswith("#")}


def folders(testbed):
    """The folders of Odoo's tests."""
    for module in MODULES:
        [folder] = (
            path / module / "tests"
            for path in testbed.source.addons_paths
            if (path / module / "tests").is_dir()
        )
        yield folder


def run(testbed, database):
    """Run Odoo's tests by pytest on a database; return what it printed."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rfE",
        "--tb=short",
        "--odoo-http",
    ]
    command += [f"--odoo-database={database}", f"--rootdir={ROOT}", "-c", os.devnull]
    command += ["-p", "no:cacheprovider", *map(str, folders(testbed))]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={
            **os.environ,
            "ODOO_RC": str(testbed.odoo.conf),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_odoo_s_own_tests_pass_with_the_suite(testbed, chromium, capsys):
    """No failure beyond the known ones, and no skip for want of a browser."""
    database = testbed.clone(demo=True)
    try:
        output = run(testbed, database)
    finally:
        testbed.odoo.drop(database)
    sys.stdout.write(output)
    counts = COUNTS.search(output)
    assert counts, "pytest broke off"
    with capsys.disabled():
        sys.stdout.write(f"\n  Odoo's own tests: {counts[1]}\n")
    failed = {
        f"/{module}/tests/{file}:{test.removeprefix('::').replace('::', '.')}"
        for module, file, test in FAILED.findall(output)
    }
    assert failed - known_failures() == set(), counts[1]
    skipped = SKIPPED.search(counts[1])
    assert not skipped or int(skipped[1]) == 0, counts[1]
