"""Satellite tables: volatile results beside a record, never in it.

Rewriting a row of ``crm_lead`` touches each of its 29 indexes; a row of a narrow table
with the same id costs a twentieth of that. The price is a rule: *every record owns a
row*, so that lists can sort and group through an INNER JOIN.
"""

from odoo import fields
from odoo.tools import SQL

from . import pending


class Satellite(fields.Many2one):
    """A many2one to the record's own row in a satellite model: both have one id.

    Fields that are ``related`` through it (with ``compute_sudo=True``) sort, group and
    filter like stored ones::

        score_id = Satellite("crm.lead.score")
        lead_score = fields.Integer(related="score_id.total", compute_sudo=True)
    """

    _description_searchable = True

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("compute", _compute_satellite)
        kwargs.setdefault("store", False)
        kwargs.setdefault("readonly", True)
        kwargs.setdefault("copy", False)
        kwargs.setdefault("bypass_search_access", True)
        super().__init__(*args, **kwargs)

    def to_sql(self, model, alias):
        return SQL.identifier(alias, "id")

    def join(self, model, alias, query):
        pending.run(model.env)
        comodel = model.env[self.comodel_name]
        coalias = query.make_alias(alias, self.name)
        query.add_join(
            "JOIN",
            coalias,
            comodel._table,
            SQL("%s = %s", SQL.identifier(alias, "id"), SQL.identifier(coalias, "id")),
        )
        return comodel, coalias


def _compute_satellite(records):
    pending.run(records.env)
    names = [
        name for name, field in records._fields.items() if isinstance(field, Satellite)
    ]
    for record in records:
        for name in names:
            record[name] = record._origin.id or False


def ensure_satellite(env, table, parent, tally=True):
    """Complete a satellite's table after the ORM made it; call it from ``init()``.

    Adds the array columns of a :class:`TallyTable` (where it is one), the foreign key
    to the parent's row, room for updates in place and a vacuum that keeps up with them.
    """
    name, sequence = SQL.identifier(table), SQL.identifier(f"{table}_id_seq")
    key = SQL.identifier(f"{table}_id_fkey")
    for column in ("criterion_ids", "points") if tally else ():
        env.execute_query(
            SQL(
                "ALTER TABLE %s"
                " ADD COLUMN IF NOT EXISTS %s int[] NOT NULL DEFAULT '{}'",
                name,
                SQL.identifier(column),
            )
        )
    if tally:
        env.execute_query(
            SQL("ALTER TABLE %s ADD COLUMN IF NOT EXISTS fingerprint bigint", name)
        )
    # The id comes from the parent, never from a sequence.
    env.execute_query(SQL("ALTER TABLE %s ALTER COLUMN id DROP DEFAULT", name))
    env.execute_query(SQL("DROP SEQUENCE IF EXISTS %s", sequence))
    env.execute_query(SQL("ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s", name, key))
    env.execute_query(
        SQL(
            "ALTER TABLE %s ADD CONSTRAINT %s"
            " FOREIGN KEY (id) REFERENCES %s (id) ON DELETE CASCADE",
            name,
            key,
            SQL.identifier(parent),
        )
    )
    env.execute_query(
        SQL(
            "ALTER TABLE %s SET (fillfactor = 70,"
            " autovacuum_vacuum_scale_factor = 0.02)",
            name,
        )
    )


def fill_satellite(env, table, parent, ids=None):
    """Give records of ``parent`` (those with ``ids``) their row; return how many."""
    # Rows of records that the ORM has not written yet would be missed.
    env.flush_all()
    [[count]] = env.execute_query(
        SQL(
            """
            WITH added AS (
                INSERT INTO %(table)s (id)
                SELECT parent.id FROM %(parent)s AS parent
                 WHERE %(restriction)s AND NOT EXISTS (
                       SELECT FROM %(table)s AS own WHERE own.id = parent.id)
                    ON CONFLICT DO NOTHING
             RETURNING 1
            )
            SELECT COUNT(*) FROM added
            """,
            table=SQL.identifier(table),
            parent=SQL.identifier(parent),
            restriction=SQL("TRUE")
            if ids is None
            else SQL("parent.id = ANY(%s)", list(ids)),
        )
    )
    return count


def are_settled(env, table, ids, step):
    """Whether these rows of a satellite hold what its criteria give, one by one.

    They do not where a row is missing or was never written, nor while a refresh of all
    is still to come: the criteria may have changed.

    :param str step: name of the refresh's step
    """
    ids = set(ids)
    env["crm.criterion.refresh"].flush_model(["state"])
    [[settled]] = env.execute_query(
        SQL(
            "SELECT (SELECT COUNT(fingerprint) FROM %s WHERE id = ANY(%s)) = %s"
            " AND EXISTS (SELECT FROM crm_criterion_refresh"
            " WHERE step = %s AND state = 'done')",
            SQL.identifier(table),
            list(ids),
            len(ids),
            step,
        )
    )
    return settled
