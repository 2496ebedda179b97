"""Odoo's own import, driven the way its screen drives it.

A file is read, previewed and imported by ``base_import.import``, in batches of
the size the screen proposes, with the one context flag the screen offers ("Track
history during import" unticked). Two things are added:

* all or nothing: every batch belongs to one transaction, and the first row that
  is refused undoes the file. (The screen commits each batch: press *Test* first.)
* the message: which row of the file, which column, why, and how to go on.
"""

import csv
import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path

BATCH = 2000  # rows; the screen's own default
SHOWN = 10  # refused rows named in one message


class FileProblem(Exception):
    """A file that cannot be imported. The text is for the person who has the file."""


@dataclasses.dataclass(frozen=True)
class Prepared:
    """A file ready for the import screen, and what each column means.

    :param path: the CSV
    :param model: technical name of the model it goes into
    :param columns: column of the file -> field (``user_id/id`` for an external id)
    :param separator: between two cells
    :param create: many2one fields whose unknown values may be created ("Create new
        values" on the screen)
    """

    path: Path
    model: str
    columns: dict[str, str]
    separator: str = ","
    create: tuple[str, ...] = ()


def read_rows(path: Path, needed: Iterable[str], separator: str = ",", opener=open):
    """Return the rows of a source file as dicts, or say what is wrong with it.

    :param needed: columns without which the file is of no use
    :param opener: ``open`` or ``gzip.open``
    :raises FileProblem: unreadable, not UTF-8, a missing column, a broken row
    """
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, delimiter=separator, strict=True)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise FileProblem(
                    f"{path.name}: the column {', '.join(missing)} is missing "
                    f"(found: {', '.join(reader.fieldnames or ()) or 'nothing'}). Add "
                    "it to the first row, or check that the separator is "
                    f"{separator!r}. Nothing was imported."
                )
            rows = []
            for number, row in enumerate(reader, 2):
                if None in row or None in row.values():
                    raise FileProblem(
                        f"{path.name}, row {number}: it does not have the "
                        f"{len(reader.fieldnames)} cells of the first row. Correct "
                        "that row and start again. Nothing was imported."
                    )
                rows.append(row)
            return rows
    except UnicodeDecodeError as error:
        raise FileProblem(
            f"{path.name} is not UTF-8 text (byte {error.start}). Save it as CSV UTF-8 "
            "and start again. Nothing was imported."
        ) from error
    except (OSError, EOFError, csv.Error) as error:
        raise FileProblem(
            f"{path.name} cannot be read: {error}. Nothing was imported."
        ) from error


def write_rows(path: Path, rows: Iterable[dict], separator: str = ",") -> Path:
    """Write ``rows`` (dicts with the same keys) as the CSV that is to be imported."""
    rows = list(rows)
    if not rows:
        raise FileProblem(f"There are no rows for {path.name}. Nothing was imported.")
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(
            stream, list(rows[0]), delimiter=separator, quoting=csv.QUOTE_ALL
        )
        writer.writeheader()
        writer.writerows(rows)
    return path


def screen_options(prepared: Prepared) -> dict:
    """The options that the import screen sends for this file."""
    return {
        "import_skip_records": [],
        "import_set_empty_fields": [],
        "fallback_values": {},
        "name_create_enabled_fields": dict.fromkeys(prepared.create, True),
        "encoding": "utf-8",
        "separator": prepared.separator,
        "quoting": '"',
        "date_format": "%Y-%m-%d",
        "datetime_format": "",
        "float_thousand_separator": ",",
        "float_decimal_separator": ".",
        "advanced": True,
        "has_headers": True,
        "keep_matches": False,
        "sheets": [],
        "sheet": "",
        "skip": 0,
        "tracking_disable": True,
    }


def save_mapping(env, prepared: Prepared) -> None:
    """Remember the mapping of the columns, as the screen does after an import.

    Whoever loads a file with the same columns later finds them already mapped.
    """
    Mapping = env["base_import.mapping"]
    known = set(
        Mapping.search([("res_model", "=", prepared.model)]).mapped("column_name")
    )
    Mapping.create(
        [
            {
                "res_model": prepared.model,
                "column_name": column.lower(),
                "field_name": field,
            }
            for column, field in prepared.columns.items()
            if column.lower() not in known
        ]
    )


def import_file(
    env, prepared: Prepared, say: Callable[[str], None], batch: int = BATCH
) -> list[int]:
    """Import a prepared file completely or not at all; return the record ids.

    :raises FileProblem: names the rows that were refused; the database is as before
    """
    wizard = env["base_import.import"].create(
        {
            "res_model": prepared.model,
            "file": prepared.path.read_bytes(),
            "file_name": prepared.path.name,
            "file_type": "text/csv",
        }
    )
    options = screen_options(prepared)
    headers = _headers(wizard, prepared, options)
    fields = [prepared.columns.get(header, False) for header in headers]
    columns = [header.strip().lower() for header in headers]
    ids, skip = [], 0
    with env.cr.savepoint():
        while True:
            result = wizard.with_context(tracking_disable=True).execute_import(
                fields, columns, {**options, "skip": skip, "limit": batch}
            )
            refused = [m for m in result["messages"] if m.get("type") != "warning"]
            if refused:
                raise FileProblem(_explain(prepared, headers, fields, refused, skip))
            ids += result["ids"]
            env.flush_all()
            env.invalidate_all()  # a batch is done with: keep the memory flat
            say(f"  {prepared.path.name}: {len(ids):,} rows")
            skip = result["nextrow"]
            if not skip:
                break
    return ids


def _headers(wizard, prepared: Prepared, options: dict) -> list[str]:
    """The first row, as the preview of the import screen reads it."""
    preview = wizard.parse_preview(dict(options), 10)
    if preview.get("error"):
        raise FileProblem(
            f"{prepared.path.name}: {preview['error']} Save it as CSV UTF-8 and start "
            "again. Nothing was imported."
        )
    headers = preview["headers"]
    missing = [column for column in prepared.columns if column not in headers]
    if missing:
        raise FileProblem(
            f"{prepared.path.name}: the column {', '.join(missing)} is missing. Add it "
            "to the first row and start again. Nothing was imported."
        )
    return headers


def _explain(prepared, headers, fields, messages, skip) -> str:
    """One message for all refused rows: row of the file, column, reason, next step."""
    lines = []
    for message in messages[:SHOWN]:
        row = message.get("rows", {}).get("from")
        column = dict(zip(fields, headers, strict=True)).get(message.get("field"))
        where = [] if row is None else [f"row {skip + row + 2}"]
        where += [f'column "{column}"'] if column else []
        lines.append(f"  {', '.join(where) or 'the file'}: {message['message']}")
    if len(messages) > SHOWN:
        lines.append(f"  ... and {len(messages) - SHOWN} more")
    return "\n".join(
        [
            f"{prepared.path.name} was refused (the titles are row 1):",
            *lines,
            "Nothing of this file was imported. Correct these rows and start again.",
        ]
    )
