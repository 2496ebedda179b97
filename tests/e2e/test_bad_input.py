"""Files that are wrong: who is told what, and that nothing is imported by halves.

First Odoo's own import, driven as its screen drives it; then the sample loader.
"""

import csv
import gzip
import io
import shutil

import pytest

from client import ImportScreen
from expected import Campaign, Pipeline

FIELDS = """
from launcher import sample
sample.add_campaign_fields(env)
"""
LOAD = """
from launcher import sample
said = []
try:
    counts = sample.load(env, {directory!r}, said.append)
except sample.FileProblem as problem:
    env.cr.rollback()
    return {{"problem": str(problem)}}
return {{"counts": counts, "said": said}}
"""
HEADER = ["name", "type", "x_age", "x_job"]


@pytest.fixture(scope="module")
def ready(english, shell):
    """The server, with the campaign's fields on leads."""
    shell(english.name, FIELDS)
    return english


@pytest.fixture
def screen(ready, admin):
    """An import screen for leads."""
    return ImportScreen(admin, "crm.lead")


def table(rows, header=HEADER, encoding="utf-8"):
    """A CSV file's bytes."""
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode(encoding)


def people(number):
    """Rows of leads that nothing is wrong with."""
    return [[f"Zoé {i}", "lead", str(20 + i % 60), "retired"] for i in range(number)]


# === ODOO'S IMPORT === #


def test_one_bad_row_in_one_batch_imports_nothing(screen, admin):
    """The reason and the place are in the answer; the good rows stay out too."""
    rows = people(600)
    rows[543][2] = "forty"
    screen.load(table(rows))
    ids, [message] = screen.run()
    assert not ids
    assert message["rows"] == {"from": 543, "to": 543}
    assert message["field"] == "x_age"
    assert "'forty' does not seem to be an integer" in message["message"]
    assert admin.count("crm.lead", [("name", "like", "Zoé")]) == 0


def test_the_test_button_finds_a_bad_row_in_a_later_batch(screen, admin):
    """*Test* goes through all batches and writes nothing, the good ones neither."""
    rows = people(250)
    rows[222][3] = "astronaut"
    screen.load(table(rows), limit=100)
    _ids, [message] = screen.run(test=True)
    assert message["rows"]["from"] == 222 - 200
    assert "astronaut" in message["message"]
    assert admin.count("crm.lead", [("name", "like", "Zoé")]) == 0


def test_without_batches_a_file_is_imported_completely_or_not_at_all(screen, admin):
    """A batch limit above the number of rows makes one transaction of the file."""
    rows = people(250)
    rows[249][2] = "old"
    screen.load(table(rows), limit=100_000)
    ids, messages = screen.run()
    assert not ids
    assert [message["rows"]["from"] for message in messages] == [249]
    assert admin.count("crm.lead", [("name", "like", "Zoé")]) == 0


def test_a_file_in_another_encoding_is_refused_with_the_reason(screen):
    """Latin-1 read as UTF-8 is not read at all; read as what it is, it is."""
    content = table(people(20), encoding="latin-1")
    preview = screen.load(content, encoding="utf-8")
    assert "issue decoding the file using encoding" in preview["error"]
    preview = screen.load(content, encoding="latin1")
    assert preview["headers"] == HEADER


def test_utf_16_is_recognised(screen, admin):
    """A spreadsheet's "Unicode text" needs no choice of encoding."""
    screen.load(table(people(5), encoding="utf-16"))
    ids, messages = screen.run()
    assert messages == []
    names = admin.call("crm.lead", "read", ids, ["name"])
    assert names[0]["name"] == "Zoé 0"
    admin.call("crm.lead", "unlink", ids)


def test_a_missing_column_that_is_required_is_named(screen, admin):
    """Leads need a name: without that column every row is refused and says so."""
    rows = [row[1:] for row in people(30)]
    screen.load(table(rows, HEADER[1:]))
    ids, messages = screen.run()
    assert not ids
    assert any("Opportunity" in message["message"] for message in messages)
    assert admin.count("crm.lead", [("x_job", "=", "retired")]) == 0


# === THE SAMPLE LOADER === #


@pytest.fixture
def directory(shared_data, tmp_path):
    """A small copy of the sample files, to be damaged."""
    lines = gzip.open(shared_data / "bank_calls_2008.csv.gz", "rt").readlines()
    some = [lines[0], *lines[1:-1:400], *(x for x in lines if '"success"' in x)]
    write_gzip(tmp_path / "bank_calls_2008.csv.gz", "".join(some).encode())
    shutil.copytree(
        shared_data / "maven_crm", tmp_path / "maven_crm", copy_function=shutil.copyfile
    )
    deals = tmp_path / "maven_crm" / "sales_pipeline.csv"
    lines = deals.read_text(encoding="utf-8").splitlines(True)
    deals.write_text("".join([lines[0], *lines[1::100]]), encoding="utf-8")
    return tmp_path


def write_gzip(path, content):
    """Compress bytes into a file."""
    with gzip.open(path, "wb") as stream:
        stream.write(content)


@pytest.fixture
def load(ready, shell):
    """``load(directory)``: what the loader returns or says."""
    return lambda directory: shell(ready.name, LOAD.format(directory=str(directory)))


def damage(path, old, new, times=1):
    """Replace text in a sample file, compressed or not."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as stream:
        text = stream.read()
    assert old in text
    with opened(path, "wt", encoding="utf-8") as stream:
        stream.write(text.replace(old, new, times))


def test_the_loader_says_what_is_missing(load, tmp_path):
    problem = load(tmp_path)["problem"]
    assert "There is no sample in" in problem
    assert "bank_calls_2008.csv.gz" in problem


def test_the_loader_names_a_missing_column(load, directory):
    damage(directory / "bank_calls_2008.csv.gz", '"job"', '"occupation"')
    problem = load(directory)["problem"]
    assert "the column job is missing" in problem
    assert "Nothing was imported" in problem


def test_the_loader_refuses_another_encoding(load, directory):
    path = directory / "bank_calls_2008.csv.gz"
    text = gzip.open(path, "rt").read().replace("admin.", "administração")
    write_gzip(path, text.encode("latin-1"))
    problem = load(directory)["problem"]
    assert "is not UTF-8" in problem
    assert "Save it as CSV UTF-8" in problem


def test_the_loader_names_a_row_that_is_cut(load, directory):
    path = directory / "maven_crm" / "sales_teams.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[7] = lines[7].split(",")[0]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert "sales_teams.csv, row 8" in load(directory)["problem"]


def test_the_loader_names_the_row_the_column_and_the_reason(load, directory, admin):
    """One bad cell: nothing is imported, and the message says how to go on."""
    path = directory / "bank_calls_2008.csv.gz"
    lines = gzip.open(path, "rt").read().splitlines(True)
    cells = lines[19].split(";")
    lines[19] = ";".join(["old", *cells[1:]])
    write_gzip(path, "".join(lines).encode())
    problem = load(directory)["problem"]
    assert 'row 20, column "age"' in problem
    assert "'old' does not seem to be an integer" in problem
    assert "Nothing of this file was imported" in problem
    assert "start again" in problem
    assert admin.count("crm.lead", [("name", "like", "Campaign contact")]) == 0


def test_a_sound_copy_is_loaded_once(load, directory, admin):
    """After all that, the corrected files go in; a second load changes nothing."""
    campaign, pipeline = Campaign(directory), Pipeline(directory)
    counts = load(directory)["counts"]
    assert counts["leads"] == len(campaign.rows)
    assert counts["opportunities"] == len(pipeline.deals)
    contacts = [("x_y", "!=", False)]
    assert admin.groups("crm.lead", contacts, "lead_score") == campaign.totals
    segments = admin.call("crm.segment", "search_read", [], ["name", "member_count"])
    assert {
        row["name"]: row["member_count"] for row in segments
    } == campaign.segments | pipeline.segments
    calls = [("list_id.name", "=", "Welcome calls")]
    assert admin.count("crm.call", calls) == campaign.welcome_calls
    again = load(directory)
    assert "leads" not in again["counts"]
    assert admin.count("crm.lead", contacts) == len(campaign.rows)
    assert admin.count("crm.call", calls) == campaign.welcome_calls
