"""The virtual environment's requirements and their failures."""

import subprocess
import sys

import pytest

from launcher import as_nobody, environment
from launcher.messages import Fault


def test_a_missing_wheel_is_not_a_missing_network(tmp_path):
    log = tmp_path / "pip.log"
    log.write_text("ERROR: No matching distribution found for libsass>=0.22\n")
    fault = environment._pip_fault(log, Fault("other"))
    assert "no ready-made package libsass>=0.22 for this machine" in str(fault)
    log.write_text(
        "WARNING: Retrying ... Temporary failure in name resolution\n"
        "ERROR: No matching distribution found for libsass>=0.22\n"
    )
    network = Fault("No network: ...")
    assert environment._pip_fault(log, network) is network


def test_an_unsupported_python_is_a_sentence(monkeypatch):
    monkeypatch.setattr(environment, "SUPPORTED", ((2, 6), (2, 7)))
    with pytest.raises(Fault, match="the suite runs on 2.6 to 2.7"):
        environment.require_python()


def test_requirements_are_ranges_of_wheels():
    """Wheels only, and every package with a version that was tried, except data."""
    for path in environment.TEST_FILES:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert "--only-binary :all:" in lines
        names = [line.split("#")[0].strip() for line in lines if line[:1].isalpha()]
        assert not [name for name in names if ">=" not in name and name != "pytz"]


def test_a_program_runs_as_nobody_or_says_why_not():
    way = [sys.executable, as_nobody.__file__, "namespace", "/usr/bin/id", "-u"]
    done = subprocess.run(way, capture_output=True, text=True)
    if done.returncode:
        assert "OSError" in done.stderr or "PermissionError" in done.stderr
    else:
        assert done.stdout == f"{as_nobody.NOBODY}\n"
