"""Dissenting views as the team reads them: what was raised, answered, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from convening import dissent
from convening.vocabulary import (
    Attribution,
    DefinitionField,
    DissentState,
    Group,
    NoteState,
    Outcome,
    ReplyChannel,
    StageKind,
    Strength,
)

TO_ANSWER = (DissentState.UNANSWERED, DissentState.REOPENED)
TO_ASK = (DissentState.NOT_ASKED, DissentState.UNSIGNED)  # its owner, or two to sign
DissentId = int | str  # of a DissentingView, or the random one of an anonymous note


@dataclass(frozen=True)
class Answer:
    """One of at most two responses to a view; ``responded_at`` is when it was written.

    ``number`` is the version that took it up, for an outcome that did; ``answers`` is what the
    owner said of it, None until they reply, and ``through`` how they said it.
    """

    id: int
    round: int
    outcome: Outcome
    rationale: str
    by: str
    version_id: int | None = None
    number: int | None = None
    asked_at: datetime | None = None
    answers: bool | None = None
    answered_at: datetime | None = None
    through: ReplyChannel | None = None
    responded_at: datetime | None = None
    version: int = 1

    @property
    def until(self) -> datetime | None:
        """Until when its owner has time to reply; None before they are asked."""
        return self.asked_at + dissent.TIME_TO_REPLY if self.asked_at else None


@dataclass(frozen=True)
class Entry:
    """A dissenting view with its answers; one without a name has a text for its id.

    ``raised_on`` is the day of its convening for an anonymous one. ``person`` is empty unless the
    view is named and its owner agreed. ``additions`` came later with the receipt code. ``own``:
    the viewer raised it; ``logged``: they wrote it down; ``signed``: they signed that it stands.
    ``note_state`` is that of an anonymous one; of one that is hidden the reason stands in
    ``struck_because``, and its words are left out.
    """

    id: DissentId
    definition_id: int
    version_id: int
    number: int
    strength: Strength
    statement: str
    attribution: Attribution
    groups: frozenset[Group]
    state: DissentState
    definition: str = ""
    reason: str = ""
    resolution: str = ""
    passage_field: DefinitionField | None = None
    passage: str = ""
    convening_id: int | None = None
    convening: str = ""
    stage_id: int | None = None
    stage: StageKind | None = None
    stage_name: str = ""
    block: str = ""
    person: str = ""
    raised_on: date | None = None
    answers: tuple[Answer, ...] = ()
    signed_by: tuple[str, ...] = ()
    additions: tuple[str, ...] = ()
    agreed_to_publish: bool | None = None
    afterwards: bool = False
    struck_because: str = ""
    has_receipt: bool = False
    own: bool = False
    logged: bool = False
    signed: bool = False
    has_account: bool = False
    note_state: NoteState | None = None
    version: int = 1

    @property
    def anonymous(self) -> bool:
        return self.attribution is Attribution.ANONYMOUS

    @property
    def view(self) -> dissent.View:
        """The same as the rules of ``convening.dissent`` see it."""
        return dissent.View(
            id=self.id,
            responses=tuple(
                dissent.Response(each.outcome, each.asked_at, each.answers) for each in self.answers
            ),
            signatures=len(self.signed_by),
            struck=bool(self.struck_because) or self.note_state is NoteState.HIDDEN,
        )


@dataclass(frozen=True)
class HeldNote:
    """An anonymous note that waits to be released; ``strength`` is None where it dissents from
    nothing, ``number`` the version that it is about. ``adds_to`` is what it adds to."""

    id: str
    convening_id: int
    convening: str
    text: str
    reason: str = ""
    resolution: str = ""
    strength: Strength | None = None
    definition: str = ""
    number: int | None = None
    adds_to: DissentId | None = None


@dataclass(frozen=True)
class AlsoSaid:
    """An anonymous note that dissents from nothing and was released; ``hidden`` is why it was
    hidden afterwards, or before."""

    id: str
    convening: str
    text: str
    hidden: str = ""


@dataclass(frozen=True)
class Waiting:
    """What waits in an initiative: views for an answer of the team, or for it to ask their owners
    or to sign; notes to be released."""

    initiative_id: int
    initiative: str
    to_answer: int
    held: int
    to_ask: int = 0


@dataclass(frozen=True)
class OpenGlass:
    """An administrator who is not on the team may read its dissent until then, and why."""

    id: int
    by: str
    reason: str
    at: datetime
    until: datetime


@dataclass(frozen=True)
class LedgerFilter:
    """Which entries of the ledger are asked for; an empty set asks for all."""

    definitions: frozenset[int] = frozenset()
    stages: frozenset[int] = frozenset()
    convenings: frozenset[int] = frozenset()
    groups: frozenset[Group] = frozenset()
    strengths: frozenset[Strength] = frozenset()
    states: frozenset[DissentState] = frozenset()

    def matches(self, entry: Entry) -> bool:
        """Whether the entry is asked for; one of several groups where any of them is."""
        return (
            (not self.definitions or entry.definition_id in self.definitions)
            and (not self.stages or entry.stage_id in self.stages)
            and (not self.convenings or entry.convening_id in self.convenings)
            and (not self.groups or bool(entry.groups & self.groups))
            and (not self.strengths or entry.strength in self.strengths)
            and (not self.states or entry.state in self.states)
        )


def standing(entries: Iterable[Entry], now: datetime) -> list[Entry]:
    """The views that are published with an adopted version."""
    return [each for each in entries if dissent.stands(each.view, now)]
