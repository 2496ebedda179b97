"""./test itself: what a word means, what is counted, which skips are forgiven."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from launcher import check, plan, testbed
from launcher.messages import Fault
from launcher.places import ROOT


def test_no_words_mean_everything():
    made = plan.make([])
    assert made.lint
    assert str(ROOT / "tests" / "launcher") in made.paths[plan.PLAIN]
    assert str(ROOT / "tests" / "architecture") in made.paths[plan.PLAIN]
    suite_tests = ROOT / "tests" / "addons" / "test_crm_suite" / "tests"
    assert str(suite_tests) in made.paths[plan.ODOO]
    assert not made.keyword


@pytest.mark.parametrize(
    "word, kind, path",
    [
        ("tests/launcher", plan.PLAIN, "tests/launcher"),
        (
            "launcher/test_check.py::test_x",
            plan.PLAIN,
            "tests/launcher/test_check.py::test_x",
        ),
        ("addons/crm_lead_scoring", plan.ODOO, "addons/crm_lead_scoring"),
        ("crm_lead_scoring", plan.ODOO, "addons/crm_lead_scoring"),
        ("test_crm_suite", plan.ODOO, "tests/addons/test_crm_suite"),
        ("acceptance", plan.DEMO, "tests/acceptance"),
        ("e2e", plan.E2E, "tests/e2e"),
    ],
)
def test_paths_find_their_runner(word, kind, path):
    made = plan.make([word], cwd=ROOT)
    assert made.paths[kind] == [str(ROOT / path)]
    assert not made.lint
    assert sum(map(len, made.paths.values())) == 1


def test_a_path_from_another_folder():
    made = plan.make(["test_check.py"], cwd=ROOT / "tests" / "launcher")
    assert made.paths[plan.PLAIN] == [
        str(ROOT / "tests" / "launcher" / "test_check.py")
    ]


def test_a_keyword_searches_every_test_and_lints_nothing():
    made = plan.make(["take_next", "desk"], cwd=ROOT)
    assert made.keyword == "take_next or desk"
    assert not made.lint
    assert made.paths[plan.PLAIN] and made.paths[plan.ODOO]


def test_a_keyword_within_a_path():
    made = plan.make(["crm_lead_scoring", "grade"], cwd=ROOT)
    assert made.keyword == "grade"
    assert made.paths == {
        plan.PLAIN: [],
        plan.ODOO: [str(ROOT / "addons" / "crm_lead_scoring")],
        plan.DEMO: [],
        plan.E2E: [],
    }


def test_only_lint():
    made = plan.make(["lint"], cwd=ROOT)
    assert made.lint
    assert not any(made.paths.values())


def test_a_wrong_path_is_no_keyword():
    with pytest.raises(Fault, match="There is no addons/crm_scoring in this project"):
        plan.make(["addons/crm_scoring"], cwd=ROOT)


@pytest.fixture
def new_check(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    options = SimpleNamespace(odoo=None, jobs=0, keep=False)
    return lambda: check.Check(options, plan.Plan())


def test_skips_need_leave(new_check, capsys):
    run = new_check()
    run.passed, run.chromium = 3, "/usr/bin/chromium"
    run.skipped = [["t1", "needs ../shared/data: no files"]]
    assert run.report() == 0
    assert capsys.readouterr().out.endswith("3 passed, 0 failed, 1 skipped\n")
    run.skipped.append(["t2", "not today"])
    assert run.report() == 1
    assert "Skipped without leave: t2: not today" in capsys.readouterr().out


def test_browser_tests_may_be_missing_at_home_but_not_in_ci(
    new_check, monkeypatch, capsys
):
    run = new_check()
    run.passed, run.skipped = 3, [["t1", "Chrome executable not found"]]
    assert run.report() == 0
    assert "1 browser tests were SKIPPED: no Chromium" in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    run = new_check()
    run.passed, run.skipped = 3, [["t1", "Chrome executable not found"]]
    assert run.report() == 1


def test_nothing_tested_is_a_failure(new_check, capsys):
    assert new_check().report() == 1
    assert capsys.readouterr().out.endswith("0 passed, 1 failed, 0 skipped\n")


def test_a_run_that_breaks_off_is_a_failure(new_check, tmp_path):
    run = new_check()
    run.passed = 5
    run.add_counts(plan.ODOO, 3, tmp_path / "missing.json")
    assert run.report() == 1


def test_counts_of_a_run_are_added(new_check, tmp_path, capsys):
    run = new_check()
    path = tmp_path / "counts.json"
    path.write_text(json.dumps({"passed": 2, "failed": 1, "skipped": []}))
    run.add_counts(plan.PLAIN, 1, path)
    assert run.report() == 1
    assert capsys.readouterr().out.endswith("2 passed, 1 failed, 0 skipped\n")


SAMPLE_TESTS = """
import unittest, pytest

def test_passes(): pass
def test_fails(): assert False
@pytest.fixture
def broken(): raise ValueError
def test_error(broken): pass
@pytest.mark.skip(reason="not today")
def test_marked(): pass

class TestSubtests(unittest.TestCase):
    def test_parts(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertNotEqual(i, 1)
    def test_skips(self):
        raise unittest.SkipTest("Chrome executable not found")
"""


def test_the_plugin_counts_every_outcome(tmp_path):
    """Run pytest on tests of every kind, with the plugin."""
    (tmp_path / "test_sample.py").write_text(SAMPLE_TESTS)
    counts = tmp_path / "counts.json"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:odoo", "-c", os.devnull]
    command += ["-p", "launcher.counts", "-p", "no:cacheprovider"]
    command += [f"--rootdir={tmp_path}", str(tmp_path)]
    subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "SUITE_COUNTS": str(counts)},
        capture_output=True,
    )
    result = json.loads(counts.read_text())
    assert sorted(why for _test, why in result["skipped"]) == [
        "Chrome executable not found",
        "not today",
    ]
    assert result["passed"] >= 1
    # a failing test, a fixture with an error, and a part of a test
    assert result["failed"] >= 3


def test_owner_of_a_database():
    assert testbed.owner_of("base_12") == 12
    assert testbed.owner_of("base_12_demo") == 12
    assert testbed.owner_of("run_12_34_1-gw0") == 12
    assert testbed.owner_of("tpl_abc") is None
    assert testbed.owner_of("postgres") is None


def test_the_template_holds_none_of_our_code():
    own = set(testbed.own_addons())
    assert "crm" in testbed.dependencies()
    assert not own & set(testbed.dependencies())
