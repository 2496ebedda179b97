"""A queue of records that several people take from, one at a time, never the same.

The queue is a narrow table of its own, with the id of the record it stands for: a row
is taken by one statement (``UPDATE ... WHERE id = (SELECT ... FOR UPDATE SKIP LOCKED)
RETURNING``) in a short transaction that reads what is committed. Odoo's transactions
read a snapshot instead: there a row that somebody took after the snapshot is an error,
and many people at once get more errors than rows.

A row that is taken carries a lease: who has it, and until when.
:meth:`Queue.follow` makes rows agree with their records.
"""

from dataclasses import dataclass, field

from psycopg2 import errors

from odoo.tools import SQL

#: A row that was lost to somebody else at the last moment is looked for anew so often.
TRIES = 20
#: So many rows whose time has come are put back into their line by one taker.
SWEPT = 500
#: From so many records on, following them is planned without nested loops.
MANY = 200


@dataclass(frozen=True)
class Queue:
    """A queue table and what its rows are made of.

    :param str table: with the columns ``list_id``, ``user_id`` (whom the row is for, or
        null), ``priority``, ``order_key`` (small first), ``due`` (null: now),
        ``is_planned`` (due rows of this kind come first), ``phone_sanitized``,
        ``partner_id``, ``reserved_by``, ``lease_until``
    :param str source: table of the records; ids are the same
    :param str lists: table of the lists, with the column ``call_order``
    :param str operators: table of who works on which list (``list_id``, ``user_id``):
        a record whose user does not, or is archived, is for anyone
    :param dict orders: where a list's order takes its key from: by its code, a table
        whose id is the lead's, and a column; the greatest comes first
    """

    table: str
    source: str
    lists: str
    operators: str
    orders: dict = field(default_factory=dict)

    @property
    def name(self):
        return SQL.identifier(self.table)

    def install(self, env):
        """Complete the table after the ORM made it; call it from ``init()``.

        A pick reads its way past dead index entries: so rows are vacuumed early.
        """
        key = SQL.identifier(f"{self.table}_id_fkey")
        sequence = SQL.identifier(f"{self.table}_id_seq")
        env.execute_query(SQL("ALTER TABLE %s ALTER COLUMN id DROP DEFAULT", self.name))
        env.execute_query(SQL("DROP SEQUENCE IF EXISTS %s", sequence))
        env.execute_query(
            SQL("ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s", self.name, key)
        )
        env.execute_query(
            SQL(
                "ALTER TABLE %s ADD CONSTRAINT %s"
                " FOREIGN KEY (id) REFERENCES %s (id) ON DELETE CASCADE",
                self.name,
                key,
                SQL.identifier(self.source),
            )
        )
        env.execute_query(
            SQL(
                "ALTER TABLE %s SET (fillfactor = 70,"
                " autovacuum_vacuum_threshold = 500,"
                " autovacuum_vacuum_scale_factor = 0,"
                " autovacuum_vacuum_cost_delay = 0,"
                " autovacuum_analyze_threshold = 2000,"
                " autovacuum_analyze_scale_factor = 0.05)",
                self.name,
            )
        )

    # --- rows follow their records -------------------------------------------------

    def follow(self, env, ids=None):
        """Make rows agree with their records; return how many changed.

        Rows that agree are not even locked: operators take them meanwhile.

        :param ids: ids of records; by default all
        """
        gone = SQL("TRUE") if ids is None else SQL("row.id = ANY(%s)", list(ids))
        if is_large := ids is None or len(ids) > MANY:
            # Rows of this transaction are in no statistics: the planner would take
            # thousands for one, and walk through them for each other.
            env.execute_query(SQL("SET LOCAL enable_nestloop = off"))
        [[changed]] = env.execute_query(
            SQL(
                """
                WITH ready AS (%(ready)s), dropped AS (
                    DELETE FROM %(table)s AS row
                     WHERE %(gone)s
                       AND NOT EXISTS (SELECT FROM ready WHERE ready.id = row.id)
                 RETURNING 1
                ), written AS (
                    INSERT INTO %(table)s AS row
                           (id, list_id, priority, user_id, order_key, due, is_planned,
                            phone_sanitized, partner_id)
                    SELECT ready.* FROM ready
                      LEFT JOIN %(table)s AS own ON own.id = ready.id
                     WHERE own.id IS NULL
                        OR (own.list_id, own.user_id, own.priority, own.order_key,
                            own.is_planned, own.phone_sanitized, own.partner_id)
                           IS DISTINCT FROM
                           (ready.list_id, ready.user_id, ready.priority,
                            ready.order_key, ready.is_planned,
                            ready.phone_sanitized, ready.partner_id)
                        OR (ready.is_planned AND own.due IS DISTINCT FROM ready.due)
                        ON CONFLICT (id) DO UPDATE
                       SET list_id = EXCLUDED.list_id, user_id = EXCLUDED.user_id,
                           priority = EXCLUDED.priority,
                           order_key = EXCLUDED.order_key,
                           due = CASE WHEN EXCLUDED.is_planned OR row.is_planned
                                      THEN EXCLUDED.due ELSE row.due END,
                           is_planned = EXCLUDED.is_planned,
                           phone_sanitized = EXCLUDED.phone_sanitized,
                           partner_id = EXCLUDED.partner_id
                 RETURNING 1
                )
                SELECT (SELECT COUNT(*) FROM dropped) + (SELECT COUNT(*) FROM written)
                """,
                table=self.name,
                ready=self._ready(ids),
                gone=gone,
            )
        )
        if is_large:
            env.execute_query(SQL("SET LOCAL enable_nestloop TO DEFAULT"))
        return changed

    def _ready(self, ids):
        """Return the rows that records should have."""
        which = SQL("TRUE") if ids is None else SQL("call.id = ANY(%s)", list(ids))
        return SQL(
            """
            SELECT call.id, call.list_id, call.priority::int AS priority,
                   CASE WHEN (SELECT active FROM res_users WHERE id = call.user_id)
                         AND EXISTS (SELECT FROM %(operators)s
                              WHERE (list_id, user_id) = (call.list_id, call.user_id))
                        THEN call.user_id END AS user_id,
                   %(order_key)s AS order_key, call.next_attempt_date AS due,
                   call.next_attempt_date IS NOT NULL AS is_planned,
                   call.phone_sanitized, call.partner_id
              FROM %(source)s AS call
              JOIN %(lists)s AS list ON list.id = call.list_id
                   %(joins)s
             WHERE %(which)s AND call.state IN ('open', 'not_held')
               AND call.phone_sanitized IS NOT NULL
            """,
            operators=SQL.identifier(self.operators),
            order_key=self._order_key(),
            source=SQL.identifier(self.source),
            lists=SQL.identifier(self.lists),
            joins=self._order_joins(),
            which=which,
        )

    def _order_key(self):
        cases = [
            SQL(
                "WHEN %s THEN -COALESCE(%s, 0)::float8",
                code,
                SQL.identifier(f"order_{code}", column),
            )
            for code, (_table, column) in sorted(self.orders.items())
        ]
        if not cases:
            return SQL("0::float8")
        return SQL("CASE list.call_order %s ELSE 0 END", SQL(" ").join(cases))

    def _order_joins(self):
        return SQL(" ").join(
            SQL(
                "LEFT JOIN %s AS %s ON %s = call.opportunity_id",
                SQL.identifier(table),
                SQL.identifier(f"order_{code}"),
                SQL.identifier(f"order_{code}", "id"),
            )
            for code, (table, _column) in sorted(self.orders.items())
        )

    # --- taking --------------------------------------------------------------------

    def sweep(self, env, now):
        """Give back what leases have run out on; put back in line whose time has come.

        :param now: naive UTC
        """
        env.execute_query(
            SQL(
                """
                WITH lapsed AS (
                    SELECT id FROM %(table)s
                     WHERE reserved_by IS NOT NULL AND lease_until <= %(now)s
                     LIMIT %(limit)s FOR UPDATE SKIP LOCKED
                ), ripe AS (
                    SELECT id FROM %(table)s
                     WHERE reserved_by IS NULL AND NOT is_planned AND due <= %(now)s
                     LIMIT %(limit)s FOR UPDATE SKIP LOCKED
                )
                UPDATE %(table)s SET reserved_by = NULL, lease_until = NULL,
                       due = CASE WHEN is_planned OR due > %(now)s THEN due END
                 WHERE id IN (SELECT id FROM lapsed UNION ALL SELECT id FROM ripe)
                """,
                table=self.name,
                now=now,
                limit=SWEPT,
            )
        )

    def take(self, env, user_id, list_ids, now, until):
        """Take the next row for a user; return its id, or ``None``.

        Rows that are due for the user come first, then those due for anyone, then the
        lists in their order, each by priority and key. Neither a number nor a contact
        that somebody has is given to anybody else.

        :param now: naive UTC; rows due later are left
        :param until: end of the lease
        """
        self.sweep(env, now)
        ids = list(list_ids)
        due = SQL(
            "row.is_planned AND row.due <= %s AND row.list_id = ANY(%s)", now, ids
        )
        order = SQL("row.due, row.id")
        steps = [
            (SQL("%s AND row.user_id = %s", due, user_id), order),
            (SQL("%s AND row.user_id IS NULL", due), order),
        ]
        mine = SQL("(row.user_id IS NULL OR row.user_id = %s)", user_id)
        steps += [
            (
                SQL("row.due IS NULL AND row.list_id = %s AND %s", list_id, mine),
                SQL("row.priority DESC, row.order_key, row.id"),
            )
            for list_id in list_ids
        ]
        for _try in range(TRIES):
            try:
                with env.cr.savepoint(flush=False):
                    for condition, order in steps:
                        taken = self._take(env, user_id, condition, order, until)
                        if taken:
                            return taken
                return None
            except errors.UniqueViolation:
                # Somebody took the same number or contact a moment before.
                continue
        return None

    def _take(self, env, user_id, condition, order, until):
        rows = env.execute_query(
            SQL(
                """
                UPDATE %(table)s AS taken
                   SET reserved_by = %(user)s, lease_until = %(until)s
                 WHERE taken.id = (%(pick)s) AND taken.reserved_by IS NULL
             RETURNING taken.id
                """,
                table=self.name,
                user=user_id,
                until=until,
                pick=self.pick(condition, order),
            )
        )
        return rows[0][0] if rows else None

    def pick(self, condition, order):
        """Return the statement that finds and locks the next free row."""
        return SQL(
            """
            SELECT row.id FROM %(table)s AS row
             WHERE row.reserved_by IS NULL AND %(condition)s
               AND NOT EXISTS (SELECT FROM %(table)s AS other
                                WHERE other.reserved_by IS NOT NULL
                                  AND other.phone_sanitized = row.phone_sanitized)
               AND NOT EXISTS (SELECT FROM %(table)s AS other
                                WHERE other.reserved_by IS NOT NULL
                                  AND other.partner_id = row.partner_id)
             ORDER BY %(order)s LIMIT 1 FOR UPDATE OF row SKIP LOCKED
            """,
            table=self.name,
            condition=condition,
            order=order,
        )

    # --- leases --------------------------------------------------------------------

    def renew(self, env, user_id, ids, now, until):
        """Keep rows longer; return the ids of those that the user still has."""
        rows = env.execute_query(
            SQL(
                "UPDATE %s SET lease_until = %s WHERE id = ANY(%s) AND reserved_by = %s"
                " AND lease_until > %s RETURNING id",
                self.name,
                until,
                list(ids),
                user_id,
                now,
            )
        )
        return sorted(row[0] for row in rows)

    def release(self, env, user_id, ids=None):
        """Give rows back that the user has (all of them by default); return the ids.

        :param user_id: ``None``: whoever has them
        """
        which = SQL("TRUE") if ids is None else SQL("id = ANY(%s)", list(ids))
        whose = SQL("IS NOT NULL") if user_id is None else SQL("= %s", user_id)
        rows = env.execute_query(
            SQL(
                "UPDATE %s SET reserved_by = NULL, lease_until = NULL"
                " WHERE %s AND reserved_by %s RETURNING id",
                self.name,
                which,
                whose,
            )
        )
        return sorted(row[0] for row in rows)

    def reserve(self, env, user_id, row_id, now, until):
        """Take one certain row, if it is free or the user's already.

        :return: whether the user has it now
        """
        try:
            with env.cr.savepoint(flush=False):
                rows = env.execute_query(
                    SQL(
                        "UPDATE %s SET reserved_by = %s, lease_until = %s WHERE id = %s"
                        " AND (reserved_by IS NULL OR reserved_by = %s"
                        " OR lease_until <= %s) RETURNING id",
                        self.name,
                        user_id,
                        until,
                        row_id,
                        user_id,
                        now,
                    )
                )
        except errors.UniqueViolation:
            return False
        return bool(rows)

    def put_off(self, env, moments):
        """Let rows wait until a moment each; those that are taken are given back.

        A row that somebody else puts off now is left: two would wait for each other.
        :param dict moments: naive UTC by id
        """
        if not moments:
            return
        env.execute_query(
            SQL(
                """
                UPDATE %(table)s AS row
                   SET due = new.due, reserved_by = NULL, lease_until = NULL
                  FROM unnest(%(ids)s::int[], %(dues)s::timestamp[]) AS new (id, due)
                 WHERE row.id = new.id AND row.id IN (
                           SELECT id FROM %(table)s WHERE id = ANY(%(ids)s)
                              FOR UPDATE SKIP LOCKED)
                """,
                table=self.name,
                ids=list(moments),
                dues=list(moments.values()),
            )
        )

    def look_ahead(self, env, row_id, limit):
        """Return the ids of the free rows that come after one in its list."""
        rows = env.execute_query(
            SQL(
                """
                SELECT row.id FROM %(table)s AS row
                  JOIN %(table)s AS here ON here.id = %(id)s
                 WHERE row.list_id = here.list_id AND row.reserved_by IS NULL
                   AND row.due IS NULL
                 ORDER BY row.priority DESC, row.order_key, row.id LIMIT %(limit)s
                """,
                table=self.name,
                id=row_id,
                limit=limit,
            )
        )
        return [row[0] for row in rows]
