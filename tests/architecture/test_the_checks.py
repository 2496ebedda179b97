"""Each check reports what it is there for, and nothing in a tree that is right."""

import pytest

import offences_in_code
import offences_in_files
from small_suite import SCORING, build
from source_tree import Finding, Tree, unexcused
from test_invariants import CHECKS

OFFENCES = [*offences_in_code.OFFENCES, *offences_in_files.OFFENCES]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_good_tree_has_no_findings(tmp_path, check):
    assert check(Tree(build(tmp_path))) == []


@pytest.mark.parametrize(
    ("check", "message", "changes"),
    OFFENCES,
    ids=[f"{check.__name__}: {message}" for check, message, _changes in OFFENCES],
)
def test_offence_is_reported(tmp_path, check, message, changes):
    findings = check(Tree(build(tmp_path, changes)))
    assert [str(f) for f in findings if message in str(f)], findings


def test_every_check_is_seen_failing():
    assert {check for check, *_rest in OFFENCES} == set(CHECKS)
    assert all(check.__doc__ for check in CHECKS)


def test_what_is_allowed(tmp_path):
    """SQL where it belongs, an override of _search, sentences that begin like SQL."""
    changes = {
        f"{SCORING}/report/thing.py": 'QUERY = SQL("SELECT 1")\n',
        f"{SCORING}/migrations/19.0.1.0.1/pre-migrate.py": (
            'def migrate(cr, version):\n    cr.execute("UPDATE x SET y = 1")\n'
        ),
        f"{SCORING}/data/neutralize.sql": "UPDATE x SET y = 1;\n",
        f"{SCORING}/extra.py": (
            'text = "Select a list from the menu. Update the rules to set points."\n'
            '_unique = models.UniqueIndex("(name) WHERE active", "Name")\n'
            "def _search(self, domain):\n    return super()._search(domain)\n"
        ),
    }
    tree = Tree(build(tmp_path, changes))
    for check in CHECKS:
        if check.__module__ == "engine_only":
            assert check(tree) == []


def test_exceptions_are_used_up():
    finding = Finding("a.py", 1, "x", "eval")
    assert unexcused([finding], {("a.py", "eval"): "why"}) == []
    assert unexcused([finding], {}) == [finding]
    stale = unexcused([], {("a.py", "eval"): "why"})
    assert "needed no longer" in str(stale[0])
