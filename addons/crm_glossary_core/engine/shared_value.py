"""Records found by a value that they share with others, without a link to them."""

from odoo.fields import Domain
from odoo.tools import SQL


def shared_value(name, others, domain, shared=True):
    """Return a domain of records whose ``name`` is that of one of ``others``.

    The others are joined, not read: a register may hold hundreds of thousands, and
    none of its values appears in the domain.

    :param str name: stored field that both models have
    :param others: empty recordset, with the rights to read by
    :param Domain domain: which of them
    :param bool shared: ``False`` for the records that share it with none
    """
    query = others._search(Domain(domain) & Domain(name, "!=", False))

    def to_sql(model, alias, _query):
        found = SQL(
            "%s IN %s",
            SQL.identifier(alias, name, to_flush=model._fields[name]),
            query.subselect(SQL.identifier(query.table, name)),
        )
        return found if shared else SQL("(%s) IS NOT TRUE", found)

    return Domain.custom(to_sql=to_sql)
