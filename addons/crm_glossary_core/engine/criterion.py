"""What the engine is given: criteria, and the tables that hold what matched."""

from dataclasses import dataclass, field

from odoo.fields import Domain

from .parser import parse


@dataclass
class Criterion:
    """A model and a domain, as the engine sees them.

    :param int key: id of the record that owns the criterion; it names the criterion
        in every match
    :param str model: technical name of the model whose records are matched
    :param str domain: the domain as its user wrote it
    :param int company_id: match records of this company and shared ones only
    :param bool active_test: leave archived records out, as ``search()`` does
    :param dict points: for a :class:`TallyTable`, signed points by column
    :param int uid: the user whom ``uid`` in the domain means
    :param str error: set by the engine when the criterion cannot be used
    """

    key: int
    model: str
    domain: str = "[]"
    company_id: int | None = None
    active_test: bool = True
    points: dict = field(default_factory=dict)
    uid: int | None = None
    error: str | None = None

    def parse(self, env):
        """Return the whole :class:`Domain`: the user's and the company's."""
        domain = parse(env, self.domain, self.uid)
        if self.company_id and "company_id" in env[self.model]._fields:
            domain &= Domain("company_id", "in", [self.company_id, False])
        return domain


@dataclass(frozen=True)
class MatchTable:
    """A table with one row for each (criterion, record) pair that matches.

    :param str table: name of the table
    :param str criterion: column that holds the criterion's key
    :param str record: column that holds the record's id
    :param bool history: close rows (``date_to``) instead of deleting them; rows then
        have ``date_from`` and ``date_to``, and an open row has no ``date_to``
    :param dict values: constants for the other columns of a new row
    :param dict closing: constants that are written when a row is closed
    """

    table: str
    criterion: str
    record: str
    history: bool = False
    values: dict = field(default_factory=dict)
    closing: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Bands:
    """Names for ranges of a tally: the first band whose minimums are all reached.

    :param str column: column that receives the band's id
    :param tuple bands: pairs ``(id, {column: minimum})``, best band first
    """

    column: str
    bands: tuple = ()


@dataclass(frozen=True)
class TallyTable:
    """A satellite table with one row for each record: its points and why.

    Its id is the record's id. It holds one integer column for each name in
    ``columns``, their sum in ``total``, and the parallel arrays ``criterion_ids`` and
    ``points``: what matched and what each match gave. ``fingerprint`` (bigint) tells
    whether the row is up to date without a look at the rest; empty means it is not.
    """

    table: str
    columns: tuple
    bands: Bands | None = None


@dataclass(frozen=True)
class Diff:
    """How many rows a refresh added, changed and took away."""

    added: int = 0
    changed: int = 0
    gone: int = 0

    def __add__(self, other):
        return Diff(
            self.added + other.added,
            self.changed + other.changed,
            self.gone + other.gone,
        )

    def __bool__(self):
        return bool(self.added or self.changed or self.gone)

    @property
    def total(self):
        return self.added + self.changed + self.gone
