"""What people in a room see and say from their own phone, without an account."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from convening import anonymity, balance, dissent
from convening.dissent import ViewText
from convening.fields import checked
from convening.problems import Problem
from convening.vocabulary import (
    Attribution,
    Choice,
    DefinitionField,
    Group,
    NoteRelease,
    RoomState,
    Strength,
)

STATEMENTS_AT_ONCE = 6  # on one page: it stays light, and a thumb reaches all of it
BATCH = 3  # anonymous notes that are told of together: one alone would tell when it was written


@dataclass(frozen=True)
class Participant:
    """Somebody who entered a room. ``id`` is random; their phone keeps it and no table does."""

    room_id: int
    id: str
    groups: frozenset[Group] = frozenset()


@dataclass(frozen=True)
class InHand:
    """The version of a shared definition that the room talks about."""

    version_id: int
    title: str
    number: int
    text: Mapping[DefinitionField, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenStatement:
    """A statement to vote on; ``choice`` is what the reader chose, None before that."""

    id: int
    number: int
    text: str
    choice: Choice | None = None


@dataclass(frozen=True)
class JoinedRoom:
    """A room as everybody in it may see it.

    ``release`` is None until the room opens; then it says for good what becomes of notes.
    """

    id: int
    state: RoomState
    release: NoteRelease | None
    initiative: str
    title: str
    question: str = ""
    block: str = ""
    in_hand: InHand | None = None
    statements: tuple[OpenStatement, ...] = ()
    group_names: Mapping[Group, str] = field(default_factory=dict)

    @property
    def offers_notes(self) -> bool:
        return offers_notes(self.release)


@dataclass(frozen=True)
class Offered:
    """What a room takes: anonymous ``notes``, and dissent from a ``version_in_hand``."""

    notes: bool
    version_in_hand: bool


@dataclass(frozen=True)
class NoteDraft:
    """A note as typed. ``nonce`` is random and of the form that was filled in: the same words sent
    twice from one form are one note. ``strength`` is None where it dissents from nothing."""

    nonce: str
    text: str
    strength: Strength | None = None
    reason: str = ""
    resolution: str = ""
    attribution: Attribution = Attribution.ANONYMOUS


def offers_notes(release: NoteRelease | None) -> bool:
    """Whether anonymous notes can be left in a room."""
    return release in (NoteRelease.AFTER_CLOSING, NoteRelease.LIVE)


def cleaned(
    draft: NoteDraft, room: Offered, groups: frozenset[Group]
) -> tuple[ViewText | None, str, list[Problem]]:
    """What the note says, as a dissenting view (None where it dissents from nothing) and as the
    text alone, and every problem that keeps it from being taken.

    Codes by field: required, too_long (text, reason, resolution), objection_needs_reason (reason);
    of ``attribution``: notes_not_offered, group_not_declared, only_dissent_for_group.
    """
    problems = _about_attribution(draft, room, groups)
    if draft.strength is None or not room.version_in_hand:
        text = checked(
            draft.text,
            "text",
            problems,
            longest=dissent.STATEMENT_LENGTH,
            required=True,
            multiline=True,
        )
        return None, text, problems
    view, found = dissent.check_text(
        ViewText(draft.strength, draft.text, draft.reason, draft.resolution)
    )
    renamed = {"statement": "text"}
    problems += [
        Problem(each.code, each.params, renamed.get(each.field or "", each.field)) for each in found
    ]
    return view, view.statement, problems


def _about_attribution(draft: NoteDraft, room: Offered, groups: frozenset[Group]) -> list[Problem]:
    if draft.attribution is Attribution.ANONYMOUS:
        return [] if room.notes else [Problem("notes_not_offered", field="attribution")]
    if not groups:
        return [Problem("group_not_declared", field="attribution")]
    if draft.strength is None or not room.version_in_hand:
        return [Problem("only_dissent_for_group", field="attribution")]
    return []


def kept(
    declared: frozenset[Group], by_mask: Mapping[int, int], here: Mapping[int, int], present: int
) -> frozenset[Group]:
    """Which of its writer's groups a note keeps, in a room of ``present`` people.

    ``by_mask`` counts declarations by their set of groups (``balance.mask``), ``here`` the people
    who are noted as here in the same way, under 0 those whose groups nobody knows. Each group must
    be one of five people's, and so must all of them together: a note with the two groups that one
    person alone is in would be that person's. Otherwise the largest is left out.
    """
    people = certain(by_mask, here, present)
    found = anonymity.kept_groups(declared, people)
    while len(found) > 1 and _certain(found, by_mask, here, present) < anonymity.DECLARED_FROM:
        found -= {max(found, key=lambda each: (people[each], each))}
    return found


def certain(by_mask: Mapping[int, int], here: Mapping[int, int], present: int) -> dict[Group, int]:
    """How many people at least declared each group; arguments as for ``kept``.

    More declarations than people mean that somebody declared twice; the surplus might all be of one
    group, so it is taken off each. More declarations of a group than people who can be of it are
    somebody's second ones as well: nobody can make a group look larger than it is.
    """
    return {group: max(0, _certain(frozenset({group}), by_mask, here, present)) for group in Group}


def _certain(
    groups: frozenset[Group], by_mask: Mapping[int, int], here: Mapping[int, int], present: int
) -> int:
    """How many people at least declared all of these groups."""
    declared = _of_all(groups, by_mask) - _surplus(by_mask, present)
    return min(declared, _of_all(groups, here) + here.get(0, 0))


def _of_all(groups: frozenset[Group], by_mask: Mapping[int, int]) -> int:
    return sum(people for mask, people in by_mask.items() if groups <= balance.groups_of(mask))


def _surplus(by_mask: Mapping[int, int], present: int) -> int:
    return max(0, sum(by_mask.values()) - present)
