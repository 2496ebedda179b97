"""Chromium for the browser tests: the machine's, or installed where that is allowed."""

import os
import shutil
import subprocess

from .messages import Fault, say, step
from .places import HIDDEN
from .processes import run

# the names under which Odoo's own tests look for it, in their order
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
LOG = HIDDEN / "log" / "chromium.log"


def find():
    """Path of a Chromium that starts, or None.

    Some systems have a command of that name that only tells how to install it.
    """
    for name in NAMES:
        path = shutil.which(name)
        if path and _starts(path):
            return path
    return None


def _starts(path):
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and b"hrom" in done.stdout


def ensure():
    """Path of a Chromium, installed by apt where we are root; None, said aloud."""
    path = find()
    if path:
        return path
    if os.getuid() == 0 and shutil.which("apt-get"):
        try:
            _install()
        except Fault as fault:
            say(str(fault))
        path = find()
    if not path:
        say("!" * 78)
        say("!! No Chromium: the tests that need a browser are SKIPPED: no pass.")
        say("!! Install it (Debian: apt install chromium) and run ./test again.")
        say("!" * 78)
    return path


def _install():
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with step("Chromium, by apt-get install") as progress:

        def show(line):
            if line.startswith(("Get:", "Unpacking", "Setting up")):
                progress.update(line[:70])

        # where the lists are older than the mirror, only the install itself can tell
        try:
            run(
                ["apt-get", "-q", "update"],
                "read the package lists",
                show,
                LOG,
                env=env,
            )
        except Fault as fault:
            say(str(fault))
        command = [
            "apt-get",
            "-q",
            "-y",
            "--no-install-recommends",
            "install",
            "chromium",
        ]
        run(command, "install Chromium", show, LOG, env=env)
