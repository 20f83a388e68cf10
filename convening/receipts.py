"""What became of what somebody said: for whoever holds its receipt code, and for everybody who was
in the room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from convening import anonymity, dissent
from convening.convenings import Convening
from convening.definitions import Text
from convening.dissent import STATEMENT_LENGTH
from convening.fields import checked
from convening.ledger import Answer, DissentId, Entry
from convening.problems import Problem
from convening.vocabulary import DefinitionField, DissentState, Group, NoteState, Outcome
from convening.word_diff import Change, Piece, diff

ADDITION_LENGTH = STATEMENT_LENGTH  # characters
MOST_ADDITIONS = 10  # to one view: a conversation, and no place to store things
CODE_LENGTH = 40  # characters that are read of a typed code, with blanks and hyphens
AROUND = 12  # words that are shown before and after a change


@dataclass(frozen=True)
class ChangedPart:
    """A part of the definition with other words than before; ``pieces`` in reading order."""

    field: DefinitionField
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Shown:
    """A response with the words that changed because of it.

    ``changed`` is None where no version took the view up, and empty where only its reasons changed.
    """

    answer: Answer
    changed: tuple[ChangedPart, ...] | None = None


@dataclass(frozen=True)
class Addition:
    """What came later with the receipt code; HELD until the team lets others read it."""

    text: str
    state: NoteState


@dataclass(frozen=True)
class Receipt:
    """What the holder of a receipt code reads.

    A note that dissents from nothing has no ``entry``; ``note_state`` is None for what is not
    anonymous. ``adopted_at`` is when a version was last adopted that has to answer for this view:
    its own, or a later one.
    """

    id: DissentId
    words: str
    meeting: Convening | None
    definition: str = ""
    entry: Entry | None = None
    responses: tuple[Shown, ...] = ()
    additions: tuple[Addition, ...] = ()
    note_state: NoteState | None = None
    hidden_because: str = ""
    adopted_at: datetime | None = None

    @property
    def anonymous(self) -> bool:
        return self.note_state is not None

    @property
    def last(self) -> Answer | None:
        return self.entry.answers[-1] if self.entry and self.entry.answers else None

    @property
    def sealed(self) -> bool:
        """See ``dissent.is_sealed``."""
        return dissent.is_sealed(self.last.responded_at if self.last else None, self.adopted_at)

    @property
    def may_reply(self) -> bool:
        """Whether the holder can say, for the first time or otherwise than before, if the last
        response answers their view."""
        return self.last is not None and self.may_withdraw

    @property
    def may_withdraw(self) -> bool:
        responded_at = self.last.responded_at if self.last else None
        return self.entry is not None and dissent.is_loose(
            self.entry.state, responded_at, self.adopted_at
        )

    @property
    def takes_additions(self) -> bool:
        """Whether more can be said at all: not to a wrong entry, nor outside of any convening."""
        struck = self.entry is not None and self.entry.state is DissentState.STRUCK
        return self.meeting is not None and (self.anonymous or not struck)

    @property
    def may_add(self) -> bool:
        return self.takes_additions and len(self.additions) < MOST_ADDITIONS

    @property
    def may_publish(self) -> bool:
        """Whether the holder is asked about publishing: where the text stays as it is."""
        alive = self.entry is not None and self.entry.state not in dissent.GONE
        return alive and self.last is not None and self.last.outcome is Outcome.STANDS

    @property
    def agreed_to_publish(self) -> bool | None:
        return self.entry.agreed_to_publish if self.entry else None

    @property
    def until(self) -> datetime | None:
        """Until when the last response waits for a reply."""
        waits = self.entry is not None and self.entry.state is DissentState.ASKED
        return self.last.until if waits and self.last is not None else None

    @property
    def last_round(self) -> bool:
        """Whether another "no" publishes the view instead of asking for another response."""
        return self.last is not None and self.last.round >= dissent.ROUNDS


@dataclass(frozen=True)
class Said:
    """A dissenting view as everybody reads it who was in the room.

    ``groups`` and ``name`` are those that may be shown.
    """

    entry: Entry
    definition: str
    responses: tuple[Shown, ...]
    groups: frozenset[Group]
    name: str = ""


@dataclass(frozen=True)
class Became:
    """What became of what was said in one convening.

    ``also`` are notes that dissent from nothing; ``held`` ones wait to be shown, ``hidden`` ones
    are not, for a reason that stands on record.
    """

    meeting: Convening
    said: tuple[Said, ...]
    also: tuple[str, ...]
    held: int
    hidden: int
    group_names: Mapping[Group, str]

    @property
    def changed(self) -> int:
        """Views that changed the text."""
        return sum(self._outcome(each) is Outcome.INCORPORATED for each in self.said)

    @property
    def standing(self) -> int:
        return sum(self._outcome(each) is Outcome.STANDS for each in self.said)

    @property
    def waiting(self) -> int:
        """Views without an answer, or with one that their owner does not take for one."""
        waiting = (DissentState.UNANSWERED, DissentState.REOPENED)
        return sum(each.entry.state in waiting for each in self.said)

    @property
    def withdrawn(self) -> int:
        """Views that their owners took back."""
        return sum(each.entry.state is DissentState.WITHDRAWN for each in self.said)

    def _outcome(self, said: Said) -> Outcome | None:
        waits = said.entry.state in (DissentState.UNANSWERED, DissentState.REOPENED)
        return None if waits else said.entry.answers[-1].outcome


def changed_parts(old: Text, new: Text) -> tuple[ChangedPart, ...]:
    """The parts whose words differ, in the order in which a definition is read, each shortened to
    its changes and ``AROUND`` words on both sides of them."""
    return tuple(
        ChangedPart(part, shortened(diff(old.get(part, ""), new.get(part, ""))))
        for part in DefinitionField
        if old.get(part, "") != new.get(part, "")
    )


def shortened(pieces: Sequence[Piece], around: int = AROUND) -> tuple[Piece, ...]:
    """The pieces with long stretches that stayed the same cut down to what stands near a change;
    an ellipsis marks each cut."""
    found = []
    for position, piece in enumerate(pieces):
        if piece.change is Change.SAME:
            first, last = position == 0, position == len(pieces) - 1
            piece = replace(piece, text=_cut(piece.text, around, first=first, last=last))
        found.append(piece)
    return tuple(found)


def _cut(text: str, around: int, *, first: bool, last: bool) -> str:
    """``around`` words at the end of a text that a change follows, and at the start of one that
    follows a change. What comes between them makes way for an ellipsis, unless it is short."""
    words = text.split()
    before, after = ([] if first else words[:around]), ([] if last else words[-around:])
    if len(words) <= len(before) + len(after) + around // 2:
        return text
    opening = text[: len(text) - len(text.lstrip())] if not first else ""
    closing = text[len(text.rstrip()) :] if not last else ""
    return f"{opening}{' '.join([*before, '…', *after])}{closing}"


def groups_to_show(entry: Entry, present: Mapping[Group, int]) -> frozenset[Group]:
    """The groups that a view is shown with where the link may travel beyond the room.

    Of an anonymous one those that it still has; of others all, if their owner agreed that the words
    are published, or else those of which at least five people were there.
    """
    if entry.anonymous or entry.agreed_to_publish:
        return entry.groups
    return anonymity.kept_groups(entry.groups, present)


def name_to_show(entry: Entry) -> str:
    """The owner's name where they agreed both to being named and to the words being published."""
    return entry.person if entry.agreed_to_publish else ""


def cleaned_addition(typed: str, additions: int) -> tuple[str, list[Problem]]:
    """What somebody adds to their view. Codes by field: required, too_long, too_many_additions."""
    problems: list[Problem] = []
    text = checked(
        typed, "addition", problems, longest=ADDITION_LENGTH, required=True, multiline=True
    )
    if additions >= MOST_ADDITIONS:
        problems.append(Problem("too_many_additions", field="addition"))
    return text, problems


def form_id(typed: str) -> str:
    """The random id that a form carries, so that what it sends twice is kept once; empty for what
    is none."""
    try:
        return str(UUID(typed))
    except ValueError:
        return ""


def coarse(moment: datetime, not_before: datetime | None = None) -> datetime:
    """The beginning of the day, or ``not_before`` where that is later.

    What somebody without a name does is kept to the day, so that no log of requests tells who it
    was.
    """
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return max(day, not_before) if not_before else day
