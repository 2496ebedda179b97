"""Finding an Odoo 19, and refusing anything else with a sentence."""

import subprocess

import pytest

from launcher import odoo_source
from launcher.messages import Fault
from launcher.odoo_source import Source


def make_odoo(folder, version="(19, 0, 0, FINAL, 0, '')"):
    (folder / "odoo" / "addons").mkdir(parents=True)
    (folder / "odoo" / "release.py").write_text(f"version_info = {version}\n")
    return folder


@pytest.mark.parametrize("given", ["", "odoo", "odoo-bin"])
def test_a_checkout_by_any_of_its_paths(tmp_path, given):
    make_odoo(tmp_path)
    (tmp_path / "odoo-bin").touch()
    assert odoo_source.existing(tmp_path / given).folder == tmp_path


def test_an_installed_package_by_its_prefix(tmp_path):
    folder = make_odoo(tmp_path / "lib" / "python3.12" / "site-packages")
    assert odoo_source.existing(tmp_path).folder == folder


@pytest.mark.parametrize(
    "version, shown",
    [
        ("(18, 0, 0, FINAL, 0, '')", "18.0"),
        ("('saas~19', 1, 0, FINAL, 0, '')", "saas~19.1"),
    ],
)
def test_another_series_is_refused(tmp_path, version, shown):
    make_odoo(tmp_path, version)
    with pytest.raises(Fault, match=f"is Odoo {shown}; the suite needs 19.0"):
        odoo_source.existing(tmp_path)


def test_a_folder_without_odoo_is_refused(tmp_path):
    with pytest.raises(Fault, match="holds no Odoo: there is no odoo/release.py"):
        odoo_source.existing(tmp_path)


def test_a_checkout_has_two_folders_of_addons(tmp_path):
    source = Source(make_odoo(tmp_path), "")
    assert source.addons_paths == [tmp_path / "odoo" / "addons"]
    # an incomplete copy, as Debian's package has, does not count
    (tmp_path / "addons" / "crm").mkdir(parents=True)
    assert source.addons_paths == [tmp_path / "odoo" / "addons"]
    (tmp_path / "addons" / "crm" / "static").mkdir()
    assert source.addons_paths == [tmp_path / "addons", tmp_path / "odoo" / "addons"]


def test_identity_follows_the_release(tmp_path):
    source = Source(make_odoo(tmp_path), "")
    before = source.identity()
    assert source.identity() == before
    (tmp_path / "odoo" / "release.py").write_text("version_info = (19, 0, 1)\n")
    assert source.identity() != before


def test_without_apt_the_way_out_is_named(monkeypatch):
    monkeypatch.setattr(odoo_source, "has_apt", lambda: False)
    with pytest.raises(Fault, match="./run --odoo /path/to/odoo") as caught:
        odoo_source._fetch()
    assert "there is no apt here" in str(caught.value)


def test_only_the_wanted_languages_are_unpacked(tmp_path):
    folder = tmp_path / "in" / "crm" / "i18n"
    folder.mkdir(parents=True)
    for name in ("bg.po", "ru.po", "fr.po", "bs.po", "ro.po", "crm.pot", "ru_RU.po"):
        (folder / name).touch()
    (tmp_path / "in" / "crm" / "fr.po.py").touch()
    exclude = [f"--exclude={p}" for p in odoo_source.other_languages()]
    archive, out = tmp_path / "a.tar", tmp_path / "out"
    out.mkdir()
    subprocess.run(["tar", "-cf", archive, "-C", tmp_path / "in", "."], check=True)
    command = ["tar", "-xf", archive, "-C", out, "--wildcards", *exclude]
    subprocess.run(command, check=True)
    assert sorted(p.name for p in out.rglob("*.p*")) == ["bg.po", "fr.po.py", "ru.po"]


def test_broken_links_are_found(tmp_path):
    (tmp_path / "good").touch()
    (tmp_path / "a").symlink_to("good")
    (tmp_path / "b").symlink_to("gone")
    assert [str(path) for path in odoo_source.broken_links(tmp_path)] == ["b"]
