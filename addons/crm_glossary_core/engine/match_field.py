"""A many2many that shows what matches now, over the open rows of a history."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from . import pending


class CurrentMatches(fields.Many2many):
    """The criteria that a record matches now; read-only, searchable and groupable.

    The relation is a view over the open rows of a :class:`MatchTable` with a history,
    so nothing is stored twice and the ORM reads, searches and groups natively. The view
    goes when the table goes: uninstalling leaves nothing behind. ::

        segment_ids = engine.CurrentMatches(
            "crm.segment", match_table=PARTNERS, relation="crm_segment_partner_current"
        )

    Matches of archived criteria are left out. The foreign keys are those of the table.

    :param MatchTable match_table: the table, with the columns of criterion and record
    :param str relation: name of the view
    """

    match_table = None

    def __init__(self, *args, **kwargs):
        table = kwargs.get("match_table")
        if table:
            kwargs.setdefault("column1", table.record)
            kwargs.setdefault("column2", table.criterion)
        kwargs.setdefault("readonly", True)
        kwargs.setdefault("copy", False)
        super().__init__(*args, **kwargs)

    def update_db(self, model, columns):
        # The table may belong to a model that is set up after this one.
        model.pool.post_init(self._create_view, model)

    def _create_view(self, model):
        comodel = model.env[self.comodel_name]
        active = comodel._active_name
        model.env.execute_query(
            SQL(
                "CREATE OR REPLACE VIEW %(view)s AS"
                " SELECT stay.%(record)s, stay.%(criterion)s"
                " FROM %(table)s AS stay JOIN %(owner)s AS owner"
                " ON owner.id = stay.%(criterion)s AND %(is_active)s"
                " WHERE stay.date_to IS NULL AND stay.%(record)s IS NOT NULL",
                view=SQL.identifier(self.relation),
                record=SQL.identifier(self.column1),
                criterion=SQL.identifier(self.column2),
                table=SQL.identifier(self.match_table.table),
                owner=SQL.identifier(comodel._table),
                is_active=SQL("owner.%s", SQL.identifier(active))
                if active
                else SQL("TRUE"),
            )
        )

    def read(self, records):
        pending.run(records.env)
        return super().read(records)

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        pending.run(model.env)
        return super().condition_to_sql(
            field_expr, operator, value, model, alias, query
        )

    def _condition_to_sql_relational(self, model, alias, exists, coquery, query):
        # Criteria that are named by their ids are looked up in the table itself: the
        # view joins their table for each record once more.
        ids = coquery._ids
        if ids is None:
            return super()._condition_to_sql_relational(
                model, alias, exists, coquery, query
            )
        criteria = model.env[self.comodel_name].sudo().browse(ids).exists()
        if criteria._active_name:
            criteria = criteria.filtered(criteria._active_name)
        if not criteria:
            return SQL("FALSE") if exists else SQL("TRUE")
        stay = query.make_alias(alias, self.name)
        return SQL(
            "%(sign)sEXISTS (SELECT 1 FROM %(table)s AS %(alias)s"
            " WHERE %(record)s = %(id)s AND %(date_to)s IS NULL"
            " AND %(criterion)s IN %(criteria)s)",
            sign=SQL() if exists else SQL("NOT "),
            table=SQL.identifier(self.match_table.table),
            alias=SQL.identifier(stay),
            record=SQL.identifier(stay, self.column1),
            id=SQL.identifier(alias, "id"),
            date_to=SQL.identifier(stay, "date_to"),
            criterion=SQL.identifier(stay, self.column2),
            criteria=tuple(criteria.ids),
        )

    def get_comodel_domain(self, model):
        # Grouping joins the relation without reading or searching the field.
        pending.run(model.env)
        return super().get_comodel_domain(model)

    def write_real(self, records_commands_list, create=False):
        if not self.store:
            # A user's field that follows the contact's: this only fills the cache.
            return super().write_real(records_commands_list, create)
        # PostgreSQL would let rows be inserted through the view.
        for records, commands in records_commands_list:
            if commands and not (create and _is_empty(commands)):
                raise UserError(
                    records.env._(
                        "“%(field)s” is kept up to date by the program and cannot be"
                        " written.",
                        field=self.get_description(records.env, ["string"])["string"],
                    )
                )
        return None


def _is_empty(commands):
    """Whether commands on a new record leave the field empty: nothing to refuse."""
    return all(
        command[0] == fields.Command.CLEAR
        or (command[0] == fields.Command.SET and not command[2])
        for command in commands
    )
