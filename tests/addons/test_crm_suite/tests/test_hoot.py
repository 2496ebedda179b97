"""JavaScript unit tests of every add-on, in a real browser."""

from pathlib import Path
from urllib.parse import quote

from odoo.tests import HttpCase, tagged
from odoo.tools import file_path

ADDONS = (
    "crm_glossary_core",
    "crm_lead_scoring",
    "crm_call_center",
    "crm_segmentation",
)
PAGE = "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"


def has_unit_tests(addon):
    """Whether an add-on has files that Hoot runs."""
    folder = Path(file_path(addon)) / "static" / "tests"
    return any(folder.rglob("*.test.js"))


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    """One run of Odoo's own test page for each add-on."""

    def _run_hoot(self, addon):
        self.browser_js(
            f"{PAGE}&filter={quote('@' + addon)}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            # Hoot reports a failed test on the console and goes on to the next
            error_checker=lambda message: "[HOOT]" not in message,
        )

    def test_every_addon(self):
        """The unit tests of each add-on that has some pass."""
        tested = [addon for addon in ADDONS if has_unit_tests(addon)]
        for addon in tested:
            with self.subTest(addon=addon):
                self._run_hoot(addon)
