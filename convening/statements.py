"""Conversations: statements that people vote on, from waiting to closed."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from convening import opinion, tallies
from convening.disclosure import PERCENT_FROM
from convening.fields import checked
from convening.problems import Problem
from convening.tallies import Counts, Groups, Tally
from convening.vocabulary import Group, StatementState

TITLE_LENGTH = 200  # characters
TEXT_LENGTH = 400  # a statement is one thought; a wall and a phone show all of it
MOST_STATEMENTS = 190  # in a conversation: nobody votes on more, and tables keep within their width
FEWEST_VOTERS = 5  # before what single people voted is written out, or told to a room

_S = StatementState

# What is closed can be opened again, which takes its split off the wall; what was hidden goes back
# to those who wait, and is looked at once more.
MOVES: Mapping[StatementState, frozenset[StatementState]] = {
    _S.WAITING: frozenset({_S.OPEN, _S.HIDDEN}),
    _S.OPEN: frozenset({_S.CLOSED, _S.HIDDEN}),
    _S.CLOSED: frozenset({_S.OPEN, _S.HIDDEN}),
    _S.HIDDEN: frozenset({_S.WAITING}),
}

_BULLET = re.compile(r"^\s*(?:[-–—•*·▪◦]|\(?[0-9٠-٩]{1,2}[.)\-:])\s+")
_SENTENCE = re.compile(r"(?<=[.!?؟…])\s+")


@dataclass(frozen=True)
class Conversation:
    """Statements that belong together; ``voters`` is how many people voted on any of them.

    ``brought_in``: it was held elsewhere and imported.
    """

    id: int
    initiative_id: int
    title: str
    convening_id: int | None
    convening: str
    brought_in: bool
    statements: int
    waiting: int
    voters: int
    version: int


@dataclass(frozen=True)
class Statement:
    """``from_version`` is the number of the version of ``definition`` that it was taken from."""

    id: int
    number: int
    text: str
    state: StatementState
    revealed: bool
    version: int
    definition: str = ""
    from_version: int | None = None


@dataclass(frozen=True)
class Result:
    """A statement with what people voted; ``counts`` are empty until its voting is over.

    ``people`` is how many voted or raised a hand. Whoever watched the counts while people vote
    could tell the last vote by the person who has just put down the phone.
    """

    statement: Statement
    people: int = 0
    counts: Counts = field(default_factory=Counts)

    @property
    def over(self) -> bool:
        return self.statement.state is _S.CLOSED


@dataclass(frozen=True)
class Results:
    """A conversation with its statements in their order.

    ``voters`` are the people who voted, each once, by exactly the groups that they declared;
    ``voters_over`` is how many of them voted on a statement whose voting is over.
    """

    conversation: Conversation
    statements: tuple[Result, ...]
    voters: Mapping[Groups, int] = field(default_factory=dict)
    voters_over: int = 0

    @property
    def over(self) -> list[Result]:
        """The statements whose voting is over, with at least one vote or hand."""
        return [each for each in self.statements if each.over and each.people]


@dataclass(frozen=True)
class Reading:
    """What a conversation says, by the ids of its statements.

    ``splits`` hold what the team may see: the votes of the ``large_enough`` groups, and of every
    group its raised hands. ``together`` is where every group agrees, ``against`` what every group
    is against, ``alone`` where one stands against the others, and ``consensus`` the group-informed
    one, 0 to 1, where there are two groups and enough people for a percentage. ``divided`` are all
    statements: first those that are ``compared``, the most divided first, then those with too few
    votes. Groups are compared where they can be on any statement (``by_groups``), all votes else.
    ``too_small`` are groups that are not split.
    """

    splits: Mapping[int, Mapping[Group, Tally]]
    large_enough: frozenset[Group]
    together: tuple[int, ...]
    against: tuple[int, ...]
    alone: tuple[tuple[int, Group, bool], ...]
    divided: tuple[int, ...]
    compared: frozenset[int]
    by_groups: bool
    consensus: Mapping[int, float]
    too_small: tuple[Group, ...]


@dataclass(frozen=True)
class ConversationDraft:
    """A conversation as typed; ``id`` and ``version`` are None for a new one."""

    initiative_id: int
    title: str
    convening_id: int | None = None
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True)
class StatementDraft:
    """A statement as typed; ``id`` and ``version`` are None for a new one."""

    conversation_id: int
    text: str
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True)
class Contested:
    """What is contested in the version of a definition that the team holds, point by point."""

    version_id: int
    definition: str
    number: int
    points: tuple[str, ...]


def read(results: Results) -> Reading:
    """What the closed statements of a conversation say by group, for its team."""
    splits = {
        each.statement.id: tallies.for_team(each.counts, results.voters) for each in results.over
    }
    counts = tallies.as_counts(splits)
    named = opinion.consensus_from_counts(counts)
    by_groups = _ids(opinion.most_divided(counts))
    divided, compared = _divided(results.over, by_groups)
    shown = {group for split in splits.values() for group in split}
    declared = {group for groups in results.voters for group in groups}
    return Reading(
        splits=splits,
        large_enough=tallies.large_enough(results.voters),
        together=_ids(opinion.common_ground(counts)),
        against=_ids(opinion.common_refusal(counts)),
        alone=tuple(
            (int(str(each.statement)), Group(str(each.group)), each.others_agree)
            for each in opinion.standing_alone(counts)
        ),
        divided=divided,
        compared=compared,
        by_groups=bool(by_groups),
        consensus={
            each.statement.id: float(named[each.statement.id])
            for each in results.over
            if len(shown) > 1 and _people(each, splits[each.statement.id]) >= PERCENT_FROM
        },
        too_small=tuple(each for each in Group if each in declared - shown),
    )


def _ids(found: Iterable[object]) -> tuple[int, ...]:
    return tuple(int(str(each)) for each in found)


def _divided(
    over: Sequence[Result], by_groups: Sequence[int]
) -> tuple[tuple[int, ...], frozenset[int]]:
    """All statements, the most divided first, and which of them have enough votes to be compared:
    by groups where any are, and by all votes where none is."""
    others = sorted((each for each in over if each.statement.id not in by_groups), key=_one_sided)
    enough = [
        each.statement.id
        for each in others
        if not by_groups and tallies.total(each.counts.together).votes >= opinion.COMPARED_FROM
    ]
    first = (*by_groups, *enough)
    rest = (each.statement.id for each in others if each.statement.id not in enough)
    return (*first, *rest), frozenset(first)


def _people(result: Result, groups: Collection[Group]) -> int:
    """How many voted who are in any of the groups, each once."""
    return sum(
        tally.votes
        for declared, tally in result.counts.together.items()
        if not declared.isdisjoint(groups)
    )


def _one_sided(result: Result) -> float:
    """How far all votes together are from half and half: 0 where they are, 1 at the most."""
    tally = tallies.total(result.counts.together)
    return 1 - 2 * min(tally.agree, tally.disagree) / max(1, tally.votes)


def points(contested: str) -> list[str]:
    """The points of a text, to start statements from: its lines without their bullets, or the
    sentences of a text of one line. What is longer than a statement may be is left out."""
    lines = [_BULLET.sub("", line).strip() for line in contested.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) == 1:
        lines = _SENTENCE.split(lines[0])
    return [line for line in dict.fromkeys(lines) if len(line) <= TEXT_LENGTH]


def cleaned_conversation(draft: ConversationDraft) -> tuple[ConversationDraft, list[Problem]]:
    """The title cleaned, and what is wrong with it: required, too_long."""
    problems: list[Problem] = []
    title = checked(draft.title, "title", problems, longest=TITLE_LENGTH, required=True)
    return replace(draft, title=title), problems


def cleaned_texts(texts: Iterable[str]) -> tuple[list[str], list[Problem]]:
    """The texts of statements cleaned, and what is wrong with them: required, too_long."""
    problems: list[Problem] = []
    found = [
        checked(text, "statement", problems, longest=TEXT_LENGTH, required=True) for text in texts
    ]
    return found, problems


def movable(listed: Sequence[Statement], to: StatementState) -> list[Statement]:
    """Those of the statements that can go there from where they stand."""
    return [each for each in listed if to in MOVES[each.state]]
