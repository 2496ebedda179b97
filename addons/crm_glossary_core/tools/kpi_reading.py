"""Reads the figures of many KPIs with few queries, with the reader's rights."""

from dataclasses import dataclass, field
from datetime import date, datetime

import psycopg2

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import mute_logger

from ..engine import read_many

#: What a KPI that does not work raises: it stops no other.
PROBLEMS = (
    AccessError,
    UserError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    RecursionError,
)


@dataclass(frozen=True)
class Side:
    """The numerator or the denominator of a KPI: which records, and what of them.

    :param str number: aggregate that gives the side's number (``__count``,
        ``expected_revenue:sum``)
    :param tuple aggregates: further aggregates that are wanted
    :param str currency_field: field of the amounts' currency, when amounts in several
        currencies are to be added up
    """

    model: str
    domain: Domain
    active_test: bool
    date_field: str | None
    number: str
    aggregates: tuple = ()
    currency_field: str | None = None


@dataclass
class Request:
    """One query: several sides may want something of it."""

    model: str
    domain: Domain
    active_test: bool
    groupby: tuple
    currency_field: str | None
    aggregates: set = field(default_factory=set)
    rows: dict | None = None
    error: Exception | None = None

    @property
    def all_groups(self):
        """The groups, and the currency where amounts are to be converted."""
        return [*self.groupby, *filter(None, [self.currency_field])]


class Reader:
    """Collects what is wanted, then reads it: ``ask`` ..., ``run``, ``get`` ...

    Sides that look at the same records share one query. A query that fails spoils
    none of the others.
    """

    def __init__(self, env):
        self.env = env
        self.requests = {}

    def ask(self, side, window=None, groupby=()):
        """Note that a side is wanted; return the key of its answer.

        :param tuple window: the first and the last day; ``None`` for all time
        :param groupby: specifications of ``_read_group``
        """
        domain = side.domain
        if side.date_field and window:
            domain &= self.window_domain(side, window)
        key = (side.model, side.active_test, repr(domain), tuple(groupby))
        key += (side.currency_field,)
        request = self.requests.setdefault(
            key,
            Request(
                side.model,
                domain,
                side.active_test,
                tuple(groupby),
                side.currency_field,
            ),
        )
        request.aggregates |= {"__count", side.number, *side.aggregates}
        return key

    def get(self, key):
        """Return ``{group: {aggregate: value}}``, or raise what went wrong."""
        request = self.requests[key]
        if request.error:
            raise request.error
        return request.rows

    def run(self, together=False):
        """Run what was asked for since the last time.

        :param bool together: in one statement; the groups come in no order then
        """
        open_requests = [
            request
            for request in self.requests.values()
            if request.rows is None and request.error is None
        ]
        run = self._run_together if together else self._run_each
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                run(open_requests)
        except psycopg2.Error:
            # One of the queries was refused by the database: each for itself.
            for request in open_requests:
                self._run_alone(request)

    def _run_each(self, requests):
        for request in requests:
            self._run(request)

    def _run_together(self, requests):
        """Read all at once; if one cannot even be asked, each for itself."""
        try:
            answers = read_many(
                self.env,
                [
                    (
                        self.model(request.model, request.active_test),
                        request.domain,
                        request.all_groups,
                        sorted(request.aggregates),
                    )
                    for request in requests
                ],
            )
        except PROBLEMS:
            self._run_each(requests)
            return
        for request, lines in zip(requests, answers, strict=True):
            request.rows = self._collect(request, lines)

    def _run_alone(self, request):
        request.rows, request.error = None, None
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self._run(request)
        except (psycopg2.DataError, psycopg2.ProgrammingError) as error:
            request.error = UserError(
                self.env._(
                    "The database refuses a value in this filter: %(reason)s",
                    reason=str(error).splitlines()[0],
                )
            )

    def _run(self, request):
        try:
            request.rows = self._read(request)
        except PROBLEMS as error:
            request.error = error

    def _read(self, request):
        """Run one query."""
        model = self.model(request.model, request.active_test)
        groupby = request.all_groups
        lines = model._read_group(
            request.domain,
            groupby,
            sorted(request.aggregates),
            order=groupby[0] if len(request.groupby) == 1 else None,
        )
        return self._collect(
            request, ((line[: len(groupby)], line[len(groupby) :]) for line in lines)
        )

    def _collect(self, request, lines):
        """Add up what belongs to one group; amounts become the company's currency.

        :param lines: pairs of groups and figures
        :return: ``{group: {aggregate: value}}``
        """
        model = self.model(request.model, request.active_test)
        result = {}
        for groups, figures in lines:
            groups = [group_key(group) for group in groups]
            row = dict(zip(sorted(request.aggregates), figures, strict=True))
            if request.currency_field:
                currency = self.env["res.currency"].browse(groups.pop() or [])
                self._convert(model, row, currency)
            add_row(result.setdefault(groups[0] if groups else None, {}), row)
        return result

    def _convert(self, model, row, currency):
        company = self.env.company
        if not currency or currency == company.currency_id:
            return
        for spec, amount in row.items():
            fname, _dot, func = spec.partition(":")
            if func == "sum" and amount and model._fields[fname].type == "monetary":
                row[spec] = currency._convert(
                    amount,
                    company.currency_id,
                    company,
                    fields.Date.context_today(model),
                    round=False,
                )

    def model(self, name, active_test=True):
        """The model as the reader sees it, periods in the reader's time zone."""
        return self.env[name].with_context(active_test=active_test, tz=str(self.env.tz))

    def window_domain(self, side, window):
        """Records whose date lies in the window, both days included."""
        return date_domain(self.env, side.model, side.date_field, window)


def date_domain(env, model_name, date_field, window):
    """``date_field`` lies between two dates, or between two datetimes.

    Dates: both included, as days in the user's time zone. Datetimes (naive, UTC): from
    the first, before the second.
    """
    start, end = window
    is_date = env[model_name]._fields[date_field].type == "date"
    if isinstance(start, datetime):
        if is_date:
            start, end = start.date(), end.date()
        return Domain(date_field, ">=", to_text(start)) & Domain(
            date_field, "<", to_text(end)
        )
    if is_date:
        return Domain(date_field, ">=", to_text(start)) & Domain(
            date_field, "<=", to_text(end)
        )
    start, end = (midnight(env, day) for day in (start, fields.Date.add(end, days=1)))
    return Domain(date_field, ">=", to_text(start)) & Domain(
        date_field, "<", to_text(end)
    )


def midnight(env, day):
    """The beginning of a day in the user's time zone, as naive UTC."""
    start = fields.Datetime.to_datetime(day)
    offset = env.tz.localize(start).utcoffset()
    return start - offset


def to_text(value):
    return (
        fields.Datetime.to_string(value) if isinstance(value, datetime) else str(value)
    )


def group_key(value):
    """A group of ``_read_group`` as it is sent to a client."""
    if isinstance(value, models.BaseModel):
        return value.id
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    return value


def add_row(total, row):
    """Add the figures of a row to those of other currencies of the same group."""
    for spec, value in row.items():
        total[spec] = (total[spec] or 0) + (value or 0) if spec in total else value
