"""Running programs, explaining their failures, knowing who is at work."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from launcher import processes
from launcher.messages import Fault


def test_run_returns_and_shows_the_output(tmp_path):
    seen, log = [], tmp_path / "log"
    command = [sys.executable, "-c", "print('a'); print('b')"]
    output = processes.run(command, "count", on_line=seen.append, log=log)
    assert output == "a\nb\n"
    assert seen == ["a", "b"]
    assert log.read_text() == output


def test_a_failed_program_is_explained():
    command = [sys.executable, "-c", "import sys; print('odd thing'); sys.exit(3)"]
    with pytest.raises(Fault, match="Could not count:\nodd thing"):
        processes.run(command, "count")


def test_a_missing_program_is_named():
    with pytest.raises(Fault, match="Could not count: no-such-program is missing"):
        processes.run(["no-such-program"], "count")


@pytest.mark.parametrize(
    "output, sentence",
    [
        ("E: Temporary failure in name resolution", "No network: could not x"),
        ("Err:1 Temporary failure resolving 'mirror'", "No network: could not x"),
        ("[Errno 111] Connection refused", "No network: could not x"),
        (
            "OSError: [Errno 28] No space left on device",
            "The disk is full: could not x",
        ),
        ("something else", "Could not x:\nsomething else"),
    ],
)
def test_sentences(output, sentence):
    assert str(processes.explain(output, "x")).startswith(sentence)


@pytest.fixture
def register(tmp_path):
    return processes.Register(tmp_path / "running")


def test_register_knows_the_living(register):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1) as child:
        entry = {"pid": child.pid, "birth": processes.birth(child.pid), "port": 8069}
        (register.folder / f"{child.pid}.json").write_text(json.dumps(entry))
        assert register.others() == [entry]
        child.kill()
        child.wait()
    assert register.others() == []
    assert not list(register.folder.iterdir())


def test_register_does_not_mistake_a_reused_number(register):
    entry = {"pid": os.getppid(), "birth": -1}
    (register.folder / "1.json").write_text(json.dumps(entry))
    assert register.others() == []


def test_own_entry_is_no_other(register):
    register.enter(port=1)
    register.enter(database="x")
    (path,) = register.folder.iterdir()
    facts = json.loads(path.read_text())
    assert (facts["port"], facts["database"]) == (1, "x")
    assert register.others() == []
    register.leave()
    assert not list(register.folder.iterdir())


def test_a_torn_entry_is_ignored(register):
    (register.folder / "1.json").write_text("{")
    assert register.others() == []


def test_stop_is_patient_then_firm():
    stubborn = "import signal, time\n"
    stubborn += "for s in (2, 15): signal.signal(s, signal.SIG_IGN)\n"
    stubborn += "print('up', flush=True); time.sleep(60)"
    command = [sys.executable, "-c", stubborn]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        processes.stop(child, patience=0.2)
        assert child.returncode == -signal.SIGKILL


def test_a_second_holder_waits(tmp_path, capsys):
    order = []

    def second():
        with processes.lock(tmp_path / "lock", "the first"):
            order.append("second")

    with processes.lock(tmp_path / "lock", "nobody"):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.1)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert "Waiting for the first ..." in capsys.readouterr().out


def test_a_child_ends_with_its_parent():
    """Killing the command outright leaves no server behind."""
    script = (
        "import subprocess, sys, time\n"
        "from launcher.processes import end_with_parent\n"
        "child = subprocess.Popen(['sleep', '60'], preexec_fn=end_with_parent)\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        pid = int(parent.stdout.readline())
        assert processes.birth(pid)
        parent.kill()
    deadline = time.monotonic() + 10
    while processes.birth(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes.birth(pid) is None
