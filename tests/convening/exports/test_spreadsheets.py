"""Every spreadsheet that the application writes, read back: no cell in it can be run."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from convening.exports import opinion, people, polis, tables
from convening.feedback import Remark
from convening.i18n import Translator
from convening.imports.person_rows import PersonRow
from convening.imports.polis import Vote
from convening.imports.polis_files import Comment, PolisConversation
from convening.statements import Result, Statement
from convening.tallies import Counts, Tally
from convening.vocabulary import Capital, FeedbackState, Group, Language, StatementState
from pages.components import feedback_list, figure

ROOT = Path(__file__).parents[3]
STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    " =",
    "\u00a0=",
    "\u3000=",
    "＝",
    "＋",
    "－",
    "＠",
)
FORMULAS = (
    *(f"{start}HYPERLINK(A1)" for start in STARTS),
    "=cmd|'/c calc'!A1",
    "'=1",
    '"=1"',
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "_x003D_1",
    ";=1",
    ",=1",
)
WRITERS = re.compile(r"\b(write_csv|write_xlsx|to_csv|to_excel|ExcelWriter|openpyxl|DictWriter)")
EN = Translator(Language.ENGLISH)


def row(text: str) -> PersonRow:
    """Somebody of whom everything that is typed reads like this."""
    return PersonRow(
        row=2,
        name=text,
        organisation=text,
        place=text,
        email=text,
        phone=text,
        groups=frozenset(Group),
        capitals=dict.fromkeys(Capital, text),
        reached_through=text,
        note=text,
        attributes={text: text, "Age": text},
    )


def remark(text: str) -> Remark:
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    return Remark(1, at, text, "home", Language.ENGLISH, text, FeedbackState.OPEN, text, 1)


def result(text: str) -> Result:
    statement = Statement(1, 1, text, StatementState.CLOSED, False, 1)
    votes = {frozenset({Group.STEWARD}): Tally(9, 9, 9)}
    return Result(statement, 1, Counts(votes, {}))


def conversation(texts: Sequence[str]) -> PolisConversation:
    """Agreement alone: a vote of -1 is a number and no formula."""
    comments = tuple(Comment(number, text) for number, text in enumerate(texts))
    votes = tuple(Vote(text, str(number), 1) for number, text in enumerate(texts))
    return PolisConversation(comments, votes)


# Each module that writes spreadsheets, and the files that it makes of texts.
EXPORTERS: dict[str, Callable[[Sequence[str]], list[bytes]]] = {
    "convening/exports/tables.py": lambda texts: [
        tables.write_csv([[text, 1, None] for text in texts]),
        tables.write_xlsx([tables.Sheet("S", [[text, 1.5, None, True] for text in texts])]),
        tables.write_xlsx([tables.Sheet(text, [[text]], header=False) for text in texts[:2]]),
    ],
    "convening/exports/people.py": lambda texts: [
        *(people.write(map(row, texts), file_format=kind) for kind in ("csv", "xlsx")),
        *(people.template(Language.ARABIC, kind) for kind in ("csv", "xlsx")),
    ],
    "pages/components/figure.py": lambda texts: [
        figure._csv(pd.DataFrame({text: [text, None, 1] for text in texts}))
    ],
    "convening/exports/opinion.py": lambda texts: [opinion.write(list(map(result, texts)), EN)],
    "convening/exports/polis.py": lambda texts: [*polis.files(conversation(texts)).values()],
    "pages/components/feedback_list.py": lambda texts: [
        feedback_list.as_csv(list(map(remark, texts)), EN)
    ],
}


def writes(path: Path) -> bool:
    """Whether a module makes spreadsheets, by our writers or past them."""
    return WRITERS.search(path.read_text(encoding="utf-8")) is not None


def test_every_module_that_writes_spreadsheets_is_tried_here() -> None:
    sources = [path for top in ("convening", "db", "pages") for path in (ROOT / top).rglob("*.py")]
    found = {str(path.relative_to(ROOT)) for path in sources if writes(path)}
    assert found == set(EXPORTERS)


def cells_of(data: bytes) -> Iterator[tuple[str, str]]:
    """Every cell with its kind: "f" would be a formula."""
    if data.startswith(b"PK"):
        for sheet in openpyxl.load_workbook(io.BytesIO(data)):
            for line in sheet.iter_rows():
                yield from ((cell.data_type, str(cell.value)) for cell in line)
        return
    for line in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        yield from (("f" if runs(cell) else "s", cell) for cell in line)


def runs(cell: str) -> bool:
    """What a spreadsheet takes for a formula when it opens a CSV file."""
    start = cell.lstrip()[:1]
    return cell[:1] in ("\t", "\r", "\n") or (start in tuple("=+-@＝＋－＠") and start != "")


@pytest.mark.parametrize("exporter", sorted(EXPORTERS))
def test_no_cell_is_a_formula(exporter: str) -> None:
    for data in EXPORTERS[exporter](FORMULAS):
        assert [value for kind, value in cells_of(data) if kind == "f"] == []


def test_a_formula_would_be_found() -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["=1+1"])  # type: ignore[union-attr]
    target = io.BytesIO()
    workbook.save(target)
    assert list(cells_of(target.getvalue())) == [("f", "=1+1")]
    assert [kind for kind, _ in cells_of(b"a,=1\r\n'=1,b\r\n")] == ["s", "f", "s", "s"]
