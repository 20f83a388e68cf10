"""Anonymous notes are released or hidden by facilitator and keeper; glass is broken in the open."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from convening.dissent_drafts import ResponseDraft
from convening.ledger import AlsoSaid
from convening.problems import ConveningError, Forbidden, Invalid, NotFound
from convening.roles import Actor
from convening.vocabulary import NoteState, Outcome
from db import transaction
from db.commands import keeper, responses
from db.engine import Engines
from db.queries import dissent
from db.queries import keeper as reading
from db.tables.accounts import AuditEvent
from db.tables.room import BrokenGlass
from db.tables.understanding import AnonymousNote
from tests import dissent_world
from tests.dissent_world import World, note

HELD = NoteState.HELD


@pytest.fixture
def world(engines: Engines) -> World:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return dissent_world.world(session)


def build(engines: Engines, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return work(session, *args, **kwargs)


def held(engines: Engines, world: World, actor: Actor) -> list[str]:
    with transaction.reading(engines) as session:
        return [each.text for each in reading.held(session, actor, world.initiative_id)]


def waiting(engines: Engines, world: World) -> tuple[int, int]:
    """How many notes wait, as the ledger and as the home screen say it."""
    bob = world.people.bob
    with transaction.reading(engines) as session:
        at_home = sum(each.held for each in dissent.waiting(session, bob))
        return reading.waiting(session, bob, world.initiative_id), at_home


def test_facilitator_and_keeper_read_what_waits_and_the_organiser_does_not(
    engines: Engines, world: World
) -> None:
    build(engines, note, world, state=HELD)
    for actor in (world.people.bob, world.kim):
        assert held(engines, world, actor) == ["I am afraid"]
    with pytest.raises(Forbidden):
        held(engines, world, world.people.alice)
    with transaction.reading(engines) as session:
        assert reading.waiting(session, world.people.alice, world.initiative_id) == 1


def test_a_note_that_has_just_arrived_is_neither_read_nor_counted_nor_decided_about(
    engines: Engines, world: World
) -> None:
    made = build(engines, note, world, state=NoteState.ARRIVED)
    assert held(engines, world, world.people.bob) == []
    assert waiting(engines, world) == (0, 0)
    for command, arguments in ((keeper.release_note, ()), (keeper.hide_note, ("Names somebody",))):
        with pytest.raises(ConveningError) as error:
            build(engines, command, world.people.bob, made, *arguments)
        assert error.value.code == "note_cannot_be_read_yet"


def test_all_notes_of_a_room_that_can_be_read_are_released_at_once(
    engines: Engines, world: World
) -> None:
    read = [build(engines, note, world, state=state) for state in (HELD, HELD, NoteState.ARRIVED)]
    build(engines, note, world, state=HELD)  # came in since
    assert waiting(engines, world) == (3, 3)
    bob, room = world.people.bob, world.convening_id
    assert build(engines, keeper.release_notes, bob, room, read) == 2
    assert waiting(engines, world) == (1, 1)
    with transaction.reading(engines) as session:
        assert len(dissent.ledger(session, world.people.alice, world.initiative_id)) == 2


def test_a_released_note_is_in_the_ledger_and_the_log_does_not_say_which(
    engines: Engines, world: World
) -> None:
    made = build(engines, note, world, state=HELD)
    with pytest.raises(Forbidden):
        build(engines, keeper.release_note, world.people.alice, made)
    with pytest.raises(NotFound):
        build(engines, keeper.release_note, world.people.charlie, made)
    build(engines, keeper.release_note, world.people.bob, made)
    with transaction.reading(engines) as session:
        [entry] = dissent.ledger(session, world.people.alice, world.initiative_id)
        [event] = session.exec(select(AuditEvent)).all()
    assert (entry.id, entry.note_state) == (made, NoteState.RELEASED)
    assert (event.action, event.subject_id, event.details) == ("release_note", None, {})
    with pytest.raises(ConveningError) as error:
        build(engines, keeper.release_note, world.people.bob, made)
    assert error.value.code == "note_is_not_held"


def test_a_released_note_that_dissents_from_nothing_is_shown_beside_the_ledger(
    engines: Engines, world: World
) -> None:
    made = build(engines, note, world, "The bus stopped", state=HELD, strength=None)
    build(engines, note, world, state=HELD, strength=None)
    build(engines, keeper.release_note, world.kim, made)
    with transaction.reading(engines) as session:
        found = reading.also_said(session, world.people.alice, world.initiative_id)
        with pytest.raises(NotFound):
            reading.also_said(session, world.people.charlie, world.initiative_id)
    assert found == [AlsoSaid(made, "Workshop", "The bus stopped")]


def test_a_released_note_that_is_hidden_stays_with_those_who_decide(
    engines: Engines, world: World
) -> None:
    made = build(engines, note, world, "Mr Smith lies", state=HELD, strength=None)
    build(engines, keeper.release_note, world.kim, made)
    build(engines, keeper.hide_note, world.kim, made, "It names somebody")
    with transaction.reading(engines) as session:
        assert reading.also_said(session, world.people.alice, world.initiative_id) == []
        found = reading.also_said(session, world.kim, world.initiative_id)
    assert found == [AlsoSaid(made, "Workshop", "Mr Smith lies", "It names somebody")]


def test_a_note_is_hidden_with_a_reason_and_can_be_shown_again(
    engines: Engines, world: World
) -> None:
    made = build(engines, note, world, state=HELD)
    with pytest.raises(Invalid) as error:
        build(engines, keeper.hide_note, world.kim, made, "")
    assert [each.code for each in error.value.problems] == ["required"]
    build(engines, keeper.hide_note, world.kim, made, "It names a child")
    with pytest.raises(ConveningError) as again:
        build(engines, keeper.hide_note, world.kim, made, "Twice")
    assert again.value.code == "note_is_hidden"
    build(engines, keeper.show_note, world.kim, made)
    with transaction.reading(engines) as session:
        found = session.get_one(AnonymousNote, made)
    assert (found.state, found.hidden_because) == ("held", "")


def test_a_note_that_a_version_was_adopted_with_is_not_hidden(
    engines: Engines, world: World
) -> None:
    made = build(engines, note, world, state=HELD)
    build(engines, keeper.release_note, world.kim, made)
    draft = ResponseDraft(Outcome.STANDS, "The rent is not in our hands.")
    build(engines, responses.respond, world.people.alice, made, draft)
    build(engines, lambda session: dissent_world.adopted(session, world.versions[1]))
    with pytest.raises(ConveningError) as error:
        build(engines, keeper.hide_note, world.kim, made, "Too harsh")
    assert error.value.code == "dissent_is_sealed"


def test_an_administrator_breaks_the_glass_for_a_day_and_the_team_is_shown(
    engines: Engines, world: World
) -> None:
    build(engines, note, world)
    initiative_id = world.initiative_id
    with transaction.reading(engines) as session:
        with pytest.raises(NotFound):
            dissent.ledger(session, world.ada, initiative_id)
        names = {name: until for _, name, until in reading.behind_glass(session, world.ada)}
    assert names == {"Elsewhere": None, "Renewal": None}
    with pytest.raises(Invalid):
        build(engines, keeper.break_glass, world.ada, initiative_id, "")
    build(engines, keeper.break_glass, world.ada, initiative_id, "A complaint")
    with transaction.reading(engines) as session:
        [entry] = dissent.ledger(session, world.ada, initiative_id)
        [shown] = reading.glass(session, world.people.alice, initiative_id)
    assert entry.statement == "I am afraid"
    assert (shown.by, shown.reason, shown.until - shown.at) == (
        "Ada",
        "A complaint",
        keeper.GLASS_IS_OPEN,
    )
    with pytest.raises(ConveningError) as again:
        build(engines, keeper.break_glass, world.ada, initiative_id, "Once more")
    assert again.value.code == "glass_is_broken"


def test_the_glass_closes_by_itself_and_lets_nobody_write(engines: Engines, world: World) -> None:
    made = build(engines, note, world, state=HELD)
    build(engines, keeper.break_glass, world.ada, world.initiative_id, "A complaint")
    assert held(engines, world, world.ada) == ["I am afraid"]
    with pytest.raises(NotFound):
        build(engines, keeper.release_note, world.ada, made)

    def a_day_later(session: Session) -> None:
        row = session.exec(select(BrokenGlass)).one()
        row.until -= timedelta(hours=25)

    build(engines, a_day_later)
    with pytest.raises(NotFound):
        held(engines, world, world.ada)


def test_only_administrators_break_glass_and_not_that_of_their_own_team(
    engines: Engines, world: World
) -> None:
    with pytest.raises(Forbidden):
        build(engines, keeper.break_glass, world.people.dana, world.initiative_id, "Why not")
    with pytest.raises(NotFound):
        build(engines, keeper.break_glass, world.ada, 999, "A complaint")
