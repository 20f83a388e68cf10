"""XLSX is read as a person sees it, and no workbook can ask for all memory."""

import io
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convening.imports import workbook
from convening.imports.workbook import open_workbook
from convening.problems import ConveningError
from tests.convening.imports.archives import book, parts, zipped

FAR = '<row r="1"><c r="A1"><v>1</v></c></row>'


def rows(data: bytes, sheet: str = "S") -> list[list[str]]:
    return open_workbook(data).rows(sheet, max_rows=100, max_columns=20)


def code(data: bytes, sheet: str = "S") -> str:
    with pytest.raises(ConveningError) as error:
        rows(data, sheet)
    return error.value.code


def saved(**sheets: list[list[object]]) -> bytes:
    target = io.BytesIO()
    written = openpyxl.Workbook()
    written.remove(written.active)  # type: ignore[arg-type]
    for name, content in sheets.items():
        sheet = written.create_sheet(name)
        for row in content:
            sheet.append(row)
    written.save(target)
    return target.getvalue()


def test_cells_are_text_as_a_person_would_have_typed_it() -> None:
    content = [
        ["أحمد", 45, 45.5, True, None, date(2026, 3, 1), datetime(2026, 3, 1, 16, 20), time(9)]
    ]
    assert rows(saved(S=content)) == [
        ["أحمد", "45", "45.5", "true", "", "2026-03-01", "2026-03-01T16:20:00", "09:00:00"]
    ]


def test_a_phone_number_stays_whole() -> None:
    assert rows(saved(S=[[962791234567]])) == [["962791234567"]]


def test_leading_empty_rows_and_columns_keep_their_place() -> None:
    assert rows(book('<row r="3"><c r="B3"><v>7</v></c></row>')) == [["", ""], ["", ""], ["", "7"]]


def test_sheets_are_listed_with_the_hidden_ones_marked_and_read_by_name() -> None:
    target = io.BytesIO()
    written = openpyxl.Workbook()
    written.active.title = "One"  # type: ignore[union-attr]
    hidden = written.create_sheet("Two")
    hidden["A1"], hidden.sheet_state = "second", "hidden"
    written.save(target)
    found = open_workbook(target.getvalue())
    assert [(sheet.name, sheet.hidden) for sheet in found.sheets] == [("One", False), ("Two", True)]
    assert found.rows("Two", 10, 10) == [["second"]]
    assert code(target.getvalue(), "Three") == "unknown_sheet"


def test_shared_texts_are_found_whatever_the_case_of_their_part() -> None:
    content = parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', "<si><t>word</t></si>")
    content["xl/SharedStrings.xml"] = content.pop("xl/sharedStrings.xml")
    assert rows(zipped(content)) == [["word"]]


def test_styled_but_empty_cells_may_stand_anywhere() -> None:
    assert rows(book(FAR + '<row r="1048576"><c r="XFD1048576" s="0"/></row>')) == [["1"]]
    assert rows(book(FAR + '<row r="1048576"><c r="XFD1048576"><v></v></c></row>')) == [["1"]]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('<row r="9"><c r="A1048576"><v>1</v></c></row>', "too_many_rows"),
        ('<row r="1048576"><c><v>1</v></c></row>', "too_many_rows"),
        ('<row r="1000000"><c r="A1"><v>1</v></c><c><v>2</v></c></row>', "too_many_rows"),
        ("<row/>" * 100 + "<row><c><v>1</v></c></row>", "too_many_rows"),
        ('<row r="9"><c r="A1048576" t="str"><v/></c></row>', "too_many_rows"),
        ('<row r="9"><c r="A1048576" t="inlineStr"><is/></c></row>', "too_many_rows"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "too_many_columns"),
        ('<row r="1">' + "<c><v>1</v></c>" * 21 + "</row>", "too_many_columns"),
        ('<x:row xmlns:x="y" r="1"><x:c r="XFD1"><x:v>1</x:v></x:c></x:row>', "too_many_columns"),
        ('<row r="1"><c r="A99999999999"><v>1</v></c></row>', "file_damaged"),
        ('<row r=" 1"><c><v>1</v></c></row>', "file_damaged"),
        ('<row r="1"><c t="s"><v>5</v></c></row>', "file_damaged"),
        ('<row r="1"><c r="A1"><v>1</v></c>', "file_damaged"),
    ],
)
def test_one_cell_far_out_or_broken_is_named_before_the_sheet_is_laid_out(
    content: str, expected: str
) -> None:
    assert code(book(content)) == expected


@pytest.mark.parametrize("index", ["0", "<![CDATA[0]]>0", " 0", "x0"])
def test_a_long_text_that_every_cell_repeats_is_counted_each_time(
    index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MAX_TEXT", 10_000)
    cell = f"<c t='s'><v>{index}</v></c>"
    cells = f"<row>{cell * 10}</row>" * 20
    assert code(book(cells, f"<si><t>{'long' * 25}</t></si>")) == "too_much_text"


def test_what_unpacks_far_too_large_is_refused_by_its_declared_size() -> None:
    content = parts(FAR)
    content["xl/worksheets/sheet1.xml"] = b"<worksheet>" + b" " * 20_000_000 + b"</worksheet>"
    assert code(zipped(content)) == "file_unpacks_too_large"


def test_a_false_declared_size_does_not_help() -> None:
    content = parts(FAR)
    content["xl/worksheets/sheet1.xml"] = b"<worksheet>" + b" " * 20_000_000 + b"</worksheet>"
    data = bytearray(zipped(content))
    size = len(content["xl/worksheets/sheet1.xml"]).to_bytes(4, "little")
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = (1000).to_bytes(4, "little")
    assert code(bytes(data)) == "file_damaged"


def test_a_part_that_is_not_needed_may_not_bomb_either() -> None:
    bomb = zipped({**parts(FAR), "xl/media/picture.png": b"\0" * 30_000_000})
    assert code(bomb) == "file_unpacks_too_large"


def test_entities_are_refused() -> None:
    content = parts(FAR)
    content["xl/sharedStrings.xml"] = (
        '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><sst><si><t>&c;</t></si></sst>'
    )
    assert code(zipped(content)) == "file_damaged"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_sheet_that_one_reader_takes_for_utf_16_and_the_other_for_utf_8_is_refused(
    encoding: str,
) -> None:
    content = parts(FAR)
    hidden = str(content["xl/worksheets/sheet1.xml"]).replace("A1", "XFD1048576").encode()
    hidden += b" " * (len(hidden) % 2)
    start, end = "<worksheet>".encode(encoding), "</worksheet>".encode(encoding)[-24:]
    content["xl/worksheets/sheet1.xml"] = start + hidden + end
    assert code(zipped(content)) == "file_damaged"


def test_an_archive_that_is_no_workbook_and_an_encrypted_one_are_told_apart() -> None:
    assert code(zipped({"word/document.xml": "<a/>"})) == "unsupported_file"
    data = bytearray(book(FAR))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + flags] |= 1
    assert code(bytes(data)) == "file_locked"


def test_two_parts_of_one_name_are_refused() -> None:
    content = parts(FAR)
    content["XL/worksheets/Sheet1.xml"] = content["xl/worksheets/sheet1.xml"]
    assert code(zipped(content)) == "file_damaged"


def test_a_missing_sheet_part_is_damage() -> None:
    content = parts(FAR)
    del content["xl/worksheets/sheet1.xml"]
    assert code(zipped(content)) == "file_damaged"


CODES = {
    "file_damaged", "file_locked", "file_unpacks_too_large", "too_many_columns", "too_many_rows",
    "too_much_text", "unknown_sheet", "unsupported_file",
}  # fmt: skip


def outcome(data: bytes) -> str:
    """ "read", or the code with which the workbook was refused; any other exception surfaces."""
    try:
        found = rows(data)
    except ConveningError as error:
        return error.code
    assert all(isinstance(cell, str) for row in found for cell in row)
    return "read"


WHOLE = zipped(parts(FAR * 3, "<si><t>word</t></si>"), zipfile.ZIP_STORED)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=3))))
def test_a_damaged_workbook_is_read_or_refused_and_never_worse(
    changes: list[tuple[int, bytes]],
) -> None:
    data = bytearray(WHOLE)
    for at, change in changes:
        data[at : at + len(change)] = change
    assert outcome(bytes(data)) in {"read", *CODES}


PIECES = (
    "<row>|<row r='2'>|</row>|<c>|<c r='B2' t='s'>|<c t='str'>|<c t='e'>|</c>|<v>|</v>|<is>|</is>"
    "|<t>|</t>|<f>|</f>|0|1e400|nan|#REF!|<c t='b'><v>1</v></c>|<c t='d'><v>2026-01-01</v></c>"
    "|<c s='9'><v>-1</v></c>|text"
)
TAGS = PIECES.split("|")


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(TAGS), max_size=14).map("".join))
def test_any_xml_in_a_sheet_is_read_or_refused(content: str) -> None:
    assert outcome(book(content, "<si><t>word</t></si>")) in {"read", *CODES}
