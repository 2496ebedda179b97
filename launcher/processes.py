"""Starting, watching and ending other programs, and knowing who else is at work."""

import ctypes
import fcntl
import json
import os
import signal
import subprocess
import time
from contextlib import contextmanager

from .messages import Fault, say

PR_SET_PDEATHSIG = 1
NO_NETWORK = (
    "name resolution",
    "failure resolving",
    "could not resolve",
    "network is unreachable",
    "unable to connect",
    "could not connect",
    "connection refused",
    "connection timed out",
    "failed to establish a new connection",
    "nodename nor servname",
    "no route to host",
)
NO_SPACE = ("no space left on device", "disk quota exceeded")


def end_with_parent():
    """Ask Linux to end this process when the command that started it dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def explain(output, doing):
    """The sentence for a failed program.

    :param str output: what the program printed
    :param str doing: what it was to do, e.g. "install the Python packages"
    :rtype: Fault
    """
    text = output.lower()
    if any(sign in text for sign in NO_SPACE):
        return Fault(
            f"The disk is full: could not {doing}.\n"
            "Free some space and start again: what is already there is kept."
        )
    if any(sign in text for sign in NO_NETWORK):
        return Fault(
            f"No network: could not {doing}.\n"
            "Check the connection (and the proxy settings) and start again: it goes "
            "on from here."
        )
    last = "\n".join(output.strip().splitlines()[-12:])
    return Fault(f"Could not {doing}:\n{last}")


def run(command, doing, on_line=None, log=None, **options):
    """Run a program to its end and return what it printed.

    :param on_line: called with each line while the program runs
    :param log: file that receives the output as well
    :raises Fault: a sentence when the program fails
    """
    lines = []
    sink = open(log, "a", encoding="utf-8") if log else None  # noqa: SIM115
    try:
        with subprocess.Popen(
            [str(part) for part in command],
            stdin=options.pop("stdin", subprocess.DEVNULL),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=end_with_parent,
            **options,
        ) as process:
            for line in process.stdout:
                lines.append(line)
                if sink:
                    sink.write(line)
                    sink.flush()
                if on_line:
                    on_line(line.rstrip("\n"))
    except FileNotFoundError as error:
        raise Fault(f"Could not {doing}: {command[0]} is missing.") from error
    finally:
        if sink:
            sink.close()
    output = "".join(lines)
    if process.returncode:
        raise explain(output, doing)
    return output


def birth(pid):
    """When a process started (clock ticks since boot), or None if there is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[19])


def stop(process, patience=20):
    """End a child: interrupt first, then terminate, then kill."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue


class Register:
    """The commands of this project that are running now: one small file each.

    A process is known by its number and its moment of birth, so a number that the
    system gives again is not mistaken for ours.
    """

    def __init__(self, folder):
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)

    def enter(self, **facts):
        """Register this process, or add facts to its entry."""
        path = self.folder / f"{os.getpid()}.json"
        entry = json.loads(path.read_text()) if path.exists() else {}
        entry.update(facts, pid=os.getpid(), birth=birth(os.getpid()))
        path.write_text(json.dumps(entry))

    def leave(self):
        """Remove this process's entry."""
        (self.folder / f"{os.getpid()}.json").unlink(missing_ok=True)

    def others(self):
        """Entries of the other living processes; forgotten ones are removed."""
        living = []
        for path in sorted(self.folder.glob("*.json")):
            try:
                entry = json.loads(path.read_text())
            except (OSError, ValueError):
                continue
            if birth(entry.get("pid")) != entry.get("birth"):
                path.unlink(missing_ok=True)
            elif entry["pid"] != os.getpid():
                living.append(entry)
        return living


@contextmanager
def lock(path, waiting_for):
    """Hold a file lock; say whom we wait for if somebody else holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"  Waiting for {waiting_for} ...")
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    time.sleep(0.3)
        yield


def raise_on_signals():
    """Let every request to end (terminate, hang up) do the same as Ctrl-C.

    Ctrl-C's own signal too: a shell that starts us in the background ignores it.
    """

    def interrupt(number, frame):
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
