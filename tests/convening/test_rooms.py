"""The room while it is held: who was heard, whom to ask, and how the time goes."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from convening import balance, rooms
from convening.agenda import Block
from convening.convenings import Convening
from convening.rooms import Logged, Room, RoomSnapshot
from convening.tallies import Tally
from convening.vocabulary import (
    BlockFormat,
    Choice,
    ConveningKind,
    ConveningState,
    EntryKind,
    Group,
    RoomState,
    Strength,
)

S, G, I = Group  # noqa: E741
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def meeting() -> Convening:
    return Convening(
        id=1,
        initiative_id=1,
        stage_id=1,
        title="Workshop",
        purpose="",
        kind=ConveningKind.WORKSHOP,
        state=ConveningState.PLANNED,
        starts_local=None,
        ends_local=None,
        zone="UTC",
        starts_at=NINE,
        ends_at=NINE + timedelta(hours=1),
        place="",
        link="",
        capacity=None,
        openness=None,
        version=1,
    )


def block(key: int, minutes: int = 20, form: BlockFormat = BlockFormat.PLENARY) -> Block:
    return Block(key, 1, key - 1, minutes, f"Block {key}", form, "", "", "", 1)


def room(*blocks_run: int, started: datetime | None = NINE) -> Room:
    return Room(
        id=1,
        convening_id=1,
        state=RoomState.OPEN,
        release=None,
        size=6,
        code="ABCDEFGH",
        token="t",
        question="",
        block_id=blocks_run[-1] if blocks_run else None,
        block_started_at=started if blocks_run else None,
        blocks_run=blocks_run,
        version_id=None,
        conversation_id=None,
        opened_at=NINE,
        closed_at=None,
        version=1,
    )


def said(
    groups: Iterable[Group], block_id: int | None = 1, kind: EntryKind | None = EntryKind.TURN
) -> Logged:
    strength = Strength.OBJECTION if kind is None else None
    return Logged(1, "u", kind, frozenset(groups), "", NINE, block_id=block_id, strength=strength)


def snapshot(
    *log: Logged, run: Iterable[int] = (1,), blocks: Iterable[Block] = (), members: str = "S G I"
) -> RoomSnapshot:
    """``members`` names the groups of each person by their first letters, apart by blanks."""
    letters = {"S": S, "G": G, "I": I}
    people = [{letters[each] for each in person} for person in members.split()]
    return RoomSnapshot(
        meeting=meeting(),
        group_names={},
        blocks=tuple(blocks) or (block(1), block(2), block(3), block(4)),
        present=balance.shares(people),
        room=room(*run),
        log=log,
    )


def test_a_voice_of_two_groups_counts_in_both() -> None:
    voices = rooms.heard(snapshot(said({S, G}), said({G}), members="SG G"))
    assert [(each.group, each.present, each.heard) for each in voices] == [
        (S, 1, 1),
        (G, 2, 2),
        (I, 0, 0),
    ]


def test_points_turns_and_dissent_are_voices_and_hands_are_not() -> None:
    log = [said({S}, kind=kind) for kind in (*EntryKind, None)]
    assert rooms.heard(snapshot(*log))[0].heard == 3


def test_what_was_struck_or_said_in_the_corridor_was_not_heard() -> None:
    log = [replace(said({S}), struck=True), replace(said({S}), afterwards=True)]
    assert rooms.heard(snapshot(*log))[0].heard == 0


def test_whoever_has_not_spoken_for_two_blocks_is_asked() -> None:
    shown = snapshot(said({S}, 3), said({G}, 1), said({I}, 2), run=(1, 2, 3))
    assert [each.silent for each in rooms.heard(shown)] == [0, 1, 0]
    later = snapshot(said({S}, 3), said({G}, 1), said({I}, 2), run=(1, 2, 3, 4))
    [found] = rooms.nudges(rooms.heard(later))
    assert (found.code, found.params) == ("group_silent", {"group": G, "count": 2, "present": 1})


def test_a_break_is_no_block_in_which_to_speak() -> None:
    blocks = [block(1), block(2, form=BlockFormat.BREAK), block(3)]
    shown = snapshot(run=(1, 2, 3), blocks=blocks)
    assert [each.silent for each in rooms.heard(shown)] == [1, 1, 1]


def test_nobody_is_asked_for_a_group_that_is_not_there() -> None:
    shown = snapshot(run=(1, 2, 3), members="S")
    assert [each.params["group"] for each in rooms.nudges(rooms.heard(shown))] == [S]


def test_before_the_first_block_nobody_is_silent() -> None:
    assert rooms.nudges(rooms.heard(snapshot(run=()))) == []


def test_blocks_ahead_follow_from_the_one_that_goes_on() -> None:
    timed = rooms.running(snapshot(run=(1, 2)), NINE + timedelta(minutes=5))
    assert [each.block.id for each in timed] == [2, 3, 4]
    assert timed[1].starts == NINE + timedelta(minutes=20)
    assert rooms.late(timed, NINE + timedelta(hours=1)) == 0


def test_a_block_past_its_time_moves_the_others_on() -> None:
    timed = rooms.running(snapshot(run=(1, 2)), NINE + timedelta(minutes=25))
    assert (timed[0].ends, timed[1].starts) == (
        NINE + timedelta(minutes=20),
        NINE + timedelta(minutes=25),
    )
    assert rooms.late(timed, NINE + timedelta(hours=1)) == 5


def test_nothing_runs_before_a_block_was_started() -> None:
    assert rooms.running(snapshot(run=()), NINE) == []
    assert snapshot(run=()).following == block(1)


def test_after_the_last_block_nothing_follows() -> None:
    assert snapshot(run=(4,)).following is None


def test_a_tally_adds_up() -> None:
    tally = Tally().plus(Choice.AGREE, 2).plus(Choice.DISAGREE, 1).plus(Choice.PASS, 4)
    assert (tally, tally.votes) == (Tally(2, 1, 4), 7)
