"""A whole conversation from the files of a Polis export: its statements, votes and people.

The files are known by their headings, whatever they are called: ``comments.csv`` with the
statements, ``votes.csv`` with the log of votes, and ``participants-votes.csv`` with totals, which
is the best witness of the sign of a vote and may be left out. ``summary.csv`` is passed over.
Opinion groups that a tool found by clustering (``group-id``) are not read. Groups that people
declared come from a column ``groups`` of the participants' file, in the words of either language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from convening.imports import headings, polis
from convening.imports.mapping import GroupReader
from convening.imports.polis import Vote
from convening.imports.result import Findings, Imported, problem
from convening.imports.tabular import Table, read_table
from convening.problems import ConveningError
from convening.statements import MOST_STATEMENTS, TEXT_LENGTH
from convening.text import clean
from convening.vocabulary import Group

NAME_LENGTH = 100  # characters of what a participant is called in the files
_VOTES, _COMMENTS, _PARTICIPANTS = "votes.csv", "comments.csv", "participants-votes.csv"
_KNOWN_BY = {_VOTES: "voter-id", _COMMENTS: "comment-body", _PARTICIPANTS: "participant"}
_SUMMARY = "topic"  # with which summary.csv begins; nothing in it is needed
# What else these bytes can be; advice about Excel would lead nowhere here
_NOT_CSV = ("unsupported_file", "old_excel_file", "not_a_table")
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


def read(files: Sequence[bytes]) -> Imported[PolisConversation]:
    """The conversation in the files, as the one record of the result.

    Never raises for what the bytes hold. Codes besides those of ``polis.read``: ``polis_not_csv``
    (a picture, a workbook), ``polis_unknown`` (a table that is none of the three), ``polis_twice``
    and ``polis_missing`` (param ``file``), ``comment_unknown`` (votes on a statement that is not
    listed), ``comment_twice``, ``not_a_group``, ``cell_too_long``, ``cell_empty``,
    ``too_many_statements``.
    """
    findings = Findings()
    try:
        found = _sorted(files, findings)
        return _read(found, findings)
    except ConveningError as error:
        place = {"row": None, "column": None}
        findings.append(problem(error.code, **{**place, **error.params}))
        return Imported((), findings.all())


def _read(
    found: Mapping[str, tuple[bytes, Table]], findings: Findings
) -> Imported[PolisConversation]:
    for name in (_VOTES, _COMMENTS):
        if name not in found:
            findings.add("polis_missing", file=name)
    if findings.all():
        return Imported((), findings.all())
    data = {name: each for name, (each, _) in found.items()}
    votes = polis.read(
        data[_VOTES], participants=data.get(_PARTICIPANTS), comments=data.get(_COMMENTS)
    )
    for each in votes.problems:
        findings.append(each)
    comments = _comments(found[_COMMENTS][1], findings)
    groups = _groups(found[_PARTICIPANTS][1], findings) if _PARTICIPANTS in found else {}
    _check(comments, votes.records, findings)
    if findings.all():
        return Imported((), findings.all())
    return Imported((PolisConversation(tuple(comments), votes.records, groups),), ())


def _sorted(files: Sequence[bytes], findings: Findings) -> dict[str, tuple[bytes, Table]]:
    """Each file under the name that a Polis export gives it."""
    found: dict[str, tuple[bytes, Table]] = {}
    for data in files:
        table = _table(data)
        name = next((name for name, mark in _KNOWN_BY.items() if mark in table.header), None)
        if table.header[0] == _SUMMARY:
            continue
        if name is None:
            findings.add("polis_unknown", first=table.header[0])
        elif name in found:
            findings.add("polis_twice", file=name)
        else:
            found[name] = (data, table)
    return found


def _table(data: bytes) -> Table:
    if data.startswith(b"PK"):
        raise ConveningError("polis_not_csv")
    try:
        return read_table(data)
    except ConveningError as error:
        raise ConveningError("polis_not_csv") if error.code in _NOT_CSV else error from None


def _comments(table: Table, findings: Findings) -> list[Comment]:
    if "comment-id" not in table.header:
        return []  # polis.read names the missing column
    number, body = (table.header.index(name) for name in ("comment-id", "comment-body"))
    moderated = table.header.index("moderated") if "moderated" in table.header else None
    found: dict[int, Comment] = {}
    for row in table.rows:
        cell, text = row.cells[number].strip(), clean(row.cells[body])
        if not cell.isdecimal() or not cell.isascii() or len(cell) > 9:
            findings.add("not_a_number", row.number, "comment-id", found=cell)
        elif int(cell) in found:
            findings.add("comment_twice", row.number, "comment-id", found=cell)
        elif not text:
            findings.add("cell_empty", row.number, "comment-body")
        elif len(text) > TEXT_LENGTH:
            findings.add(
                "cell_too_long", row.number, "comment-body", limit=TEXT_LENGTH, length=len(text)
            )
        else:
            shown = moderated is None or row.cells[moderated].strip() != _REJECTED
            found[int(cell)] = Comment(int(cell), text, shown)
    if len(found) > MOST_STATEMENTS:
        findings.add("too_many_statements", limit=MOST_STATEMENTS)
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
                findings.add("not_a_group", row.number, table.header[column], found=word)
        declared = _NOBODY.union(*(groups or _NOBODY for groups in parts.values()))
        if declared:
            found[row.cells[who].strip()] = declared
    return found


def _check(comments: Sequence[Comment], votes: Sequence[Vote], findings: Findings) -> None:
    listed = {str(each.number) for each in comments}
    for unknown in sorted({each.statement for each in votes} - listed) if comments else ():
        findings.add("comment_unknown", found=unknown[:NAME_LENGTH])
    for who in {each.participant for each in votes if len(each.participant) > NAME_LENGTH}:
        findings.add("cell_too_long", None, "voter-id", limit=NAME_LENGTH, length=len(who))
