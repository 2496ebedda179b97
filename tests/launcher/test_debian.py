"""The private apt: which mirror, and downloads that go on where they ended."""

import hashlib
import http.server
import re
import threading

import pytest

from launcher import debian

CONTENT = bytes(range(256)) * 4096
CHECKSUM = hashlib.sha256(CONTENT).hexdigest()
LISTING = """\
'http://3.example/debian/dists/bookworm/InRelease' third 0
'http://mirror.example/debian/dists/bookworm/InRelease' a 0
'http://mirror.example/debian/dists/bookworm-updates/InRelease' b 0
'http://mirror.example/debian-security/dists/bookworm-security/InRelease' c 0
'http://other.example/dists/nodistro/InRelease' d 0
"""


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves CONTENT; the server's `ranges`, `cut` and `content` vary it."""

    def do_GET(self):
        content = self.server.content
        start = 0
        wanted = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
        self.server.starts.append(int(wanted[1]) if wanted else 0)
        if wanted and self.server.ranges:
            start = int(wanted[1])
            self.send_response(206)
        else:
            self.send_response(200)
        # like a connection that breaks: less than announced
        part = content[start : start + self.server.cut]
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        self.wfile.write(part)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def mirror():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.ranges, server.cut, server.content = True, len(CONTENT), CONTENT
        server.starts = []
        server.url = f"http://127.0.0.1:{server.server_port}/x.deb"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def fetch(mirror, path):
    debian.fetch(mirror.url, path, len(CONTENT), CHECKSUM, proxy={})


def test_debians_own_mirror_comes_first(monkeypatch):
    monkeypatch.delenv("DEBIAN_MIRROR", raising=False)
    assert debian.debian_mirrors(LISTING, "bookworm") == [
        "http://mirror.example/debian",
        "http://3.example/debian",
    ]


def test_a_named_mirror_wins(monkeypatch):
    monkeypatch.setenv("DEBIAN_MIRROR", "http://named.example/debian/")
    assert debian.debian_mirrors(LISTING) == ["http://named.example/debian"]


def test_no_mirror(monkeypatch):
    monkeypatch.delenv("DEBIAN_MIRROR", raising=False)
    assert debian.debian_mirrors("", "bookworm") == []


def test_download(mirror, tmp_path):
    seen = []
    path = tmp_path / "x.deb"
    debian.fetch(mirror.url, path, len(CONTENT), CHECKSUM, seen.append, proxy={})
    assert path.read_bytes() == CONTENT
    assert seen[-1] == len(CONTENT)
    assert not path.with_name("x.deb.part").exists()


def test_download_goes_on(mirror, tmp_path):
    path = tmp_path / "x.deb"
    path.with_name("x.deb.part").write_bytes(CONTENT[:1000])
    fetch(mirror, path)
    assert mirror.starts == [1000]
    assert path.read_bytes() == CONTENT


def test_broken_connections_are_continued(mirror, tmp_path):
    mirror.cut = len(CONTENT) // 3 + 1
    fetch(mirror, tmp_path / "x.deb")
    assert len(mirror.starts) == 3


def test_a_server_without_ranges_starts_over(mirror, tmp_path):
    mirror.ranges = False
    path = tmp_path / "x.deb"
    path.with_name("x.deb.part").write_bytes(b"old")
    fetch(mirror, path)
    assert path.read_bytes() == CONTENT


def test_a_wrong_content_is_refused_and_not_kept(mirror, tmp_path):
    path = tmp_path / "x.deb"
    mirror.content = CONTENT[::-1]
    with pytest.raises(OSError, match="not what the signed list says"):
        fetch(mirror, path)
    assert not list(tmp_path.iterdir())


def test_a_leftover_that_is_too_long_is_dropped(mirror, tmp_path):
    path = tmp_path / "x.deb"
    path.with_name("x.deb.part").write_bytes(CONTENT + b"more")
    fetch(mirror, path)
    assert path.read_bytes() == CONTENT


def test_present_packages_are_not_fetched_again(tmp_path, monkeypatch):
    packages = debian.DebianPackages(tmp_path, "")
    monkeypatch.setattr(
        packages, "files", lambda names: [("http://x.example/a", "a.deb", 4, CHECKSUM)]
    )
    (packages.archives / "a.deb").write_bytes(CONTENT)
    assert packages.download(["a"]) == [packages.archives / "a.deb"]


def test_the_private_apt_reads_nothing_of_the_system(tmp_path):
    debian.DebianPackages(tmp_path, "deb http://x.example/debian sid main\n")
    text = (tmp_path / "apt" / "apt.conf").read_text()
    assert f'Dir::Etc "{tmp_path}/apt/etc"' in text
    assert f'Dir::State "{tmp_path}/apt/state"' in text
    assert 'Dir::Etc::sourceparts "/dev/null"' in text
