"""The command line of ./run and what it refuses."""

import os
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest

from launcher import cli, server
from launcher.messages import Fault
from launcher.places import ROOT

START = ROOT / "launcher" / "start.sh"


def parse(*arguments):
    return cli.parser().parse_args(arguments)


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["--db", "a b"], "cannot be a database's name"),
        (["--db", "-x"[::-1] + "'"], "cannot be a database's name"),
        (["--db", "template1"], "PostgreSQL's own database"),
        (["--port", "70000"], "is no port"),
        (["--workers", "-1"], "number of server processes"),
        (["--sample", "no/such/folder"], "there is no folder no/such/folder"),
    ],
)
def test_values_that_are_refused(arguments, sentence):
    with pytest.raises(Fault, match=sentence):
        cli.check_options(parse(*arguments))


def test_defaults_are_accepted():
    cli.check_options(parse())


def running(**facts):
    return SimpleNamespace(others=lambda: [{"pid": 7, **facts}])


def test_a_second_start_points_at_the_first(capsys):
    options = parse("--port", "8069")
    assert cli.already_serves(running(port=8069, database="suite"), options)
    assert "Already running: http://localhost:8069" in capsys.readouterr().out


def test_the_database_of_another_start_is_not_touched():
    with pytest.raises(Fault, match="process 7.* uses the database suite"):
        cli.already_serves(
            running(port=8069, database="suite"), parse("--port", "8070")
        )
    with pytest.raises(Fault, match="uses the database"):
        cli.already_serves(running(port=8069, database="suite"), parse("--fresh"))


def test_a_taken_port_is_a_sentence():
    with socket.socket() as other:
        other.bind((server.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Fault, match=f"Port {port} is taken by another program"):
            cli.already_serves(SimpleNamespace(others=list), parse("--port", str(port)))
        assert server.port_holder(port)
    assert server.port_holder(server.free_port()) is None


def start(*arguments, **env):
    return subprocess.run(
        ["/bin/sh", START, *arguments],
        env={"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        cwd="/",
    )


def test_help_needs_nothing():
    for name in ("run", "test"):
        done = start(name, "--help")
        assert done.returncode == 0
        assert f"./{name}" in done.stdout


def test_no_python_is_a_sentence(tmp_path):
    (tmp_path / "dirname").symlink_to("/usr/bin/dirname")
    done = start("run", PATH=str(tmp_path))
    assert done.returncode == 1
    assert "The suite needs Python 3.10 to 3.13" in done.stderr


def test_an_unfit_python_is_passed_over(tmp_path):
    unfit = tmp_path / "python3"
    unfit.write_text("#!/bin/sh\nexit 1\n")
    unfit.chmod(0o755)
    (tmp_path / "python3.12").symlink_to(sys.executable)
    done = start("run", "--help", PATH=f"{tmp_path}:/usr/bin:/bin")
    assert done.returncode == 0


def test_a_fault_is_a_sentence_without_a_traceback():
    done = start("run", "--db", "postgres")
    assert done.returncode == 1
    assert "PostgreSQL's own database" in done.stderr
    assert "Traceback" not in done.stderr


def test_each_database_server_has_files_of_its_own():
    """A database of the same name on another server must not cost this one's files."""
    own = cli.server_folder(cli.Embedded(cli.HIDDEN / "postgres"))
    one = cli.server_folder(cli.External("one.example", 5432, "odoo"))
    other = cli.server_folder(cli.External("other.example", 5432, "odoo"))
    assert len({own, one, other}) == 3
    assert one == cli.server_folder(cli.External("one.example", 5432, "odoo"))
