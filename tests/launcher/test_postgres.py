"""The embedded server, really started; and servers that cannot be used."""

import subprocess
from types import SimpleNamespace

import pytest

from launcher import postgres
from launcher.database import Odoo
from launcher.messages import Fault
from launcher.odoo_source import Source


@pytest.fixture
def server(tmp_path):
    server = postgres.Embedded(tmp_path / ("deep" * 20) / ("folder" * 5), durable=False)
    yield server
    server.stop()


def test_start_use_stop(server):
    assert server.start() is True
    assert server.start() is False, "it ran already"
    assert server.is_running()
    answer = ask(server, "show fsync")
    assert answer == "off"
    server.stop()
    assert not server.is_running()


def test_a_damaged_throw_away_server_is_made_anew(server):
    server.start()
    server.stop()
    (server.data / "global" / "pg_control").write_bytes(b"")
    assert server.start() is True
    assert ask(server, "select 1") == "1"


def test_the_note_of_a_copied_project_is_forgotten(server):
    server.start()
    server.stop()
    (server.data / "marker").touch()
    with subprocess.Popen(["sleep", "60"]) as other:
        note = server.data / "postmaster.pid"
        note.write_text(f"{other.pid}\n{server.data}-elsewhere\n0\n5432\n")
        assert server.start() is True
        other.kill()
    assert (server.data / "marker").exists(), "the data was kept"


def test_a_durable_server_is_never_made_anew(tmp_path):
    server = postgres.Embedded(tmp_path / "durable")
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("18")
    with pytest.raises(Fault, match="The database server does not start"):
        server.start()
    assert (server.data / "PG_VERSION").read_text() == "18"


def test_databases_notes_and_names(server, tmp_path):
    server.start()
    odoo = make_odoo(server, tmp_path)
    name = "odd \"name'"
    assert odoo.read_note(name) is None
    odoo.create(name)
    assert odoo.read_note(name) == {}
    odoo.write_note(name, {"state": "it's ready"})
    assert odoo.read_note(name) == {"state": "it's ready"}
    (odoo.filestore(name) / "ab").mkdir(parents=True)
    odoo.clone(name, "copy")
    assert odoo.exists("copy")
    assert (odoo.filestore("copy") / "ab").is_dir()
    odoo.drop(name)
    assert not odoo.exists(name)
    assert not odoo.filestore(name).exists()


def make_odoo(server, tmp_path):
    release = tmp_path / "odoo" / "release.py"
    (tmp_path / "odoo" / "addons").mkdir(parents=True)
    release.write_text("version_info = (19, 0, 0)\n")
    return Odoo(Source(tmp_path, ""), server, tmp_path / "state", [])


def ask(server, query):
    command = ["psql", "-X", "-At", "-d", "postgres", "-c", query]
    done = subprocess.run(command, env=server.env(), capture_output=True, text=True)
    return done.stdout.strip()


def test_an_unreachable_server_is_a_sentence(monkeypatch):
    for name in postgres.PG_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(Fault, match="The database server 127.0.0.1:1 cannot be used"):
        postgres.External("127.0.0.1", 1, "odoo").start()


@pytest.mark.parametrize(
    "options, environment, wanted",
    [
        ({}, {}, False),
        ({"db_host": "x"}, {}, True),
        ({"db_port": 5433}, {}, True),
        ({}, {"PGHOST": "x"}, True),
        ({}, {"PGDATABASE": "x"}, False),
    ],
)
def test_when_an_own_server_is_meant(monkeypatch, options, environment, wanted):
    for name in postgres.PG_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    every = {"db_host": None, "db_port": None, "db_user": None, **options}
    assert postgres.External.is_wanted(SimpleNamespace(**every)) is wanted


def test_the_embedded_server_ignores_the_users_variables(server, monkeypatch):
    monkeypatch.setenv("PGHOST", "precious.example")
    monkeypatch.setenv("PGSERVICE", "production")
    env = server.env()
    assert "precious" not in env["PGHOST"]
    assert "PGSERVICE" not in env
