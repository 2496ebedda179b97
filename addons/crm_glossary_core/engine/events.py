"""Points for events, compiled into the sub-query that a tally joins.

The ledger is read once for all criteria that count events freely, and once more for
each criterion that counts only the first few of a period: those need an order. Points
of one event are whole numbers of a small fraction (:data:`SCALE`), so that their sum is
exact, whatever the order; the sum is rounded to one integer for each record.
"""

from odoo.tools import SQL

#: Parts of a point in which the points of one event are counted.
SCALE = 100_000
#: Most points that one criterion can give one record; less where they are so many that
#: their sum might be no integer of PostgreSQL any more.
MOST = 10_000_000
INTEGER_MAX = 2**31 - 1


class EventPoints:
    """Builds the sub-query: for each record the points of each criterion with events.

    :param model: the records' model
    :param within: function of the column with the record's id: the condition that it is
        one of the records that are asked for
    :param date as_of: the day whose evening is looked at
    :param int number: how many criteria are summed up
    """

    def __init__(self, model, within, as_of, number=1):
        self.model = model
        self.within = within
        self.as_of = as_of
        self.most = min(MOST, INTEGER_MAX // max(number, 1))
        self.items = []

    def __bool__(self):
        return bool(self.items)

    def add(self, criterion):
        """Have a criterion's events counted; return its points for the record."""
        [points] = criterion.points.values()
        if self.items and self.items[0][0].ledger != criterion.events.ledger:
            raise ValueError("The events of a tally come from one ledger.")
        self.items.append((criterion.events, points))
        return SQL("COALESCE(%s, 0)", SQL.identifier("events", self._name(-1)))

    def join(self, record):
        """The LEFT JOIN of the sub-query ``events`` to the column ``record``."""
        if not self.items:
            return SQL()
        return SQL(
            " LEFT JOIN (%s) AS events ON events.record = %s", self._grouped(), record
        )

    def matches(self):
        """Return the records that get points, as a sub-query of ids."""
        names = (SQL.identifier(self._name(n)) for n in range(len(self.items)))
        return SQL(
            "SELECT record FROM (%s) AS events WHERE %s",
            self._grouped(),
            SQL(" OR ").join(SQL("%s <> 0", name) for name in names),
        )

    def _grouped(self):
        names = [self._name(number) for number in range(len(self.items))]
        ledger = self.items[0][0].ledger
        rows = self._rows(ledger, sorted({c.signal for c, _points in self.items}))
        limited = [
            number
            for number, (count, _points) in enumerate(self.items)
            if count.counting == "limited"
        ]
        if not limited:
            counted = self._branch_of_free(SQL("(%s)", rows))
        else:
            # Each branch reads the events anew: they are looked up once.
            source = SQL("happened")
            branches = [self._branch_of_limited(number, source) for number in limited]
            if len(limited) < len(self.items):
                branches.append(self._branch_of_free(source))
            counted = SQL(
                "WITH happened AS MATERIALIZED (%s) %s",
                rows,
                SQL(" UNION ALL ").join(branches),
            )
        return SQL(
            "SELECT record, %s FROM (%s) AS counted(record, %s) GROUP BY record",
            SQL(", ").join(
                SQL("%s AS %s", self._total(*item, name), SQL.identifier(name))
                for item, name in zip(self.items, names, strict=True)
            ),
            counted,
            SQL(", ").join(SQL.identifier(name) for name in names),
        )

    def each(self, criterion):
        """Return the events that count for one criterion, with their points.

        :return: SQL of rows ``(record, event, date, parts)``; ``parts`` is without
            sign, in parts of a point; events of which nothing is left are none
        """
        count, [points] = criterion.events, criterion.points.values()
        rank = {
            "limited": _rank("counted.date, counted.id", count.period),
            "once": _rank("counted.date DESC, counted.id DESC"),
        }.get(count.counting, SQL("1"))
        most = count.maximum if count.counting == "limited" else 1
        return SQL(
            "SELECT record, id AS event, date, parts FROM ("
            "SELECT record, id, date, %s AS parts, %s AS rank"
            " FROM (%s) AS counted WHERE %s"
            ") AS ranked WHERE rank <= %s AND parts > 0",
            self._parts(count, points),
            rank,
            self._rows(count.ledger, [count.signal]),
            self._counts(count),
            most,
        )

    def _name(self, number):
        return f"event{number % len(self.items)}"

    def _branch_of_free(self, source):
        """Events that count whatever else happened: all criteria in one reading."""
        columns = [
            SQL("NULL::int")
            if count.counting == "limited"
            else SQL(
                "CASE WHEN counted.signal = %s AND %s THEN %s END",
                count.signal,
                self._counts(count),
                self._parts(count, points),
            )
            for count, points in self.items
        ]
        signals = {c.signal for c, _points in self.items if c.counting != "limited"}
        return SQL(
            "SELECT record, %s FROM %s AS counted WHERE counted.signal = ANY(%s)",
            SQL(", ").join(columns),
            source,
            sorted(signals),
        )

    def _branch_of_limited(self, own, source):
        """Events of which only the first few of each period count."""
        count, points = self.items[own]
        columns = [
            SQL("parts") if number == own else SQL("NULL::int")
            for number in range(len(self.items))
        ]
        return SQL(
            "SELECT record, %s FROM ("
            "SELECT record, %s AS parts, %s AS rank FROM %s AS counted"
            " WHERE counted.signal = %s AND %s"
            ") AS ranked WHERE rank <= %s",
            SQL(", ").join(columns),
            self._parts(count, points),
            _rank("counted.date, counted.id", count.period),
            source,
            count.signal,
            self._counts(count),
            count.maximum,
        )

    def _rows(self, ledger, signals):
        """Events of these signals, those of a record and those it shares."""
        name = SQL.identifier(ledger.table)
        columns = SQL(
            "event.id, event.%s AS signal, event.%s AS date, event.%s AS value,"
            " %s::date - event.%s::date AS age",
            SQL.identifier(ledger.signal),
            SQL.identifier(ledger.date),
            SQL.identifier(ledger.value),
            self.as_of,
            SQL.identifier(ledger.date),
        )
        wanted = SQL(
            "event.%s = ANY(%s) AND event.%s < %s::date + 1",
            SQL.identifier(ledger.signal),
            list(signals),
            SQL.identifier(ledger.date),
            self.as_of,
        )
        record, shared = SQL.identifier(ledger.record), SQL.identifier(ledger.shared)
        owners = self.model._fields[ledger.shared]
        return SQL(
            "SELECT event.%(record)s AS record, %(columns)s FROM %(name)s AS event"
            " WHERE %(own)s AND %(wanted)s"
            " UNION ALL SELECT owner.id AS record, %(columns)s FROM %(name)s AS event"
            " JOIN %(table)s AS owner ON %(owners)s = event.%(shared)s"
            " WHERE event.%(record)s IS NULL AND %(owned)s AND %(wanted)s",
            record=record,
            columns=columns,
            name=name,
            own=self.within(SQL("event.%s", record)),
            wanted=wanted,
            table=SQL.identifier(self.model._table),
            owners=SQL.identifier("owner", ledger.shared, to_flush=owners),
            shared=shared,
            owned=self.within(SQL("owner.id")),
        )

    def _counts(self, count):
        """The condition that an event of the right signal counts."""
        terms = [SQL("TRUE")]
        if count.pattern:
            terms.append(SQL("counted.value ILIKE %s", like(count.pattern)))
        if count.window:
            terms.append(SQL("counted.age <= %s", count.window))
        if count.since:
            terms.append(SQL("counted.date >= %s::date", count.since))
        return SQL(" AND ").join(terms)

    def _parts(self, count, points):
        """Points of one event at its age, without sign, in parts of a point."""
        whole = abs(points) * SCALE
        if count.decay == "half_life":
            # What is left after a hundred halvings is nothing; PostgreSQL refuses to
            # work out numbers that are too small.
            left = SQL(
                "POWER(0.5::float8, LEAST(counted.age / %s::float8, 100))", count.days
            )
        elif count.decay == "linear":
            left = SQL("GREATEST(1 - counted.age / %s::float8, 0)", 2 * count.days)
        else:
            return SQL("%s::int", whole)
        return SQL("(%s * %s)::int", whole, left)

    def _total(self, count, points, name):
        """The points of one record: rounded, limited, with their sign."""
        column = SQL.identifier(name)
        parts = SQL("MAX(%s)" if count.counting == "once" else "SUM(%s)", column)
        return SQL(
            "(%s * LEAST((COALESCE(%s, 0) + %s) / %s, %s))::int",
            1 if points > 0 else -1,
            parts,
            SCALE // 2,
            SCALE,
            min(count.limit or self.most, self.most),
        )


def _rank(order, period=None):
    """The number of an event among those of its record (and period)."""
    return SQL(
        "ROW_NUMBER() OVER (PARTITION BY record%s ORDER BY %s)",
        SQL(", DATE_TRUNC(%s, counted.date)", period) if period else SQL(),
        SQL(order),
    )


def like(pattern):
    """Return a pattern with ``*`` as SQL's LIKE wants it."""
    for special in ("\\", "%", "_"):
        pattern = pattern.replace(special, f"\\{special}")
    return pattern.replace("*", "%")
