import base64
import csv
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

#: Titles of columns by which a line names its record, in the order they are tried.
TITLES = {
    "id": ("id", "database id", "ид"),
    "external_id": ("external id", "външен идентификатор", "внешний идентификатор"),
    "email": ("email", "e-mail", "имейл", "ел. поща", "эл. почта", "почта"),
    "phone": ("phone", "телефон"),
    "name": ("name", "име", "имя", "название", "display name"),
}
#: Lines that are read at most, and refused lines that are shown.
MOST_LINES, MOST_SHOWN = 200_000, 50


class Plan(NamedTuple):
    """What a file would change: ids of records by what happens to them."""

    added: list
    removed: list
    unchanged: list
    refused: list


class CrmSegmentImport(models.TransientModel):
    """Members of a segment that is kept by hand, from a file.

    The file is compared with the members before anything changes. Lines that name no
    record, or one that may not be a member, are refused one by one; the others count.
    """

    _name = "crm.segment.import"
    _description = "Import Members"

    # === FIELDS === #
    segment_id = fields.Many2one(
        "crm.segment", required=True, readonly=True, ondelete="cascade"
    )
    mode = fields.Selection(
        [
            ("add", "Add those in the file"),
            ("remove", "Remove those in the file"),
            ("replace", "Replace: only those in the file stay"),
        ],
        string="Do",
        required=True,
        default="add",
    )
    file = fields.Binary(
        help="CSV or spreadsheet. The first line holds the titles; one of the columns"
        " is ID, External ID, Email, Phone or Name.",
    )
    filename = fields.Char()
    added_count = fields.Integer(string="Will Enter", compute="_compute_plan")
    removed_count = fields.Integer(string="Will Leave", compute="_compute_plan")
    unchanged_count = fields.Integer(string="Stay as They Are", compute="_compute_plan")
    refused_count = fields.Integer(string="Refused Lines", compute="_compute_plan")
    refused_text = fields.Text(string="Refused", compute="_compute_plan")
    problem = fields.Char(compute="_compute_plan")

    # === COMPUTE METHODS === #
    @api.depends("segment_id", "mode", "file", "filename")
    def _compute_plan(self):
        for wizard in self:
            plan, problem = Plan([], [], [], []), False
            if wizard.file and wizard.segment_id:
                try:
                    plan = wizard._plan()
                except (UserError, ValidationError) as error:
                    problem = str(error)
            wizard.added_count = len(plan.added)
            wizard.removed_count = len(plan.removed)
            wizard.unchanged_count = len(plan.unchanged)
            wizard.refused_count = len(plan.refused)
            wizard.refused_text = wizard._tell_refused(plan.refused)
            wizard.problem = problem

    def _tell_refused(self, refused):
        lines = [
            self.env._("Line %(line)s: %(reason)s", line=line, reason=reason)
            for line, reason in refused[:MOST_SHOWN]
        ]
        if len(refused) > MOST_SHOWN:
            rest = len(refused) - MOST_SHOWN
            lines.append(self.env._("and %(count)s more", count=rest))
        return "\n".join(lines)

    # === ACTION METHODS === #
    def action_apply(self):
        """Change the members as the preview says.

        :raise UserError: there is no file, it cannot be read, or it changes nothing
        """
        self.ensure_one()
        self.check_access("write")
        self.segment_id.check_access("write")
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        plan = self._plan()
        segment = self.segment_id
        model = self.env[segment.model_name].with_context(active_test=False)
        if plan.added:
            segment._check_manual_change(plan.added)
            segment._write_members(model.browse(plan.added), True, "imported")
        if plan.removed:
            segment._check_manual_change(plan.removed)
            segment._write_members(model.browse(plan.removed), False)
        message = self.env._(
            "%(entered)s entered, %(left)s left.",
            entered=len(plan.added),
            left=len(plan.removed),
        )
        segment.message_post(
            body=self.env._(
                "Members from the file “%(file)s”: %(result)s",
                file=self.filename or "",
                result=message,
            )
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === BUSINESS METHODS - PLAN === #
    def _plan(self):
        """Compare the file with the members; nothing is changed.

        :raise UserError: the file cannot be read; says why
        """
        self.ensure_one()
        segment = self.segment_id
        if segment.kind != "manual":
            raise UserError(self.env._("The members of this segment follow its rule."))
        found, refused = self._find_records(self._read_lines())
        members = self._get_members()
        named = set(found)
        if self.mode == "remove":
            added, removed = set(), named & members
        else:
            added = named - members
            removed = members - named if self.mode == "replace" else set()
        if removed and self.mode == "replace" and not named:
            raise UserError(
                self.env._("No line of the file names a record: nothing is replaced.")
            )
        unchanged = named - added - removed
        return Plan(sorted(added), sorted(removed), sorted(unchanged), refused)

    def _get_members(self):
        """Ids of the present members that the user may see."""
        column = f"{self.segment_id.target}_id"
        rows = self.env["crm.segment.member"]._read_group(
            [("segment_id", "=", self.segment_id.id), ("date_to", "=", False)],
            [column],
        )
        return {record.id for [record] in rows}

    def _read_lines(self):
        """Return the lines as dicts by kind of column, each with its ``line``."""
        reader = self.env["base_import.import"].create(
            {
                "res_model": self.segment_id.model_name,
                "file": base64.b64decode(self.file),
                "file_name": self.filename or "members.csv",
                "file_type": "text/csv",
            }
        )
        options = {"has_headers": True, "quoting": '"', "separator": "", "encoding": ""}
        try:
            _count, rows = reader._read_file(options)
        except (ValueError, csv.Error, UnicodeError) as error:
            raise UserError(
                self.env._("The file cannot be read: %(reason)s", reason=error)
            ) from error
        if len(rows) < 2:
            raise UserError(self.env._("The file has no lines below the titles."))
        if len(rows) > MOST_LINES:
            raise UserError(
                self.env._("The file has more than %(most)s lines.", most=MOST_LINES)
            )
        columns = self._find_columns(rows[0])
        return [
            {
                "line": number,
                **{
                    kind: str(row[index]).strip() if index < len(row) else ""
                    for kind, index in columns.items()
                },
            }
            for number, row in enumerate(rows[1:], start=2)
        ]

    def _find_columns(self, titles):
        columns = {}
        for kind, names in TITLES.items():
            for index, title in enumerate(titles):
                if str(title).strip().lower() in names:
                    columns.setdefault(kind, index)
        if not columns:
            raise UserError(
                self.env._(
                    "None of the columns is called ID, External ID, Email, Phone or"
                    " Name. Found: %(titles)s",
                    titles=", ".join(str(title) for title in titles),
                )
            )
        return columns

    # === BUSINESS METHODS - RECORDS === #
    def _find_records(self, lines):
        """Return ``(ids, refused)``: records in the file, and lines with a reason."""
        model = self.env[self.segment_id.model_name].with_context(active_test=False)
        finders = {
            "id": self._find_by_id,
            "external_id": self._find_by_external_id,
            "email": self._find_by_email,
            "phone": self._find_by_phone,
            "name": self._find_by_name,
        }
        answers = {
            kind: finders[kind](model, {line[kind] for line in lines if line.get(kind)})
            for kind in finders
            if kind in lines[0]
        }
        found, refused = {}, []
        for line in lines:
            kind = next((kind for kind in answers if line[kind]), None)
            if kind is None:
                refused.append((line["line"], self.env._("it names nobody.")))
                continue
            ids = answers[kind].get(line[kind], ())
            if len(ids) == 1:
                found.setdefault(ids[0], line["line"])
            else:
                refused.append((line["line"], self._tell(line[kind], ids)))
        foreign = self._get_foreign(model.browse(found))
        for record in foreign:
            refused.append(
                (
                    found.pop(record.id),
                    self.env._("it belongs to another company than the segment."),
                )
            )
        return list(found), sorted(refused)

    def _tell(self, text, ids):
        if ids:
            return self.env._(
                "“%(text)s” fits %(count)s records.", text=text, count=len(ids)
            )
        return self.env._("“%(text)s” was not found.", text=text)

    def _get_foreign(self, records):
        company = self.segment_id.company_id
        if not company:
            return records.browse()
        return records.filtered(
            lambda record: record.company_id and record.company_id != company
        )

    def _find_by_id(self, model, texts):
        numbers = {
            text: int(text) for text in texts if text.isascii() and text.isdigit()
        }
        small = [number for number in numbers.values() if number < 2**31]
        known = set(model.search([("id", "in", small)]).ids)
        return {text: [number] for text, number in numbers.items() if number in known}

    def _find_by_external_id(self, model, texts):
        pairs = [text.partition(".")[::2] for text in texts if "." in text]
        data = (
            self.env["ir.model.data"]
            .sudo()
            .search_fetch(
                [
                    ("model", "=", model._name),
                    ("module", "in", [module for module, _name in pairs]),
                    ("name", "in", [name for _module, name in pairs]),
                ],
                ["module", "name", "res_id"],
            )
        )
        known = set(model.search([("id", "in", data.mapped("res_id"))]).ids)
        return {
            f"{row.module}.{row.name}": [row.res_id]
            for row in data
            if row.res_id in known
        }

    def _find_by_email(self, model, texts):
        wanted = {text: tools.email_normalize(text) or text.lower() for text in texts}
        return self._find_by_value(model, "email_normalized", wanted)

    def _find_by_phone(self, model, texts):
        wanted = {
            text: self.env.company._phone_format(
                number=text, country=self.env.company.country_id, force_format="E164"
            )
            or text
            for text in texts
        }
        return self._find_by_value(model, "phone_sanitized", wanted)

    def _find_by_name(self, model, texts):
        return self._find_by_value(model, "name", {text: text for text in texts})

    def _find_by_value(self, model, fname, wanted):
        """Return ``{text: ids of the records with the text's value}``."""
        records = model.search_fetch(
            [(fname, "in", list(set(wanted.values())))], [fname]
        )
        by_value = {value: group.ids for value, group in records.grouped(fname).items()}
        return {text: by_value.get(value, []) for text, value in wanted.items()}
