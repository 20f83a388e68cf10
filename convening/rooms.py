"""A convening's room while it is held: what is shown, who was heard, and how the time goes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from convening.agenda import Block
from convening.balance import Shares
from convening.convenings import Convening
from convening.problems import Problem
from convening.vocabulary import (
    Attribution,
    BlockFormat,
    Choice,
    DefinitionField,
    EntryKind,
    Group,
    NoteRelease,
    NoteState,
    RoomState,
    StatementState,
    Strength,
    VersionState,
)

# One block can be somebody else's: a panel, a walk. After two of them a group is not waiting for
# its turn any more.
SILENT_BLOCKS = 2
SLIP = timedelta(seconds=30)  # a block that went on for less was begun by mistake
TO_TAKE_BACK = timedelta(minutes=10)  # in which whoever logged a view can take it back with a tap
VOICES = frozenset({EntryKind.POINT, EntryKind.TURN})  # raised hands are counts, nobody's words


@dataclass(frozen=True)
class Room:
    """The room of a convening.

    ``code`` is typed in and ``token`` stands in the link behind the QR code; both are empty once
    the room is closed. ``release`` and ``size``, the people present, are set when it opens.
    ``blocks_run`` are the ids of the agenda blocks that were started, in their order.
    """

    id: int
    convening_id: int
    state: RoomState
    release: NoteRelease | None
    size: int
    code: str
    token: str
    question: str
    block_id: int | None
    block_started_at: datetime | None
    blocks_run: tuple[int, ...]
    version_id: int | None
    conversation_id: int | None
    opened_at: datetime | None
    closed_at: datetime | None
    version: int

    @property
    def is_open(self) -> bool:
        return self.state is RoomState.OPEN


@dataclass(frozen=True)
class Logged:
    """One line of what was logged in a room.

    ``kind`` is None for a dissenting view, which has a ``strength``; ``owned`` says that somebody
    with an account raised it. Struck lines stay.
    """

    id: int
    uuid: str
    kind: EntryKind | None
    groups: frozenset[Group]
    text: str
    at: datetime
    by: str = ""
    by_id: int | None = None
    owned: bool = False
    block_id: int | None = None
    strength: Strength | None = None
    attribution: Attribution | None = None
    choice: Choice | None = None
    people: int = 0
    statement_id: int | None = None
    afterwards: bool = False
    struck: bool = False
    version: int = 1


@dataclass(frozen=True)
class RoomStatement:
    """A statement that the room votes on; its votes are read by who shows them."""

    id: int
    number: int
    text: str
    state: StatementState
    revealed: bool


@dataclass(frozen=True)
class VersionInHand:
    """The version of a definition that views in the room dissent from."""

    id: int
    definition_id: int
    title: str
    number: int
    state: VersionState
    text: Mapping[DefinitionField, str]


@dataclass(frozen=True)
class Note:
    """An anonymous note that everybody may read."""

    id: str
    text: str
    strength: Strength | None
    groups: frozenset[Group]


@dataclass(frozen=True)
class Notes:
    """The anonymous notes of a room: ``released`` ones, and how many there are by state.

    Those that have just arrived in an open room are not among them: in a room of five to nine
    nothing is known of notes before it closes, and in a larger one their number grows by batches.
    """

    released: tuple[Note, ...] = ()
    counts: Mapping[NoteState, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class RoomSnapshot:
    """Everything that the live screens show of one room, read in one go; the same for everybody
    of the team.

    ``present`` are those noted as here. ``declared`` is how many entered by phone, by the set of
    groups that they declared. ``log`` begins with what came last. ``versions`` can be taken in
    hand, of which ``newer`` came after the room had taken an earlier one of the same definition;
    ``conversations`` (id and title) can be voted on, those ``held_here`` by their convening.
    ``room`` is None until it is prepared.
    """

    meeting: Convening
    group_names: Mapping[Group, str]
    blocks: tuple[Block, ...]
    present: Shares
    room: Room | None = None
    declared: Mapping[frozenset[Group], int] = field(default_factory=dict)
    log: tuple[Logged, ...] = ()
    statements: tuple[RoomStatement, ...] = ()
    notes: Notes = Notes()
    version: VersionInHand | None = None
    versions: tuple[VersionInHand, ...] = ()
    newer: VersionInHand | None = None
    conversations: tuple[tuple[int, str], ...] = ()
    held_here: frozenset[int] = frozenset()

    @property
    def joined(self) -> int:
        """How many people entered by phone."""
        return sum(self.declared.values())

    @property
    def block(self) -> Block | None:
        """The agenda block that is going on."""
        wanted = self.room.block_id if self.room else None
        return next((each for each in self.blocks if each.id == wanted), None)

    @property
    def following(self) -> Block | None:
        """The block that comes next: the first one as long as none was started."""
        current = self.block
        place = -1 if current is None else self.blocks.index(current)
        return self.blocks[place + 1] if place + 1 < len(self.blocks) else None


def shape(snapshot: RoomSnapshot) -> str:
    """Names what the room's own screens show of it; a process names the same thing in the same
    way."""
    return sha256(repr(snapshot).encode()).hexdigest()


# -- who was heard --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Voice:
    """One group of a room: ``present`` people of it, how often it was ``heard``, and for how many
    blocks that are over it has been silent since."""

    group: Group
    present: int
    heard: int
    silent: int


def heard(snapshot: RoomSnapshot) -> list[Voice]:
    """How often each group was heard, against how many of it are there.

    A point, a turn or a dissenting view of two groups counts in both; what was struck, counted by
    hands, or said in the corridor does not. Breaks are no blocks in which somebody could speak.
    """
    voices = [each for each in snapshot.log if is_voice(each)]
    run = _spoken_blocks(snapshot)
    return [
        Voice(
            group,
            snapshot.present.heads[group],
            sum(group in each.groups for each in voices),
            _silent(run, {each.block_id for each in voices if group in each.groups}),
        )
        for group in Group
    ]


def can_take_back(entry: Logged, user_id: int, now: datetime) -> bool:
    """Whether a view was logged by this user a moment ago: anybody else's is struck through in the
    ledger, with a reason."""
    mine = entry.by_id == user_id and not entry.owned
    return mine and not entry.struck and now - entry.at < TO_TAKE_BACK


def is_voice(entry: Logged) -> bool:
    """Whether somebody's own words were heard in the room."""
    said = entry.kind is None or entry.kind in VOICES
    return said and not entry.struck and not entry.afterwards


def nudges(voices: Iterable[Voice]) -> list[Problem]:
    """Whom to ask: code group_silent (``group``, ``count`` blocks, ``present`` people of it)."""
    return [
        Problem(
            "group_silent", {"group": each.group, "count": each.silent, "present": each.present}
        )
        for each in voices
        if each.present and each.silent >= SILENT_BLOCKS
    ]


def _spoken_blocks(snapshot: RoomSnapshot) -> list[int]:
    """The blocks that were started, the breaks left out; the last one may still go on."""
    known = {each.id for each in snapshot.blocks if each.format is not BlockFormat.BREAK}
    run = snapshot.room.blocks_run if snapshot.room else ()
    return [each for each in run if each in known]


def _silent(run: Sequence[int], spoke_in: set[int | None]) -> int:
    """How many blocks before the last one started are over without a word, counted backwards."""
    if not run or run[-1] in spoke_in:
        return 0
    count = 0
    for block in reversed(run[:-1]):
        if block in spoke_in:
            break
        count += 1
    return count


# -- the time -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Timed:
    """A block with the time that it has now: those ahead follow from the one that goes on."""

    block: Block
    starts: datetime
    ends: datetime


def running(snapshot: RoomSnapshot, now: datetime) -> list[Timed]:
    """The block that goes on and those ahead of it, with their times in UTC.

    A block that is past its time ends now, so the others move on with every minute. Empty while no
    block was started.
    """
    room, current = snapshot.room, snapshot.block
    if room is None or current is None or room.block_started_at is None:
        return []
    found = [Timed(current, room.block_started_at, ends_at(room.block_started_at, current.minutes))]
    at = max(found[0].ends, now)
    for block in snapshot.blocks[snapshot.blocks.index(current) + 1 :]:
        found.append(Timed(block, at, ends_at(at, block.minutes)))
        at = found[-1].ends
    return found


def ends_at(starts: datetime, minutes: int) -> datetime:
    return starts + timedelta(minutes=minutes)


def late(timed: Sequence[Timed], ends: datetime | None) -> int:
    """By how many minutes the last block would end after the convening's end; negative before."""
    if not timed or ends is None:
        return 0
    return round((timed[-1].ends - ends).total_seconds() / 60)
