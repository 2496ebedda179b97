"""Fixtures of the end-to-end tests; ``tests/conftest.py`` starts the server."""

import json
import textwrap

import pytest
from playwright.sync_api import sync_playwright

from client import WebClient

ENGLISH = """
env["res.lang"]._activate_lang("en_US")
env["ir.default"].set("res.partner", "lang", "en_US")
env.user.search([("share", "=", False)]).lang = "en_US"
"""
SHELL = """
import json, sys
from pathlib import Path
sys.path.insert(0, {root!r})
env = env(context={{**env.context, "lang": "en_US"}})
def work():
{code}
result = work()
env.cr.commit()
env.registry.signal_changes()
print("RESULT" + json.dumps(result))
"""


def pytest_configure(config):
    """A marker of our own."""
    config.addinivalue_line("markers", "story: tests that go on from one another")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Remember which chapter of a story failed first."""
    outcome = yield
    if item.get_closest_marker("story") and outcome.get_result().failed:
        item.parent.broken_at = getattr(item.parent, "broken_at", item.name)


def pytest_runtest_setup(item):
    """What comes after it fails at once, for that reason."""
    broken_at = getattr(item.parent, "broken_at", None)
    if broken_at:
        pytest.fail(f"{broken_at} failed before, and this test goes on from there")


@pytest.fixture(scope="session")
def shell(testbed):
    """``shell(database, code)``: run code in an Odoo shell.

    The code sees ``env`` and ``Path``, and its ``return`` value comes back (JSON).
    """
    from launcher.places import ROOT

    def run(database, code):
        body = textwrap.indent(textwrap.dedent(code), "    ")
        script = SHELL.format(root=str(ROOT), code=body)
        output = testbed.odoo.shell(database, script, "run a test's script")
        line = next(x for x in output.splitlines() if x.startswith("RESULT"))
        return json.loads(line.removeprefix("RESULT"))

    return run


@pytest.fixture(scope="module")
def english(server, shell):
    """Everybody on the server uses English: the tests read what the screens say."""
    shell(server.name, ENGLISH)
    return server


@pytest.fixture(scope="module")
def admin(english):
    """The administrator's :class:`~client.WebClient`."""
    return WebClient(english)


@pytest.fixture(scope="session")
def browser(chromium):
    """A headless Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield running
        running.close()
