"""SQL pieces for sorting and grouping names in the reader's alphabet."""

from odoo.tools import SQL


def alphabetical(text: SQL) -> SQL:
    """Return the sort key that puts ``text`` in A to Z order, capitals or not."""
    return SQL("LOWER(%s)", text)


def first_letter(text: SQL) -> SQL:
    """Return the capital letter under which ``text`` stands in an A to Z index."""
    return SQL("UPPER(LEFT(%s, 1))", text)


def ordered(key: SQL, direction: SQL, nulls: SQL) -> SQL:
    """Return the ORDER BY item for a sort key."""
    return SQL("%s %s %s", key, direction, nulls)
