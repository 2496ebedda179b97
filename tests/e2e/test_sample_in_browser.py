"""Real files go in through Odoo's import screen, in Chromium; the suite works on them.

The tests tell one story and run in this order: contacts of a telephone campaign, then a
company's pipeline, then scores, segments and calls. Every number that a screen must
show is computed in ``expected.py`` from the source files.
"""

import pytest

from client import ImportScreen
from expected import Campaign, Pipeline
from screen import Screen

LEADS = "/odoo/action-crm.crm_lead_all_leads"
OPPORTUNITIES = "/odoo/action-crm.crm_lead_opportunities"
COMPANIES = "/odoo/action-contacts.action_contacts"
SCORES = "/odoo/action-crm_lead_scoring.crm_lead_action_by_score"
SEGMENTS = "/odoo/action-crm_segmentation.crm_segment_action"
pytestmark = pytest.mark.story
UNMAPPED = "To import, select a field..."
PREPARE = """
from launcher import sample
from launcher.sample import campaign, importer, pipeline

env["res.config.settings"].create({{"group_use_lead": True}}).execute()
directory, folder = Path({directory!r}), Path({folder!r})
sample.add_campaign_fields(env)
sample.add_pipeline_fields(env)
files = [*campaign.prepare(directory, folder), *pipeline.prepare(directory, folder)]
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


# === THE CAMPAIGN === #


def test_a_bad_row_is_refused_before_anything_is_imported(
    screen, files, admin, tmp_path
):
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


def test_a_file_in_another_encoding(screen, files, tmp_path):
    """UTF-16 (a spreadsheet's "Unicode text") is recognised; a broken file is not."""
    text = open(files["campaign_contacts"], encoding="utf-8").read()
    content = "".join(text.splitlines(True)[:50]).encode("utf-16")
    good, broken = tmp_path / "utf16.csv", tmp_path / "broken.csv"
    good.write_bytes(content)
    broken.write_bytes(content[:-1])
    screen.open_import(LEADS)
    screen.upload(str(broken))
    assert "issue decoding the file using encoding" in " ".join(screen.alerts())
    screen.upload(str(good))
    assert screen.mapping()["age"] == "Age"


def test_the_campaign_is_imported_through_the_screen(screen, files, campaign, admin):
    """All contacts, one column mapped by hand, counts as in the file."""
    screen.open_import(LEADS)
    screen.upload(files["campaign_contacts"])
    shown = screen.mapping()
    assert shown["age"] == "Age"
    assert shown["team id"] == "Sales Team / External ID"
    assert [column for column, field in shown.items() if field == UNMAPPED] == ["y"]
    screen.choose_field("y", "Said Yes")
    assert screen.mapping()["y"] == "Said Yes"
    assert screen.run_import() == len(campaign.rows)
    assert screen.pager_total() == len(campaign.rows)
    for column in ("job", "poutcome", "contact", "month", "y"):
        counted = admin.groups("crm.lead", [("type", "=", "lead")], f"x_{column}")
        words = {row[column] for row in campaign.rows}
        assert counted == {
            word: campaign.count(lambda row, w=word, c=column: row[c] == w)
            for word in words
        }
    assert admin.count("crm.lead", [("phone_state", "!=", "correct")]) == 0


# === THE PIPELINE === #


def test_accounts_are_imported_and_industries_created(screen, files, pipeline, admin):
    """*Test* finds industries that are new; *Create new values* makes them."""
    screen.open_import(COMPANIES)
    screen.upload(files["accounts"])
    screen.press("Test")
    assert "No matching record" in " ".join(screen.alerts())
    screen.create_new_values("industry")
    assert screen.run_import() == len(pipeline.accounts)
    imported = [("x_year_established", "!=", 0), ("is_company", "=", True)]
    assert admin.groups("res.partner", imported, "industry_id") == pipeline.sectors
    assert admin.count("res.partner", [*imported, ("country_id", "=", False)]) == 0


def test_agents_and_teams_are_imported(files, pipeline, admin):
    """The two small files, by the requests that the screen sends."""
    managers = {row["manager"] for row in pipeline.agents}
    for name, model, number in (
        ("users", "res.users", len(pipeline.agents) + len(managers)),
        ("teams", "crm.team", len(managers)),
    ):
        screen = ImportScreen(admin, model)
        with open(files[name], "rb") as stream:
            preview = screen.load(stream.read())
        assert not preview.get("error")
        ids, messages = screen.run()
        assert messages == []
        assert len(ids) == number


def test_the_pipeline_is_imported_through_the_screen(
    screen, files, pipeline, admin, shell, english
):
    """All opportunities; the lost ones are marked lost by Odoo's own action."""
    screen.open_import(OPPORTUNITIES)
    screen.upload(files["opportunities"])
    assert UNMAPPED not in screen.mapping().values()
    assert screen.run_import() == len(pipeline.deals)
    shell(english.name, BUILD)  # marks the lost ones and builds scores, segments, calls
    deals = [("x_deal_stage", "!=", False)]

    def groups(field, aggregates=("__count",)):
        return admin.groups("crm.lead", deals, field, aggregates, active_test=False)

    assert groups("x_deal_stage") == pipeline.stages
    open_deals = pipeline.stages["Engaging"] + pipeline.stages["Prospecting"]
    assert groups("won_status", ["__count", "expected_revenue:sum"]) == {
        "won": [pipeline.stages["Won"], pipeline.won_value],
        "lost": [pipeline.stages["Lost"], 0],
        "pending": [open_deals, 0],
    }
    assert groups("x_product") == pipeline.products
    assert groups("team_id") == {
        f"{office} ({manager})": number
        for (office, manager), number in pipeline.teams.items()
    }
    orphans = [*deals, ("partner_id", "=", False)]
    number = admin.count("crm.lead", orphans, active_test=False)
    assert number == pipeline.without_account


# === WHAT THE SUITE MAKES OF IT === #


def test_leads_are_listed_by_score(browser, english, campaign, admin):
    """The salesperson sees every contact, best first, with the right points."""
    window = Screen(browser, english, "salesperson")
    window.open(f"{SCORES}?view_type=list", ".o_list_view .o_data_row")
    best = max(campaign.totals)
    assert window.cells("lead_score")[0] == str(best)
    contacts = [("x_y", "!=", False)]
    assert admin.groups("crm.lead", contacts, "lead_score") == campaign.totals
    assert admin.groups("crm.lead", contacts, "lead_grade_id") == campaign.grades
    assert window.errors == []
    window.page.close()


def test_a_lead_says_what_its_score_is_made_of(admin, campaign):
    """The lines of the best contact add up to its score."""
    [best] = admin.call(
        "crm.lead", "search", [("x_y", "!=", False)], order="lead_score desc", limit=1
    )
    explanation = admin.call("crm.lead", "get_score_explanation", [best])
    assert explanation["total"] == max(campaign.totals)
    assert sum(line["points"] for line in explanation["lines"]) == explanation["total"]


def test_segments_have_their_members(browser, english, campaign, pipeline):
    """The marketer's list of segments shows the number of members of each."""
    window = Screen(browser, english, "marketer")
    window.open(SEGMENTS, ".o_list_view .o_data_row")
    shown = dict(zip(window.cells("name"), window.cells("member_count"), strict=True))
    counted = {name: int(number.replace(",", "")) for name, number in shown.items()}
    assert counted == campaign.segments | pipeline.segments
    assert window.errors == []
    window.page.close()


def test_the_operator_is_given_call_after_call(browser, english, campaign):
    """The desk counts the welcome calls down; a held call brings the next one."""
    window = Screen(browser, english, "operator")
    window.open("/odoo/call-desk", ".o_call_desk")
    window.page.click(".o_call_start")
    first = window.page.locator(".o_call_dial .o_call_number").inner_text()
    assert "555" in first
    calls = campaign.welcome_calls
    assert window.text(".o_call_counts") == f"0 done, {calls} left"
    window.page.click(".o_call_held")
    window.page.click(".o_call_confirm")
    window.page.wait_for_selector(f".o_call_dial:not(:has-text('{first}'))")
    assert window.text(".o_call_counts") == f"1 done, {calls - 1} left"
    assert window.errors == []
    window.page.close()
