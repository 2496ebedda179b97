"""Fields of a lead that are taken over from its contact and may be changed there."""

from odoo import fields
from odoo.tools import SQL


class TakenOver(fields.Many2one):
    """A stored, editable many2one that follows a field of the contact's company.

    The contact's value counts when the contact, or its value, changes; what somebody
    enters stays until then, and where the contact has none. A new column is filled by
    one statement: to compute it for each lead would rewrite every row of them.

    :param str source: name of the field on the contact
    """

    def __init__(self, *args, source=None, **kwargs):
        if source:
            kwargs.setdefault("compute", _follower(source))
            kwargs.setdefault(
                "depends", ("partner_id", f"partner_id.commercial_partner_id.{source}")
            )
            kwargs.setdefault("store", True)
            kwargs.setdefault("readonly", False)
            kwargs.setdefault("precompute", True)
        super().__init__(*args, **kwargs)

    def update_db(self, model, columns):
        if super().update_db(model, columns):
            source = SQL.identifier(self.compute.source)
            model.env.execute_query(
                SQL(
                    "UPDATE %s AS own SET %s = company.%s"
                    "  FROM res_partner AS contact"
                    "  JOIN res_partner AS company"
                    "    ON company.id = contact.commercial_partner_id"
                    " WHERE contact.id = own.partner_id AND company.%s IS NOT NULL",
                    SQL.identifier(model._table),
                    SQL.identifier(self.name),
                    source,
                    source,
                )
            )
        return False


def _follower(source):
    """Return the compute of a field that follows the contact's ``source``.

    It finds its field by itself: another add-on may define the same field, plainly.
    """

    def follow(records):
        for name, taken in records._fields.items():
            if taken.compute is follow:
                for record in records:
                    company = record.partner_id.commercial_partner_id
                    record[name] = company[source] or record[name]

    follow.source = source
    return follow
