"""The dashboard's numbers as a spreadsheet, one sheet a part."""

import io

import xlsxwriter

from odoo.tools.misc import format_datetime

#: A text is a text: one that starts with "=" is no formula and none becomes a link.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
FORMATS = {
    "head": {"bold": True, "bottom": 1},
    "text": {},
    "count": {"num_format": "#,##0.##"},
    "currency": {"num_format": "#,##0.00"},
    "percent": {"num_format": "0.0%"},
    "days": {"num_format": "#,##0.0"},
    "hours": {"num_format": "#,##0.0"},
}


class Sheet:
    """One sheet, written row by row.

    :param list columns: ``(title, format)`` of each column
    """

    def __init__(self, book, formats, name, columns):
        self.sheet = book.add_worksheet(name[:31])
        self.formats = formats
        self.columns = columns
        self.row = 0
        self.sheet.set_column(0, 0, 42)
        self.sheet.set_column(1, len(columns), 18)
        self.sheet.freeze_panes(1, 0)
        self.add([title for title, _kind in columns], ["head"] * len(columns))

    def add(self, values, kinds=()):
        """Write a row; what is ``None`` stays empty.

        :param kinds: formats of the cells, where they are not those of the columns
        """
        kinds = kinds or [kind for _title, kind in self.columns]
        for column, (value, kind) in enumerate(zip(values, kinds, strict=True)):
            cell = self.row, column
            if isinstance(value, str):
                self.sheet.write_string(*cell, value, self.formats[kind])
            elif value is not None and value is not False:
                self.sheet.write_number(*cell, value, self.formats[kind])
        self.row += 1


def write_dashboard(env, data):
    """Return the workbook of what ``get_dashboard`` returned.

    :param dict data: with the tiles that shall be written
    :return: bytes of an .xlsx file
    """
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, OPTIONS) as book:
        formats = {name: book.add_format(look) for name, look in FORMATS.items()}

        def add_sheet(name, *columns):
            return Sheet(book, formats, name, columns)

        _write_tiles(env, data, add_sheet)
        _write_funnel(env, data, add_sheet)
        _write_forecast(env, data, add_sheet)
        _write_sources(env, data, add_sheet)
        _write_attention(env, data, add_sheet)
    return output.getvalue()


def _write_tiles(env, data, add_sheet):
    """The KPIs; above all whose numbers and of when."""
    sheet = add_sheet(
        env._("KPIs"),
        (env._("KPI"), "text"),
        (env._("Value"), "count"),
        (env._("Numerator"), "count"),
        (env._("Denominator"), "count"),
        (env._("Period before"), "count"),
        (env._("Target"), "count"),
        (env._("Unit"), "text"),
        (env._("Remark"), "text"),
    )
    currency = env["res.currency"].browse(data["currency"]["id"]).name
    units = {
        "count": env._("Number"),
        "currency": currency,
        "percent": "%",
        "days": env._("Days"),
        "hours": env._("Hours"),
    }
    for tile in data["tiles"]:
        unit = tile["unit"]
        part = "currency" if unit == "currency" else "count"
        sheet.add(
            [
                tile["name"],
                tile["value"],
                tile["numerator"],
                tile["denominator"],
                tile["previous"],
                tile["target"],
                units[unit],
                tile["error"] or tile["note"] or "",
            ],
            ["text", unit, part, "count", unit, unit, "text", "text"],
        )
    filters = data["filters"]
    sheet.row += 1
    for text in (
        f"{filters['date_from']} – {filters['date_to']}",
        data["scope"],
        data["currency"]["note"],
        env._("As of %s", format_datetime(env, data["as_of"])),
    ):
        sheet.add([text], ["text"])


def _write_funnel(env, data, add_sheet):
    sheet = add_sheet(
        env._("Funnel"),
        (env._("Stage"), "text"),
        (env._("Number"), "count"),
        (env._("Amount"), "currency"),
        (env._("Conversion"), "percent"),
        (env._("Median days"), "days"),
    )
    names = ("stage", "count", "amount", "conversion", "median_days")
    for row in data["funnel"]:
        sheet.add([row[name] for name in names])


def _write_forecast(env, data, add_sheet):
    sheet = add_sheet(
        env._("Forecast"),
        (env._("Month"), "text"),
        (env._("Won"), "currency"),
        (env._("Deals won"), "count"),
        (env._("Expected"), "currency"),
        (env._("Prorated"), "currency"),
        (env._("Low"), "currency"),
        (env._("High"), "currency"),
        (env._("Open deals"), "count"),
    )
    names = ("won", "won_count", "expected", "prorated", "low", "high", "open_count")
    for row in data["forecast"]["months"]:
        sheet.add([row["month"][:7], *(row.get(name) for name in names)])


def _write_sources(env, data, add_sheet):
    sheet = add_sheet(
        env._("Win rate by source"),
        (env._("Source"), "text"),
        (env._("Win rate"), "percent"),
        (env._("Won"), "count"),
        (env._("Closed"), "count"),
    )
    for row in data["win_rate_by_source"]["rows"]:
        sheet.add([row["label"], row["value"], row["numerator"], row["denominator"]])


def _write_attention(env, data, add_sheet):
    sheet = add_sheet(
        env._("Needs attention"),
        (env._("What"), "text"),
        (env._("Number"), "count"),
        (env._("Remark"), "text"),
    )
    for row in data["attention"]:
        sheet.add([row["label"], row["count"], row["error"] or ""])
