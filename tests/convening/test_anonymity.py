"""When anonymous notes are offered, and when they are counted by group."""

import pytest

from convening.anonymity import Counted, Room, counted, kept_groups, pooled, release
from convening.vocabulary import Group, NoteRelease

S, G, I = Group  # noqa: E741


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        (0, NoteRelease.NOT_OFFERED),
        (4, NoteRelease.NOT_OFFERED),
        (5, NoteRelease.AFTER_CLOSING),
        (9, NoteRelease.AFTER_CLOSING),
        (10, NoteRelease.LIVE),
    ],
)
def test_the_size_of_the_room_decides(size: int, wanted: NoteRelease) -> None:
    assert release(size) is wanted


def test_a_note_keeps_a_group_that_five_people_declared() -> None:
    assert kept_groups({S, G}, {S: 5, G: 4, I: 9}) == {S}
    assert kept_groups(set(), {S: 9}) == frozenset()


@pytest.mark.parametrize(
    ("present", "notes", "shown"), [(8, 5, {S: 5}), (7, 5, {}), (8, 4, {}), (0, 0, {})]
)
def test_a_group_is_counted_alone_when_it_is_large_enough(
    present: int, notes: int, shown: dict[Group, int]
) -> None:
    room = Room({S: present, G: 20}, notes=notes + 2, by_group={S: notes, G: 2})
    assert counted(room) == Counted(notes + 2, shown)


def test_a_group_that_is_small_in_each_room_is_counted_over_all_of_them() -> None:
    rooms = [Room({S: 4}, 3, {S: 3}), Room({S: 4, G: 1}, 3, {S: 2, G: 1})]
    assert [counted(room).by_group for room in rooms] == [{}, {}]
    assert pooled(rooms) == Counted(6, {S: 5})
    assert pooled([]) == Counted(0, {})
