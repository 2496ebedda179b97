"""Which part of the check a call of ./test means."""

from dataclasses import dataclass, field
from pathlib import Path

from .messages import Fault
from .places import ROOT

LINT, PLAIN, ODOO, DEMO, E2E = "lint", "plain", "odoo", "demo", "e2e"
TESTS = ROOT / "tests"
# folders of tests/ that need more than Python; all others are plain pytest
SPECIAL = {"addons": ODOO, "acceptance": DEMO, "e2e": E2E}
HOOT = TESTS / "addons" / "test_crm_suite" / "tests" / "test_hoot.py"


@dataclass
class Plan:
    """What to run: linters or not, and per kind of pytest run its arguments."""

    lint: bool = False
    paths: dict = field(
        default_factory=lambda: {kind: [] for kind in (PLAIN, ODOO, DEMO, E2E)}
    )
    keyword: str = ""

    def add(self, kind, path):
        """Add one argument of pytest, once."""
        if str(path) not in self.paths[kind]:
            self.paths[kind].append(str(path))


def make(targets, cwd=None):
    """The plan for the words of the command line.

    :param targets: paths (with ``::test`` if wanted), names of folders of `tests/` or
        `addons/`, ``lint``, or keywords as for ``pytest -k``
    :param cwd: folder that relative paths start from
    """
    plan = Plan()
    keywords = []
    for target in targets:
        if target == LINT:
            plan.lint = True
        elif not _add_target(plan, target, Path(cwd or Path.cwd())):
            keywords.append(target)
    plan.keyword = " or ".join(keywords)
    if not any(plan.paths.values()) and (keywords or not targets):
        plan.lint = not keywords
        _add_everything(plan)
    return plan


def _add_target(plan, target, cwd):
    """Add a path or the name of a folder; False when it is neither."""
    name, separator, rest = target.partition("::")
    for base in (cwd, ROOT, TESTS, ROOT / "addons", TESTS / "addons"):
        path = (base / name).resolve()
        if not path.exists():
            continue
        if path in (ROOT, TESTS):
            _add_everything(plan)
            plan.lint = plan.lint or path == ROOT
            return True
        if path.is_relative_to(ROOT):
            if path.name.endswith(".test.js"):
                path = HOOT
            plan.add(kind_of(path), f"{path}{separator}{rest}")
            return True
    if separator or "/" in name:
        raise Fault(f"There is no {name} in this project.")
    return False


def kind_of(path):
    """The kind of run that a path belongs to."""
    parts = Path(path).relative_to(ROOT).parts
    if parts[0] == "addons":
        return ODOO
    if parts[0] == "tests" and len(parts) > 1:
        return SPECIAL.get(parts[1], PLAIN)
    return PLAIN


def _add_everything(plan):
    for path in sorted(TESTS.iterdir()) if TESTS.exists() else []:
        if path.is_dir() and has_tests(path) and path.name != "addons":
            plan.add(SPECIAL.get(path.name, PLAIN), path)
    for folder in (ROOT / "addons", TESTS / "addons"):
        for path in sorted(folder.glob("*/tests")):
            if has_tests(path):
                plan.add(ODOO, path)


def has_tests(folder):
    """Whether pytest would find a test file below a folder."""
    return any(folder.rglob("test_*.py"))
