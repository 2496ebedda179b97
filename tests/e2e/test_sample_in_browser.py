"""Real files go in through Odoo's import screen, in Chromium; the suite works on them.

The tests tell one story and run in this order: contacts of a telephone campaign, then a
company's pipeline, then scores, segments and calls. Every number that a screen must
show is computed in ``expected.py`` from the source files.
"""

import re

import pytest
from client import WebClient
from expected import Campaign, Pipeline
from screen import IMPORT_PATIENCE, Screen

LEADS = "/odoo/action-crm.crm_lead_all_leads"
PREPARE = """
from launcher import sample
from launcher.sample import campaign, importer, pipeline

env["res.config.settings"].create({{"group_use_lead": True}}).execute()
directory, folder = Path({directory!r}), Path({folder!r})
sample.add_campaign_fields(env)
sample.add_pipeline_fields(env, directory)
files = [campaign.prepare(directory, folder), *pipeline.prepare(directory, folder)]
for prepared in files:
    importer.save_mapping(env, prepared)
# one column is left for the person at the screen
env["base_import.mapping"].search([("column_name", "=", "y")]).unlink()
return {{prepared.path.stem: str(prepared.path) for prepared in files}}
"""
BUILD = """
from launcher.sample import mark_lost, suite

mark_lost(env)
suite.build(env, lambda text: None)
"""
USERS = """
made = []
for login, group in (
    ("salesperson", "sales_team.group_sale_salesman_all_leads"),
    ("operator", "crm_call_center.group_call_center_operator"),
    ("marketer", "crm_segmentation.group_segmentation_user"),
):
    user = env["res.users"].search([("login", "=", login)]) or env["res.users"].create(
        {"login": login, "name": login.capitalize(), "password": login}
    )
    user.group_ids |= env.ref(group)
"""


@pytest.fixture(scope="module")
def campaign(shared_data):
    return Campaign(shared_data)


@pytest.fixture(scope="module")
def pipeline(shared_data):
    return Pipeline(shared_data)


@pytest.fixture(scope="module")
def files(english, shell, shared_data, tmp_path_factory):
    """{name: path} of the prepared files; the fields they need are there."""
    folder = tmp_path_factory.mktemp("prepared")
    shell(english.name, USERS)
    return shell(
        english.name, PREPARE.format(directory=str(shared_data), folder=str(folder))
    )


@pytest.fixture(scope="module")
def screen(browser, english, files):
    """The administrator's browser window."""
    window = Screen(browser, english)
    yield window
    window.page.close()


def import_file(screen, file, records):
    """Import a file on the open import screen; the list of new records follows."""
    screen.upload(file)
    assert "" not in screen.mapping().values(), "a column has no field"
    screen.press("Import")
    notice = screen.page.locator(".o_notification:has-text('successfully imported')")
    notice.wait_for(timeout=IMPORT_PATIENCE)
    assert re.sub(r"\D", "", notice.inner_text()) == str(records)


# === THE CAMPAIGN === #


def test_a_bad_row_is_refused_before_anything_is_imported(screen, files, admin, tmp_path):
    """One wrong cell in the second batch: *Test* finds it, nothing is imported."""
    lines = open(files["campaign_contacts"], encoding="utf-8").read().splitlines(True)
    wrong = min(2345, len(lines) - 10)
    cells = lines[wrong].split(";")
    cells[lines[0].split(";").index('"age"')] = '"forty"'
    lines[wrong] = ";".join(cells)
    bad = tmp_path / "bad.csv"
    bad.write_text("".join(lines), encoding="utf-8")
    screen.open_import(LEADS)
    screen.upload(str(bad))
    screen.press("Test")
    complaints = " ".join(screen.alerts())
    assert "'forty' does not seem to be an integer for field 'Age'" in complaints
    assert admin.count("crm.lead", [("x_age", "!=", False)], active_test=False) == 0


def test_the_campaign_is_imported_through_the_screen(screen, files, campaign, admin):
    """All contacts, one column mapped by hand, counts as in the file."""
    screen.open_import(LEADS)
    screen.upload(files["campaign_contacts"])
    shown = screen.mapping()
    assert shown["age"] == "Age"
    assert shown["team id"] == "Sales Team / External ID"
    assert shown["y"] == "To import, select a field..."
    screen.choose_field("y", "Said Yes")
    assert screen.mapping()["y"] == "Said Yes"
    screen.press("Import")
    notice = screen.page.locator(".o_notification:has-text('successfully imported')")
    notice.wait_for(timeout=IMPORT_PATIENCE)
    assert re.sub(r"\D", "", notice.inner_text()) == str(len(campaign.rows))
    screen.page.wait_for_selector(".o_list_view")
    assert screen.pager_total() == len(campaign.rows)
    for column in ("job", "poutcome", "contact", "month", "y"):
        counted = admin.groups("crm.lead", [("type", "=", "lead")], f"x_{column}")
        words = {row[column] for row in campaign.rows}
        assert counted == {
            word: campaign.count(lambda row, w=word, c=column: row[c] == w)
            for word in words
        }
    assert admin.count("crm.lead", [("phone_state", "!=", "correct")]) == 0
