"""A tally compiled into one SQL statement: for each record its points and why.

The statement is a hybrid. Conditions on columns of the record itself, or of records it
points to, are evaluated in one pass over the table. Conditions on many linked records
(messages, activities, tags) would be probed record by record there; each becomes a
sub-query that is read once, from the linked records' side, and joined as a bit. Where
only a few records are asked for, probing is faster, so all stays in the one pass.

What a record matches is a word of bits. Points and arrays follow from it, and so does a
fingerprint: a row whose stored fingerprint is the same needs no look at its arrays,
which are then never built.
"""

import hashlib
import itertools

from odoo.fields import Domain
from odoo.tools import SQL

from .compiler import Lookups, guarded, system_model

#: Bits of a PostgreSQL bigint that can be used without its sign.
WORD = 62


class Tally:
    """Builds the statement of a tally; one object for one compilation.

    :param into: the :class:`TallyTable`
    :param Domain restriction: which records are in scope
    :param bool few: probe every condition
    :param ids: the records, where they are named
    :param tuple id_range: their first and last id, where they are a range
    """

    def __init__(self, env, criteria, into, restriction, few, ids, id_range):
        self.env = env
        self.into = into
        self.restriction = restriction
        self.few = few
        self.ids = ids
        self.id_range = id_range
        self.lookups = Lookups(env)
        self.criteria = list(criteria)
        names = {criterion.model for criterion in self.criteria}
        if len(names) != 1:
            raise ValueError("A tally is made of criteria of one model.")
        self.model = env(context={}, su=True)[names.pop()]
        self.query = self.model._search(restriction, active_test=False)
        self.kept, self.flags = [], []
        # sub-queries that are read once: functions of the columns to select with the id
        self.hits, self.hit_domains = [], []

    def sql(self):
        """Return the statement."""
        for criterion in self.criteria:
            flag = guarded(self.env, criterion, self._flag)
            if flag is not None:
                self.kept.append(criterion)
                self.flags.append(flag)
        return self._banded(self._summed(self._flagged()))

    # === CONDITIONS === #

    def _flag(self, criterion):
        """The condition that says in one pass whether the criterion matches."""
        model = system_model(self.env, criterion)
        domain = criterion.parse(model.env)
        if not self.few:
            # For a few records looking up costs more than it saves.
            domain = self.lookups.resolve(model, domain)
        if (
            criterion.active_test
            and model._active_name
            and not any(
                condition.field_expr == model._active_name
                for condition in domain.iter_conditions()
            )
        ):
            domain &= Domain(model._active_name, "=", True)
        domain = domain.optimize_full(model)
        if self.few:
            return domain._to_sql(model, self.query.table, self.query)
        split = domain.map_conditions(lambda part: self._split(model, part))
        condition = split._to_sql(model, self.query.table, self.query)
        if "SELECT" not in condition.code:
            return condition
        query = model._search(domain & self.restriction, active_test=False)
        record = SQL.identifier(query.table, "id")
        return self._bit(model, lambda *masks: query.select(record, *masks), domain)

    def _split(self, model, part):
        """Put a bit in the place of a condition on many linked records."""
        field = model._fields[part.field_expr.partition(".")[0]]
        reader = {"one2many": self._read_lines, "many2many": self._read_links}
        if field.type not in reader or not field.store:
            return part
        operator = part.operator.removeprefix("not ")
        hits = reader[field.type](model, field, operator, part.value)
        if hits is None:
            return part
        bit = self._bit(model, hits, Domain(part.field_expr, operator, part.value))
        if operator != part.operator:
            bit = SQL("NOT (%s)", bit)
        return Domain.custom(to_sql=lambda *_args: bit)

    def _read_lines(self, model, field, operator, value):
        """Read a one2many from its lines: the records that they belong to."""
        comodel = model.env[field.comodel_name].with_context(**field.context)
        inverse = comodel._fields[field.inverse_name]
        if operator != "any!" or not isinstance(value, Domain) or not inverse.store:
            return None
        query = comodel._search(
            value & field.get_comodel_domain(model), bypass_access=True
        )
        record = comodel._field_to_sql(query.table, inverse.name, query)
        query.add_where(self._within(record))
        return lambda *masks: query.select(record, *masks)

    def _read_links(self, model, field, operator, value):
        """Read a many2many from its table of links."""
        simple = field.get_comodel_domain(model).is_true()
        if operator != "in" or False in value or not simple:
            return None
        record = SQL.identifier("link", field.column1)
        return lambda *masks: SQL(
            "SELECT %s FROM %s AS link WHERE %s IN %s AND %s",
            SQL(", ").join([record, *masks]),
            SQL.identifier(field.relation),
            SQL.identifier("link", field.column2),
            tuple(value) or (0,),
            self._within(record),
        )

    def _within(self, record):
        """Which records are asked for, said of a column of another table.

        PostgreSQL does not conclude it from the join, and would read all messages for
        each range of leads.
        """
        parts = [SQL("%s IS NOT NULL", record)]
        if self.ids is not None:
            parts.append(SQL("%s = ANY(%s)", record, list(self.ids)))
        if self.id_range is not None:
            parts.append(SQL("%s BETWEEN %s AND %s", record, *self.id_range))
        return SQL(" AND ").join(parts)

    def _bit(self, model, hits, domain):
        """The condition that a sub-query found the record; equal ones are read once."""
        known = (model.env, domain)
        if known not in self.hit_domains:
            self.hit_domains.append(known)
            self.hits.append(hits)
        word, bit = divmod(self.hit_domains.index(known), WORD)
        return SQL(
            "COALESCE(%s, 0) & %s <> 0", SQL.identifier("hits", f"word{word}"), 1 << bit
        )

    # === STATEMENT === #

    @staticmethod
    def _words(items):
        """Numbers of the words that so many bits need, at least one."""
        return range(max(len(items) - 1, 0) // WORD + 1)

    @staticmethod
    def _name(word):
        return SQL.identifier(f"word{word}")

    @staticmethod
    def _mask(position, word):
        """The bit of a position in a word, 0 when it belongs to another word."""
        own, bit = divmod(position, WORD)
        return SQL("%s::bigint", 1 << bit if own == word else 0)

    def _flagged(self):
        """Records in scope with the words that say what they match."""
        columns = [SQL("%s AS id", SQL.identifier(self.query.table, "id"))]
        for word in self._words(self.flags):
            bits = [
                SQL("CASE WHEN %s THEN %s ELSE 0 END", flag, self._mask(position, word))
                for position, flag in enumerate(self.flags)
                if position // WORD == word
            ]
            value = SQL(" | ").join(bits) if bits else SQL("0::bigint")
            columns.append(SQL("%s AS %s", value, self._name(word)))
        where = self.query.where_clause
        # OFFSET 0: the words are made once, not once for each use of them.
        return SQL(
            "SELECT %s FROM %s%s%s OFFSET 0",
            SQL(", ").join(columns),
            self.query.from_clause,
            self._hits_join(),
            SQL(" WHERE %s", where) if where.code else SQL(),
        )

    def _hits_join(self):
        if not self.hits:
            return SQL()
        words = self._words(self.hits)
        selects = [
            hits(*(self._mask(number, word) for word in words))
            for number, hits in enumerate(self.hits)
        ]
        names = [self._name(word) for word in words]
        return SQL(
            " LEFT JOIN (SELECT id, %s FROM (%s) AS hit(id, %s) GROUP BY id) AS hits"
            " ON hits.id = %s",
            SQL(", ").join(SQL("BIT_OR(%s) AS %s", name, name) for name in names),
            SQL(" UNION ALL ").join(selects),
            SQL(", ").join(names),
            SQL.identifier(self.query.table, "id"),
        )

    def _matched(self, position):
        """The condition that a record's words hold the bit of a criterion."""
        word = position // WORD
        return SQL("%s & %s <> 0", self._name(word), self._mask(position, word))

    def _summed(self, flagged):
        columns = [SQL("id")]
        for name in self.into.columns:
            columns.append(SQL("%s AS %s", self._sum(name), SQL.identifier(name)))
        columns += [
            SQL("%s AS criterion_ids", self._array(lambda c: c.key)),
            SQL("%s AS points", self._array(lambda c: sum(c.points.values()))),
            SQL("%s AS fingerprint", self._fingerprint()),
        ]
        return SQL("SELECT %s FROM (%s) AS flagged", SQL(", ").join(columns), flagged)

    def _sum(self, column):
        terms = [
            SQL("CASE WHEN %s THEN %s ELSE 0 END", self._matched(position), points)
            for position, criterion in enumerate(self.kept)
            if (points := criterion.points.get(column))
        ]
        return SQL("(%s)::int", SQL(" + ").join(terms) if terms else SQL("0"))

    def _array(self, value):
        items = [
            SQL("CASE WHEN %s THEN %s END", self._matched(position), value(criterion))
            for position, criterion in enumerate(self.kept)
        ]
        return SQL("ARRAY_REMOVE(ARRAY[%s]::int[], NULL)", SQL(", ").join(items))

    def _fingerprint(self):
        """A number that differs when anything in the row would differ.

        It is made of the words and of what the words mean: keys, points, bands.
        """
        meaning = repr(
            (
                [(c.key, sorted(c.points.items())) for c in self.kept],
                self.into.columns,
                self.into.bands,
            )
        )
        digest = hashlib.sha256(meaning.encode()).digest()
        number = SQL("%s::bigint", int.from_bytes(digest[:8], "big", signed=True))
        for word in self._words(self.kept):
            number = SQL("HASHINT8EXTENDED(%s, %s)", self._name(word), number)
        return number

    def _banded(self, summed):
        columns = [SQL.identifier(name) for name in self.into.columns]
        total = SQL("(%s)::int AS total", SQL(" + ").join(columns))
        selected = [SQL("id"), *columns, total]
        selected += [SQL("criterion_ids"), SQL("points"), SQL("fingerprint")]
        if self.into.bands:
            selected.append(
                SQL("%s AS %s", self._band(), SQL.identifier(self.into.bands.column))
            )
        return SQL("SELECT %s FROM (%s) AS summed", SQL(", ").join(selected), summed)

    def _band(self):
        cases = [
            SQL(
                "WHEN %s THEN %s",
                SQL(" AND ").join(
                    itertools.chain(
                        [SQL("TRUE")],
                        (
                            SQL("%s >= %s", SQL.identifier(name), minimum)
                            for name, minimum in minimums.items()
                        ),
                    )
                ),
                band,
            )
            for band, minimums in self.into.bands.bands
        ]
        return (
            SQL("(CASE %s END)::int", SQL(" ").join(cases))
            if cases
            else SQL("NULL::int")
        )
