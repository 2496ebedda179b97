"""What stands in a field of a record, as people read it."""

from odoo.tools import format_date, format_datetime, formatLang, html2plaintext

#: Longest value that is shown, and how many of several.
LONGEST, MOST = 60, 3


def shown_value(record, path):
    """Return what a record has in the field at the end of a path.

    Nothing is shown that the user of the record's environment may not read.

    :param str path: names of fields joined by dots; the first are links
    :return: a text, or ``None`` for what the user may not see; empty for no value
    """
    records = record
    *links, name = path.split(".")
    for link in links:
        records = _follow(records, link)
        if records is None:
            return None
    field = records._fields.get(name)
    if field is None or not records._has_field_access(field, "read"):
        return None
    if field.relational:
        records = _follow(records, name)
        if records is None:
            return None
        texts = records[:MOST].mapped("display_name")
    else:
        texts = [_spell(one, field) for one in records[:MOST]]
    text = ", ".join(text for text in texts if text)
    text += "…" if len(records) > MOST else ""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _follow(records, name):
    """The linked records that the user may read, or ``None`` if there are others."""
    field = records._fields.get(name)
    if field is None or not field.relational:
        return None
    if not records._has_field_access(field, "read"):
        return None
    linked = records.sudo().mapped(name).sudo(False)
    seen = linked._filtered_access("read")
    return None if linked and not seen else seen


def _spell(record, field):
    env, value = record.env, record[field.name]
    if field.type == "selection":
        return dict(field._description_selection(env)).get(value, "")
    if field.type == "date":
        return format_date(env, value) if value else ""
    if field.type == "datetime":
        return format_datetime(env, value, dt_format="short") if value else ""
    if field.type == "boolean":
        return env._("yes") if value else env._("no")
    if field.type in ("integer", "float", "monetary"):
        return formatLang(env, value, digits=0 if value == int(value) else 2)
    if field.type == "html":
        return html2plaintext(value or "")
    return str(value or "")
