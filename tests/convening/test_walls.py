"""What the wall shows of a room: what was moderated, and nothing that tells who voted how."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from convening import walls
from convening.rooms import Note, Notes, RoomStatement
from convening.tallies import Ballots, Counts, Groups, Tally
from convening.vocabulary import Group, NoteRelease, NoteState, RoomState, StatementState
from tests.convening import test_rooms as built

STEWARD, GATEWAY, INFLUENCER = Group
S, G, F, SG = (
    frozenset({STEWARD}),
    frozenset({GATEWAY}),
    frozenset({INFLUENCER}),
    frozenset({STEWARD, GATEWAY}),
)
NOBODY: Groups = frozenset()


def ballots(voted: Mapping[Groups, tuple[int, int, int]]) -> Ballots:
    return {groups: Tally(*tally) for groups, tally in voted.items()}


def people(votes: Ballots) -> dict[Groups, int]:
    return {groups: tally.votes for groups, tally in votes.items()}


def statement(number: int, state: StatementState, *, revealed: bool = False) -> RoomStatement:
    return RoomStatement(number, number, f"Statement {number}", state, revealed)


def test_a_room_that_is_not_prepared_has_a_title_alone() -> None:
    bare = replace(built.snapshot(), room=None)
    assert walls.wall(bare, {}, {}) == walls.Wall("Workshop", None)


def test_the_way_in_stands_there_while_the_room_is_open_and_not_before_or_after() -> None:
    open_room = built.snapshot()
    assert open_room.room is not None
    assert walls.wall(open_room, {}, {}).code == "ABCDEFGH"
    for state in (RoomState.PREPARING, RoomState.CLOSED):
        other = replace(open_room, room=replace(open_room.room, state=state))
        found = walls.wall(other, {}, {})
        assert (found.code, found.token, found.block) == ("", "", "")


def test_statements_show_once_they_are_opened_and_the_open_ones_come_first() -> None:
    state = StatementState
    room = replace(
        built.snapshot(),
        statements=(
            statement(1, state.CLOSED),
            statement(2, state.WAITING),
            statement(3, state.OPEN),
            statement(4, state.HIDDEN),
        ),
    )
    assert [each.number for each in walls.wall(room, {}, {}).statements] == [3, 1]


@pytest.mark.parametrize(
    ("state", "revealed", "shown"),
    [
        (StatementState.CLOSED, True, True),
        (StatementState.CLOSED, False, False),
        (StatementState.OPEN, True, False),  # the next vote would show by the difference
    ],
)
def test_a_result_shows_when_voting_is_over_and_it_is_revealed(
    state: StatementState, revealed: bool, shown: bool
) -> None:
    room = replace(built.snapshot(), statements=(statement(1, state, revealed=revealed),))
    votes = ballots({S: (8, 0, 0)})
    found = walls.wall(room, {1: Counts(votes)}, people(votes)).statements[0]
    assert found.voted == 8
    assert (found.split is not None) is shown


def test_how_the_room_and_its_large_groups_voted() -> None:
    votes = ballots({S: (1, 7, 0), G: (9, 1, 0), NOBODY: (5, 0, 1)})
    found = walls.split(Counts(votes), people(votes))
    assert found.everyone == Tally(15, 8, 1)
    assert found.groups == {STEWARD: Tally(1, 7, 0), GATEWAY: Tally(9, 1, 0)}


def test_a_group_of_seven_is_not_shown_alone() -> None:
    votes = ballots({S: (7, 0, 0), G: (8, 0, 0)})
    assert set(walls.split(Counts(votes), people(votes)).groups) == {GATEWAY}


@pytest.mark.parametrize(
    "few", [{F: (3, 1, 0)}, {NOBODY: (1, 0, 0)}, {SG: (0, 4, 0)}], ids=["rest", "none", "both"]
)
def test_the_whole_is_left_out_where_it_would_tell_of_four_people(
    few: dict[Groups, tuple[int, int, int]],
) -> None:
    """They follow from the whole by subtracting the groups, or the whole from the groups."""
    votes = ballots({S: (8, 0, 0), G: (8, 0, 0), **few})
    found = walls.split(Counts(votes), people(votes))
    assert found.everyone is None
    assert set(found.groups) == {STEWARD, GATEWAY}


def test_with_five_in_each_class_the_whole_shows_too() -> None:
    votes = ballots({S: (8, 0, 0), G: (8, 0, 0), F: (3, 2, 0), SG: (0, 5, 0)})
    assert walls.split(Counts(votes), people(votes)).everyone == Tally(19, 7, 0)


@pytest.mark.parametrize(("voted", "whole"), [(4, None), (5, Tally(5)), (0, Tally())])
def test_four_votes_are_no_result(voted: int, whole: Tally | None) -> None:
    votes = ballots({S: (voted, 0, 0)})
    assert walls.split(Counts(votes), people(votes)) == walls.Split(whole, {})


def test_raised_hands_show_however_few_they_are() -> None:
    hands = ballots({S: (1, 0, 0), G: (0, 2, 0)})
    found = walls.split(Counts(hands=hands), {})
    assert found.everyone == Tally(1, 2, 0)
    assert found.groups == {STEWARD: Tally(1, 0, 0), GATEWAY: Tally(0, 2, 0)}
    assert found.hands_alone == {STEWARD, GATEWAY}


def test_a_raised_hand_neither_stands_for_a_groups_votes_nor_hides_the_whole() -> None:
    votes = ballots({S: (0, 8, 0), F: (0, 1, 0), NOBODY: (3, 2, 0)})
    found = walls.split(Counts(votes, ballots({F: (1, 0, 0)})), people(votes))
    assert found.groups == {STEWARD: Tally(0, 8, 0), INFLUENCER: Tally(1, 0, 0)}
    assert found.hands_alone == {INFLUENCER}
    assert found.everyone == Tally(4, 11, 0)


@pytest.mark.parametrize(
    ("release", "said"),
    [(NoteRelease.LIVE, ("The bus stopped",)), (NoteRelease.AFTER_CLOSING, ())],
)
def test_the_words_of_released_notes_stand_there_when_their_number_may(
    release: NoteRelease, said: tuple[str, ...]
) -> None:
    found = built.snapshot()
    assert found.room is not None
    notes = Notes((Note("n1", "The bus stopped", None, NOBODY),), {NoteState.RELEASED: 1})
    room = replace(found, room=replace(found.room, release=release), notes=notes)
    assert walls.wall(room, {}, {}).said == said


@pytest.mark.parametrize(
    ("state", "release", "total", "told"),
    [
        (RoomState.OPEN, NoteRelease.LIVE, 8, 8),
        (RoomState.CLOSED, NoteRelease.LIVE, 8, 8),
        (RoomState.OPEN, NoteRelease.AFTER_CLOSING, 8, None),
        (RoomState.CLOSED, NoteRelease.AFTER_CLOSING, 8, 8),
        (RoomState.OPEN, NoteRelease.NOT_OFFERED, 0, None),
        (RoomState.CLOSED, NoteRelease.NOT_OFFERED, 0, None),
        (RoomState.PREPARING, None, 0, None),
    ],
)
def test_notes_of_a_small_room_are_told_of_once_it_is_closed(
    state: RoomState, release: NoteRelease | None, total: int, told: int | None
) -> None:
    assert walls.notes_told(state, release, total) == told


def test_the_wall_tells_how_many_entered_and_not_who() -> None:
    room = replace(
        built.snapshot(),
        declared={S: 6, SG: 2, NOBODY: 4},
        notes=Notes(counts={NoteState.HELD: 9}),
    )
    found = walls.wall(room, {}, {})
    assert found.joined == 12
    assert found.notes is None
