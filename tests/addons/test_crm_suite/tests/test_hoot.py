"""JavaScript unit tests of every add-on, in a real browser."""

import re
from pathlib import Path

from odoo.modules import Manifest
from odoo.tests import HttpCase, tagged

PAGE = "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
BUNDLE = "web.assets_unit_tests"
PROJECT = Path(__file__).parents[4]
# would leave the other tests out, and nobody would notice
FORBIDDEN = re.compile(r"\b(?:test|describe)\.(?:only|debug)\(")


def unit_tests():
    """{add-on: its Hoot files} of the project's add-ons that have some."""
    found = {}
    for folder in sorted((PROJECT / "addons").iterdir()):
        files = sorted((folder / "static" / "tests").rglob("*.test.js"))
        if files and Manifest.for_addon(folder.name):
            found[folder.name] = files
    return found


def hoot_id(name):
    """The number that Hoot gives to a suite's name, for the page's address."""
    value = 0
    for character in name:
        value = (31 * value + ord(character)) & 0xFFFFFFFF
    return f"{value:08x}"


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    """Odoo's own test page, on the suites of our add-ons."""

    def test_every_file_is_in_the_bundle(self):
        """A file that the manifest forgets would never run."""
        asset = self.env["ir.asset"]
        paths = asset._get_asset_paths(BUNDLE, asset._get_asset_params())
        loaded = {Path(path[1]).resolve() for path in paths if path[1]}
        for addon, files in unit_tests().items():
            with self.subTest(addon=addon):
                self.assertFalse({path.resolve() for path in files} - loaded)

    def test_no_test_shuts_the_others_out(self):
        """Neither `only` nor `debug` was left in a file."""
        files = [path for paths in unit_tests().values() for path in paths]
        left = [path.name for path in files if FORBIDDEN.search(path.read_text())]
        self.assertFalse(left)

    def test_unit_tests_pass(self):
        """All of them, in one browser."""
        suites = "".join(f"&id={hoot_id('@' + addon)}" for addon in unit_tests())
        if not suites:
            return
        self.browser_js(
            f"{PAGE}{suites}",
            "",
            "",
            login="admin",
            timeout=900,
            success_signal="[HOOT] Test suite succeeded",
            # Hoot reports a failed test on the console and goes on to the next
            error_checker=lambda message: "[HOOT]" not in message,
        )
