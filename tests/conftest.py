"""Fixtures for tests that drive a real server from outside (``tests/e2e``).

./test has started a throw-away PostgreSQL and leads here by environment variables.

``testbed``
    :class:`launcher.testbed.Testbed`. ``clone(demo=False)`` gives the name of a fresh
    database with every add-on installed (languages: English, Bulgarian, Russian;
    ``demo=True``: with demo data and its users), ``serve(...)`` a web server on one;
    ``odoo.sql(query, database)``, ``odoo.shell(...)``, ``odoo.drop(name)``.
``server``, ``demo_server``
    A web server on a fresh database, one for a test module: ``url``, ``name`` (of the
    database), ``log``. admin's password is admin. The template with demo data is made
    at its first use.
``chromium``
    Path of the browser, for Playwright's ``executable_path``.
``shared_data``
    Folder of the sample files beside the project.

Tests in Odoo (``addons/*/tests``, ``tests/addons``) use none of them. A test case of
Odoo in ``tests/acceptance`` needs ``@tagged("post_install", "-at_install")``; it runs
on a database with demo data.
A skip is a failure unless its reason starts as ``launcher.check.EXPECTED_SKIPS`` says.
"""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def testbed():
    """The databases of the ./test that runs us."""
    from launcher.testbed import Testbed

    return Testbed.attach()


@pytest.fixture(scope="module")
def server(testbed):
    """A web server on a fresh database without demo data."""
    with testbed.serve() as running:
        yield running


@pytest.fixture(scope="module")
def demo_server(testbed):
    """A web server on a fresh database with demo data."""
    with testbed.serve(demo=True) as running:
        yield running


@pytest.fixture(scope="session")
def chromium():
    """Path of the browser."""
    path = os.environ.get("SUITE_CHROMIUM")
    if not path:
        pytest.skip("needs a browser: there is no Chromium on this machine")
    return path


@pytest.fixture(scope="session")
def shared_data():
    """The folder of sample files: ``../shared/data``, or what SUITE_DATA names."""
    folder = Path(os.environ.get("SUITE_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("needs ../shared/data: the sample files are not beside the project")
    return folder
