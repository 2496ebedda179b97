"""Values of fields as people read them."""

from odoo.tools import format_date, format_datetime, formatLang, html2plaintext

#: Longest value that is shown.
SHOWN_LENGTH = 60


def shown_value(records, field):
    """Return the value of a field as people read it, shortened; "–" if there is none.

    :param records: the record, or some records whose values are shown one after another
    :param field: a field of their model
    """
    if len(records) > 1 and not field.relational:
        values = [shown_value(record, field) for record in records[:3]]
        text = ", ".join(values) + ("…" if len(records) > 3 else "")
    elif not records:
        text = ""
    else:
        text = _spell(records, field)
    text = str(text or "–")
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"


def _spell(records, field):
    env = records.env
    value = records.mapped(field.name) if field.relational else records[field.name]
    if field.relational:
        names = value[:3].mapped("display_name")
        return ", ".join(map(str, names)) + ("…" if len(value) > 3 else "")
    if field.type == "selection":
        return dict(field._description_selection(env)).get(value)
    if field.type == "date":
        return format_date(env, value)
    if field.type == "datetime":
        return value and format_datetime(env, value, dt_format="short")
    if field.type == "html":
        return html2plaintext(value or "")
    if field.type == "boolean":
        return env._("yes") if value else env._("no")
    if field.type in ("integer", "float", "monetary"):
        digits = 0 if value == int(value) else 2
        return formatLang(env, value, digits=digits)
    return value
