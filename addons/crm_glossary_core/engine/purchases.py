"""What customers bought, as conditions: amounts, numbers, last dates; all set-based.

Which documents count (orders, invoices) is told by a :class:`Documents`; what is asked
of them by a :class:`Purchase`. A contact buys through its commercial entity: the
purchases of a company's people are added up, and all of them share the sum.
"""

import datetime
from dataclasses import dataclass

import pytz

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

#: How values are compared, as written by :attr:`Purchase.operator`.
OPERATORS = {sign: SQL(sign) for sign in (">=", ">", "<=", "<", "=")}
_OPPOSITES = {">=": "<", ">": "<=", "<=": ">", "<": ">="}
_HOLDS = {
    ">=": lambda left, right: left >= right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    "<": lambda left, right: left < right,
    "=": lambda left, right: left == right,
}
#: Key of the context: whose records alone are asked for, see :func:`within`.
WITHIN = "criterion_records"


class PurchasesMet(fields.Many2many):
    """Conditions on purchases that a contact meets; found by a search of its own.

    It moves with time by whole days only, at midnight where the author of a criterion
    lives.

    :param tuple looks_at: names of the models whose records it comes from
    """

    looks_at = ()


@dataclass(frozen=True)
class Lines:
    """The lines of documents, for conditions on products.

    :param str model: their model
    :param str document: field that points to the document
    :param str amount: field with the line's amount
    :param int sign: -1 where the field counts what is bought as negative
    :param tuple where: pairs ``(field, values)``: which lines count;
        no values: those where the field is empty
    """

    model: str
    document: str
    amount: str
    sign: int = 1
    where: tuple = ()


@dataclass(frozen=True)
class Documents:
    """Documents that tell what was bought.

    :param str model: their model; it has ``partner_id`` and ``company_id``
    :param str date: field with the date, or with the moment
    :param str amount: field with the amount; returns are negative where ``sign`` is 1
    :param Lines lines: their lines
    :param int sign: -1 where the field counts what is bought as negative
    :param str rate: field that the amount is divided by to get the company's currency;
        empty where it is in that currency
    :param tuple where: pairs ``(field, values)``: which documents count
    :param tuple undone: pairs ``(field, values)``: those of them that are returns, or
        were taken back: they change amounts, but nobody bought anything by them
    """

    model: str
    date: str
    amount: str
    lines: Lines
    sign: int = 1
    rate: str = ""
    where: tuple = ()
    undone: tuple = ()


@dataclass(frozen=True)
class Purchase:
    """A condition on what a commercial entity bought.

    :param Documents documents: what is looked at
    :param str measure: ``amount``, ``count`` (of documents) or ``last`` (days since
        the last one; whoever never bought does not match)
    :param str operator: one of :data:`OPERATORS`
    :param float value: an amount, a number or days
    :param int days: documents of the last days only, today included; 0 for all
    :param dict factors: ids of the companies whose documents count, and what their
        amounts are multiplied by
    :param int digits: decimals of amounts
    :param Domain products: which ``product.product`` only
    """

    documents: Documents
    measure: str
    operator: str
    value: float
    days: int
    factors: dict
    digits: int = 2
    products: Domain | None = None

    def holds_for_nothing(self):
        """Whether somebody who bought nothing meets the condition."""
        return self.measure != "last" and _HOLDS[self.operator](0, self.value)


def within(model, domain, ids):
    """Return the model with a note that only some of its records are asked for.

    Sums for a few customers need not be worked out for all, as long as the domain asks
    for no purchases of others, such as a contact's parent.
    """
    if _reaches_others(model, domain):
        return model
    return model.with_context(**{WITHIN: (model._name, tuple(ids))})


def _reaches_others(model, domain, own="partner_id"):
    """Whether conditions go through contacts that are not the record's own.

    :param str own: field of a lead with its own contact
    """
    for condition in domain.iter_conditions():
        deep = condition.operator.rstrip("!") in ("any", "not any")
        names = condition.field_expr.split(".")
        comodel = model
        for name in names if deep else names[:-1]:
            field = comodel._fields.get(name)
            if field is None or not field.relational:
                break
            is_own = comodel._name == "crm.lead" and comodel is model and name == own
            comodel = model.env[field.comodel_name]
            if comodel._name == "res.partner" and not is_own:
                return True
        if deep and isinstance(condition.value, Domain | list | tuple):
            if _reaches_others(comodel, Domain(condition.value), own=None):
                return True
    return False


def any_purchase(env, purchases, negate=False):
    """Return the domain of contacts that meet one of the conditions, or none.

    :param list purchases: :class:`Purchase` objects
    :param bool negate: the contacts that meet none
    """
    met = [_Sums(env, p).groups() for p in purchases if not p.holds_for_nothing()]
    # Whoever bought nothing has no row: of these conditions those who fail are found.
    failed = [
        _Sums(env, p).groups(opposite=True) for p in purchases if p.holds_for_nothing()
    ]
    if failed:
        found = SQL(" INTERSECT ").join(SQL("(%s)", part) for part in failed)
        found = SQL(" EXCEPT ").join(
            [SQL("(%s)", found), *(SQL("(%s)", m) for m in met)]
        )
    else:
        found = SQL(" UNION ").join(SQL("(%s)", part) for part in met)
    if not purchases:
        return Domain.TRUE if negate else Domain.FALSE
    # Negated once by the caller, once because those who fail were found.
    inside = negate == bool(failed)

    def to_sql(model, alias, query):
        entity = model.sudo()._field_to_sql(alias, "commercial_partner_id", query)
        if inside:
            return SQL(
                "%s IN (SELECT found.entity FROM (%s) AS found(entity))", entity, found
            )
        return SQL(
            "NOT EXISTS (SELECT FROM (%s) AS found(entity) WHERE found.entity = %s)",
            found,
            entity,
        )

    return Domain.custom(to_sql=to_sql)


def measure_purchases(env, purchase, entities):
    """Return what is measured of commercial entities, without judging it.

    :param list entities: ids of contacts that are their own commercial entity
    :return: ``{id: amount, number or date}``; who bought nothing is not among them
    """
    sums = _Sums(env, purchase, SQL("ANY(%s)", list(entities)))
    return dict(env.execute_query(sums.select(measured=True)))


class _Sums:
    """Writes the statements of one condition."""

    def __init__(self, env, purchase, entities=None):
        self.env = env(su=True)
        self.purchase = purchase
        self.documents = purchase.documents
        self.model = self.env[self.documents.model]
        self.zone = pytz.timezone(env.context.get("tz") or env.user.tz or "UTC")
        self.today = self._local_day(datetime.datetime.now(pytz.utc))
        self.entities = entities or self._asked_for()

    def groups(self, opposite=False):
        """Entities that meet the condition, or that bought and do not meet it."""
        return self.select(having=self._having(opposite))

    def select(self, having=None, measured=False):
        """The statement: entities, with what is measured if asked."""
        columns = [SQL("customer.commercial_partner_id")]
        if measured:
            columns.append(self._measure())
        return SQL(
            "SELECT %s FROM %s WHERE %s GROUP BY customer.commercial_partner_id %s",
            SQL(", ").join(columns),
            self._tables(),
            SQL(" AND ").join(self._conditions()),
            SQL("HAVING %s", having) if having else SQL(),
        )

    # what is read
    def _tables(self):
        lines = self.documents.lines
        join = SQL()
        if self._by_line():
            model = self.env[lines.model]
            join = SQL(
                "JOIN %s AS line ON %s = document.id",
                SQL.identifier(model._table),
                self._column("line", model, lines.document),
            )
        return SQL(
            "%s AS document JOIN res_partner AS customer ON customer.id = %s %s",
            SQL.identifier(self.model._table),
            self._column("document", self.model, "partner_id"),
            join,
        )

    def _conditions(self):
        purchase, documents = self.purchase, self.documents
        company = self._column("document", self.model, "company_id")
        found = [
            SQL("%s = ANY(%s)", company, list(purchase.factors)),
            *self._where("document", self.model, documents.where),
        ]
        if purchase.measure != "amount" and documents.undone:
            found.append(SQL("(%s) IS NOT TRUE", self._is_undone()))
        if purchase.days:
            border = self._border(self.today - datetime.timedelta(days=purchase.days))
            date = self._column("document", self.model, documents.date)
            found.append(SQL("%s >= %s", date, border))
        if self._by_line():
            lines = self.env[documents.lines.model]
            found += self._where("line", lines, documents.lines.where)
            products = self.env["product.product"].with_context(active_test=False)
            found.append(
                SQL(
                    "%s IN %s",
                    self._column("line", lines, "product_id"),
                    products._search(purchase.products).subselect(),
                )
            )
        if self.entities is not None:
            found.append(SQL("customer.commercial_partner_id = %s", self.entities))
        return found

    def _by_line(self):
        return self.purchase.products is not None

    def _is_undone(self):
        return SQL(" OR ").join(
            self._where("document", self.model, self.documents.undone)
        )

    def _where(self, alias, model, where):
        return [
            SQL("%s = ANY(%s)", column, list(values))
            if values
            else SQL("%s IS NULL", column)
            for name, values in where
            for column in [self._column(alias, model, name)]
        ]

    def _asked_for(self):
        """Entities of the records that alone are asked for, if any."""
        model_name, ids = self.env.context.get(WITHIN) or (None, ())
        if model_name == "res.partner":
            return SQL(
                "ANY(ARRAY(SELECT commercial_partner_id FROM res_partner"
                " WHERE id = ANY(%s)))",
                list(ids),
            )
        if model_name == "crm.lead":
            return SQL(
                "ANY(ARRAY(SELECT contact.commercial_partner_id FROM crm_lead AS lead"
                " JOIN res_partner AS contact ON contact.id = lead.partner_id"
                " WHERE lead.id = ANY(%s)))",
                list(ids),
            )
        return None

    # what is measured
    def _measure(self):
        kind = self.purchase.measure
        if kind == "last":
            return SQL(
                "MAX(%s)", self._column("document", self.model, self.documents.date)
            )
        if kind == "count":
            return SQL("COUNT(DISTINCT document.id)" if self._by_line() else "COUNT(*)")
        return SQL("ROUND(SUM(%s)::numeric, %s)", self._amount(), self.purchase.digits)

    def _amount(self):
        documents, lines = self.documents, self.documents.lines
        if self._by_line():
            amount = self._column("line", self.env[lines.model], lines.amount)
            sign = lines.sign
        else:
            amount = self._column("document", self.model, documents.amount)
            sign = documents.sign
        if documents.rate:
            rate = self._column("document", self.model, documents.rate)
            # Most are in the company's currency, and dividing is slow.
            amount = SQL(
                "CASE WHEN %s = 1 THEN %s ELSE %s / COALESCE(NULLIF(%s, 0), 1) END",
                rate,
                amount,
                amount,
                rate,
            )
        if sign < 0:
            amount = SQL("-(%s)", amount)
        company = self._column("document", self.model, "company_id")
        for company_id, factor in self.purchase.factors.items():
            if factor != 1:
                amount = SQL(
                    "CASE WHEN %s = %s THEN %s ELSE 1 END * %s",
                    company,
                    company_id,
                    factor,
                    amount,
                )
        return amount

    def _having(self, opposite):
        purchase = self.purchase
        if purchase.measure == "last":
            return self._having_last()
        measure = self._measure()
        value = purchase.value
        if not opposite:
            return SQL("%s %s %s", measure, OPERATORS[purchase.operator], value)
        if purchase.operator == "=":
            return SQL("%s <> %s", measure, value)
        return SQL("%s %s %s", measure, OPERATORS[_OPPOSITES[purchase.operator]], value)

    def _having_last(self):
        """Ages in days, said as dates: an index or a sort may use them."""
        days = int(self.purchase.value)
        latest = self._measure()

        def border(number):
            return self._border(self.today - datetime.timedelta(days=number))

        return {
            "<=": lambda: SQL("%s >= %s", latest, border(days)),
            "<": lambda: SQL("%s >= %s", latest, border(days - 1)),
            ">": lambda: SQL("%s < %s", latest, border(days)),
            ">=": lambda: SQL("%s < %s", latest, border(days - 1)),
            "=": lambda: SQL(
                "%s >= %s AND %s < %s", latest, border(days), latest, border(days - 1)
            ),
        }[self.purchase.operator]()

    # dates
    def _local_day(self, moment):
        """The day of a moment (UTC) where the author of the condition is."""
        if moment.tzinfo is None:
            moment = pytz.utc.localize(moment)
        return moment.astimezone(self.zone).date()

    def _border(self, day):
        """When a day begins, as the documents' date is stored."""
        if self.model._fields[self.documents.date].type == "date":
            return day
        start = self.zone.localize(datetime.datetime.combine(day, datetime.time()))
        return start.astimezone(pytz.utc).replace(tzinfo=None)

    def _column(self, alias, model, name):
        return SQL.identifier(alias, name, to_flush=model._fields[name])
