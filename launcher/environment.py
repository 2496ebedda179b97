"""The virtual environment: made once, renewed when the requirements change."""

import importlib.util
import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from .debian import DebianPackages, has_apt
from .messages import Fault, step
from .places import HIDDEN, ROOT, digest
from .processes import explain, run

VENV = HIDDEN / "venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "suite.json"
RUN_FILES = (ROOT / "requirements.txt",)
TEST_FILES = (*RUN_FILES, ROOT / "requirements-test.txt")
SUPPORTED = ((3, 10), (3, 13))


def require_python():
    """The Python that started us is one that the packages exist for."""
    low, high = SUPPORTED
    if not low <= sys.version_info[:2] <= high:
        raise Fault(
            f"This is Python {sys.version.split()[0]}; the suite runs on "
            f"{low[0]}.{low[1]} to {high[0]}.{high[1]}.\n"
            "Name another one: SUITE_PYTHON=/path/to/python3.12 ./run"
        )


def ensure_venv(files=RUN_FILES):
    """Return the venv's Python with the packages of `files` installed.

    An environment of another Python, or one that a killed start left, is renewed.

    :param files: requirements files, in order
    :rtype: pathlib.Path
    """
    stamp = _read_stamp()
    if stamp.get("python") != _python_identity() or not _works():
        shutil.rmtree(VENV, ignore_errors=True)
        stamp = {}
    wanted = {path.name: digest(path) for path in files}
    installed = stamp.get("files", {})
    if all(installed.get(name) == value for name, value in wanted.items()):
        return PYTHON
    with step("Python packages") as progress:
        if not stamp:
            _make_venv()
            _write_stamp({})
        _install(files, progress)
        _write_stamp({**installed, **wanted})
    return PYTHON


def site_packages():
    """The folder of the venv that holds its packages."""
    names = {"base": str(VENV), "platbase": str(VENV)}
    return Path(sysconfig.get_path("purelib", "venv" if _has_scheme() else None, names))


def _has_scheme():
    return "venv" in sysconfig.get_scheme_names()


def _python_identity():
    return f"{sys.version} {sys.base_prefix}"


def _read_stamp():
    try:
        return json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}


def _write_stamp(files):
    content = {"python": _python_identity(), "files": files}
    STAMP.write_text(json.dumps(content, indent=1))


def _works():
    if not PYTHON.exists():
        return False
    command = [str(PYTHON), "-m", "pip", "--version"]
    return subprocess.run(command, capture_output=True).returncode == 0


def _make_venv():
    """A venv with pip, also where the system's Python came without `ensurepip`."""
    make = [sys.executable, "-m", "venv", VENV]
    if importlib.util.find_spec("ensurepip"):
        try:
            run(make, "make a virtual environment")
            return
        except Fault:
            shutil.rmtree(VENV, ignore_errors=True)
    run([*make, "--without-pip"], "make a virtual environment")
    pip = [sys.executable, "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True).returncode == 0:
        run([*pip, "--python", PYTHON, "install", "pip"], "install pip")
        return
    wheel = _pip_wheel()
    run([PYTHON, f"{wheel}/pip", "install", "--no-index", wheel], "install pip")


def _pip_wheel():
    """pip's own wheel, out of the Debian package that carries it."""
    if has_apt():
        folder = HIDDEN / "download" / "pip"
        DebianPackages.of_this_machine(folder).unpack(["python3-pip-whl"], folder)
        for wheel in folder.glob("usr/share/python-wheels/pip-*.whl"):
            return wheel
    raise Fault(
        "This Python can make no virtual environment: `ensurepip` is missing.\n"
        "Install it (Debian, Ubuntu: apt install python3-venv) and start again."
    )


def _install(files, progress):
    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--no-input", "--retries", "2", "--progress-bar", "off"]
    for path in files:
        command += ["-r", path]
    seen = 0

    def show(line):
        nonlocal seen
        words = line.split()
        if words and words[0] == "Collecting":
            seen += 1
            progress.update(f"{seen} found, {words[1]}")
        elif words and words[0] == "Installing":
            progress.update(f"installing {seen} packages")

    log = HIDDEN / "log" / "pip.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    try:
        run(command, "install the Python packages", on_line=show, log=log)
    except Fault as fault:
        raise _pip_fault(log, fault) from None


def _pip_fault(log, fault):
    """A wheel that does not exist is not the same as a network that does not."""
    output = log.read_text(errors="replace")
    network = str(explain(output, "")).startswith("No network")
    if "No matching distribution found" in output and not network:
        missing = output.rsplit("No matching distribution found for", 1)[1].split()[0]
        return Fault(
            f"There is no ready-made package {missing} for this machine "
            f"({sysconfig.get_platform()}, Python {sys.version.split()[0]}).\n"
            "Tried were Python 3.10 to 3.13 on Linux x86_64: SUITE_PYTHON=... ./run "
            "chooses another Python."
        )
    return fault
