"""A whole conversation from the files of a Polis export: its statements, votes and people.

The files are known by their headings, whatever they are called: ``comments.csv`` with the
statements, ``votes.csv`` with the log of votes, and ``participants-votes.csv`` with totals, which
is the best witness of the sign of a vote and may be left out. ``summary.csv`` is passed over.
Opinion groups that a tool found by clustering (``group-id``) are not read. Groups that people
declared come from a column ``groups`` of the participants' file, in the words of either language.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from convening.imports import headings, polis
from convening.imports.mapping import GroupReader
from convening.imports.polis import COMMENTS, PARTICIPANTS, VOTES, Vote
from convening.imports.result import Findings, Imported, problem
from convening.imports.tabular import Table, read_table
from convening.problems import ConveningError, Problem
from convening.statements import MOST_STATEMENTS, TEXT_LENGTH
from convening.text import clean
from convening.vocabulary import Group

NAME_LENGTH = 100  # characters of what a participant is called in the files
_KNOWN_BY = {VOTES: "voter-id", COMMENTS: "comment-body", PARTICIPANTS: "participant"}
_SUMMARY = "topic"  # with which summary.csv begins; nothing in it is needed
# What else these bytes can be; advice about Excel would lead nowhere here
_NOT_CSV = {
    "unsupported_file": "polis_not_csv",
    "not_a_table": "polis_not_csv",
    "old_excel_file": "polis_spreadsheet",
}
_SHEETS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")  # in XLSX, XLSB and ODS
_REJECTED = "-1"
_NOBODY: frozenset[Group] = frozenset()


@dataclass(frozen=True)
class Comment:
    """A statement; ``shown`` is False where a moderator rejected it."""

    number: int
    text: str
    shown: bool = True


@dataclass(frozen=True)
class PolisConversation:
    """Statements, the last vote of each person on each, and the groups that people declared.

    ``Vote.statement`` is the number of a comment; whoever is not in ``groups`` declared none.
    """

    comments: tuple[Comment, ...]
    votes: tuple[Vote, ...]
    groups: Mapping[str, frozenset[Group]] = field(default_factory=dict)


@dataclass(frozen=True)
class _File:
    """One of the files, under the ``name`` that it was brought with."""

    name: str
    data: bytes
    table: Table


def read(files: Sequence[bytes], names: Sequence[str] = ()) -> Imported[PolisConversation]:
    """The conversation in the files, as the one record of the result.

    ``names`` are what the files are called; each problem has the name of its file as the param
    ``file``, or the one that Polis gives it, or None where it is in none of them.

    Never raises for what the bytes hold. Codes besides those of ``polis.read``: ``polis_not_csv``
    (a picture, an archive), ``polis_spreadsheet``, ``polis_unknown`` (a table that is none of the
    three), ``polis_twice`` and ``polis_missing`` (param ``polis``), ``comment_unknown`` (votes on a
    statement that is not listed), ``comment_twice``, ``not_a_group``, ``cell_too_long``,
    ``cell_empty``, ``too_many_statements``.
    """
    findings = Findings()
    given = [*names, *[""] * (len(files) - len(names))]
    found, whole = _sorted(list(zip(files, given, strict=True)), findings)
    imported = _read(found, whole, findings)
    return replace(imported, problems=tuple(_named(each, found) for each in imported.problems))


def _named(found: Problem, files: Mapping[str, _File]) -> Problem:
    """The problem with the name that its file was brought with."""
    file = files.get(str(found.params.get("file")))
    return replace(found, params={**found.params, "file": file.name}) if file else found


def _read(
    found: Mapping[str, _File], whole: bool, findings: Findings
) -> Imported[PolisConversation]:
    """``whole``: each of the files could be read, so that what is not found is missing."""
    for name in (VOTES, COMMENTS) if whole else ():
        if name not in found:
            findings.add("polis_missing", polis=name)
    if findings.all():
        return Imported((), findings.all())
    data = {name: each.data for name, each in found.items()}
    votes = polis.read(
        data[VOTES], participants=data.get(PARTICIPANTS), comments=data.get(COMMENTS)
    )
    for each in votes.problems:
        findings.append(each)
    comments = _comments(found[COMMENTS].table, findings)
    groups = _groups(found[PARTICIPANTS].table, findings) if PARTICIPANTS in found else {}
    _check(comments, votes.records, findings)
    if findings.all():
        return Imported((), findings.all())
    return Imported((PolisConversation(tuple(comments), votes.records, groups),), ())


def _sorted(
    files: Sequence[tuple[bytes, str]], findings: Findings
) -> tuple[dict[str, _File], bool]:
    """Each file under the name that a Polis export gives it, and whether all could be read."""
    found: dict[str, _File] = {}
    whole = True
    for data, called in files:
        try:
            table = _table(data)
        except ConveningError as error:
            place = {"row": None, "column": None, "file": called}
            findings.append(problem(error.code, **{**place, **error.params}))
            whole = False
            continue
        name = next((name for name, mark in _KNOWN_BY.items() if mark in table.header), None)
        if table.header[0] == _SUMMARY:
            continue
        if name is None:
            findings.add("polis_unknown", file=called, first=table.header[0])
        elif name in found:
            findings.add("polis_twice", file=called, polis=name)
        else:
            found[name] = _File(called or name, data, table)
    return found, whole


def _table(data: bytes) -> Table:
    if data.startswith(b"PK"):
        raise ConveningError("polis_spreadsheet" if _is_workbook(data) else "polis_not_csv")
    try:
        return read_table(data)
    except ConveningError as error:
        code = _NOT_CSV.get(error.code)
        raise ConveningError(code) if code else error from None


def _is_workbook(data: bytes) -> bool:
    """Whether an archive is a spreadsheet; nothing in it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name in _SHEETS for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def _comments(table: Table, findings: Findings) -> list[Comment]:
    if "comment-id" not in table.header:
        return []  # polis.read names the missing column
    number, body = (table.header.index(name) for name in ("comment-id", "comment-body"))
    moderated = table.header.index("moderated") if "moderated" in table.header else None
    found: dict[int, Comment] = {}
    for row in table.rows:
        cell, text = row.cells[number].strip(), clean(row.cells[body])
        if not cell.isdecimal() or not cell.isascii() or len(cell) > 9:
            findings.add("not_a_number", row.number, "comment-id", file=COMMENTS, found=cell)
        elif int(cell) in found:
            findings.add("comment_twice", row.number, "comment-id", file=COMMENTS, found=cell)
        elif not text:
            findings.add("cell_empty", row.number, "comment-body", file=COMMENTS)
        elif len(text) > TEXT_LENGTH:
            lengths = {"limit": TEXT_LENGTH, "length": len(text)}
            findings.add("cell_too_long", row.number, "comment-body", file=COMMENTS, **lengths)
        else:
            shown = moderated is None or row.cells[moderated].strip() != _REJECTED
            found[int(cell)] = Comment(int(cell), text, shown)
    if len(found) > MOST_STATEMENTS:
        findings.add("too_many_statements", file=COMMENTS, limit=MOST_STATEMENTS)
    return [found[each] for each in sorted(found)]


def _groups(table: Table, findings: Findings) -> dict[str, frozenset[Group]]:
    """The groups that each participant declared, where a column says so."""
    column = next(
        (at for at, name in enumerate(table.header) if headings.key(name) == "groups"), None
    )
    if column is None:
        return {}
    who, reader = table.header.index("participant"), GroupReader()
    found = {}
    for row in table.rows:
        parts = reader.parts(row.cells[column])
        for word, groups in parts.items():
            if groups is None:
                place = (row.number, table.header[column])
                findings.add("not_a_group", *place, file=PARTICIPANTS, found=word)
        declared = _NOBODY.union(*(groups or _NOBODY for groups in parts.values()))
        if declared:
            found[row.cells[who].strip()] = declared
    return found


def _check(comments: Sequence[Comment], votes: Sequence[Vote], findings: Findings) -> None:
    listed = {str(each.number) for each in comments}
    for unknown in sorted({each.statement for each in votes} - listed) if comments else ():
        findings.add("comment_unknown", file=VOTES, found=unknown[:NAME_LENGTH])
    for who in {each.participant for each in votes if len(each.participant) > NAME_LENGTH}:
        lengths = {"limit": NAME_LENGTH, "length": len(who)}
        findings.add("cell_too_long", None, "voter-id", file=VOTES, **lengths)
