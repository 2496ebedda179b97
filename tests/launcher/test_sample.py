"""What the sample loader writes for the import; needs neither Odoo nor the samples."""

import csv
import gzip
import re

import pytest

from launcher.sample import campaign, pipeline
from launcher.sample.importer import FileProblem, read_rows

CONTACT = {
    "age": "56",
    "job": "retired",
    "marital": "married",
    "education": "basic.4y",
    "month": "may",
    "day_of_week": "mon",
    "contact": "cellular",
    "poutcome": "success",
    "y": "no",
}


@pytest.fixture
def directory(tmp_path):
    """A folder with two contacts and two opportunities."""
    folder = tmp_path / "source"
    (folder / "maven_crm").mkdir(parents=True)
    columns = [attribute.column for attribute in campaign.ATTRIBUTES]
    with gzip.open(folder / campaign.FILE, "wt", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, columns, "1", delimiter=";")
        writer.writeheader()
        writer.writerows([CONTACT, CONTACT])
    for name, text in {
        "accounts": "account,sector,year_established,revenue,employees,"
        "office_location,subsidiary_of\n"
        "Zoomit,retail,1992,1.5,9,Korea,Kan-code\n"
        "Kan-code,technolgy,1982,11698.03,34288,Philipines,\n",
        "sales_teams": "sales_agent,manager,regional_office\nAnn Lee,Bo Ray,East\n",
        "sales_pipeline": "opportunity_id,sales_agent,product,account,deal_stage,"
        "engage_date,close_date,close_value\n"
        "A1,Ann Lee,GTXPro,Zoomit,Won,2017-01-02,2017-02-03,4500\n"
        "A2,Ann Lee,MG Special,,Lost,2017-01-02,2017-02-03,0\n",
    }.items():
        (folder / "maven_crm" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def rows_of(prepared):
    """The rows of a prepared file."""
    with open(prepared.path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=prepared.separator))


def test_every_number_is_fictional_and_given_once():
    numbers = list(campaign.fictional_numbers())
    assert len(set(numbers)) == len(numbers) == 27_700
    assert all(re.fullmatch(r"\+1 [2-9]\d\d-555-01\d\d", number) for number in numbers)


def test_contacts_get_a_name_and_a_number(directory, tmp_path):
    [contacts] = campaign.prepare(directory, tmp_path)
    rows = rows_of(contacts)
    assert [row["name"] for row in rows] == [
        "Campaign contact 00001",
        "Campaign contact 00002",
    ]
    assert [row["phone"] for row in rows] == ["+1 201-555-0100", "+1 202-555-0100"]
    assert rows[0].keys() == contacts.columns.keys()
    assert rows[0]["job"] == "retired"


def test_each_column_has_its_field_and_no_field_two_columns(directory, tmp_path):
    files = campaign.prepare(directory, tmp_path) + pipeline.prepare(
        directory, tmp_path
    )
    for prepared in files:
        assert rows_of(prepared)[0].keys() == prepared.columns.keys()
        assert len(set(prepared.columns.values())) == len(prepared.columns)


def test_the_dirt_of_the_pipeline_is_cleaned(directory, tmp_path):
    accounts, users, teams, deals = map(rows_of, pipeline.prepare(directory, tmp_path))
    assert [row["name"] for row in accounts] == ["Kan-code", "Zoomit"]  # parents first
    assert [row["industry"] for row in accounts] == ["Technology", "Retail"]
    assert [row["country"] for row in accounts] == ["Philippines", "South Korea"]
    assert accounts[1]["subsidiary of"] == accounts[0]["external id"]
    assert [row["name"] for row in users] == ["Ann Lee", "Bo Ray"]
    assert teams[0]["name"] == "East (Bo Ray)"
    assert [row["name"] for row in deals] == ["GTX Pro for Zoomit", "MG Special"]
    assert deals[0]["customer id"] == accounts[1]["external id"]
    assert deals[1]["customer id"] == ""
    assert [row["stage id"] for row in deals] == ["crm.stage_lead4", "crm.stage_lead2"]


def test_nothing_is_written_beside_the_samples(directory, tmp_path):
    before = sorted(directory.rglob("*"))
    campaign.prepare(directory, tmp_path)
    pipeline.prepare(directory, tmp_path)
    assert sorted(directory.rglob("*")) == before


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "the column name, phone is missing"),
        (b"name,mail\nA,b\n", "the column phone is missing"),
        (b"name;phone\nA;1\n", "check that the separator is ','"),
        (b"name,phone\nA,1\nB\n", "row 3: it does not have the 2 cells"),
        (b"name,phone\nA,1,2\n", "row 2: it does not have the 2 cells"),
        ("name,phone\nZoé,1\n".encode("latin-1"), "is not UTF-8 text"),
        ("name,phone\nZoé,1\n".encode("utf-16"), "is not UTF-8 text"),
        (b'name,phone\n"A,1\n', "cannot be read"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, content, complaint):
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    with pytest.raises(FileProblem) as problem:
        read_rows(path, ["name", "phone"])
    assert complaint in str(problem.value)
    assert "people.csv" in str(problem.value)
    assert "Nothing was imported" in str(problem.value)


def test_a_file_that_is_no_archive_is_said_to_be_none(tmp_path):
    path = tmp_path / "people.csv.gz"
    path.write_bytes(b"name,phone\n")
    with pytest.raises(FileProblem, match="cannot be read"):
        read_rows(path, ["name"], opener=gzip.open)


def test_a_byte_order_mark_does_not_hide_the_first_column(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes("name,phone\nA,1\n".encode("utf-8-sig"))
    assert read_rows(path, ["name"]) == [{"name": "A", "phone": "1"}]
