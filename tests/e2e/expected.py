"""The right numbers, computed from the source files with plain Python.

Nothing of the suite, of Odoo or of the loader is used here: what the screens show is
compared with what this module counts.
"""

import csv
import gzip
from collections import Counter
from functools import cached_property


class Campaign:
    """The contacts of the telephone campaign.

    :param directory: folder of the source files (:class:`pathlib.Path`)
    """

    # who gets how many points: one pair an axis
    FIT = (
        (30, lambda row: row["job"] in ("student", "retired")),
        (20, lambda row: int(row["age"]) >= 60),
        (10, lambda row: row["education"] == "university.degree"),
        (-10, lambda row: row["default"] != "no"),
    )
    ENGAGEMENT = (
        (40, lambda row: row["poutcome"] == "success"),
        (10, lambda row: int(row["previous"]) > 0),
        (15, lambda row: row["contact"] == "cellular"),
        (-15, lambda row: int(row["campaign"]) > 5),
    )

    def __init__(self, directory):
        path = directory / "bank_calls_2008.csv.gz"
        with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
            self.rows = list(csv.DictReader(stream, delimiter=";"))

    @cached_property
    def scores(self):
        """(fit, engagement) of each row, in the file's order."""
        return [
            (
                sum(points for points, holds in self.FIT if holds(row)),
                sum(points for points, holds in self.ENGAGEMENT if holds(row)),
            )
            for row in self.rows
        ]

    @cached_property
    def totals(self):
        """{total score: number of contacts}."""
        return Counter(fit + engagement for fit, engagement in self.scores)

    @cached_property
    def grades(self):
        """{grade: number of contacts}; A from 50 and B from 25 of fit, 1 from 40 and
        2 from 20 of engagement."""
        return Counter(
            ("A" if fit >= 50 else "B" if fit >= 25 else "C")
            + ("1" if engagement >= 40 else "2" if engagement >= 20 else "3")
            for fit, engagement in self.scores
        )

    @cached_property
    def segments(self):
        """{name: number of members}."""
        return {
            "Said yes before": self.count(lambda row: row["poutcome"] == "success"),
            "Never contacted before": self.count(
                lambda row: row["poutcome"] == "nonexistent"
            ),
            "Called too often": self.count(lambda row: int(row["campaign"]) > 10),
            "Students and retired, on a mobile phone": self.count(
                lambda row: row["job"] in ("student", "retired")
                and row["contact"] == "cellular"
            ),
        }

    @cached_property
    def welcome_calls(self):
        """How many calls the list holds."""
        return self.count(lambda row: row["y"] == "yes" or row["poutcome"] == "success")

    def count(self, holds):
        """How many rows it holds for."""
        return sum(map(holds, self.rows))


class Pipeline:
    """The company's accounts and opportunities.

    :param directory: folder of the source files (:class:`pathlib.Path`)
    """

    def __init__(self, directory):
        folder = directory / "maven_crm"
        self.accounts = self._read(folder / "accounts.csv")
        self.agents = self._read(folder / "sales_teams.csv")
        self.deals = self._read(folder / "sales_pipeline.csv")

    @staticmethod
    def _read(path):
        with open(path, encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    @cached_property
    def stages(self):
        """{stage of the source: number of opportunities}."""
        return Counter(row["deal_stage"] for row in self.deals)

    @cached_property
    def won_value(self):
        """Sum of what was won."""
        return sum(int(row["close_value"]) for row in self._won)

    @cached_property
    def without_account(self):
        """Opportunities of no account."""
        return sum(not row["account"] for row in self.deals)

    @cached_property
    def products(self):
        """{product: number of opportunities}, one spelling each."""
        names = (row["product"] for row in self.deals)
        return Counter(name.replace("GTXPro", "GTX Pro") for name in names)

    @cached_property
    def teams(self):
        """{(office, manager): number of opportunities}."""
        team = {
            row["sales_agent"]: (row["regional_office"], row["manager"])
            for row in self.agents
        }
        return Counter(team[row["sales_agent"]] for row in self.deals)

    @cached_property
    def sectors(self):
        """{industry: number of accounts}."""
        return Counter(
            row["sector"].replace("technolgy", "technology").capitalize()
            for row in self.accounts
        )

    @cached_property
    def segments(self):
        """{name: number of members}."""
        buyers = {row["account"] for row in self._won if row["product"] == "GTK 500"}
        return {
            "Won for 5,000 or more": sum(
                int(row["close_value"]) >= 5000 for row in self._won
            ),
            "Large accounts": sum(
                int(row["employees"]) >= 5000 for row in self.accounts
            ),
            "Bought a GTK 500": len(buyers - {""}),
        }

    @property
    def _won(self):
        return [row for row in self.deals if row["deal_stage"] == "Won"]
