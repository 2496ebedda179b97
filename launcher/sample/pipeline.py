"""A company's pipeline: 85 accounts, 35 agents in six teams, 8,800 opportunities.

Dirt of the source that the mapping cleans: sector ``technolgy``, product ``GTXPro``,
office locations that no country list knows.
"""

from pathlib import Path

from .fields import Attribute
from .importer import Prepared, read_rows, write_rows

FOLDER = "maven_crm"

# Source word -> the right word.
SECTORS = {"technolgy": "technology"}
MISSPELT = {"GTXPro": "GTX Pro"}
COUNTRIES = {"Philipines": "Philippines", "Korea": "South Korea"}

# Their stage -> the stage of Odoo's own pipeline; a lost one is marked afterwards, by
# Odoo's own action, from the stage in which it was.
STAGES = {
    "Prospecting": "crm.stage_lead1",
    "Engaging": "crm.stage_lead2",
    "Won": "crm.stage_lead4",
    "Lost": "crm.stage_lead2",
}

ACCOUNT_ATTRIBUTES = [
    Attribute("revenue", "x_revenue", "float", "Revenue (million USD)"),
    Attribute("employees", "x_employees", "integer", "Employees"),
    Attribute("year_established", "x_year_established", "integer", "Year Established"),
]


PRODUCTS = [
    "GTX Basic",
    "GTX Pro",
    "GTX Plus Basic",
    "GTX Plus Pro",
    "MG Special",
    "MG Advanced",
    "GTK 500",
]
# What an opportunity has and Odoo has no field for.
LEAD_ATTRIBUTES = [
    Attribute(
        "product",
        "x_product",
        "selection",
        "Product",
        tuple((product, product) for product in PRODUCTS),
    ),
    Attribute("engage_date", "x_engage_date", "date", "Engaged On"),
    Attribute("close_date", "x_close_date", "date", "Closed On"),
    Attribute(
        "deal_stage",
        "x_deal_stage",
        "selection",
        "Stage in the Source",
        tuple((stage, stage) for stage in STAGES),
    ),
]


def external_id(kind: str, name: str) -> str:
    """``account``, ``Kan-code`` -> ``sample_pipeline.account_kan_code``."""
    key = "".join(char if char.isalnum() else "_" for char in name.lower())
    return f"sample_pipeline.{kind}_{key}"


def team_name(row: dict) -> str:
    """A team is a manager's people in a regional office."""
    return f"{row['regional_office']} ({row['manager']})"


def prepare(directory: Path, folder: Path) -> list[Prepared]:
    """Write the files for the import screen into ``folder``, in import order.

    :raises FileProblem: a source file is not what it should be
    """
    source = directory / FOLDER
    agents = read_rows(
        source / "sales_teams.csv", ["sales_agent", "manager", "regional_office"]
    )
    return [
        _prepare_accounts(source, folder),
        _prepare_users(agents, folder),
        _prepare_teams(agents, folder),
        _prepare_opportunities(source, agents, folder),
    ]


def _prepare_accounts(source: Path, folder: Path) -> Prepared:
    """Companies, a parent before its subsidiaries."""
    accounts = read_rows(
        source / "accounts.csv",
        ["account", "sector", "office_location", "subsidiary_of"]
        + [item.column for item in ACCOUNT_ATTRIBUTES],
    )
    rows = [
        {
            "external id": external_id("account", row["account"]),
            "name": row["account"],
            "is a company": "true",
            "industry": SECTORS.get(row["sector"], row["sector"]).capitalize(),
            "country": COUNTRIES.get(row["office_location"], row["office_location"]),
            "subsidiary of": row["subsidiary_of"]
            and external_id("account", row["subsidiary_of"]),
            **{item.column: row[item.column] for item in ACCOUNT_ATTRIBUTES},
        }
        for row in sorted(accounts, key=lambda row: bool(row["subsidiary_of"]))
    ]
    return Prepared(
        path=write_rows(folder / "accounts.csv", rows),
        model="res.partner",
        columns={
            "external id": "id",
            "name": "name",
            "is a company": "is_company",
            "industry": "industry_id",
            "country": "country_id",
            "subsidiary of": "parent_id/id",
            **{item.column: item.name for item in ACCOUNT_ATTRIBUTES},
        },
        create=("industry_id",),
    )


def _prepare_users(agents: list[dict], folder: Path) -> Prepared:
    """Agents and managers as users without password: nobody can log in as them."""
    groups = {
        **{row["sales_agent"]: "group_sale_salesman" for row in agents},
        **{row["manager"]: "group_sale_salesman_all_leads" for row in agents},
    }
    rows = [
        {
            "external id": external_id("user", name),
            "name": name,
            "login": external_id("user", name).removeprefix("sample_pipeline."),
            "groups": f"base.group_user,sales_team.{group}",
        }
        for name, group in groups.items()
    ]
    return Prepared(
        path=write_rows(folder / "users.csv", rows),
        model="res.users",
        columns={
            "external id": "id",
            "name": "name",
            "login": "login",
            "groups": "group_ids/id",
        },
    )


def _prepare_teams(agents: list[dict], folder: Path) -> Prepared:
    members = {}
    for row in agents:
        people = members.setdefault((team_name(row), row["manager"]), [])
        people.append(external_id("user", row["sales_agent"]))
    rows = [
        {
            "external id": external_id("team", team),
            "name": team,
            "leader": external_id("user", manager),
            "members": ",".join(people),
        }
        for (team, manager), people in members.items()
    ]
    return Prepared(
        path=write_rows(folder / "teams.csv", rows),
        model="crm.team",
        columns={
            "external id": "id",
            "name": "name",
            "leader": "user_id/id",
            "members": "member_ids/id",
        },
    )


def _prepare_opportunities(source: Path, agents: list[dict], folder: Path) -> Prepared:
    teams = {row["sales_agent"]: external_id("team", team_name(row)) for row in agents}
    deals = read_rows(
        source / "sales_pipeline.csv",
        ["opportunity_id", "sales_agent", "account", "close_value"]
        + ["product", "deal_stage", "engage_date", "close_date"],
    )
    rows = []
    for row in deals:
        product = MISSPELT.get(row["product"], row["product"])
        account = row["account"]
        rows.append(
            {
                "external id": external_id("deal", row["opportunity_id"]),
                "name": f"{product} for {account}" if account else product,
                "type": "opportunity",
                "customer id": account and external_id("account", account),
                "salesperson id": external_id("user", row["sales_agent"]),
                "team id": teams[row["sales_agent"]],
                "stage id": STAGES[row["deal_stage"]],
                "expected revenue": row["close_value"],
                "expected closing": row["close_date"],
                "product": product,
                "deal_stage": row["deal_stage"],
                "engage_date": row["engage_date"],
                "close_date": row["close_date"],
            }
        )
    return Prepared(
        path=write_rows(folder / "opportunities.csv", rows),
        model="crm.lead",
        columns={
            "external id": "id",
            "name": "name",
            "type": "type",
            "customer id": "partner_id/id",
            "salesperson id": "user_id/id",
            "team id": "team_id/id",
            "stage id": "stage_id/id",
            "expected revenue": "expected_revenue",
            "expected closing": "date_deadline",
            **{item.column: item.name for item in LEAD_ATTRIBUTES},
        },
    )
