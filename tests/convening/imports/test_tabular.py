"""Bytes become one table, or one reason why they are none; places in it have row and column."""

import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convening.imports import tabular
from convening.imports.result import MAX_PROBLEMS, Findings, Imported, problem
from convening.imports.tabular import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, column_letter, read_table
from convening.problems import ConveningError, Problem
from tests.convening.imports.archives import book


def code(data: bytes, **asked: str) -> str:
    with pytest.raises(ConveningError) as error:
        read_table(data, **asked)  # type: ignore[arg-type]
    return error.value.code


def test_rows_are_numbered_as_the_spreadsheet_does() -> None:
    table = read_table(b'Name,Note\n\nAmina,"two\nlines"\nOmar,\n')
    assert table.header == ("Name", "Note")
    assert [(row.number, row.cells) for row in table.rows] == [
        (3, ("Amina", "two\nlines")),
        (4, ("Omar", "")),
    ]


def test_a_title_above_the_header_is_no_header() -> None:
    table = read_table("القائمة,,\n,,\nName,Place,\nA,B,\n".encode())
    assert (table.header_row, table.header) == (3, ("Name", "Place", ""))


def test_a_list_of_names_alone_has_its_first_row_as_header() -> None:
    table = read_table(b"Name\nAmina\nOmar\n")
    assert (table.header, len(table.rows)) == (("Name",), 2)


def test_what_was_detected_is_told() -> None:
    detected = read_table("Name;Ort\nJürgen;Köln\n".encode("windows-1252")).detected
    assert (detected.format, detected.encoding, detected.delimiter) == ("csv", "windows-1252", ";")
    assert detected.sure


def test_what_is_asked_for_overrides_the_guess() -> None:
    data = "Имя;Город\nИван Петров;Москва\n".encode("windows-1251")
    assert not read_table(data).detected.sure
    table = read_table(data, encoding="windows-1251", delimiter=";")
    assert (table.rows[0].cells, table.detected.sure) == (("Иван Петров", "Москва"), True)
    assert code(data, encoding="x") == "unknown_encoding"
    assert code(data, delimiter="x") == "unknown_delimiter"


def test_the_first_visible_sheet_with_something_in_it_is_read() -> None:
    target = io.BytesIO()
    written = openpyxl.Workbook()
    hidden = written.create_sheet("Hidden")
    hidden["A1"], hidden.sheet_state = "x", "hidden"
    for name in ("People", "Others"):
        written.create_sheet(name).append(["Name", name])
    written.save(target)
    table = read_table(target.getvalue())
    assert (table.detected.sheet, table.header) == ("People", ("Name", "People"))
    assert table.detected.sheets == ("Sheet", "People", "Others")
    assert read_table(target.getvalue(), sheet="Others").header == ("Name", "Others")


def test_cells_are_cleaned_and_freed_from_the_apostrophe_before_a_formula() -> None:
    table = read_table("Name,Phone\n\u202eAmi\x00na  ,'+962 79\n".encode())
    assert table.rows[0].cells == ("Amina", "+962 79")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "file_empty"),
        (b" \r\n\t\n", "file_empty"),
        (b",,\n,,\n", "file_empty"),
        (book(""), "file_empty"),
        (b"x" * (MAX_BYTES + 1), "file_too_large"),
        (b"%PDF-1.7 ...", "unsupported_file"),
        (b"<html><table><tr><td>Name", "unsupported_file"),
        (b"{\\rtf1 Name", "unsupported_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel_file"),
        (b"PK\x03\x04 and nothing more", "file_damaged"),
        (bytes(range(256)) * 9, "not_a_table"),
        (b'Name,Note\nA,x\nB,"open\nC,y\n', "unclosed_quote"),
        (b"Name,Note\nA," + b"x" * 200_000 + b"\n", "cell_too_large"),
        (b"Name,Place\n" + b"A,B\n" * (MAX_ROWS + 1), "too_many_rows"),
        (b",".join([b"Name"] * (MAX_COLUMNS + 1)), "too_many_columns"),
    ],
)
def test_a_file_that_is_no_table_gives_one_reason(data: bytes, expected: str) -> None:
    assert code(data) == expected


def test_twenty_thousand_rows_are_read_and_the_progress_told() -> None:
    shares: list[float] = []
    table = read_table(b"Name,Place\n" + b"A,B\n" * MAX_ROWS, progress=shares.append)
    assert len(table.rows) == 20_000
    assert shares == sorted(shares)
    assert (shares[0], shares[-1], len(shares)) == (0.0, 1.0, 41)


def test_an_open_quote_is_found_in_the_row_where_it_opens() -> None:
    with pytest.raises(ConveningError) as error:
        read_table(b'Name,Note\nA,x\nB,"open\nC,y\n')
    assert error.value.params == {"row": 3, "column": None}


def test_places_in_the_file_have_row_and_column() -> None:
    rows = ["Name,,Town", "A,1,2,3", f"B,{'x' * 5001},y", "C,1,\ufffd", "D,1,2,"]
    found = read_table("\n".join(rows).encode()).problems
    assert found == (
        problem("too_many_cells", 2, "D", expected=3, found=4),
        problem("cell_too_long", 3, "B", limit=5000, length=5001),
        problem("damaged_letters", 4, "Town"),
    )


def test_a_sentence_for_a_heading_is_named_by_its_letter() -> None:
    (found,) = read_table(f"Name,{'x' * 201}\nA,B\n".encode()).problems
    assert (found.code, found.params["row"], found.params["column"]) == ("heading_too_long", 1, "B")


def test_columns_are_lettered_as_in_spreadsheets() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
    ]


def test_a_file_full_of_problems_keeps_those_that_block_and_counts_the_rest() -> None:
    findings = Findings([problem("doubtful_email", 1, "a")])
    for row in range(MAX_PROBLEMS + 5):
        findings.add("name_missing", row, "Name")
    imported: Imported[object] = Imported(problems=findings.all())
    assert len(imported.blocking) == MAX_PROBLEMS
    assert imported.warnings == (
        problem("doubtful_email", 1, "a"),
        problem("more_problems", count=5),
    )


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_one_convening_error(data: bytes) -> None:
    check(data)


@settings(max_examples=500, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("AbسéЖ€,;\t|\"'\r\n \x00\x1a\ufeff\ufffd@=0"), max_size=80),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "windows-1256", "windows-1252"]),
)
def test_any_text_is_a_table_or_one_convening_error(text: str, encoding: str) -> None:
    check(text.encode(encoding, errors="replace"))


def check(data: bytes) -> None:
    """Every row is as wide as the header, and every problem has its place."""
    try:
        table = read_table(data)
    except ConveningError as error:
        assert isinstance(error.problems[0], Problem)  # noqa: PT017
        return
    assert {len(row.cells) for row in table.rows} <= {len(table.header)}
    numbers = [table.header_row, *(row.number for row in table.rows)]
    assert numbers == sorted(set(numbers))
    assert all(found.params["row"] in numbers for found in table.problems)
    assert max((len(c) for row in table.rows for c in row.cells), default=0) <= tabular.MAX_CELL
