"""Lists of people for a community map, from CSV and XLSX."""

from convening.imports import headings
from convening.imports.mapping import (
    REPEATABLE,
    ColumnMapping,
    GroupReader,
    ValueGroups,
    guess_groups,
    guess_mapping,
    values_of,
)
from convening.imports.person_rows import PersonRow, RowReader
from convening.imports.result import Findings, Imported, problem
from convening.imports.tabular import Progress, Table, read_table
from convening.problems import ConveningError, Problem
from convening.vocabulary import PersonField

__all__ = [
    "ColumnMapping",
    "PersonRow",
    "check_table",
    "from_table",
    "guess_groups",
    "guess_mapping",
    "read",
    "values_of",
]

_STEP = 500


def read(
    data: bytes,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    mapping: ColumnMapping | None = None,
    value_groups: ValueGroups | None = None,
    year: int | None = None,
    progress: Progress | None = None,
) -> Imported[PersonRow]:
    """The people in a file; never raises for what the bytes hold.

    What is not given is guessed. ``year`` is the present one, with which a birth year tells who
    is under 18. ``progress`` is called with a share from 0 to 1.
    """
    report = progress or (lambda _: None)
    try:
        table = read_table(
            data,
            encoding=encoding,
            delimiter=delimiter,
            sheet=sheet,
            progress=lambda share: report(share / 2),
        )
    except ConveningError as error:
        place = {"row": None, "column": None}
        return Imported(problems=(problem(error.code, **{**place, **error.params}),))
    return from_table(
        table,
        mapping,
        value_groups,
        year=year,
        progress=lambda share: report(0.5 + share / 2),
    )


def check_table(table: Table, mapping: ColumnMapping) -> list[Problem]:
    """Why this table with this mapping is no list of people, before any row is looked at."""
    row = table.header_row
    if headings.is_quota_header(table.header):
        return [problem("quota_file", row, table.column_name(0))]
    if not table.rows:
        return [problem("no_rows", row)]
    if len(mapping.fields) != len(table.header):
        found, expected = len(mapping.fields), len(table.header)
        return [problem("mapping_mismatch", row, expected=expected, found=found)]
    parts = (PersonField.NAME, PersonField.FIRST_NAME, PersonField.LAST_NAME)
    problems = []
    if not any(mapping.columns(field) for field in parts):
        problems.append(problem("no_name_column", row))
    for field in sorted(set(mapping.fields) - REPEATABLE):
        first, *rest = (table.column_name(index) for index in mapping.columns(field))
        problems += [problem("field_twice", row, column, first=first) for column in rest]
    for index, heading in enumerate(table.header):
        if not heading and mapping.fields[index] == PersonField.ATTRIBUTE:
            problems.append(problem("column_without_heading", row, table.column_name(index)))
    return problems


def from_table(
    table: Table,
    mapping: ColumnMapping | None = None,
    value_groups: ValueGroups | None = None,
    *,
    year: int | None = None,
    progress: Progress | None = None,
) -> Imported[PersonRow]:
    """The same as ``read`` for a table that is read already."""
    mapping = mapping or guess_mapping(table.header, table.sample())
    findings = Findings((*table.problems, *check_table(table, mapping)))
    if any(found.code in _HOPELESS for found in findings.all()):
        return Imported(problems=findings.all())
    reader = RowReader(table, mapping, GroupReader(value_groups), year, findings)
    records = []
    for done, row in enumerate(table.rows):
        if progress and done % _STEP == 0:
            progress(done / len(table.rows))
        records.append(reader.person(row))
    if progress:
        progress(1.0)
    return Imported(tuple(records), findings.all())


#: With these no row can be understood.
_HOPELESS = frozenset({"quota_file", "no_rows", "mapping_mismatch", "no_name_column"})
