"""Adopting a version: what keeps it from it, what does not, and who is told."""

import pytest
from sqlmodel import Session, col, select

from convening.definitions import DefinitionDraft
from convening.problems import Forbidden, Invalid, NotFound, Problem
from convening.vocabulary import (
    DissentState,
    NoteRelease,
    NoteState,
    Outcome,
    RoomState,
    Strength,
    VersionState,
)
from db import events, transaction
from db.base import now
from db.commands import adoption, definitions, trash
from db.engine import Engines
from db.queries import definitions as reading
from db.queries import dissent as ledger
from db.queries import trash as deleted
from db.tables.accounts import AuditEvent
from db.tables.room import Room
from db.tables.understanding import AnonymousNote, DissentingView, DissentResponse
from db.tables.work import Convening
from tests import builders, rooms, statements
from tests.db.commands.test_definitions import (
    STATEMENT,
    Write,
    convening,
    people,
    started,
    states,
    write,
)

assert people
assert write  # fixtures


def note(session: Session, convening_id: int, version_id: int, state: NoteState) -> str:
    row = AnonymousNote(
        id=f"{state.value}-{version_id}",
        convening_id=convening_id,
        version_id=version_id,
        strength=Strength.CONCERN.value,
        text="Who decided this?",
        receipt_hash=f"r-{state.value}-{version_id}",
        state=state.value,
    )
    session.add(row)
    session.flush()
    return row.id


def answered(session: Session, version_id: int, *, publish: bool | None = None) -> int:
    """A view whose owner says that the response, which lets it stand, answers it."""
    view = DissentingView(
        uuid=f"stands-{version_id}",
        version_id=version_id,
        strength=Strength.OBJECTION.value,
        statement="The rent will rise.",
        reason="It did next door.",
        attribution="group_only",
        groups=["steward"],
        agreed_to_publish=publish,
    )
    session.add(view)
    session.flush()
    session.add(
        DissentResponse(
            view_id=view.key, outcome=Outcome.STANDS.value, asked_at=now(), answers=True
        )
    )
    session.flush()
    return view.key


def test_a_held_note_blocks_and_a_hidden_one_does_not(
    engines: Engines, people: builders.People, write: Write
) -> None:
    made, first = started(write, people)
    meeting = convening(engines, people)
    write(definitions.open_version, first)
    with transaction.writing(engines, actor_id=None) as session:
        held = note(session, meeting, first, NoteState.HELD)
        note(session, meeting, first, NoteState.HIDDEN)
    with pytest.raises(Invalid) as caught:
        write(adoption.adopt, first, meeting)
    assert [(each.code, each.params) for each in caught.value.problems] == [
        ("dissent_unanswered", {"view": held})
    ]
    with transaction.reading(engines) as session:
        found = reading.open_views(session, people.bob, made, 1)
        assert found == list(caught.value.problems)
        assert reading.unreleased(session, people.alice, made, 1) == 1
    with transaction.writing(engines, actor_id=None) as session:
        session.get_one(AnonymousNote, held).state = NoteState.HIDDEN.value
    assert write(adoption.adopt, first, meeting) == first


@pytest.mark.parametrize(
    ("in_hand", "release", "state", "refused"),
    [
        (True, NoteRelease.NOT_OFFERED, RoomState.OPEN, True),
        (True, NoteRelease.LIVE, RoomState.OPEN, True),
        (False, NoteRelease.AFTER_CLOSING, RoomState.OPEN, True),  # it may have been in hand before
        (False, NoteRelease.NOT_OFFERED, RoomState.OPEN, False),
        (True, NoteRelease.LIVE, RoomState.CLOSED, False),
        (True, None, RoomState.PREPARING, False),
    ],
)
def test_nothing_is_adopted_nor_counted_while_people_in_a_room_can_dissent(
    engines: Engines,
    people: builders.People,
    write: Write,
    *,
    in_hand: bool,
    release: NoteRelease | None,
    state: RoomState,
    refused: bool,
) -> None:
    made, first = started(write, people)
    meeting = convening(engines, people)
    write(definitions.open_version, first)
    with transaction.writing(engines, actor_id=None) as session:
        title = session.get_one(Convening, meeting).title
        room = Room(convening_id=meeting, version_id=first if in_hand else None, state=state.value)
        room.release = release.value if release else None
        session.add(room)
        note(session, meeting, first, NoteState.HIDDEN if not refused else NoteState.ARRIVED)
    with transaction.reading(engines) as session:
        told = reading.open_views(session, people.alice, made, 1)
    expected = [Problem("room_holds_adoption", {"convening": title})] if refused else []
    assert told == expected
    if not refused:
        assert write(adoption.adopt, first, meeting) == first
        return
    with pytest.raises(Invalid) as caught:
        write(adoption.adopt, first, meeting)
    assert list(caught.value.problems) == expected


def test_a_room_of_another_initiative_holds_nothing_up(
    engines: Engines, people: builders.People, write: Write
) -> None:
    _, first = started(write, people)
    meeting = convening(engines, people)
    write(definitions.open_version, first)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        elsewhere = builders.initiative(session, "Elsewhere", manager=people.dana.user_id)
        rooms.open_room(session, elsewhere)
    assert write(adoption.adopt, first, meeting) == first


def test_notes_on_later_versions_do_not_count_for_an_earlier_one(
    engines: Engines, people: builders.People, write: Write
) -> None:
    made, first = started(write, people)
    meeting = convening(engines, people)
    write(definitions.open_version, first)
    second = write(definitions.new_version, made)
    with transaction.writing(engines, actor_id=None) as session:
        note(session, meeting, second, NoteState.HELD)
    with transaction.reading(engines) as session:
        assert reading.unreleased(session, people.alice, made, 1) == 0
        assert reading.unreleased(session, people.alice, made, 2) == 1
    assert write(adoption.adopt, first, meeting) == first


def test_a_view_that_stands_is_adopted_with_and_counted_in_the_log(
    engines: Engines, people: builders.People, write: Write
) -> None:
    made, first = started(write, people)
    meeting = convening(engines, people)
    write(definitions.open_version, first)
    with transaction.writing(engines, actor_id=None) as session:
        view = answered(session, first)
    write(adoption.adopt, first, meeting)
    with transaction.reading(engines) as session:
        [entry] = ledger.of_definition(session, people.bob, made, 1)
        event = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
    assert (entry.id, entry.state) == (view, DissentState.CONFIRMED)
    assert event is not None
    assert (event.action, event.subject_id, event.details) == (
        "adopt",
        made,
        {"number": 1, "standing": 1},
    )


def test_rooms_with_a_version_in_hand_are_told_of_opening_and_adoption(
    engines: Engines, people: builders.People, write: Write
) -> None:
    made, first = started(write, people)
    meeting = convening(engines, people)
    with transaction.writing(engines, actor_id=None) as session:
        closed = builders.convening(session, builders.stage(session, people.initiative_id))
        session.add(Room(convening_id=meeting, version_id=first, state=RoomState.PREPARING.value))
        session.add(Room(convening_id=closed, version_id=first, state=RoomState.CLOSED.value))
    told: list[int] = []
    stop = events.subscribe(told.append)
    try:
        write(definitions.open_version, first)
        write(adoption.adopt, first, meeting)
        write(definitions.new_version, made)
    finally:
        stop()
    assert told == [meeting, meeting]


def test_who_may_not_adopt_changes_nothing(
    engines: Engines, people: builders.People, write: Write
) -> None:
    made, first = started(write, people)
    meeting = convening(engines, people)
    write(definitions.open_version, first)
    with transaction.writing(engines, actor_id=None) as session:
        with pytest.raises(Forbidden):
            adoption.adopt(session, people.bob, first, meeting)
        for stranger in (people.charlie, people.dana):
            with pytest.raises(NotFound) as caught:
                adoption.adopt(session, stranger, first, meeting)
            assert caught.value.params == {"what": "version"}
    assert states(engines, people, made) == [VersionState.IN_DISCUSSION]


def test_a_deleted_definition_comes_back_with_its_draft(
    engines: Engines, people: builders.People, write: Write
) -> None:
    made, _ = started(write, people)
    write(definitions.delete_definition, made)
    with transaction.reading(engines) as session:
        [gone] = deleted.deleted(session, people.alice)
        assert reading.listing(session, people.alice, people.initiative_id) == []
    assert (gone.subject, gone.name) == ("definition", "The square")
    write(trash.restore, gone.change_id)
    with transaction.reading(engines) as session:
        [back] = reading.listing(session, people.alice, people.initiative_id)
    assert back.versions[0].text == dict.fromkeys(back.versions[0].text, "") | STATEMENT


def test_definitions_are_read_in_as_many_statements_for_many_as_for_one(
    engines: Engines, people: builders.People, write: Write
) -> None:
    started(write, people)
    with transaction.reading(engines) as session:
        few = statements.count(session, reading.listing, people.alice, people.initiative_id)
    for title in ("Rent", "Market"):
        write(definitions.create_definition, DefinitionDraft(people.initiative_id, title))
    with transaction.reading(engines) as session:
        assert len(reading.listing(session, people.alice, people.initiative_id)) == 3
        many = statements.count(session, reading.listing, people.alice, people.initiative_id)
    assert few == many == 3
