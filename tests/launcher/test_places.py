"""Folders, manifests and names derived from contents."""

import os
import stat

import pytest

from launcher import places
from launcher.messages import Fault


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_manifests_of_a_folder(tmp_path):
    write(tmp_path / "b" / "__manifest__.py", "{'name': 'B', 'application': True}")
    write(tmp_path / "a" / "__manifest__.py", "{'name': 'A'}")
    write(tmp_path / "c" / "__manifest__.py", "{'name': 'C', 'installable': False}")
    (tmp_path / "no_addon").mkdir()
    assert list(places.manifests(tmp_path)) == ["a", "b"]


def test_manifest_that_is_no_dict_is_named(tmp_path):
    path = write(tmp_path / "a" / "__manifest__.py", "{'name': open('x')}")
    with pytest.raises(Fault, match=str(path)):
        places.manifests(tmp_path)


def test_the_four_apps_are_applications():
    apps = places.applications()
    assert "crm_lead_scoring" in apps
    assert all((places.ADDONS / app).is_dir() for app in apps)


def test_folder_digest_follows_code_and_not_tests(tmp_path):
    write(tmp_path / "models" / "x.py", "a = 1")
    before = places.folder_digest(tmp_path)
    write(tmp_path / "tests" / "test_x.py", "a = 1")
    write(tmp_path / "models" / "__pycache__" / "x.pyc", "a = 1")
    assert places.folder_digest(tmp_path) == before
    write(tmp_path / "models" / "x.py", "a = 2")
    changed = places.folder_digest(tmp_path)
    assert changed != before
    write(tmp_path / "i18n" / "bg.po", 'msgid "a"')
    assert places.folder_digest(tmp_path) != changed


def test_digest_keeps_parts_apart():
    assert places.digest("ab", "c") != places.digest("a", "bc")


def test_short_path_keeps_its_socket(tmp_path):
    folder = tmp_path / "s"
    assert places.socket_folder(folder) == folder
    assert folder.is_dir()


def test_long_path_moves_the_socket(tmp_path, monkeypatch):
    monkeypatch.setattr(places.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = places.socket_folder(tmp_path / ("x" * 120))
    address = os.fsencode(folder / places.SOCKET_NAME)
    assert len(address) <= places.SOCKET_BYTES
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert places.socket_folder(tmp_path / ("x" * 120)) == folder


def test_socket_folder_of_somebody_else_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(places.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = places.socket_folder(tmp_path / ("x" * 120))
    uid = os.getuid()
    monkeypatch.setattr(places.os, "getuid", lambda: uid + 1)
    folder.rename(folder.with_name(folder.name.replace(f"-{uid}-", f"-{uid + 1}-")))
    with pytest.raises(Fault, match="belongs to another user"):
        places.socket_folder(tmp_path / ("x" * 120))


def test_missing_space_is_a_sentence():
    with pytest.raises(Fault, match="Not enough disk space: the test needs about"):
        places.require_space(10**9, "the test")
