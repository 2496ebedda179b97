"""When ./run makes its database, when it updates it, when it keeps its hands off."""

from types import SimpleNamespace

import pytest

from launcher import suite_database
from launcher.messages import Fault
from launcher.places import ROOT


class FakeOdoo:
    """Remembers what was asked of it; `note` is what is written on the database."""

    folder = ROOT / ".suite"

    def __init__(self, note, states=()):
        self.note = note
        self.installed = dict(states)
        self.calls = []

    def read_note(self, name):
        return self.note

    def write_note(self, name, note):
        self.note = note

    def digests(self):
        return {"crm_lead_scoring": "new"}

    def states(self, name):
        return self.installed

    def drop(self, name):
        self.calls.append("drop")

    def create(self, name):
        self.calls.append("create")

    def install(self, name, modules=(), upgrade=(), **options):
        self.calls.append(("install", tuple(modules), tuple(upgrade)))
        self.installed.update(dict.fromkeys([*modules, *upgrade], "installed"))
        return []

    def shell(self, name, script, doing, **options):
        self.calls.append("shell")


def options(**values):
    return SimpleNamespace(**{"fresh": False, "no_demo": False, "lang": None, **values})


@pytest.fixture(autouse=True)
def one_app(monkeypatch):
    monkeypatch.setattr(suite_database, "applications", lambda: ["crm_lead_scoring"])


def ensure(odoo, **values):
    suite_database.ensure(odoo, "suite", options(**values), ("bg_BG",))
    return odoo.calls


def ready(**values):
    return {"state": "ready", "demo": True, **values}


INSTALL = ("install", ("crm_lead_scoring",), ())
MADE = ["drop", "create", INSTALL, "shell"]


def test_a_missing_database_is_made():
    odoo = FakeOdoo(None)
    assert ensure(odoo) == MADE
    assert odoo.note == ready(addons={"crm_lead_scoring": "new"})


def test_a_database_of_somebody_else_is_left_alone():
    odoo = FakeOdoo({})
    with pytest.raises(Fault, match="was not made by ./run, so it is left alone"):
        ensure(odoo, fresh=True)
    assert not odoo.calls


def test_a_half_made_database_is_made_anew(capsys):
    assert ensure(FakeOdoo({"state": "building"})) == MADE
    assert "An earlier start was interrupted" in capsys.readouterr().out


def test_a_ready_database_is_used_as_it_is():
    odoo = FakeOdoo(ready(addons={"crm_lead_scoring": "new"}))
    assert ensure(odoo) == []


def test_fresh_makes_it_anew():
    assert (
        ensure(FakeOdoo(ready(addons={"crm_lead_scoring": "new"})), fresh=True) == MADE
    )


def test_changed_addons_are_upgraded_and_new_ones_installed():
    old = ready(addons={"crm_lead_scoring": "old"})
    odoo = FakeOdoo(old, {"crm_lead_scoring": "installed", "crm": "installed"})
    assert ensure(odoo) == [("install", (), ("crm_lead_scoring",))]
    assert odoo.note["addons"] == {"crm_lead_scoring": "new"}
    assert ensure(FakeOdoo(ready(addons={}))) == [INSTALL]


def test_demo_data_cannot_be_taken_away():
    with pytest.raises(Fault, match="--no-demo --fresh makes it anew"):
        ensure(FakeOdoo(ready()), no_demo=True)


def test_the_language_is_set_once():
    odoo = FakeOdoo(ready(addons={"crm_lead_scoring": "new"}))
    assert ensure(odoo, lang="bg_BG") == ["shell"]
    assert ensure(odoo, lang="bg_BG") == ["shell"]
    assert odoo.note["lang"] == "bg_BG"


def test_a_module_that_odoo_passed_over_is_named():
    odoo = FakeOdoo(None, {"crm_lead_scoring": "to install"})
    odoo.install = lambda *args, **options: []
    with pytest.raises(Fault, match="Not installed: crm_lead_scoring"):
        ensure(odoo)
    assert odoo.note == {"state": "building"}
