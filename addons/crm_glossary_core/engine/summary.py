"""The outer part of a tally's statement: points, sums and arrays from what matched.

It is made of numbers and of names that the engine gives, so it is put together as text:
for one record that takes a fraction of the time of nested SQL objects.
"""

import hashlib

from odoo.tools import SQL

from .caps import trimmed

#: Bits of a PostgreSQL bigint that can be used without its sign.
WORD = 62


def words(items):
    """Names of the words that so many bits need, at least one."""
    return [f"word{number}" for number in range(max(len(items) - 1, 0) // WORD + 1)]


def mask(position, word):
    """The bit of a position in a word, as text; 0 when it belongs to another word."""
    own, bit = divmod(position, WORD)
    return f"{1 << bit if word == f'word{own}' else 0}::bigint"


class Summary:
    """Builds what stands around the records with their words and columns of points.

    :param into: the :class:`TallyTable`
    :param kept: pairs of a criterion and of the number of its bit, or the name of its
        column
    :param names: names of the words
    :param values: names of the columns with points
    """

    def __init__(self, into, kept, names, values):
        self.into = into
        left = trimmed(kept)
        # in the place of a column, what caps leave of it
        self.kept = [(criterion, left.get(mark, mark)) for criterion, mark in kept]
        self.names = names
        self.values = [left.get(name, name) for name in values]

    def around(self, flagged):
        """Return the whole statement.

        :param SQL flagged: ``(id, *words, *columns with points)``
        """
        return self._banded(self._summed(flagged))

    def _matched(self, mark):
        """The condition that a criterion counts for a record."""
        if isinstance(mark, str):
            return f"{mark} <> 0"
        number, bit = divmod(mark, WORD)
        return f"word{number} & {1 << bit}::bigint <> 0"

    def _summed(self, flagged):
        columns = ["id"]
        columns += [f'{self._sum(name)} AS "{name}"' for name in self.into.columns]
        columns += [
            f"{self._array(lambda criterion, _mark: criterion.key)} AS criterion_ids",
            f"{self._array(_points)} AS points",
            f"{self._fingerprint()} AS fingerprint",
        ]
        return _select(columns, SQL("(%s) AS flagged", flagged))

    def _sum(self, column):
        terms = [
            mark
            if isinstance(mark, str)
            else f"CASE WHEN {self._matched(mark)} THEN {points:d} ELSE 0 END"
            for criterion, mark in self.kept
            if (points := criterion.points.get(column))
        ]
        return f"({' + '.join(terms) or '0'})::int"

    def _array(self, value):
        items = (
            f"CASE WHEN {self._matched(mark)} THEN {value(criterion, mark)} END"
            for criterion, mark in self.kept
        )
        return f"ARRAY_REMOVE(ARRAY[{', '.join(items)}]::int[], NULL)"

    def _fingerprint(self):
        """A number that differs when anything in the row would differ.

        It is made of the words, of what the words mean (keys, points, bands) and of
        the columns with points.
        """
        meaning = repr(
            (
                [(c.key, sorted(c.points.items())) for c, _mark in self.kept],
                self.into.columns,
                self.into.bands,
            )
        )
        digest = hashlib.sha256(meaning.encode()).digest()
        number = f"({int.from_bytes(digest[:8], 'big', signed=True)})::bigint"
        for column in (*self.names, *self.values):
            number = f"HASHINT8EXTENDED({column}, {number})"
        return number

    def _banded(self, summed):
        columns = [f'"{name}"' for name in self.into.columns]
        selected = ["id", *columns, f"({' + '.join(columns)})::int AS total"]
        selected += ["criterion_ids", "points", "fingerprint"]
        if self.into.bands:
            selected.append(f'{self._band()} AS "{self.into.bands.column}"')
        return _select(selected, SQL("(%s) AS summed", summed))

    def _band(self):
        cases = []
        for band, minimums in self.into.bands.bands:
            terms = (f'"{name}" >= {least:d}' for name, least in minimums.items())
            cases.append(f"WHEN {' AND '.join(['TRUE', *terms])} THEN {band:d}")
        return f"(CASE {' '.join(cases)} END)::int" if cases else "NULL::int"


def _select(columns, source):
    return SQL("SELECT %s FROM %s", SQL(", ".join(columns)), source)


def _points(criterion, mark):
    """The points that a criterion gives where it counts."""
    return mark if isinstance(mark, str) else f"{sum(criterion.points.values()):d}"
