import base64
import binascii
import csv
import io
from itertools import islice

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.crm_call_list_import import ROW_KEYS
from ..tools.table_file import TableError, read_table

#: Rows that show what is in a column, and rows of the report on the screen.
SAMPLES = 3
COUNTED = ("taken", "duplicate", "blocked", "unreadable")
SHOWN = 20


class CrmCallImport(models.TransientModel):
    """Brings a file of numbers into a call list: file, columns, check, import."""

    _name = "crm.call.import"
    _description = "Import Calls"

    # === FIELDS === #
    list_id = fields.Many2one("crm.call.list", required=True, ondelete="cascade")
    purpose = fields.Selection(related="list_id.purpose")
    state = fields.Selection(
        [("file", "File"), ("check", "Check"), ("done", "Done")],
        default="file",
        required=True,
    )
    # the file
    file = fields.Binary(help="CSV or XLSX; the first row has the titles.")
    filename = fields.Char()
    column_ids = fields.One2many("crm.call.import.column", "import_id")
    # where it comes from
    seller = fields.Char(string="Came From", help="Who gave or sold the numbers.")
    seller_date = fields.Date(string="Received On")
    basis = fields.Char(
        string="Why They May Be Called", help="What the people agreed to, and when."
    )
    notice = fields.Char(
        string="How They Were Told", help="That we have their data, and from whom."
    )
    # the report
    taken_count = fields.Integer(string="To Be Called", readonly=True)
    duplicate_count = fields.Integer(string="Duplicates", readonly=True)
    blocked_count = fields.Integer(string="Must Not Be Called", readonly=True)
    unreadable_count = fields.Integer(string="Unreadable", readonly=True)
    report = fields.Html(readonly=True, sanitize=False)
    report_file = fields.Binary(readonly=True, attachment=False)
    report_name = fields.Char(readonly=True)

    # === ONCHANGE METHODS === #
    @api.onchange("file", "filename")
    def _onchange_file(self):
        """Show the columns of the file, and what each probably is."""
        self.column_ids = [fields.Command.clear()]
        self.state = "file"
        if self.file:
            self.column_ids = [
                fields.Command.create(vals) for vals in self._prepare_columns()
            ]

    # === ACTION METHODS === #
    def action_check(self):
        """Judge all rows and show the report; nothing is written."""
        self.ensure_one()
        result = self._run(dry_run=True)
        self._show(result)
        self.state = "check"
        return self._open_again()

    def action_back(self):
        """Go back to the columns."""
        self.ensure_one()
        self.state = "file"
        return self._open_again()

    def action_import(self):
        """Import what was checked: all rows that can be called, or none."""
        self.ensure_one()
        result = self._run(dry_run=False)
        self.env["crm.call.import.mapping"]._remember(
            [(column.title, column.target) for column in self.column_ids]
        )
        self._show(result)
        self.state = "done"
        return self._open_again()

    def action_close(self):
        """Close the dialog and show the list as it is now."""
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === BUSINESS METHODS === #
    def _open_again(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Calls"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _run(self, dry_run):
        self.list_id.check_access("write")
        targets = [column.target for column in self.column_ids.sorted("position")]
        if "phone" not in targets:
            raise UserError(
                self.env._("Say which column has the phone numbers: one must.")
            )
        for target in set(targets) - {"extra", "skip"}:
            if targets.count(target) > 1:
                raise UserError(
                    self.env._(
                        "Two columns are “%(target)s”: choose one of them.",
                        target=dict(self._get_target_names())[target],
                    )
                )
        call_list = self.list_id
        provenance = call_list._read_provenance(self._get_provenance())
        with self._telling_what_is_wrong():
            return call_list._import_numbered(
                self._read_rows(targets),
                provenance,
                dry_run,
                name=self.filename,
                only_left_out=True,
            )

    @api.model
    def _get_target_names(self):
        column = self.env["crm.call.import.column"]
        return column._fields["target"]._description_selection(self.env)

    def _get_provenance(self):
        return {
            "seller": self.seller,
            "date": fields.Date.to_string(self.seller_date),
            "basis": self.basis,
            "notice": self.notice,
        }

    # --- the file --------------------------------------------------------------------

    def _read_table(self):
        try:
            content = base64.b64decode(self.file or b"", validate=False)
        except (binascii.Error, ValueError) as error:
            raise TableError("not_a_table") from error
        return read_table(content, self.filename or "", self.env.lang or "en")

    def _telling_what_is_wrong(self):
        return _Telling(self.env)

    def _prepare_columns(self):
        with self._telling_what_is_wrong():
            titles, rows = self._read_table()
            samples = [cells for _number, cells in islice(rows, SAMPLES)]
        guesses = self.env["crm.call.import.mapping"]._guess(titles)
        return [
            {
                "position": position,
                "title": self._get_title(title, position),
                "sample": ", ".join(
                    str(cells[position])
                    for cells in samples
                    if cells[position] not in (None, "")
                )[:100],
                "target": target,
            }
            for position, (title, target) in enumerate(
                zip(titles, guesses, strict=True)
            )
        ]

    def _get_title(self, title, position):
        return title.replace("\0", "") or self.env._("Column %s", position + 1)

    def _read_rows(self, targets):
        """Yield rows of the file with their numbers, by what their columns are."""
        titles, rows = self._read_table()
        titles = [self._get_title(title, n) for n, title in enumerate(titles)]
        names = _name_columns(titles, targets)
        for number, cells in rows:
            yield (
                number,
                {
                    name: cell
                    for name, cell in zip(names, cells, strict=False)
                    if name and cell not in (None, "")
                },
            )

    # --- the report ------------------------------------------------------------------

    def _show(self, result):
        told = result.pop("rows")
        self.write(
            {
                **{f"{key}_count": result[key] for key in COUNTED},
            }
        )
        self.write(
            {
                "report": self._prepare_report(told),
                "report_file": self._prepare_report_file(told),
                "report_name": self.env._("report.csv"),
            }
        )

    def _get_status_names(self):
        return {
            "taken": self.env._("To Be Called"),
            "duplicate": self.env._("Duplicate"),
            "blocked": self.env._("Must not be called"),
            "unreadable": self.env._("Cannot be read"),
        }

    def _prepare_report(self, told):
        """Return the first rows that are left out as a table."""
        names = self._get_status_names()
        if not told:
            if self.taken_count:
                return Markup("<p>%s</p>") % self.env._("No row is left out.")
            return Markup("<p>%s</p>") % self.env._("The file has no rows.")
        titles = (
            self.env._("Row"),
            self.env._("Number"),
            self.env._("Country"),
            self.env._("Name"),
            self.env._("Result"),
        )
        head = Markup().join(Markup("<th>%s</th>") % title for title in titles)
        body = Markup().join(
            Markup("<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>")
            % (
                row["row"],
                row["phone"],
                row["country"],
                row["name"],
                ": ".join(filter(None, [names[row["status"]], row["reason"]])),
            )
            for row in told[:SHOWN]
        )
        more = len(told) - SHOWN
        note = (
            Markup("<p class='text-muted'>%s</p>")
            % self.env._("And %s more: they are in the file below.", more)
            if more > 0
            else Markup()
        )
        return Markup(
            "<table class='table table-sm'><thead><tr>%s</tr></thead>"
            "<tbody>%s</tbody></table>%s"
        ) % (head, body, note)

    def _prepare_report_file(self, told):
        names = self._get_status_names()
        output = io.StringIO()
        writer = csv.writer(output, delimiter=";")
        writer.writerow(
            [
                self.env._("Row"),
                self.env._("Number"),
                self.env._("Country"),
                self.env._("Name"),
                self.env._("Result"),
                self.env._("Reason"),
            ]
        )
        for row in told:
            cells = [
                row["row"],
                row["phone"],
                row["country"],
                row["name"],
                names[row["status"]],
                row["reason"],
            ]
            writer.writerow([_harmless(cell) for cell in cells])
        return base64.b64encode(output.getvalue().encode("utf-8-sig"))


def _harmless(cell):
    """A cell that a spreadsheet does not take for a formula."""
    text = str(cell)
    return f"'{text}" if text[:1] in ("=", "@", "\t", "\r") else text


def _name_columns(titles, targets):
    """Return the key of each column in a row, ``None`` for those that are left out.

    Further columns go by their titles; a title that means something else here, or that
    was there already, gets a number.
    """
    names = []
    for title, target in zip(titles, targets, strict=False):
        name = None if target == "skip" else target
        if target == "extra":
            name, number = title, 1
            while name in ROW_KEYS or name in names:
                number += 1
                name = f"{title} ({number})"
        names.append(name)
    return names


class _Telling:
    """Turns what is wrong with a file into sentences."""

    def __init__(self, env):
        self.env = env

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _traceback):
        if not isinstance(error, TableError):
            return False
        sentences = {
            "empty": self.env._("The file is empty."),
            "not_a_table": self.env._(
                "This is neither CSV nor XLSX: save it as one of them and try again."
            ),
            "old_excel": self.env._(
                "This is an old Excel file: save it as XLSX or CSV."
            ),
            "open_quote": self.env._(
                "The cell in row %s has whole rows in it: a quotation mark opens there"
                " and is not closed. Correct the row and try again.",
                error.row,
            ),
            "too_many_cells": self.env._(
                "Row %s has more columns than the titles: nothing was imported."
                " Correct the row and try again.",
                error.row,
            ),
        }
        raise UserError(sentences[error.code]) from error
