"""Bytes of a CSV or XLSX file to one table of cleaned text, with what was guessed on the way."""

import csv
import dataclasses
import itertools
from collections.abc import Callable, Iterator, Sequence
from io import StringIO

from convening import text
from convening.exports import formulas
from convening.imports import workbook
from convening.imports.encoding import SURE, decode, guess_delimiter
from convening.imports.headings import RANKS, key
from convening.imports.result import Findings
from convening.problems import ConveningError, Problem

#: The server's upload limit is the same.
MAX_BYTES = 10 * 1024 * 1024
#: Rows under the header. A community map of more people is not made in one upload.
MAX_ROWS = 20_000
MAX_COLUMNS = 200
#: Characters. Room for a page of notes about a person.
MAX_CELL = 5_000
MAX_HEADING = 200

#: Lines that may stand above the header: a title, an explanation.
_ABOVE_HEADER = 10
_SHEET_ROWS = MAX_ROWS + 1 + _ABOVE_HEADER
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_TABLE = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")
_STEP = 500
_END = "\x1a end of the file \x1a"

Progress = Callable[[float], None]


@dataclasses.dataclass(frozen=True)
class Detected:
    """How the file was read. Confidences go from 0 to 1; a page asks when not ``sure``.

    ``format`` is csv or xlsx; encoding and delimiter are None for xlsx, ``sheet`` and ``sheets``
    are empty for csv.
    """

    format: str
    encoding: str | None = None
    encoding_confidence: float = 1.0
    delimiter: str | None = None
    delimiter_confidence: float = 1.0
    sheet: str | None = None
    sheets: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        return min(self.encoding_confidence, self.delimiter_confidence) >= SURE


@dataclasses.dataclass(frozen=True)
class Row:
    """``number`` counts as the spreadsheet does: from 1, header and blank rows included."""

    number: int
    cells: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Table:
    """Every row has as many cells as ``header``; blank rows are left out.

    ``problems`` are places where the file is no proper table, each with row and column.
    """

    header: tuple[str, ...]
    header_row: int
    rows: tuple[Row, ...]
    detected: Detected
    problems: tuple[Problem, ...] = ()

    def column_name(self, index: int) -> str:
        """The heading as it stands in the file, or the column's letter where it has none."""
        return self.header[index] or column_letter(index)

    def sample(self, rows: int = 50) -> list[tuple[str, ...]]:
        return [row.cells for row in self.rows[:rows]]


def column_letter(index: int) -> str:
    """0 is A, 26 is AA, as spreadsheets name their columns."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_table(
    data: bytes,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    progress: Progress | None = None,
) -> Table:
    """The table in a file; ``encoding``, ``delimiter`` and ``sheet`` override what is detected.

    The header is the first row with at least two filled cells, or with a usual heading alone, among
    the first rows, so that a title or an explanation may stand above it; in any other table of one
    column, the first filled row.
    Raises ConveningError with one code for the whole file: ``file_empty``, ``file_too_large``,
    ``unsupported_file``, ``old_excel_file``, ``not_a_table``, ``too_many_rows``,
    ``too_many_columns``, ``cell_too_large``, ``unclosed_quote`` and those of ``workbook`` and
    ``encoding``.
    """
    if len(data) > MAX_BYTES:
        raise ConveningError("file_too_large", limit=MAX_BYTES // 1024 // 1024)
    if not data.strip():
        raise ConveningError("file_empty")
    if data.startswith(_OLD_EXCEL):
        raise ConveningError("old_excel_file")
    if data.startswith(_NO_TABLE):
        raise ConveningError("unsupported_file")
    if data.startswith(b"PK"):
        raw, detected = _read_workbook(data, sheet)
    else:
        raw, detected = _read_text(data, encoding, delimiter)
    return _as_table(raw, detected, progress or (lambda _: None))


Raw = Sequence[tuple[int, list[str]]]


def _read_workbook(data: bytes, sheet: str | None) -> tuple[Raw, Detected]:
    """The sheet asked for, or the first visible one with anything in it."""
    book = workbook.open_workbook(data)
    names = tuple(found.name for found in book.sheets if not found.hidden)
    for name in (sheet,) if sheet else names:
        cells = book.rows(name, _SHEET_ROWS, MAX_COLUMNS)
        raw = [(n, row) for n, row in enumerate(cells, 1) if any(row)]
        if raw:
            return raw, Detected("xlsx", sheet=name, sheets=names)
    raise ConveningError("file_empty")


def _read_text(data: bytes, encoding: str | None, delimiter: str | None) -> tuple[Raw, Detected]:
    content, coding = decode(data, encoding)
    if (
        content.lstrip()[:15]
        .lower()
        .startswith(("<!doctype", "<html", "<table", "<?xml", "{\\rtf"))
    ):
        raise ConveningError("unsupported_file")
    if not any(map(str.isalnum, content)):
        raise ConveningError("file_empty")
    parted = guess_delimiter(content, delimiter)
    detected = Detected("csv", coding.value, coding.confidence, parted.value, parted.confidence)
    return list(_records(content, parted.value)), detected


def _records(content: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The filled records with their row numbers.

    A last line of our own shows whether a quote was left open: then it is no record by itself.
    """
    lines = content.rstrip("\r\n") + "\r\n" + _END
    reader = csv.reader(StringIO(lines, newline=""), delimiter=delimiter)
    filled, escaped = 0, "'" in content
    for number in itertools.count(1):
        try:
            record = next(reader)
        except (csv.Error, StopIteration) as error:
            if str(error).startswith("field larger"):
                limit = csv.field_size_limit()
                raise ConveningError(
                    "cell_too_large", row=number, column=None, limit=limit
                ) from None
            row = number if isinstance(error, csv.Error) else number - 1
            raise ConveningError("unclosed_quote", row=row, column=None) from None
        if record == [_END]:
            return
        if not any(record) or (number == 1 and record[0].startswith("sep=")):
            continue
        filled += 1
        if filled > _SHEET_ROWS:
            raise ConveningError("too_many_rows", limit=MAX_ROWS)
        yield number, [formulas.plain(cell) for cell in record] if escaped else record


def _as_table(raw: Raw, detected: Detected, progress: Progress) -> Table:
    raw = [(number, cells) for number, cells in raw if not "".join(cells).isspace()]
    if not raw:
        raise ConveningError("file_empty")
    above = _lines_above(raw)
    header_row, header = raw[above]
    body = raw[above + 1 :]
    if len(body) > MAX_ROWS:
        raise ConveningError("too_many_rows", limit=MAX_ROWS)
    width = len(header)
    if width > MAX_COLUMNS:
        raise ConveningError("too_many_columns", limit=MAX_COLUMNS)
    findings = Findings()
    names = [text.clean(cell) for cell in header]
    for index, name in enumerate(names):
        if len(name) > MAX_HEADING or "\ufffd" in name:
            code = "damaged_letters" if "\ufffd" in name else "heading_too_long"
            findings.add(code, header_row, column_letter(index), limit=MAX_HEADING)
    names = [name[:MAX_HEADING] for name in names]
    rows = []
    for done, (number, cells) in enumerate(body):
        if done % _STEP == 0:
            progress(done / len(body))
        rows.append(Row(number, _row(number, cells, names, findings)))
    progress(1.0)
    return Table(tuple(names), header_row, tuple(rows), detected, findings.all())


def _lines_above(raw: Raw) -> int:
    """How many lines stand above the header; 0 in a table of one column."""
    for index, (_, cells) in enumerate(raw[: _ABOVE_HEADER + 1]):
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) > 1 or key(filled[0]) in RANKS:
            return index
    return 0


def _row(number: int, cells: list[str], names: list[str], findings: Findings) -> tuple[str, ...]:
    width = len(names)
    whole = "".join(cells)
    unharmed = len(cells) == width and len(whole) <= MAX_CELL and "\ufffd" not in whole
    if unharmed and text.is_clean(whole):
        return tuple([cell.strip() for cell in cells])
    cleaned = [text.clean(cell, multiline=True) for cell in cells[:width]]
    if any(cell.strip() for cell in cells[width:]):
        findings.add(
            "too_many_cells", number, column_letter(width), expected=width, found=len(cells)
        )
    for index, cell in enumerate(cleaned):
        if len(cell) > MAX_CELL:
            column = names[index] or column_letter(index)
            findings.add("cell_too_long", number, column, limit=MAX_CELL, length=len(cell))
            cleaned[index] = cell[:MAX_CELL]
        if "\ufffd" in cell:
            findings.add("damaged_letters", number, names[index] or column_letter(index))
    return (*cleaned, *[""] * (width - len(cleaned)))
