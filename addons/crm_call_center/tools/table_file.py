"""Tables that people upload: CSV of any kind, and XLSX."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator

#: Separators that spreadsheets write.
SEPARATORS = ";,\t|"
#: What the single-byte files of a language are written in.
CODE_PAGES = {"bg": "cp1251", "ru": "cp1251", "uk": "cp1251", "mk": "cp1251"}
#: The beginning that is looked at to guess how a file is written.
SAMPLE = 64 * 1024
#: What a row of a call list has, and the line of a note hardly ever.
A_NUMBER = re.compile(
    r"\d{5}|(?:^|[;,\t|])[\s\"'+(]*\d(?:[\s()./-]{0,3}\d){5,}[\s\"')]*(?:$|[;,\t|])"
)
#: What comes of a damaged XLSX: its archive, its streams, its XML, what that refers to.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    SyntaxError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
)


class TableError(ValueError):
    """A file that cannot be read; ``code`` says why, ``row`` where (from 1)."""

    def __init__(self, code: str, row: int | None = None):
        super().__init__(code)
        self.code = code
        self.row = row


def read_table(
    content: bytes, filename: str = "", lang: str = "en"
) -> tuple[list[str], Iterator[tuple[int, list]]]:
    """Return the titles of a table, and its rows one by one with their numbers.

    Rows are numbered as a spreadsheet shows them: the titles are row 1. Empty rows are
    passed by.

    :param str lang: language of whoever uploads: it tells the code page of old files
    :raises TableError: ``empty``, ``not_a_table``, ``old_excel``; while rows are read
        also ``too_many_cells`` and ``open_quote`` (a cell has swallowed rows)
    """
    if not content.strip():
        raise TableError("empty")
    if content[:4] == b"PK\x03\x04" or filename.lower().endswith(".xlsx"):
        lines = _read_xlsx(content)
    elif content[:4] == b"\xd0\xcf\x11\xe0":
        raise TableError("old_excel")
    else:
        lines = _read_csv(content, lang)
    titles = None
    for _number, cells in lines:
        if any(_text(cell) for cell in cells):
            titles = [_text(cell) for cell in cells]
            break
    if not titles:
        raise TableError("empty")
    while titles and not titles[-1]:
        titles.pop()
    return titles, _rows(lines, len(titles))


def _rows(lines, width):
    for number, cells in lines:
        if not any(_text(cell) for cell in cells):
            continue
        if any(_text(cell) for cell in cells[width:]):
            raise TableError("too_many_cells", number)
        yield number, [*cells[:width], *[""] * (width - len(cells))]


def _text(cell) -> str:
    return "" if cell is None else str(cell).strip()


def _read_csv(content, lang):
    text = _decode(content, lang)
    try:
        separator = csv.Sniffer().sniff(_get_head(text), SEPARATORS).delimiter
    except csv.Error:
        # One column, or too few lines to tell: the most frequent one in the titles.
        first = text.partition("\n")[0]
        separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    width = None
    while True:
        before = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableError("not_a_table", reader.line_num) from error
        width = width or len(cells)
        if reader.line_num > before + 1 and _has_rows_within(cells, separator, width):
            raise TableError("open_quote", before + 1)
        yield reader.line_num, cells


def _has_rows_within(cells, separator, width):
    """Whether a cell has rows in it: a quotation mark was left open."""
    for index, cell in enumerate(cells):
        first, *others = cell.splitlines() or [""]
        whole = [line for line in others if line.count(separator) == width - 1]
        if width > 1 and any(A_NUMBER.search(line) for line in whole):
            return True
        # The mark that opens a cell of the next row closed this one: what is left of
        # the first row stands before it, what is left of the next one after it.
        if others and '"' in others[-1]:
            before, after = first.count(separator), others[-1].count(separator)
            is_first_whole = before and index + before == width - 1
            is_last_whole = after and after + len(cells) - index == width
            if (is_first_whole or is_last_whole) and A_NUMBER.search(cell):
                return True
    return False


def _get_head(text):
    return text[:SAMPLE].rpartition("\n")[0] or text[:SAMPLE]


def _decode(content, lang):
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        if len(content) % 2:
            # Half a character: the file was cut, and who knows where.
            raise TableError("not_a_table")
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content[:SAMPLE]:
        raise TableError("not_a_table")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode(CODE_PAGES.get(lang[:2], "cp1252"), errors="replace")


def _read_xlsx(content):
    try:
        # Odoo itself requires it for its own imports.
        import openpyxl  # noqa: PLC0415

        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True
        )
        yield from _read_first_filled(book)
    except DAMAGED as error:
        raise TableError("not_a_table") from error


def _read_first_filled(book):
    """Yield the lines of the first sheet that has any cells."""
    for sheet in book.worksheets:
        # Files of some programs do not say how large they are.
        sheet.reset_dimensions()
        is_filled = False
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            is_filled = is_filled or any(_text(cell) for cell in cells)
            if is_filled:
                yield number, list(cells)
        if is_filled:
            return
