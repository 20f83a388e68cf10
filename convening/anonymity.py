"""When anonymous notes are offered and shown, and when they may be counted by group.

The smaller a room, the easier it is to tell who wrote what, whatever is stored. So the size of the
room, the number who attended when it opened, decides; it is set before the first word is typed.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from convening.vocabulary import Group, NoteRelease

OFFERED_FROM = 5  # people in the room
LIVE_FROM = 10
GROUP_PRESENT = 8  # people of a group in the room, and
GROUP_NOTES = 5  # notes of that group, before it is counted for itself
DECLARED_FROM = 5  # people who declared a group, before a note keeps it


@dataclass(frozen=True)
class Room:
    """What one room holds: people present by group, its notes, and how many notes each group left.

    A person in two groups is present in both, and a note can carry two groups.
    """

    present: Mapping[Group, int]
    notes: int
    by_group: Mapping[Group, int]


@dataclass(frozen=True)
class Counted:
    """Notes as they may be shown: ``by_group`` leaves out every group that is too small."""

    notes: int
    by_group: Mapping[Group, int]


def release(size: int) -> NoteRelease:
    """How anonymous notes are handled in a room of ``size`` people."""
    if size < OFFERED_FROM:
        return NoteRelease.NOT_OFFERED
    return NoteRelease.AFTER_CLOSING if size < LIVE_FROM else NoteRelease.LIVE


def kept_groups(declared: Set[Group], people: Mapping[Group, int]) -> frozenset[Group]:
    """The groups that a note keeps: those that at least five people of the room declared."""
    return frozenset(each for each in declared if people.get(each, 0) >= DECLARED_FROM)


def counted(room: Room) -> Counted:
    """The notes of one room: its total, and a group alone where it is large enough."""
    return Counted(
        room.notes,
        {
            group: found
            for group, found in room.by_group.items()
            if found >= GROUP_NOTES and room.present.get(group, 0) >= GROUP_PRESENT
        },
    )


def pooled(rooms: Sequence[Room]) -> Counted:
    """The notes of an initiative's rooms together, so that the rule does not silence a group that
    is small in each of them."""
    together = Room(
        present=_sums(room.present for room in rooms),
        notes=sum(room.notes for room in rooms),
        by_group=_sums(room.by_group for room in rooms),
    )
    return counted(together)


def _sums(counts: Iterable[Mapping[Group, int]]) -> dict[Group, int]:
    found = dict.fromkeys(Group, 0)
    for each in counts:
        for group, count in each.items():
            found[group] += count
    return found
