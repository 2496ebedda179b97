"""Run every linter over the tree; no finding at all means success.

    python3 launcher/lint.py            # all of them
    python3 launcher/lint.py ruff oca   # only the steps whose name contains a word
    python3 launcher/lint.py --fix      # let ruff, eslint and prettier rewrite files

The linters live apart from Odoo: Python ones in ``.suite/lint``, the others in
``.suite/node``. Both are made once, from the versions pinned in
``.pre-commit-config.yaml``, and are used offline afterwards.
"""

import argparse
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".suite"
PYTHON_TOOLS = STATE / "lint"
NODE_TOOLS = STATE / "node"
NODE_MINIMUM = 18

# Odoo's own checkers, and where they are in an Odoo
CHECKERS = Path("odoo/addons/test_lint/tests")
ODOO_CHECKERS = (
    "_odoo_checker_sql_injection",
    "_odoo_checker_gettext",
    "_odoo_checker_unlink_override",
)
ODOO_MESSAGES = (
    "sql-injection",
    "missing-gettext",
    "gettext-variable",
    "gettext-placeholders",
    "gettext-repr",
    "raise-unlink-override",
)


class ToolsMissing(Exception):
    """The message says what could not be had, and what to do about it."""


@dataclass(frozen=True)
class Step:
    """One linter call: ``command`` is run at the root with ``env`` added."""

    name: str
    command: list = field(default_factory=list)
    env: dict = field(default_factory=dict)


# === FILES === #


def tracked_files() -> list[Path]:
    """Return the files that git knows or would add, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (ROOT / ".git").exists() and shutil.which("git"):
        listing = subprocess.run(command, cwd=ROOT, capture_output=True)
        if listing.returncode == 0:
            names = set(listing.stdout.decode().split("\0")) - {""}
            return sorted(Path(name) for name in names if (ROOT / name).is_file())
    # an unpacked archive
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [f for f in folders if f not in {".suite", ".git", "__pycache__"}]
        found += [Path(folder, name).relative_to(ROOT) for name in names]
    return sorted(found)


def select(files: list[Path], *suffixes: str) -> list[str]:
    return [str(path) for path in files if path.suffix in suffixes]


# === TOOLS === #


def pins(language: str) -> list[str]:
    """Return the pinned packages of ``language`` ("python" or "node")."""
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    separator = {"python": "==", "node": "@"}[language]
    return sorted(set(re.findall(rf'"([@/\w-]+{separator}[\d.]+)"', text)))


def is_current(folder: Path, packages: list[str]) -> bool:
    stamp = folder / ".pins"
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == digest(packages)


def digest(packages: list[str]) -> str:
    return hashlib.sha256("\n".join(packages).encode()).hexdigest()


def install(folder: Path, packages: list[str], *commands: list) -> None:
    """Run ``commands`` and stamp ``folder``; a half-made folder is made again."""
    for command in commands:
        done = subprocess.run(
            command, cwd=folder.parent, capture_output=True, text=True
        )
        if done.returncode:
            last = (done.stderr or done.stdout).strip().splitlines()[-3:]
            what = " ".join(map(str, command[:4]))
            raise ToolsMissing("\n  ".join([f"{what} ... failed:", *last]))
    (folder / ".pins").write_text(digest(packages), encoding="utf-8")


def python_tools() -> Path:
    """Return the folder with the programs of the Python linters, made when needed."""
    packages = pins("python")
    if not is_current(PYTHON_TOOLS, packages):
        say("installing the Python linters once:", " ".join(packages))
        PYTHON_TOOLS.parent.mkdir(exist_ok=True)
        pip = [*make_venv(), "install", "--quiet", "--disable-pip-version-check"]
        install(PYTHON_TOOLS, packages, [*pip, *packages])
    return PYTHON_TOOLS / "bin"


def make_venv() -> list:
    """Make the environment of the linters and return the pip that fills it."""
    shutil.rmtree(PYTHON_TOOLS, ignore_errors=True)
    make = [sys.executable, "-m", "venv", PYTHON_TOOLS]
    if importlib.util.find_spec("ensurepip") and succeeds(make):
        return [PYTHON_TOOLS / "bin" / "python", "-m", "pip"]
    # Debian's Python may have no ensurepip; the suite's own environment has a pip
    shutil.rmtree(PYTHON_TOOLS, ignore_errors=True)
    if succeeds([*make, "--without-pip"]):
        for python in (sys.executable, STATE / "venv" / "bin" / "python"):
            pip = [python, "-m", "pip", "--python", PYTHON_TOOLS / "bin" / "python"]
            if succeeds([*pip, "--version"]):
                return pip
    raise ToolsMissing("no pip was found: run ./test once, it makes one")


def succeeds(command: list) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def node_tools() -> Path:
    """Return the folder with the programs of the JavaScript linters."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        raise ToolsMissing("node and npm are not installed (Debian: apt install npm)")
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    if int(re.sub(r"\D.*", "", version.strip().lstrip("v")) or 0) < NODE_MINIMUM:
        raise ToolsMissing(f"node {version.strip()} is older than {NODE_MINIMUM}")
    packages = pins("node")
    if not is_current(NODE_TOOLS, packages):
        say("installing the JavaScript linters once:", " ".join(packages))
        shutil.rmtree(NODE_TOOLS, ignore_errors=True)
        NODE_TOOLS.mkdir(parents=True)
        (NODE_TOOLS / "package.json").write_text('{"private": true}', encoding="utf-8")
        quiet = ["--silent", "--no-audit", "--no-fund"]
        install(
            NODE_TOOLS,
            packages,
            [npm, "install", "--prefix", NODE_TOOLS, *quiet, *packages],
        )
    return NODE_TOOLS / "node_modules" / ".bin"


def odoo_tree() -> Path:
    """Return the folder that contains the ``odoo`` package."""
    from launcher import messages, odoo_source

    try:
        source = odoo_source.existing(os.environ.get("ODOO_HOME"))
    except messages.Fault as fault:
        raise ToolsMissing(str(fault)) from fault
    if source is None:
        raise ToolsMissing("no Odoo was found: run ./run once or set ODOO_HOME")
    if not (source.folder / CHECKERS).is_dir():
        raise ToolsMissing(f"the Odoo in {source.folder} lacks the module test_lint")
    return source.folder


# === STEPS === #


def ruff_steps(files: list[Path], fix: bool) -> list[Step]:
    ruff = python_tools() / "ruff"
    check, layout = (["--fix"], []) if fix else ([], ["--check"])
    scripts = [name for name in ("run", "test") if is_python_script(ROOT / name)]
    targets = [*select(files, ".py"), *scripts]
    return [
        Step("ruff check", [ruff, "check", "--quiet", *check, *targets]),
        Step("ruff format", [ruff, "format", "--quiet", *layout, *targets]),
    ]


def is_python_script(path: Path) -> bool:
    return path.is_file() and "python" in path.open(encoding="utf-8").readline()


def pylint_steps(files: list[Path], fix: bool) -> list[Step]:
    pylint = [python_tools() / "pylint", "--rcfile=.pylintrc"]
    return [Step("pylint-odoo", [*pylint, *addons(files)])]


def odoo_checker_steps(files: list[Path], fix: bool) -> list[Step]:
    command = [
        python_tools() / "pylint",
        f"--rcfile={os.devnull}",
        "--disable=all",
        f"--enable={','.join(ODOO_MESSAGES)}",
        # Comments may speak to the other pylint, whose messages this one lacks.
        "--disable=unknown-option-value",
        f"--load-plugins={','.join(ODOO_CHECKERS)}",
        "--score=no",
        "--msg-template={path}:{line}: {msg} ({symbol})",
        *addons(files),
    ]
    odoo = odoo_tree()
    env = {"PYTHONPATH": os.pathsep.join([str(odoo / CHECKERS), str(odoo)])}
    return [Step("odoo-checkers", command, env)]


def oca_steps(files: list[Path], fix: bool) -> list[Step]:
    tools = python_tools()
    manifests = [str(f) for f in files if f.name == "__manifest__.py"]
    steps = [
        Step("oca-checks-odoo-module", [tools / "oca-checks-odoo-module", *manifests])
    ]
    catalogues = select(files, ".po", ".pot")
    if catalogues:
        steps.append(Step("oca-checks-po", [tools / "oca-checks-po", *catalogues]))
    return steps


def eslint_steps(files: list[Path], fix: bool) -> list[Step]:
    options = ["--max-warnings=0", "--no-warn-ignored", *(["--fix"] if fix else [])]
    targets = select(files, ".js", ".cjs")
    return [Step("eslint", [node_tools() / "eslint", *options, *targets], node_env())]


def prettier_steps(files: list[Path], fix: bool) -> list[Step]:
    options = ["--write"] if fix else ["--check"]
    options += ["--ignore-unknown", "--log-level=warn"]
    suffixes = (".js", ".cjs", ".xml", ".scss", ".css", ".json", ".yaml", ".yml")
    command = [node_tools() / "prettier", *options, *select(files, *suffixes)]
    return [Step("prettier", command, node_env())]


def node_env() -> dict:
    # the configuration files at the root find their plug-ins through this
    return {"NODE_PATH": str(NODE_TOOLS / "node_modules")}


def addons(files: list[Path]) -> list[str]:
    return [str(f.parent) for f in files if f.name == "__manifest__.py"]


GROUPS = {
    "ruff": ruff_steps,
    "pylint-odoo": pylint_steps,
    "odoo-checkers": odoo_checker_steps,
    "oca-checks": oca_steps,
    "eslint": eslint_steps,
    "prettier": prettier_steps,
}
# without npm the rest is still worth running; every other tool is required
OPTIONAL = {"eslint", "prettier"}


# === RUN === #


def say(*words: str) -> None:
    print("lint:", *words, flush=True)


def run_step(step: Step) -> tuple[Step, int, str, float]:
    start = time.monotonic()
    done = subprocess.run(
        list(map(str, step.command)),
        cwd=ROOT,
        env={**os.environ, **step.env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    return step, done.returncode, done.stdout.strip(), time.monotonic() - start


def collect(names: list[str], fix: bool) -> tuple[list[Step], list[str], list[str]]:
    """Return the steps to run, and the names of those left out and of those missed."""
    files, steps, left_out, missed = tracked_files(), [], [], []
    for name in names:
        try:
            steps += GROUPS[name](files, fix)
        except ToolsMissing as error:
            optional = name in OPTIONAL
            (left_out if optional else missed).append(name)
            say(f"!!! {name} {'IS LEFT OUT' if optional else 'CANNOT RUN'}: {error}")
    return steps, left_out, missed


def main(argv: list[str] | None = None) -> int:
    """Run the linters named in ``argv`` (all by default); 0 means no finding."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help=f"parts of: {', '.join(GROUPS)}")
    parser.add_argument("--fix", action="store_true", help="rewrite what can be fixed")
    options = parser.parse_args(argv or [])
    wanted = options.names or [""]
    names = [group for group in GROUPS if any(word in group for word in wanted)]
    if not names:
        parser.error(f"no linter is called {' '.join(wanted)}")
    start = time.monotonic()
    steps, left_out, missed = collect(names, options.fix)
    failed = 0
    # a rewriting tool must not meet another one in the same file
    workers = 1 if options.fix else min(4, os.cpu_count() or 1)
    with ThreadPoolExecutor(workers) as pool:
        for step, code, output, seconds in pool.map(run_step, steps):
            failed += bool(code)
            say(f"{step.name}: {'FINDINGS' if code else 'ok'} ({seconds:.1f} s)")
            if output:
                print(output, flush=True)
    words = [f"{len(steps) - failed} of {len(steps)} linters find nothing"]
    words += [f"{', '.join(left_out)} left out"] if left_out else []
    words += [f"{', '.join(missed)} could not run"] if missed else []
    say(f"{'; '.join(words)} ({time.monotonic() - start:.0f} s)")
    return 1 if failed or missed else 0


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    sys.exit(main(sys.argv[1:]))
