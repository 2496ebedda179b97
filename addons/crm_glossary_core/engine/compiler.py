"""Criteria compiled into one SQL statement.

*For pairs* (a :class:`MatchTable`) every criterion is one SELECT, and the statement is
their UNION ALL: each SELECT keeps the plan that suits it.

*For a tally* (a :class:`TallyTable`) the statement is a hybrid, see :mod:`.tally`.

Look-ups in small tables ("source is called like ...") are resolved first, into "source
is one of these". Compiled SQL is never stored: compiling may run such look-ups.
"""

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger

from .criterion import TallyTable
from .errors import CriterionError
from .purchases import within

#: A many2one's table with at most this many rows counts as small.
SMALL_TABLE = 5000
#: Up to this many records each criterion is probed instead of joined.
FEW_RECORDS = 1000


def compile(  # noqa: A001
    env, criteria, into, ids=None, id_range=None, scope=None, as_of=None, stored=()
):
    """Return one statement that yields what the criteria match.

    For a :class:`MatchTable` its rows are ``(criterion, record)``, for a
    :class:`TallyTable` ``(id, *columns, total, criterion_ids, points, fingerprint
    [, band])``, one for each record in scope, matched or not. A criterion that cannot
    be compiled is left out and says why in its ``error``.

    :param criteria: :class:`Criterion` objects, for a tally all of one model
    :param into: the table that the rows are for
    :param ids: only these records
    :param tuple id_range: only records with ``first <= id <= last``
    :param Domain scope: only records in this domain
    :param date as_of: for a tally: count events as at the end of this day; today if
        empty
    :param stored: for a tally: keys of criteria whose points are not worked out anew
        but taken from the table; only with ``ids`` of rows that were written before
    :raise ValueError: when no record can be in scope because there is no model
    """
    restriction = _restrict("id", ids, id_range, scope)
    if isinstance(into, TallyTable):
        few = ids is not None and len(ids) <= FEW_RECORDS
        from .tally import Tally

        return Tally(
            env, criteria, into, restriction, few, ids, id_range, as_of, stored
        ).sql()
    lookups = Lookups(env)
    few = ids if ids is not None and len(ids) <= FEW_RECORDS else None
    selects = []
    for criterion in criteria:
        limits, probed = restriction, few
        if criterion.member:
            limits, probed = _restrict(criterion.member, ids, id_range, scope), None
        query = guarded(
            env, criterion, lambda c, a=limits, b=probed: _query(env, c, a, lookups, b)
        )
        if query is not None:
            selects.append(_select_pairs(criterion, query))
    if not selects:
        return SQL("SELECT NULL::int AS criterion, NULL::int AS record WHERE FALSE")
    return SQL(" UNION ALL ").join(selects)


def _restrict(column, ids, id_range, scope):
    restriction = Domain.TRUE
    if ids is not None:
        restriction &= Domain(column, "in", list(ids))
    if id_range is not None:
        first, last = id_range
        restriction &= Domain(column, ">=", first) & Domain(column, "<=", last)
    return restriction if scope is None else restriction & scope


def _select_pairs(criterion, query):
    """The pairs of one criterion, each once."""
    key = SQL("%s::int AS criterion", criterion.key)
    record = SQL.identifier(query.table, criterion.member or "id")
    pairs = query.select(key, SQL("%s AS record", record))
    if not criterion.member:
        return pairs
    return SQL(
        "SELECT DISTINCT criterion, record FROM (%s) AS member"
        " WHERE record IS NOT NULL",
        pairs,
    )


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
    query = guarded(env, criterion, lambda c: _query(env, c, Domain.TRUE, Lookups(env)))
    if query is None:
        raise CriterionError(criterion.error)
    return query


def _query(env, criterion, restriction, lookups, few=None):
    model = system_model(env, criterion)
    domain = criterion.parse(model.env)
    if few is not None:
        model = within(model, domain, few)
    domain = lookups.resolve(model, domain)
    return model._search(domain & restriction, active_test=criterion.active_test)


def guarded(env, criterion, action):
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
        key = (model.env, comodel._name, repr(inner))
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
