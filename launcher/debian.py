"""Debian packages without root and without touching the system's apt.

apt itself verifies them: it runs with a private configuration and state folder, on
mirror addresses that the machine's own configuration names.
"""

import hashlib
import os
import re
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from .processes import explain, run

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
STALE = ("is expired", "valid-until")
CHUNK = 1 << 18


def has_apt():
    """Whether this machine can fetch and unpack Debian packages."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg-deb"))


def os_release():
    """/etc/os-release as a dict (empty where there is none)."""
    try:
        text = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return {}
    pairs = re.findall(r"^([A-Z_]+)=(.*)$", text, re.M)
    return {name: value.strip("\"'") for name, value in pairs}


def debian_mirrors(listing=None, codename=None):
    """Addresses at which the machine's apt finds Debian itself, best first.

    Third-party archives may use the same suite names; Debian's own mirror carries a
    `-updates` suite beside it, so such an address comes first.

    :param listing: output of ``apt-get --print-uris update`` (default: ask apt; it
        answers for any user and without a network)
    """
    if os.environ.get("DEBIAN_MIRROR"):
        return [os.environ["DEBIAN_MIRROR"].rstrip("/")]
    if listing is None:
        command = ["apt-get", "--print-uris", "update"]
        listing = subprocess.run(command, capture_output=True, text=True).stdout
    if codename is None:
        codename = os_release().get("VERSION_CODENAME", "")
    suites = {}
    for base, suite in re.findall(
        r"^'(.*)/dists/([^/']+)/(?:In)?Release'", listing, re.M
    ):
        suites.setdefault(base, set()).add(suite)
    own = {codename, "stable", "testing", "unstable", "sid"} - {""}
    found = [base for base, names in suites.items() if names & own]
    return sorted(
        found, key=lambda base: not any(n.endswith("-updates") for n in suites[base])
    )


class DebianPackages:
    """One private apt: its folder, its sources, its downloads.

    :param folder: where its configuration, lists and downloads are kept
    :param sources: text of its sources.list, or None for the machine's own sources
    """

    def __init__(self, folder, sources=None):
        self.folder = Path(folder)
        self.archives = self.folder / "debs"
        self.options = []
        self._write_configuration(sources)

    @classmethod
    def of_this_machine(cls, folder):
        """A private apt that reads the machine's own sources."""
        packages = cls(folder)
        packages.refresh()
        return packages

    def _write_configuration(self, sources):
        for name in ("etc/apt.conf.d", "etc/preferences.d", "state/lists/partial"):
            (self.folder / "apt" / name).mkdir(parents=True, exist_ok=True)
        home = self.folder / "apt"
        (home / "cache/archives/partial").mkdir(parents=True, exist_ok=True)
        self.archives.mkdir(parents=True, exist_ok=True)
        (home / "state/status").touch()
        lines = [
            f'Dir::State "{home}/state"; Dir::State::status "{home}/state/status";',
            f'Dir::Cache "{home}/cache"; APT::Sandbox::User "";',
            'Acquire::Languages "none"; Acquire::GzipIndexes "true";',
            'Acquire::Retries "3";',
            # none of the system's settings and hooks, but its way to the network
            f'Dir::Etc::main "{home}/etc/apt.conf"; ',
            f'Dir::Etc::parts "{home}/etc/apt.conf.d";',
            *_machine_settings(),
        ]
        if sources is not None:
            (home / "etc/sources.list").write_text(sources)
            lines += [
                f'Dir::Etc "{home}/etc";',
                f'Dir::Etc::sourcelist "{home}/etc/sources.list";',
                'Dir::Etc::sourceparts "/dev/null";',
                'Dir::Etc::netrc "/etc/apt/auth.conf";',
                'Dir::Etc::netrcparts "/etc/apt/auth.conf.d";',
            ]
        (home / "apt.conf").write_text("\n".join(lines) + "\n")
        self.env = {**os.environ, "APT_CONFIG": str(home / "apt.conf"), "LC_ALL": "C"}

    def refresh(self, say=None):
        """Fetch and verify the package lists.

        A mirror that stands still lets its signed index pass its date: signatures are
        then still checked, only the date is not.
        """
        doing = "read the lists of Debian packages"
        output, failed = self._update()
        if failed and any(sign in output.lower() for sign in STALE):
            if say:
                say(
                    "the mirror's list is past its date; its signature is still checked"
                )
            self.options = ["-o", "Acquire::Check-Valid-Until=false"]
            output, failed = self._update()
        if failed:
            raise explain(output, doing)

    def _update(self):
        command = ["apt-get", "-q", *self.options, "update"]
        done = subprocess.run(
            command,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        # apt keeps old lists and exits 0 when a server does not answer
        failed = done.returncode or re.search(
            r"^(E:|Err:)|^W: Failed", done.stdout, re.M
        )
        return done.stdout, bool(failed)

    def files(self, packages):
        """[(address, file name, bytes, sha256)] of the packages, without fetching."""
        command = [
            "apt-get",
            "-q",
            "--print-uris",
            *self.options,
            "download",
            *packages,
        ]
        output = run(command, f"find the package {packages[0]}", env=self.env)
        rows = re.findall(r"^'(\S+)' (\S+) (\d+) SHA256:([0-9a-f]{64})", output, re.M)
        return [(url, name, int(size), total) for url, name, size, total in rows]

    def download(self, packages, progress=None):
        """Fetch packages into `archives`; what an earlier start fetched is used.

        :returns: the files, in the order of apt's answer
        """
        files = self.files(packages)
        total, before = sum(size for _u, _n, size, _h in files), 0
        paths = []
        for url, name, size, checksum in files:
            path = self.archives / urllib.parse.unquote(name)

            def show(done, start=before):
                if progress:
                    share = 100 * (start + done) // max(1, total)
                    progress.update(f"{share} % of {total / 1e6:.0f} MB")

            if not (path.exists() and _sha256(path) == checksum):
                self._fetch(url, path, size, checksum, show)
            before += size
            paths.append(path)
        return paths

    def _fetch(self, url, path, size, checksum, show):
        try:
            fetch(url, path, size, checksum, show, proxy=self._proxy(url))
        except (urllib.error.URLError, OSError) as error:
            if isinstance(error, OSError) and error.errno == 28:
                raise explain(
                    "no space left on device", f"fetch {path.name}"
                ) from error
            self._fetch_by_apt(url, path, checksum)

    def _fetch_by_apt(self, url, path, checksum):
        """apt's own way to an address: logins, special transports, odd proxies."""
        helper = "/usr/lib/apt/apt-helper"
        command = [helper, "download-file", url, path, f"SHA256:{checksum}"]
        run(command, f"fetch {path.name}", env=self.env)

    def _proxy(self, url):
        scheme = url.split(":")[0]
        command = ["apt-config", "shell", "P", f"Acquire::{scheme}::Proxy"]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True)
        value = done.stdout.strip().removeprefix("P=").strip("'")
        return None if value in ("", "DIRECT") else {scheme: value}

    def unpack(self, packages, folder):
        """Download packages and unpack all of them below a folder."""
        for path in self.download(packages):
            run(["dpkg-deb", "-x", path, folder], f"unpack {path.name}")


def _machine_settings():
    """The machine's proxy and certificate settings, as lines of an apt.conf."""
    command = ["apt-config", "dump", "Acquire::http", "Acquire::https"]
    text = subprocess.run(command, capture_output=True, text=True).stdout
    return [line for line in text.splitlines() if '""' not in line]


def _sha256(path):
    total = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            total.update(chunk)
    return total.hexdigest()


def fetch(url, path, size, checksum, show=lambda done: None, proxy=None):
    """Download a file; go on where an interrupted download ended; verify it.

    :param int size: expected bytes
    :param str checksum: expected SHA-256, in hex
    :param show: called with the number of bytes present
    :param proxy: {scheme: address}, default: the environment's
    :raises OSError: the address does not answer, or the content is not the expected
    """
    part = path.with_name(path.name + ".part")
    if part.exists() and part.stat().st_size > size:
        part.unlink()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxy))
    for _attempt in range(4):
        done = part.stat().st_size if part.exists() else 0
        if done < size:
            _fetch_rest(opener, url, part, done, show)
        if part.stat().st_size == size:
            break
    if _sha256(part) != checksum:
        part.unlink()
        raise OSError(f"{path.name} is not what the signed list says")
    part.replace(path)


def _fetch_rest(opener, url, part, done, show):
    """Append what is missing, or start over where the server knows no ranges."""
    request = urllib.request.Request(url)
    if done:
        request.add_header("Range", f"bytes={done}-")
    with opener.open(request, timeout=60) as answer:
        append = bool(done) and answer.status == 206
        done = done if append else 0
        with open(part, "ab" if append else "wb") as file:
            while chunk := answer.read(CHUNK):
                file.write(chunk)
                done += len(chunk)
                show(done)
