from odoo import models
from odoo.models import parse_read_group_spec
from odoo.tools import SQL

#: Aggregates beside those of the ORM: name in a specification -> fraction.
PERCENTILES = {"median": 0.5, "percentile80": 0.8}


class Base(models.AbstractModel):
    """Medians and percentiles for ``_read_group``, with the reader's rights."""

    _inherit = "base"

    def _read_group_select(self, aggregate_spec, query):
        """Understand ``field:median`` and ``field:percentile80`` of number fields."""
        func = aggregate_spec.rpartition(":")[2]
        if func not in PERCENTILES:
            return super()._read_group_select(aggregate_spec, query)
        fname, path, _func = parse_read_group_spec(aggregate_spec)
        field = self._fields.get(fname)
        if path or not field or field.type not in ("integer", "float", "monetary"):
            raise ValueError(f"Invalid aggregate {aggregate_spec!r} on {self._name!r}")
        return SQL(
            "PERCENTILE_CONT(%s) WITHIN GROUP (ORDER BY %s)",
            PERCENTILES[func],
            self._field_to_sql(self._table, fname, query),
        )
