"""Notes of an open room: none is read or counted by itself."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlmodel import select

from convening.participation import BATCH, NoteDraft, Participant
from convening.vocabulary import NoteState
from db import room_closing, transaction
from db.commands import participation
from db.engine import Engines
from db.queries import keeper, room, wall
from db.tables.understanding import AnonymousNote
from tests import builders, rooms
from tests.builders import People
from tests.rooms import OpenRoom

Leave = Callable[[OpenRoom], str]


@pytest.fixture
def people(engines: Engines) -> People:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return builders.people(session)


@pytest.fixture
def leave(engines: Engines) -> Leave:
    """Somebody leaves a note."""

    def run(found: OpenRoom) -> str:
        me = Participant(found.room_id, uuid4().hex)
        draft = NoteDraft(uuid4().hex, "Nobody asked")
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            return participation.leave_note(session, found.token, me, draft)

    return run


def opened(engines: Engines, people: People, size: int) -> OpenRoom:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return rooms.open_room(session, people.initiative_id, size=size)


def told(engines: Engines, people: People, found: OpenRoom) -> tuple[int, int, int, int | None]:
    """How many notes the room's screen, the ledger, the keeper and the wall tell of."""
    bob, initiative_id = people.bob, people.initiative_id
    with transaction.reading(engines) as session:
        return (
            room.snapshot(session, bob, found.convening_id).notes.total,
            keeper.waiting(session, bob, initiative_id),
            len(keeper.held(session, bob, initiative_id)),
            wall.wall(session, bob, found.convening_id).notes,
        )


def test_the_notes_of_a_large_room_are_told_of_by_batches_on_every_screen(
    engines: Engines, people: People, leave: Leave
) -> None:
    found = opened(engines, people, 12)
    counts = []
    for _ in range(2 * BATCH + 1):
        leave(found)
        counts.append(told(engines, people, found))
    assert counts == [(n, n, n, n) for n in (0, 0, 3, 3, 3, 6, 6)]


def test_those_of_a_small_room_are_told_of_when_it_closes(
    engines: Engines, people: People, leave: Leave
) -> None:
    found = opened(engines, people, 9)
    for _ in range(BATCH + 1):
        leave(found)
    assert told(engines, people, found) == (0, 0, 0, None)
    room_closing.close(engines, people.bob, found.convening_id)
    assert told(engines, people, found) == (4, 4, 4, 4)


def test_a_batch_that_began_is_let_out_when_the_room_closes(
    engines: Engines, people: People, leave: Leave
) -> None:
    found = opened(engines, people, 12)
    leave(found)
    room_closing.close(engines, people.bob, found.convening_id)
    assert told(engines, people, found) == (1, 1, 1, 1)


def test_people_who_write_at_one_moment_make_no_batch_that_is_too_small(
    engines: Engines, people: People, leave: Leave
) -> None:
    found = opened(engines, people, 12)
    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(leave, [found] * 14))
    assert len(set(codes)) == 14
    with transaction.reading(engines) as session:
        states = Counter(each.state for each in session.exec(select(AnonymousNote)))
    assert states.total() == 14
    assert states[NoteState.HELD] not in range(1, BATCH)
    for _ in range(BATCH):
        leave(found)
    with transaction.reading(engines) as session:
        left = session.exec(
            select(AnonymousNote).where(AnonymousNote.state == NoteState.ARRIVED.value)
        ).all()
    assert len(left) < BATCH
