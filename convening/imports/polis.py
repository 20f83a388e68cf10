"""Votes in the layout of a Polis export: ``votes.csv``, with the totals of the files beside it.

``votes.csv`` is a log: a person who votes again on a statement has another row, and the last one
counts. Which sign agrees differs between raw and exported data, so it is decided by totals that
somebody else counted: per person from ``participants-votes.csv``, or per statement from
``comments.csv``, whose totals count every row of the log and say nothing more than the sign.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from convening.imports.result import Findings, Imported
from convening.imports.tabular import Row, Table, read_table

VOTES, COMMENTS, PARTICIPANTS = "votes.csv", "comments.csv", "participants-votes.csv"
_COLUMNS = {
    VOTES: ("timestamp", "comment-id", "voter-id", "vote"),
    PARTICIPANTS: ("participant", "n-agree", "n-disagree"),
    COMMENTS: ("comment-id", "agrees", "disagrees"),
}

Key = tuple[str, str]  # participant, statement
Totals = Mapping[str, tuple[int, int]]  # agrees and disagrees by participant or statement


@dataclass(frozen=True)
class Vote:
    """The last vote of a participant on a statement: 1 agree, 0 pass, -1 disagree."""

    participant: str
    statement: str
    vote: int


@dataclass(frozen=True)
class _Entry:
    """A row of the log; ``order`` tells the later of two."""

    participant: str
    statement: str
    vote: int
    order: tuple[int, int]


def read(
    data: bytes, *, participants: bytes | None = None, comments: bytes | None = None
) -> Imported[Vote]:
    """The votes of ``votes.csv`` in the order of participant and statement.

    Each problem names its ``file`` as Polis does. Codes: ``column_missing``, ``not_a_vote``,
    ``not_a_number``, ``vote_sign_unknown`` (no totals tell which sign agrees),
    ``vote_totals_differ`` (a person's totals are not those that the participants' file states).
    Raises ConveningError as ``tabular.read_table`` does.
    """
    findings = Findings()
    log = _log(read_table(data), findings)
    people = _totals(participants, PARTICIPANTS, findings)
    statements = _totals(comments, COMMENTS, findings)
    if findings.all():
        return Imported((), findings.all())
    last = _last(log)
    sign = _sign(last.values(), log, people, statements)
    if sign is None:
        findings.add("vote_sign_unknown", file=VOTES)
        return Imported((), findings.all())
    votes = [Vote(each.participant, each.statement, sign * each.vote) for each in last.values()]
    for who in sorted(_differing(votes, people), key=_natural):
        findings.add("vote_totals_differ", file=VOTES, participant=who)
    votes.sort(key=lambda vote: (_natural(vote.participant), _natural(vote.statement)))
    return Imported(tuple(votes), findings.all())


def _log(table: Table, findings: Findings) -> list[_Entry]:
    places = _places(table, VOTES, findings)
    if places is None:
        return []
    entries = []
    for row in table.rows:
        when, statement, who, vote = (row.cells[place].strip() for place in places)
        at = _whole(when, row, VOTES, "timestamp", findings)
        if vote not in ("1", "0", "-1"):
            findings.add("not_a_vote", row.number, "vote", file=VOTES, found=vote)
        elif at is not None:
            entries.append(_Entry(who, statement, int(vote), (at, row.number)))
    return entries


def _totals(data: bytes | None, file: str, findings: Findings) -> Totals:
    """Agrees and disagrees as a file beside the log states them; empty without the file."""
    if data is None:
        return {}
    table = read_table(data)
    places, columns = _places(table, file, findings), _COLUMNS[file]
    found: dict[str, tuple[int, int]] = {}
    for row in table.rows if places else ():
        who, agrees, disagrees = (row.cells[place].strip() for place in places or ())
        agreed = _whole(agrees, row, file, columns[1], findings)
        disagreed = _whole(disagrees, row, file, columns[2], findings)
        if agreed is not None and disagreed is not None:
            found[who] = (agreed, disagreed)
    return found


def _places(table: Table, file: str, findings: Findings) -> list[int] | None:
    columns = _COLUMNS[file]
    missing = [name for name in columns if name not in table.header]
    for name in missing:
        findings.add("column_missing", table.header_row, name, file=file)
    return None if missing else [table.header.index(name) for name in columns]


def _whole(cell: str, row: Row, file: str, column: str, findings: Findings) -> int | None:
    if cell.isascii() and cell.isdigit() and len(cell) < 20:
        return int(cell)
    findings.add("not_a_number", row.number, column, file=file, found=cell)
    return None


def _last(log: Sequence[_Entry]) -> dict[Key, _Entry]:
    return {
        (each.participant, each.statement): each
        for each in sorted(log, key=lambda entry: entry.order)
    }


def _sign(
    last: Iterable[_Entry], log: Iterable[_Entry], people: Totals, statements: Totals
) -> int | None:
    """1 where the log's 1 agrees, -1 where it disagrees, None where no totals tell."""
    if all(entry.vote == 0 for entry in log):
        return 1
    by_person = [(entry.participant, entry.vote) for entry in last]
    by_statement = [(entry.statement, entry.vote) for entry in log]
    for votes, stated in ((by_person, people), (by_statement, statements)):
        straight, turned = (_distance(votes, stated, sign) for sign in (1, -1))
        if straight != turned:
            return 1 if straight < turned else -1
    return None


def _distance(votes: Iterable[tuple[str, int]], stated: Totals, sign: int) -> int:
    """How far the stated totals are from those that the votes give with this sign."""
    counted = Counter((key, sign * vote) for key, vote in votes)
    return sum(
        abs(counted[key, 1] - agrees) + abs(counted[key, -1] - disagrees)
        for key, (agrees, disagrees) in stated.items()
    )


def _differing(votes: Sequence[Vote], stated: Totals) -> list[str]:
    """The participants whose agrees and disagrees are not the stated ones."""
    counted = Counter((each.participant, each.vote) for each in votes)
    return [
        who
        for who, (agrees, disagrees) in stated.items()
        if (counted[who, 1], counted[who, -1]) != (agrees, disagrees)
    ]


def _natural(name: str) -> tuple[int, str]:
    """Numbers in their order, before names."""
    return (int(name), "") if name.isdecimal() and len(name) < 20 else (10**20, name)
