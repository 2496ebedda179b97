"""Criteria compiled into one SQL statement.

*For pairs* (a :class:`MatchTable`) every criterion is one SELECT, and the statement is
their UNION ALL: each SELECT keeps the plan that suits it.

*For a tally* (a :class:`TallyTable`) the statement is a hybrid. A criterion on columns
of the record itself, or of records it points to, is a condition evaluated in one pass
over the table. A criterion that looks into other tables (messages, activities, tags)
would be probed record by record there; it becomes a sub-query that is read once, and
its matches are joined as bits. Where only a few records are asked for, probing is the
faster way, so every criterion becomes a condition.

Look-ups in small tables ("source is called like ...") are resolved first, into "source
is one of these". Compiled SQL is never stored: compiling may run such look-ups.
"""

import itertools

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger

from .criterion import TallyTable
from .errors import CriterionError

#: A many2one's table with at most this many rows counts as small.
SMALL_TABLE = 5000
#: Up to this many records each criterion is probed instead of joined.
FEW_RECORDS = 1000
#: Bits of a PostgreSQL bigint that can be used without its sign.
WORD = 62


def compile(env, criteria, into, ids=None, id_range=None, scope=None):  # noqa: A001
    """Return one statement that yields what the criteria match.

    For a :class:`MatchTable` its rows are ``(criterion, record)``, for a
    :class:`TallyTable` ``(id, *columns, total, criterion_ids, points[, band])``, one
    for each record in scope, matched or not. A criterion that cannot be compiled is
    left out and says why in its ``error``.

    :param criteria: :class:`Criterion` objects, for a tally all of one model
    :param into: the table that the rows are for
    :param ids: only these records
    :param tuple id_range: only records with ``first <= id <= last``
    :param Domain scope: only records in this domain
    :raise ValueError: when no record can be in scope because there is no model
    """
    restriction = Domain.TRUE
    if ids is not None:
        restriction &= Domain("id", "in", list(ids))
    if id_range is not None:
        restriction &= Domain("id", ">=", id_range[0]) & Domain("id", "<=", id_range[1])
    if scope is not None:
        restriction &= scope
    if isinstance(into, TallyTable):
        few = ids is not None and len(ids) <= FEW_RECORDS
        return _Tally(env, criteria, into, restriction, few).sql()
    lookups = Lookups(env)
    selects = []
    for criterion in criteria:
        query = _guarded(env, criterion, lambda c: _query(env, c, restriction, lookups))
        if query is not None:
            selects.append(
                query.select(
                    SQL("%s::int AS criterion", criterion.key),
                    SQL("%s AS record", SQL.identifier(query.table, "id")),
                )
            )
    if not selects:
        return SQL("SELECT NULL::int AS criterion, NULL::int AS record WHERE FALSE")
    return SQL(" UNION ALL ").join(selects)


def system_model(env, criterion):
    """The criterion's model with system rights, in its author's language and zone.

    What matches must not depend on who asks: neither on that user's rights, nor on the
    words or on the hour that "today" begins for that user.
    """
    if criterion.model not in env:
        raise CriterionError(
            env._("The model “%(name)s” is not in this database.", name=criterion.model)
        )
    author = env["res.users"].sudo().browse(criterion.uid or env.uid)
    context = {"lang": author.lang, "tz": author.tz}
    if criterion.company_id:
        context["allowed_company_ids"] = [criterion.company_id]
    return env(user=author.id, su=True, context=context)[criterion.model]


def query_of(env, criterion):
    """Return the Query of one criterion, or raise :class:`CriterionError`."""
    criterion.error = None
    query = _guarded(
        env, criterion, lambda c: _query(env, c, Domain.TRUE, Lookups(env))
    )
    if query is None:
        raise CriterionError(criterion.error)
    return query


def _query(env, criterion, restriction, lookups):
    model = system_model(env, criterion)
    domain = lookups.resolve(model, criterion.parse(model.env))
    return model._search(domain & restriction, active_test=criterion.active_test)


def _guarded(env, criterion, action):
    """Run ``action(criterion)``; an error that the user can mend is kept on it."""
    try:
        return action(criterion)
    except CriterionError as error:
        criterion.error = str(error)
    except RecursionError:
        criterion.error = env._("This filter is nested too deeply: split it in parts.")
    except (AccessError, UserError) as error:
        criterion.error = str(error)
    except (psycopg2.DataError, psycopg2.ProgrammingError) as error:
        criterion.error = refusal(env, error)
    except (ValueError, KeyError, TypeError, AssertionError, NotImplementedError) as e:
        criterion.error = env._("This filter does not work: %(reason)s", reason=e)
    return None


def refusal(env, error):
    """What to tell about a value that the database refuses."""
    return env._(
        "The database refuses a value in this filter: %(reason)s",
        reason=str(error).splitlines()[0],
    )


def run_safely(env, statement):
    """Run a statement; an error of the database leaves the transaction usable.

    What the ORM still has to write is written first, so that going back to the
    savepoint cannot lose it.
    """
    env.flush_query(statement)
    with mute_logger("odoo.sql_db"), env.cr.savepoint(flush=False):
        return env.execute_query(statement)


class Lookups:
    """Resolves conditions on small tables into lists of ids, each one once."""

    def __init__(self, env):
        self.env = env
        self._small = {}
        self._found = {}

    def resolve(self, model, domain):
        """Return ``domain`` with its look-ups in small tables replaced by ids."""
        return domain.map_conditions(
            lambda condition: self._condition(model, condition)
        )

    def _condition(self, model, condition):
        head, _dot, tail = condition.field_expr.partition(".")
        field = model._fields.get(head)
        if not tail or field is None or field.type != "many2one" or not field.store:
            return condition
        if field.company_dependent:
            return condition
        comodel = model.env[field.comodel_name]
        inner = Domain(tail, condition.operator, condition.value)
        if not self._is_small(comodel):
            return Domain(head, "any", self.resolve(comodel, inner))
        context = tuple(sorted(model.env.context.items(), key=repr))
        key = (comodel._name, context, repr(inner))
        if key not in self._found:
            query = comodel._search(self.resolve(comodel, inner), active_test=False)
            self._found[key] = [row[0] for row in run_safely(self.env, query.select())]
        return Domain(head, "in", self._found[key])

    def _is_small(self, comodel):
        if comodel._name not in self._small:
            query = comodel._search([], active_test=False, limit=SMALL_TABLE + 1)
            count = SQL("SELECT COUNT(*) FROM (%s) AS counted", query.select())
            [[rows]] = self.env.execute_query(count)
            self._small[comodel._name] = rows <= SMALL_TABLE
        return self._small[comodel._name]


class _Tally:
    """Builds the statement of a tally; one object for one compilation."""

    def __init__(self, env, criteria, into, restriction, few):
        self.env = env
        self.into = into
        self.restriction = restriction
        self.few = few
        self.lookups = Lookups(env)
        self.criteria = list(criteria)
        names = {criterion.model for criterion in self.criteria}
        if len(names) != 1:
            raise ValueError("A tally is made of criteria of one model.")
        self.model = env(context={}, su=True)[names.pop()]
        self.query = self.model._search(restriction, active_test=False)
        self.kept, self.flags, self.bits = [], [], []

    def sql(self):
        for criterion in self.criteria:
            flag = _guarded(self.env, criterion, self._flag)
            if flag is not None:
                self.kept.append(criterion)
                self.flags.append(flag)
        return self._banded(self._summed(self._flagged()))

    def _flag(self, criterion):
        """The condition that says in one pass whether the criterion matches."""
        model = system_model(self.env, criterion)
        domain = self.lookups.resolve(model, criterion.parse(model.env))
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
        if domain.is_true() or domain.is_false():
            return SQL("TRUE") if domain.is_true() else SQL("FALSE")
        condition = domain._to_sql(model, self.query.table, self.query)
        if self.few or "SELECT" not in condition.code:
            return condition
        query = model._search(domain & self.restriction, active_test=False)
        self.bits.append(query)
        word, bit = divmod(len(self.bits) - 1, WORD)
        return SQL(
            "COALESCE(%s, 0) & %s <> 0",
            SQL.identifier("bits", f"word{word}"),
            1 << bit,
        )

    def _flagged(self):
        """Records in scope, one boolean column for each criterion."""
        columns = [SQL("%s AS id", SQL.identifier(self.query.table, "id"))]
        for index, flag in enumerate(self.flags):
            columns.append(SQL("(%s) AS %s", flag, SQL.identifier(f"m{index}")))
        return SQL(
            "SELECT %s FROM %s%s%s OFFSET 0",
            SQL(", ").join(columns),
            self.query.from_clause,
            self._bits_join(),
            SQL(" WHERE %s", self.query.where_clause)
            if self.query.where_clause.code
            else SQL(),
        )

    def _bits_join(self):
        if not self.bits:
            return SQL()
        words = range((len(self.bits) - 1) // WORD + 1)
        selects = []
        for index, query in enumerate(self.bits):
            word, bit = divmod(index, WORD)
            masks = [SQL("%s::bigint", 1 << bit if w == word else 0) for w in words]
            selects.append(query.select(SQL.identifier(query.table, "id"), *masks))
        names = [SQL.identifier(f"word{w}") for w in words]
        return SQL(
            " LEFT JOIN (SELECT id, %s FROM (%s) AS hit(id, %s) GROUP BY id) AS bits"
            " ON bits.id = %s",
            SQL(", ").join(SQL("BIT_OR(%s) AS %s", name, name) for name in names),
            SQL(" UNION ALL ").join(selects),
            SQL(", ").join(names),
            SQL.identifier(self.query.table, "id"),
        )

    def _summed(self, flagged):
        columns = [SQL("id")]
        weights = {name: self._sum(name) for name in self.into.columns}
        for name in self.into.columns:
            columns.append(SQL("%s AS %s", weights[name], SQL.identifier(name)))
        columns += [
            SQL("%s AS criterion_ids", self._array(lambda c: c.key)),
            SQL("%s AS points", self._array(lambda c: sum(c.points.values()))),
        ]
        return SQL("SELECT %s FROM (%s) AS flagged", SQL(", ").join(columns), flagged)

    def _sum(self, column):
        terms = [
            SQL("CASE WHEN %s THEN %s ELSE 0 END", SQL.identifier(f"m{index}"), points)
            for index, criterion in enumerate(self.kept)
            if (points := criterion.points.get(column))
        ]
        return SQL("(%s)::int", SQL(" + ").join(terms) if terms else SQL("0"))

    def _array(self, value):
        items = [
            SQL(
                "CASE WHEN %s THEN %s END",
                SQL.identifier(f"m{index}"),
                value(criterion),
            )
            for index, criterion in enumerate(self.kept)
        ]
        return SQL("ARRAY_REMOVE(ARRAY[%s]::int[], NULL)", SQL(", ").join(items))

    def _banded(self, summed):
        columns = [SQL.identifier(name) for name in self.into.columns]
        total = SQL("(%s)::int AS total", SQL(" + ").join(columns))
        selected = [SQL("id"), *columns, total, SQL("criterion_ids"), SQL("points")]
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
