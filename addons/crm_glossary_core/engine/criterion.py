"""What the engine is given: criteria, and the tables that hold what matched."""

from dataclasses import dataclass, field
from datetime import date

from odoo.fields import Domain

from .parser import parse


@dataclass(frozen=True)
class Ledger:
    """A table of things that happened, each at a moment and written once.

    An event belongs to one record, or, without one, to all records that share a value
    with it (the events of a contact to all leads of the contact).

    :param str table: name of the table
    :param str record: column that holds the record's id, or nothing
    :param str shared: column that is compared where there is no record; the records'
        table has a column of the same name
    :param str signal: column that holds what kind of thing happened
    :param str date: column that holds when, in UTC
    :param str value: column that holds which one (a page, a subject)
    """

    table: str
    record: str
    shared: str
    signal: str = "signal_id"
    date: str = "date"
    value: str = "value"


@dataclass(frozen=True)
class EventCount:
    """Which events of a ledger count for a criterion, and how much each.

    Ages are whole days of UTC, so that all refreshes of one day agree.

    :param Ledger ledger: where the events stand
    :param int signal: the kind of event
    :param str pattern: what its value looks like; ``*`` is any text, capitals or not
    :param str counting: ``each``; ``once`` (the latest alone); ``limited`` (the first
        ``maximum`` of each calendar ``period``)
    :param str period: ``day``, ``week`` (from Monday) or ``month``
    :param int limit: most points in all, without sign; 0 for no limit
    :param int window: days after which an event no longer counts; 0 for never
    :param str decay: ``none``; ``half_life`` (half is left after each ``days``);
        ``linear`` (half after ``days``, nothing after twice as many)
    :param int days: see ``decay``
    :param date since: earlier events do not count
    """

    ledger: Ledger
    signal: int
    pattern: str | None = None
    counting: str = "each"
    maximum: int = 1
    period: str = "day"
    limit: int = 0
    window: int = 0
    decay: str = "none"
    days: int = 0
    since: date | None = None


@dataclass(frozen=True)
class Cap:
    """Criteria with the same cap give at most ``maximum`` points together.

    What is more is cut from the later ones; points that are taken away are limited in
    the same way, apart from those that are given.
    """

    key: int
    maximum: int


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
    :param EventCount events: for a tally: the points (of one column) are given for
        events, to records in the domain
    :param Cap cap: for a tally: what limits its points together with others
    :param str member: for a match table: stored many2one to the model itself that
        holds what matches (the company of a contact); the record itself if empty.
        Records, where few are asked for, are then those that it points to
    :param str error: set by the engine when the criterion cannot be used
    """

    key: int
    model: str
    domain: str = "[]"
    company_id: int | None = None
    active_test: bool = True
    points: dict = field(default_factory=dict)
    uid: int | None = None
    events: EventCount | None = None
    cap: Cap | None = None
    member: str | None = None
    error: str | None = None

    def parse(self, env):
        """Return the whole :class:`Domain`: the user's and the company's."""
        domain = parse(env, self.domain, self.uid)
        if self.company_id and "company_id" in env[self.model]._fields:
            domain &= Domain("company_id", "in", [self.company_id, False])
        if self.member and self.active_test and "active" in env[self.model]._fields:
            domain &= Domain(f"{self.member}.active", "=", True)
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
    """How many rows a refresh added, changed and took away.

    :param dict by_key: for a match table: ``{criterion's key: (added, gone)}`` of the
        criteria that changed
    """

    added: int = 0
    changed: int = 0
    gone: int = 0
    by_key: dict = field(default_factory=dict)

    def __add__(self, other):
        by_key = dict(self.by_key)
        for key, (added, gone) in other.by_key.items():
            before = by_key.get(key, (0, 0))
            by_key[key] = (before[0] + added, before[1] + gone)
        return Diff(
            self.added + other.added,
            self.changed + other.changed,
            self.gone + other.gone,
            by_key,
        )

    def __bool__(self):
        return bool(self.added or self.changed or self.gone)

    @property
    def total(self):
        return self.added + self.changed + self.gone
