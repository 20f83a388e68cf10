"""The ledger: who reads what of it, filtered, counted by group, and what leadership is shown."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session

from convening.dissent_drafts import ResponseDraft
from convening.ledger import TO_ANSWER, TO_ASK, Entry, LedgerFilter
from convening.problems import Forbidden, NotFound
from convening.roles import Actor
from convening.vocabulary import (
    Attribution,
    DissentState,
    Group,
    NoteState,
    Outcome,
    Strength,
)
from db import transaction
from db.commands import dissent as commands
from db.commands import keeper, responses
from db.engine import Engines
from db.queries import definitions, dissent
from db.tables.understanding import AnonymousNote
from tests import builders, dissent_world, statements
from tests.dissent_world import World, attended, note


@pytest.fixture
def world(engines: Engines) -> World:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return dissent_world.world(session)


def build(engines: Engines, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return work(session, *args, **kwargs)


def read(
    engines: Engines, world: World, actor: Actor, wanted: LedgerFilter | None = None
) -> list[Entry]:
    with transaction.reading(engines) as session:
        return dissent.ledger(session, actor, world.initiative_id, wanted or LedgerFilter())


def log(session: Session, world: World, **changes: Any) -> Any:
    return commands.record_dissent(session, world.people.bob, world.draft(**changes))


def test_the_team_and_its_keeper_read_the_ledger_and_nobody_else(
    engines: Engines, world: World
) -> None:
    build(engines, log, world)
    for actor in (world.people.alice, world.people.bob, world.kim):
        assert [each.statement for each in read(engines, world, actor)] == ["Rents rise"]
    for actor in (world.people.charlie, world.ada, world.people.dana):
        with pytest.raises((NotFound, Forbidden)):
            read(engines, world, actor)


def test_an_entry_of_another_team_answers_as_a_missing_one(engines: Engines, world: World) -> None:
    view, missing = build(engines, log, world), build(engines, note, world)
    for wanted in (view, missing, 999, "none"):
        with transaction.reading(engines) as session, pytest.raises(NotFound) as error:
            dissent.entry(session, world.people.charlie, wanted)
        assert error.value.params == {"what": "dissent"}


def test_a_note_that_waits_is_in_nobodys_ledger_and_blocks_all_the_same(
    engines: Engines, world: World
) -> None:
    held = build(engines, note, world, state=NoteState.HELD)
    assert read(engines, world, world.people.bob) == []
    with transaction.reading(engines) as session:
        with pytest.raises(NotFound):
            dissent.entry(session, world.people.bob, held)
        [view] = definitions.views(session, world.definition_id, 2)
    assert view.id == held


def test_a_hidden_note_stays_without_its_words_and_blocks_nothing(
    engines: Engines, world: World
) -> None:
    made = build(engines, note, world)
    build(engines, keeper.hide_note, world.kim, made, "It names a child")
    [seen] = read(engines, world, world.people.alice)
    assert (seen.statement, seen.struck_because) == ("", "It names a child")
    assert (seen.state, seen.note_state) == (DissentState.STRUCK, NoteState.HIDDEN)
    [whole] = read(engines, world, world.kim)
    assert whole.statement == "I am afraid"
    with transaction.reading(engines) as session:
        assert definitions.views(session, world.definition_id, 2) == []


def test_a_note_that_dissents_from_nothing_is_no_entry(engines: Engines, world: World) -> None:
    build(engines, note, world, strength=None)
    assert read(engines, world, world.people.bob) == []


def test_the_views_on_a_definition_are_those_up_to_a_version(
    engines: Engines, world: World
) -> None:
    build(engines, log, world, version_id=world.versions[0], statement="First")
    build(engines, log, world, statement="Second")
    with transaction.reading(engines) as session:
        both, one = (
            dissent.of_definition(session, world.people.alice, world.definition_id, up_to)
            for up_to in (None, 1)
        )
        with pytest.raises(NotFound) as error:
            dissent.of_definition(session, world.people.charlie, world.definition_id)
    assert {each.statement for each in both} == {"First", "Second"}
    assert [each.statement for each in one] == ["First"]
    assert error.value.params == {"what": "definition"}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (LedgerFilter(groups=frozenset({Group.GATEWAY})), {"Gateway"}),
        (LedgerFilter(strengths=frozenset({Strength.DISAGREEMENT})), {"Gateway"}),
        (LedgerFilter(states=frozenset({DissentState.UNANSWERED})), {"Steward", "Gateway"}),
        (LedgerFilter(states=frozenset({DissentState.CONFIRMED})), set()),
        (LedgerFilter(convenings=frozenset({1})), {"Steward"}),
        (LedgerFilter(stages=frozenset({1})), {"Steward"}),
        (LedgerFilter(definitions=frozenset({999})), set()),
    ],
)
def test_the_ledger_is_filtered(
    engines: Engines, world: World, wanted: LedgerFilter, found: set[str]
) -> None:
    build(engines, log, world, statement="Steward")
    build(
        engines,
        log,
        world,
        statement="Gateway",
        strength=Strength.DISAGREEMENT,
        groups=frozenset({Group.GATEWAY}),
        convening_id=None,
    )
    entries = read(engines, world, world.people.bob, wanted)
    assert {each.statement for each in entries} == found


def test_additions_stand_beside_their_view_once_they_are_released(
    engines: Engines, world: World
) -> None:
    view = build(engines, log, world)

    def add(session: Session, text: str, state: NoteState) -> None:
        made = session.get_one(AnonymousNote, note(session, world, text, strength=None))
        made.adds_to_view_id, made.state = view, state.value

    build(engines, add, "And the bus", NoteState.RELEASED)
    build(engines, add, "And the school", NoteState.HELD)
    [alice], [bob] = (
        read(engines, world, actor) for actor in (world.people.alice, world.people.bob)
    )
    assert alice.additions == ("And the bus",)
    assert set(bob.additions) == {"And the bus", "And the school"}


def test_a_long_ledger_takes_as_many_statements_as_a_short_one(
    engines: Engines, world: World
) -> None:
    counts = []
    for more in (1, 5):
        for _ in range(more):
            build(engines, log, world)
            build(engines, note, world)
        with transaction.reading(engines) as session:
            with statements.seen(session.get_bind()) as seen:
                dissent.ledger(session, world.people.bob, world.initiative_id)
            counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_note_shows_a_group_only_where_it_is_large_enough(engines: Engines, world: World) -> None:
    build(engines, attended, world, Group.STEWARD, 8)
    for _ in range(4):
        build(engines, note, world, groups=[Group.STEWARD])
    assert {each.groups for each in read(engines, world, world.people.bob)} == {frozenset()}
    build(engines, note, world, groups=[Group.STEWARD])
    found = {each.groups for each in read(engines, world, world.people.bob)}
    assert found == {frozenset({Group.STEWARD})}


def test_five_notes_of_a_group_with_seven_people_present_are_not_counted_for_it(
    engines: Engines, world: World
) -> None:
    build(engines, attended, world, Group.STEWARD, 7)
    for _ in range(5):
        build(engines, note, world, groups=[Group.STEWARD])
    with transaction.reading(engines) as session:
        _, figures = dissent.overview(session, world.people.bob, world.initiative_id)
    assert (figures.total.raised, figures.by_group[Group.STEWARD].raised) == (5, 0)


def test_whose_dissent_gets_answered(engines: Engines, world: World) -> None:
    """Named views are counted by group, views by their group alone only in a large group."""
    person = build(engines, builders.person, world.initiative_id, "Olga", Group.STEWARD)
    named: dict[str, Any] = {
        "attribution": Attribution.NAMED,
        "stakeholder_id": person,
        "agreed_to_name": True,
    }
    first = build(engines, log, world, **named)
    build(engines, log, world, **named)
    build(engines, log, world)
    stands = ResponseDraft(Outcome.STANDS, "We cannot")
    build(engines, responses.respond, world.people.alice, first, stands)
    with transaction.reading(engines) as session:
        _, figures = dissent.overview(session, world.people.bob, world.initiative_id)
    total, stewards = figures.total, figures.by_group[Group.STEWARD]
    assert (total.raised, total.answered, total.days) == (3, 1, 0.0)
    assert (stewards.raised, stewards.answered, figures.left_out) == (2, 1, 1)


def test_leadership_is_shown_counts_without_the_small_ones(engines: Engines, world: World) -> None:
    build(engines, attended, world, Group.STEWARD, 8)
    for _ in range(6):
        build(engines, log, world)
    build(engines, log, world, groups=frozenset({Group.GATEWAY}))
    with transaction.reading(engines) as session:
        found = dissent.suppressed(session, world.people.dana, world.initiative_id)
        with pytest.raises(NotFound):
            dissent.suppressed(session, world.people.charlie, world.initiative_id)
    assert (found.total.raised, found.total.answered) == (7, 0)
    assert found.by_group[Group.GATEWAY].raised is None


def test_what_waits_is_told_by_initiative(engines: Engines, world: World) -> None:
    """One is not answered, one reopened, one closed by the second answer, one struck through."""
    stands = ResponseDraft(Outcome.STANDS, "We cannot")
    for answers in ([], [False], [False, False], [True], [None]):
        view = build(engines, log, world)
        for said in answers:
            build(engines, responses.respond, world.people.alice, view, stands)
            if said is not None:
                build(engines, responses.note_reply, world.people.bob, view, said)
    struck = build(engines, log, world)
    build(engines, commands.strike, world.people.bob, struck, "Misheard")
    for state in NoteState:
        build(engines, note, world, state=state)
    with transaction.reading(engines) as session:
        [found] = dissent.waiting(session, world.kim)
        entries = dissent.ledger(session, world.kim, world.initiative_id)
        assert dissent.waiting(session, world.people.charlie) == []
        assert dissent.waiting(session, world.people.dana) == []
    assert (found.initiative, found.to_answer, found.to_ask, found.held) == ("Renewal", 3, 2, 1)
    assert sum(each.state in TO_ANSWER for each in entries) == 3
    assert sum(each.state in TO_ASK for each in entries) == 2
    second_no = next(each.id for each in entries if each.state is DissentState.UNSIGNED)
    for signer in (world.people.alice, world.people.bob):
        build(engines, responses.sign, signer, second_no)
    with transaction.reading(engines) as session:
        assert [each.to_ask for each in dissent.waiting(session, world.kim)] == [1]


def test_everybody_who_was_there_reads_what_was_raised_and_released(
    engines: Engines, world: World
) -> None:
    build(engines, log, world)
    build(engines, log, world, convening_id=None, statement="Elsewhere")
    build(engines, note, world)
    build(engines, note, world, "Waits", state=NoteState.HELD)
    with transaction.reading(engines) as session:
        found = dissent.of_convening(session, world.convening_id)
    assert {each.statement for each in found} == {"Rents rise", "I am afraid"}
