"""CSV and XLSX that spreadsheets open as they are meant; the same rows give the same bytes."""

import csv
import io
import zipfile
from datetime import date

import openpyxl
import pytest

from convening.exports import tables
from convening.exports.tables import Rows, Sheet, write_csv, write_xlsx
from convening.imports.workbook import open_workbook

ROWS: Rows = [["Name", "=Sum"], ["أحمد", "=1+1"], ["+962 79", "#N/A"], ["two\nlines", "_x0041_"]]


def sheet(data: bytes, index: int = 0) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[index]


def test_csv_begins_with_the_mark_by_which_excel_knows_it() -> None:
    assert write_csv([["Name"], ["ليلى"]]) == b"\xef\xbb\xbf" + "Name\r\nليلى\r\n".encode()


def test_csv_quotes_what_would_part_a_cell_and_escapes_formulas() -> None:
    data = write_csv([["a,b", 'say "x"', "=1", None, True, 4, date(2026, 3, 1)]])
    text = data.decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(text))) == [
        "a,b", 'say "x"', "'=1", "", "true", "4", "2026-03-01",
    ]  # fmt: skip


def test_xlsx_holds_no_formula_and_no_error_value() -> None:
    cells = [cell for row in sheet(write_xlsx([Sheet("S", ROWS)])).iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.value for cell in cells if cell.quotePrefix} == {"=Sum", "=1+1", "+962 79", "#N/A"}


def test_xlsx_gives_back_the_text_that_went_in() -> None:
    written = write_xlsx([Sheet("S", ROWS)])
    assert open_workbook(written).rows("S", 10, 10) == [list(row) for row in ROWS]


def test_numbers_and_dates_keep_their_type() -> None:
    row = sheet(write_xlsx([Sheet("S", [["n"], [4, 2.5, True, date(2026, 3, 1), None]])]))[2]
    assert [cell.data_type for cell in row][:4] == ["n", "n", "b", "d"]


def test_the_header_is_bold_and_stays_in_view_and_arabic_sheets_run_from_the_right() -> None:
    data = write_xlsx([Sheet("أ", ROWS, right_to_left=True), Sheet("B", ROWS, header=False)])
    first, second = sheet(data), sheet(data, 1)
    assert (first.freeze_panes, second.freeze_panes) == ("A2", None)
    assert (first["A1"].font.bold, second["A1"].font.bold) == (True, False)
    assert first.sheet_view.rightToLeft
    assert not second.sheet_view.rightToLeft


def test_a_name_that_excel_would_not_allow_is_made_one_that_it_does() -> None:
    assert sheet(write_xlsx([Sheet("Room [1]: a/b" + "x" * 40, ROWS)])).title == (
        "Room  1   a b" + "x" * 18
    )


def test_control_characters_do_not_reach_a_file() -> None:
    assert open_workbook(write_xlsx([Sheet("S", [["a\x00\x0bb\u202e"]])])).rows("S", 9, 9) == [
        ["a\nb"]
    ]


def test_the_same_rows_give_the_same_bytes_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first = write_xlsx([Sheet("S", ROWS)])
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert write_xlsx([Sheet("S", ROWS)]) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {info.date_time for info in archive.infolist()} == {tables._ZIP_DATE}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("1980-01-01T00:00:00Z") == core.count("<dcterms:") == 2
