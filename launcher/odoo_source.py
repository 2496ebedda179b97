"""Odoo 19: the user's, the machine's, or Debian's package in the hidden folder."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .debian import KEYRING, DebianPackages, debian_mirrors, has_apt, os_release
from .environment import site_packages
from .messages import Fault, say, step
from .places import HIDDEN, require_space
from .processes import run

SERIES = (19, 0)
LANGUAGES = ("bg", "ru")
FETCHED = HIDDEN / "odoo"
DOWNLOADS = HIDDEN / "download" / "odoo"
INSIDE = Path("usr/lib/python3/dist-packages")
# Font Awesome must be 4.7, which Debian 13 still has; in sid Inconsolata moved its file
PACKAGES = {
    "sid": (
        "odoo-19",
        "libjs-jquery",
        "libjs-underscore",
        "libjs-jquery-form",
        "fonts-montserrat",
        "fonts-roboto-unhinted",
        "fonts-ocr-b",
    ),
    "trixie": ("fonts-font-awesome", "fonts-inconsolata"),
}
LEFT_OUT = (
    "./usr/lib/python3/dist-packages/addons",
    "./usr/lib/python3/dist-packages/doc",
    "./usr/lib/python3/dist-packages/setup",
    "./usr/share/doc",
)
# Debian leaves this file out (blur in video calls) and a manifest names it: without
# it every browser test reports a missing asset.
STUB = INSIDE / "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
NO_WAY = (
    "Odoo 19 is not on this machine, and {reason}.\n"
    "Get its source (branch 19.0 of Odoo Community, as a git clone or an archive), "
    "unpack it anywhere,\nand start again with: ./run --odoo /path/to/odoo"
)


@dataclass
class Source:
    """An Odoo 19 on disk: `folder` is the one that contains the `odoo` package."""

    folder: Path
    origin: str

    @property
    def addons_paths(self):
        """Odoo's own folders of add-ons; a source checkout has two."""
        paths = [self.folder / "odoo" / "addons"]
        # Debian's package has a second, incomplete `addons`: without static files
        if (self.folder / "addons" / "crm" / "static").is_dir():
            paths.insert(0, self.folder / "addons")
        return paths

    def identity(self):
        """A text that changes when this Odoo is another one."""
        release = self.folder / "odoo" / "release.py"
        stamp = FETCHED / "suite.json"
        package = stamp.read_text() if self.folder == FETCHED / INSIDE else ""
        times = [str(path.stat().st_mtime_ns) for path in (release, *self.addons_paths)]
        return "\n".join([str(self.folder), release.read_text(), package, *times])


def find(named=None):
    """Return an Odoo 19, fetching Debian's package when the machine has none.

    :param named: path that the user gave (``--odoo`` or ``ODOO_HOME``)
    :rtype: Source
    """
    source = existing(named)
    if source is None:
        source = _fetch()
    _make_importable(source)
    return source


def existing(named=None):
    """An Odoo 19 that needs no download, or None."""
    if named:
        return Source(_named(Path(named).expanduser().resolve()), "named by you")
    folder = _importable()
    if folder:
        return Source(folder, "found on this machine")
    if (FETCHED / "suite.json").exists():
        return Source(FETCHED / INSIDE, "fetched from Debian")
    return None


def series_of(folder):
    """(major, minor) of the Odoo whose package is in `folder`, or None."""
    try:
        text = (folder / "odoo" / "release.py").read_text(encoding="utf-8")
    except OSError:
        return None
    match = re.search(r"^version_info = \(([^,]+), *(\d+)", text, re.M)
    if not match:
        return None
    major = match[1].strip("'\" ")
    return (int(major) if major.isdigit() else major, int(match[2]))


def _named(path):
    """The folder that contains `odoo`, from any path a person may give."""
    if path.is_file():  # odoo-bin
        path = path.parent
    candidates = [path, path.parent if (path / "release.py").is_file() else path]
    for pattern in ("lib/python3*/site-packages", "usr/lib/python3*/dist-packages"):
        candidates += sorted(path.glob(pattern))
    for folder in candidates:
        series = series_of(folder)
        if series == SERIES:
            return folder
        if series:
            raise Fault(
                f"{folder} is Odoo {series[0]}.{series[1]}; the suite needs 19.0.\n"
                "Name an Odoo 19 with --odoo PATH, or leave the option (and ODOO_HOME) "
                "out to have one fetched."
            )
    raise Fault(
        f"{path} holds no Odoo: there is no odoo/release.py in it.\n"
        "--odoo (or ODOO_HOME) is the folder of the source tree, with odoo-bin in it."
    )


def _importable():
    """Where the Python that started us would import Odoo 19 from, or None."""
    spec = importlib.util.find_spec("odoo")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(location).resolve().parent
        if series_of(folder) == SERIES:
            return folder
    return None


def _make_importable(source):
    """Let the virtual environment find `odoo`: after its own packages, never before."""
    path = site_packages() / "suite_odoo.pth"
    content = f"{source.folder}\n"
    if not path.exists() or path.read_text() != content:
        path.write_text(content)


# === DEBIAN'S PACKAGE === #


def _fetch():
    if not has_apt():
        raise Fault(NO_WAY.format(reason="there is no apt here to fetch it with"))
    require_space(1.0, "Odoo")
    shutil.rmtree(FETCHED, ignore_errors=True)
    with step("Odoo 19, list of packages") as progress:
        packages, names = _packages(progress)
    with step("Odoo 19, download") as progress:
        debs = packages.download(names, progress)
    with step("Odoo 19, unpack") as progress:
        _unpack(debs, progress)
    shutil.rmtree(DOWNLOADS, ignore_errors=True)
    return Source(FETCHED / INSIDE, "fetched from Debian")


def _packages(progress):
    """The apt that knows `odoo-19`, and what to ask it for."""
    mirrors = debian_mirrors() if _is_debian() else []
    if not mirrors:
        return _packages_of_this_machine()
    if not KEYRING.exists():
        raise Fault(f"{KEYRING} is missing: apt install debian-archive-keyring")
    fault = None
    for mirror in mirrors:
        lines = [
            f"deb [signed-by={KEYRING}] {mirror} {suite} main" for suite in PACKAGES
        ]
        packages = DebianPackages(DOWNLOADS, "\n".join(lines) + "\n")
        try:
            packages.refresh(progress.update)
        except Fault as error:
            fault = fault or error
            continue
        return packages, [f"{n}/{s}" for s, names in PACKAGES.items() for n in names]
    raise fault


def _is_debian():
    return os_release().get("ID") == "debian" or "DEBIAN_MIRROR" in os.environ


def _packages_of_this_machine():
    """A relative of Debian whose own archive may carry Odoo 19."""
    packages = DebianPackages.of_this_machine(DOWNLOADS)
    names = [name for group in PACKAGES.values() for name in group]
    try:
        packages.files(["odoo-19"])
    except Fault as fault:
        if str(fault).startswith("No network"):
            raise
        reason = "the package archive of this system does not offer it"
        raise Fault(NO_WAY.format(reason=reason)) from None
    return packages, names


def _unpack(debs, progress):
    """Unpack beside the final place and move it there last: never a half tree."""
    building = HIDDEN / "odoo.new"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    for deb in debs:
        if deb.name.startswith("odoo-19_"):
            _unpack_odoo(deb, building, progress)
        else:
            _dpkg(["dpkg-deb", "-x", deb, building], deb)
    stub = building / STUB
    if not stub.exists():
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text("/* left out by Debian: no blur in calls */\n")
    for path in broken_links(building):
        say(f"  (Odoo's file {path} is missing in Debian's packages)")
    if series_of(building / INSIDE) != SERIES:
        raise Fault("Debian's package is not Odoo 19.0: use --odoo PATH instead.")
    stamp = {"packages": [deb.name for deb in debs], "languages": LANGUAGES}
    (building / "suite.json").write_text(json.dumps(stamp))
    building.rename(FETCHED)


def _unpack_odoo(deb, folder, progress):
    """The 1.2 GB tree without duplicates and without the other languages (0.4 GB)."""
    exclude = [f"--exclude={path}" for path in LEFT_OUT]
    exclude += [f"--exclude={pattern}" for pattern in other_languages()]
    with subprocess.Popen(
        ["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE
    ) as archive:
        command = ["tar", "-x", "-v", "-C", folder, "--wildcards", *exclude]
        count = 0

        def show(line):
            nonlocal count
            count += 1
            progress.update(f"{count} files")

        _dpkg(command, deb, stdin=archive.stdout, on_line=show)
    if archive.returncode:
        raise Fault(f"Could not unpack {deb.name}: start again to fetch it anew.")


def _dpkg(command, deb, **options):
    run(command, f"unpack {deb.name}", **options)


def other_languages(keep=LANGUAGES):
    """tar patterns of the translation files of all languages but some."""
    patterns = ["*/i18n/*.pot"]
    firsts = "".join(sorted({code[0] for code in keep}))
    patterns.append(f"*/i18n/[!{firsts}]*.po")
    for code in keep:
        first, second = code
        patterns.append(f"*/i18n/{first}[!{second}]*.po")
        patterns.append(f"*/i18n/{code}?*.po")
    return patterns


def broken_links(folder):
    """Symbolic links below a folder that lead nowhere."""
    found = []
    for directory, _names, files in os.walk(folder):
        for name in files:
            path = Path(directory, name)
            if path.is_symlink() and not path.exists():
                found.append(path.relative_to(folder))
    return found
