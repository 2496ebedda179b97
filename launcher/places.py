"""Where things are: the project's folders and the add-ons in them."""

import ast
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from .messages import Fault

ROOT = Path(__file__).resolve().parent.parent
HIDDEN = ROOT / ".suite"
ADDONS = ROOT / "addons"
TEST_ADDONS = ROOT / "tests" / "addons"

# A Unix socket's address holds 108 bytes including the final zero.
SOCKET_BYTES = 107
SOCKET_NAME = ".s.PGSQL.5432"


def ensure_hidden():
    """Make the hidden folder, readable by its owner alone where we make it."""
    try:
        HIDDEN.mkdir(mode=0o755, exist_ok=True)
        probe = HIDDEN / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Fault(
            f"The project's folder is not writable: {HIDDEN} ({error.strerror}).\n"
            "Copy the project to a folder of your own and start again."
        ) from error
    return HIDDEN


def require_space(gigabytes, what):
    """Refuse early when the disk cannot hold what is about to be made."""
    free = shutil.disk_usage(HIDDEN if HIDDEN.exists() else ROOT).free / 1e9
    if free < gigabytes:
        raise Fault(
            f"Not enough disk space: {what} needs about {gigabytes:.1f} GB, "
            f"and {free:.1f} GB are free on the disk of {ROOT}.\n"
            "Free some space and start again: what is already there is kept."
        )


def manifests(folder):
    """The manifests of a folder of add-ons.

    :returns: {technical name: manifest dict}, installable add-ons only, by name
    """
    found = {}
    for path in sorted(folder.glob("*/__manifest__.py")):
        try:
            manifest = ast.literal_eval(path.read_text(encoding="utf-8"))
        except (SyntaxError, ValueError) as error:
            raise Fault(f"{path} is not a valid manifest: {error}") from error
        if manifest.get("installable", True):
            found[path.parent.name] = manifest
    return found


def applications():
    """The add-ons that are apps; bridges follow by themselves."""
    return [name for name, m in manifests(ADDONS).items() if m.get("application")]


def digest(*parts):
    """A short, stable name for a list of texts, bytes or files."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            part = part.read_bytes()
        elif isinstance(part, str):
            part = part.encode()
        total.update(hashlib.sha256(part).digest())
    return total.hexdigest()[:12]


def folder_digest(folder):
    """What an add-on's files are, to see whether it changed since the last start.

    Tests, compiled files and pictures of the description do not count.
    """
    parts = []
    for directory, names, files in os.walk(folder):
        names[:] = sorted(n for n in names if n not in ("__pycache__", "tests"))
        for name in sorted(files):
            if not name.endswith((".pyc", ".pot", ".md", ".rst")):
                path = Path(directory, name)
                parts += [str(path.relative_to(folder)), path]
    return digest(*parts)


def socket_folder(wanted):
    """A folder whose socket address is short enough; `wanted` if it is.

    A long project path moves the socket to a private folder of the system's
    temporary directory, the same one at every start.
    """
    if len(os.fsencode(wanted / SOCKET_NAME)) <= SOCKET_BYTES:
        wanted.mkdir(parents=True, exist_ok=True)
        return wanted
    name = f"suite-{os.getuid()}-{digest(str(wanted))}"
    short = Path(tempfile.gettempdir(), name)
    short.mkdir(mode=0o700, exist_ok=True)
    if short.is_symlink() or short.stat().st_uid != os.getuid():
        raise Fault(f"{short} belongs to another user: remove it or set TMPDIR.")
    return short
