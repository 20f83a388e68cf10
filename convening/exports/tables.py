"""Tables of cells as CSV and XLSX. The same rows give the same bytes, and no cell is a formula."""

import csv
import dataclasses
import datetime
import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from convening.exports import formulas
from convening.text import clean

Cell = str | int | float | bool | datetime.date | None
Rows = Sequence[Sequence[Cell]]

#: What a cell of XLSX can hold.
MAX_CELL = 32_767
_WIDTHS = (10, 48)
_WIDTH_ROWS = 200
#: The oldest moment that a ZIP archive can name; the real one would change the bytes.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_WRITTEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
#: XLSX writes characters as _x000D_; text that looks like that has to be escaped itself.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclasses.dataclass(frozen=True)
class Sheet:
    """One sheet: a bold first row that stays in view, unless ``header`` is False."""

    name: str
    rows: Rows
    header: bool = True
    right_to_left: bool = False


def write_csv(rows: Rows, delimiter: str = ",") -> bytes:
    """UTF-8 with a byte order mark, by which Excel knows the encoding; lines end with CR LF."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    return target.getvalue().encode("utf-8-sig")


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return formulas.safe(clean(cell, multiline=True))
    if isinstance(cell, bool):
        return str(cell).lower()
    return "" if cell is None else str(cell)


def write_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """A workbook; names of sheets are cut to the 31 characters that Excel allows."""
    workbook = Workbook(write_only=True)
    for sheet in sheets:
        _add_sheet(workbook, sheet)
    target = io.BytesIO()
    workbook.save(target)
    return _frozen(target.getvalue())


def _add_sheet(workbook: Workbook, sheet: Sheet) -> None:
    target = workbook.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", clean(sheet.name))[:31])
    target.sheet_view.rightToLeft = sheet.right_to_left
    for index, width in enumerate(_column_widths(sheet.rows), 1):
        target.column_dimensions[get_column_letter(index)].width = width
    if sheet.header:
        target.freeze_panes = "A2"
    for number, row in enumerate(sheet.rows):
        bold = sheet.header and number == 0
        target.append([_xlsx_cell(target, cell, bold) for cell in row])


def _column_widths(rows: Rows) -> list[int]:
    low, high = _WIDTHS
    widths = [low] * max((len(row) for row in rows), default=0)
    for row in rows[:_WIDTH_ROWS]:
        for index, cell in enumerate(row):
            longest = max((len(line) for line in str(cell or "").split("\n")), default=0)
            widths[index] = max(widths[index], min(longest + 2, high))
    return widths


def _xlsx_cell(sheet: Any, value: Cell, bold: bool) -> Any:
    """The value itself where openpyxl would store it as it is, otherwise a cell made to be text."""
    if isinstance(value, str):
        value = _ESCAPE.sub("_x005F_", clean(value, multiline=True))[:MAX_CELL]
        text_only = formulas.is_formula(value) or value in ERROR_CODES
    else:
        text_only = False
    if not (bold or text_only or (isinstance(value, str) and "\n" in value)):
        return value
    cell = WriteOnlyCell(sheet, value)
    if text_only:
        cell.data_type = "s"
        cell.quotePrefix = True
    if isinstance(value, str) and "\n" in value:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell


def _frozen(data: bytes) -> bytes:
    """The same archive without the moment at which it was written."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in sorted(
            source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)
        ):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _WRITTEN.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return target.getvalue()
