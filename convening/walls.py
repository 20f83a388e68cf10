"""What everybody in a room sees on the wall: no more than each may know of the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from convening import tallies
from convening.rooms import RoomSnapshot, RoomStatement
from convening.statements import FEWEST_VOTERS
from convening.tallies import Ballots, Counts, Groups, Tally
from convening.vocabulary import Group, NoteRelease, RoomState, StatementState


@dataclass(frozen=True)
class Split:
    """How a statement came out: of ``everyone`` and of the ``groups`` that are large enough.

    ``everyone`` is None where too few voted, or where subtracting the groups from it would tell
    how one to four people voted. Of the groups in ``hands_alone`` no vote is counted, because too
    few voted: what stands there was raised before everybody's eyes.
    """

    everyone: Tally | None
    groups: Mapping[Group, Tally]
    hands_alone: Groups = frozenset()


@dataclass(frozen=True)
class WallStatement:
    """A statement that the facilitator has opened. ``split`` is None until it is revealed."""

    id: int
    number: int
    text: str
    voted: int
    split: Split | None = None


@dataclass(frozen=True)
class Wall:
    """``state`` is None until the room is prepared; ``code`` and ``token`` are empty unless it is
    open. ``notes`` is how many anonymous notes there are, as far as it may be told by now, and None
    where it may not; ``said`` are the words of those that were released, in their random order.
    ``statements`` begin with those that are open."""

    title: str
    state: RoomState | None
    question: str = ""
    block: str = ""
    code: str = ""
    token: str = ""
    joined: int = 0
    notes: int | None = None
    said: tuple[str, ...] = ()
    statements: tuple[WallStatement, ...] = ()
    group_names: Mapping[Group, str] = field(default_factory=dict)


def wall(room: RoomSnapshot, counts: Mapping[int, Counts], voters: Mapping[Groups, int]) -> Wall:
    """The wall of a room. ``counts`` are the votes and hands by statement, ``voters`` everybody who
    voted on any of them, each once, by the groups that they declared."""
    found = room.room
    if found is None:
        return Wall(room.meeting.title, None, group_names=room.group_names)
    block = room.block
    told = notes_told(found.state, found.release, room.notes.total)
    return Wall(
        title=room.meeting.title,
        state=found.state,
        question=found.question,
        block=block.title if block and found.is_open else "",
        code=found.code if found.is_open else "",
        token=found.token if found.is_open else "",
        joined=room.joined,
        notes=told,
        said=tuple(each.text for each in room.notes.released) if told is not None else (),
        statements=tuple(
            _statement(each, counts.get(each.id, Counts()), voters)
            for state in (StatementState.OPEN, StatementState.CLOSED)
            for each in room.statements
            if each.state is state
        ),
        group_names=room.group_names,
    )


def notes_told(state: RoomState, release: NoteRelease | None, total: int) -> int | None:
    """How many notes the wall tells of: those of a large room by batches, as ``Notes`` counts them,
    those of a small one once it is closed."""
    small = release is NoteRelease.AFTER_CLOSING and state is not RoomState.CLOSED
    return None if small or release in (None, NoteRelease.NOT_OFFERED) else total


def split(counts: Counts, voters: Mapping[Groups, int]) -> Split:
    """A statement's result as everybody in the room may see it (``tallies.for_room``).

    Sort those who voted by which of the shown groups they are in. With everyone's result beside the
    groups', what each of these classes voted can be computed, so everyone's is shown only where
    each class has nobody or at least five voters. Hands were raised before everybody's eyes.
    """
    groups = tallies.for_room(counts, voters)
    voted = tallies.total(counts.votes).votes
    enough = voted == 0 or voted >= FEWEST_VOTERS
    told = tallies.told_in_room(counts, voters)
    hidden = [each for each in _classes(counts.votes, told) if 0 < each < FEWEST_VOTERS]
    everyone = tallies.total(counts.together) if enough and not hidden else None
    return Split(everyone, groups, frozenset(groups) - told)


def _statement(
    statement: RoomStatement, counts: Counts, voters: Mapping[Groups, int]
) -> WallStatement:
    over = statement.revealed and statement.state is StatementState.CLOSED
    return WallStatement(
        statement.id,
        statement.number,
        statement.text,
        tallies.total(counts.together).votes,
        split(counts, voters) if over else None,
    )


def _classes(votes: Ballots, shown: Groups) -> Iterable[int]:
    """How many voted, by exactly the shown groups that they are in."""
    classes: dict[Groups, int] = {}
    for groups, tally in votes.items():
        kept = frozenset(groups & shown)
        classes[kept] = classes.get(kept, 0) + tally.votes
    return classes.values() if shown else ()
