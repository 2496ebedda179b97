"""A tally compiled into one SQL statement: for each record its points and why.

The statement is a hybrid. Conditions on columns of the record itself, or of records it
points to, are evaluated in one pass over the table. Conditions on many linked records
(messages, activities, tags) would be probed record by record there; each becomes a
sub-query that is read once, from the linked records' side, and joined as a bit. Where
only a few records are asked for, probing is faster, so all stays in the one pass.

What a record matches is a word of bits. Points and arrays follow from it, and so does a
fingerprint: a row whose stored fingerprint is the same needs no look at its arrays,
which are then never built. A criterion whose points are no constant (points for events,
points that a cap cuts) has a column with its points instead of a bit.
"""

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

from .compiler import Lookups, guarded, system_model
from .events import EventPoints
from .summary import WORD, Summary, mask, words


class Tally:
    """Builds the statement of a tally; one object for one compilation.

    :param into: the :class:`TallyTable`
    :param Domain restriction: which records are in scope
    :param bool few: probe every condition
    :param ids: the records, where they are named
    :param tuple id_range: their first and last id, where they are a range
    :param date as_of: the day at whose end ages of events are taken; today if empty
    :param stored: keys of criteria whose points are taken from the table as they are
    """

    def __init__(
        self,
        env,
        criteria,
        into,
        restriction,
        few,
        ids=None,
        id_range=None,
        as_of=None,
        stored=(),
    ):
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
        self.stored = frozenset(stored)
        # criteria that work, each with the number of its bit or the name of its column
        self.kept = []
        self.flags, self.values = [], {}
        day = as_of or fields.Datetime.now().date()
        self.events = EventPoints(self.model, self._within, day, len(self.criteria))
        # sub-queries that are read once: functions of the columns to select with the id
        self.hits, self.hit_domains = [], []

    def sql(self):
        """Return the statement."""
        for criterion in self.criteria:
            if criterion.key in self.stored:
                flag, points = self._stored(criterion)
            else:
                flag, points = guarded(self.env, criterion, self._flag), None
            if flag is not None:
                self._keep(criterion, flag, points)
        return Summary(self.into, self.kept, words(self.flags), self.values).around(
            self._flagged()
        )

    def _keep(self, criterion, flag, points):
        """Give a criterion its bit, or its column of points."""
        if criterion.events is None and criterion.cap is None:
            self.kept.append((criterion, len(self.flags)))
            self.flags.append(flag)
            return
        if points is None:
            points = (
                self.events.add(criterion)
                if criterion.events
                else SQL("%s", sum(criterion.points.values()))
            )
        name = f"value{len(self.values)}"
        self.kept.append((criterion, name))
        self.values[name] = SQL("CASE WHEN %s THEN %s ELSE 0 END", flag, points)

    def _stored(self, criterion):
        """What the row says of a criterion that is not evaluated anew."""
        if criterion.cap is not None:
            raise ValueError("What a cap has cut cannot be taken from the table.")
        key = f"{criterion.key:d}"
        flag = SQL(f"{key} = ANY(stored.criterion_ids)")
        position = f"ARRAY_POSITION(stored.criterion_ids, {key})"
        return flag, SQL(f"stored.points[{position}]")

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

    def _flagged(self):
        """Records in scope with the words that say what they match."""
        columns = [SQL("%s AS id", SQL.identifier(self.query.table, "id"))]
        for number, word in enumerate(words(self.flags)):
            first = number * WORD
            bits = [
                self._flag_as_bit(flag, position, word)
                for position, flag in enumerate(self.flags[first : first + WORD], first)
            ]
            value = SQL(" | ").join(bits) if bits else SQL("0::bigint")
            columns.append(SQL(f"%s AS {word}", value))
        for name, value in self.values.items():
            columns.append(SQL(f"%s AS {name}", value))
        where = self.query.where_clause
        # OFFSET 0: the words are made once, not once for each use of them.
        return SQL(
            "SELECT %s FROM %s%s%s%s%s OFFSET 0",
            SQL(", ").join(columns),
            self.query.from_clause,
            self._hits_join(),
            self.events.join(SQL.identifier(self.query.table, "id")),
            self._stored_join(),
            SQL(" WHERE %s", where) if where.code else SQL(),
        )

    @staticmethod
    def _flag_as_bit(flag, position, word):
        return SQL(f"CASE WHEN %s THEN {mask(position, word)} ELSE 0 END", flag)

    def _stored_join(self):
        """The row as it is; it must have been made before."""
        if not self.stored:
            return SQL()
        return SQL(
            " JOIN %s AS stored ON stored.id = %s",
            SQL.identifier(self.into.table),
            SQL.identifier(self.query.table, "id"),
        )

    def _hits_join(self):
        if not self.hits:
            return SQL()
        names = words(self.hits)
        selects = [
            hits(*(SQL(mask(number, word)) for word in names))
            for number, hits in enumerate(self.hits)
        ]
        return SQL(
            " LEFT JOIN (SELECT id, %s FROM (%s) AS hit(id, %s) GROUP BY id) AS hits"
            " ON hits.id = %s",
            SQL(", ".join(f"BIT_OR({name}) AS {name}" for name in names)),
            SQL(" UNION ALL ").join(selects),
            SQL(", ".join(names)),
            SQL.identifier(self.query.table, "id"),
        )
