"""Nominating, setting aside, reopening, and moving somebody onto the map."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session

from convening.community import PersonDraft, PersonName, Placement
from convening.nominations import NominationDraft
from convening.problems import ConveningError, Forbidden, NotFound
from convening.roles import Actor
from convening.vocabulary import Group, GuidingQuestion, NominationState
from db.commands import nominations
from db.queries import nominations as reading
from db.queries import people
from tests import builders

S = NominationState


@pytest.fixture
def team(session: Session) -> builders.People:
    return builders.people(session)


def codes(call: Callable[..., Any], *args: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(ConveningError) as caught:
        call(*args)
    return [(each.code, each.field) for each in caught.value.problems]


def test_a_nomination_is_listed_with_who_named_and_who_reaches(
    session: Session, team: builders.People
) -> None:
    omar = builders.person(session, team.initiative_id, "Omar")
    draft = NominationDraft(
        " Rana ", "Savings circle", "Knows every mother", frozenset({Group.STEWARD}), omar, omar
    )
    nomination = nominations.nominate(session, team.alice, team.initiative_id, draft)
    (found,) = reading.listing(session, team.bob, team.initiative_id)
    assert (found.id, found.name, found.organisation, found.reason) == (
        nomination,
        "Rana",
        "Savings circle",
        "Knows every mother",
    )
    assert (found.groups, found.state) == ((Group.STEWARD,), S.OPEN)
    assert found.nominated_by == found.reached_through == PersonName(omar, "Omar", "")


def test_open_nominations_come_first_and_the_newest_before_the_others(
    session: Session, team: builders.People
) -> None:
    first, second, third = (
        builders.nomination(session, team.initiative_id, each) for each in "ABC"
    )
    nominations.set_aside(session, team.alice, third)
    listed = reading.listing(session, team.alice, team.initiative_id)
    assert [each.id for each in listed] == [second, first, third]
    assert reading.open_count(session, team.alice, team.initiative_id) == 2


def test_an_edit_keeps_the_state_and_notices_a_second_editor(
    session: Session, team: builders.People
) -> None:
    nomination = builders.nomination(session, team.initiative_id, "Rana")
    nominations.set_aside(session, team.alice, nomination, 1)
    edit = nominations.edit_nomination
    draft = NominationDraft("Rana S", groups=frozenset({Group.GATEWAY}), id=nomination, version=2)
    edit(session, team.alice, draft)
    (found,) = reading.listing(session, team.alice, team.initiative_id)
    assert (found.name, found.groups, found.state) == ("Rana S", (Group.GATEWAY,), S.SET_ASIDE)
    assert codes(edit, session, team.alice, draft) == [("changed_meanwhile", None)]
    nameless = NominationDraft(" ", id=nomination, version=3)
    assert codes(edit, session, team.alice, nameless) == [("required", "name")]


def test_nobody_of_another_map_can_be_named(session: Session, team: builders.People) -> None:
    foreign = builders.person(session, team.foreign_id, "Elsewhere")
    for field in ("nominated_by", "reached_through"):
        draft = NominationDraft("Rana", **{f"{field}_id": foreign})  # type: ignore[arg-type]
        assert codes(nominations.nominate, session, team.alice, team.initiative_id, draft) == [
            ("not_found", field)
        ]


def test_moving_onto_the_map_makes_the_person_with_the_reason(
    session: Session, team: builders.People
) -> None:
    nomination = builders.nomination(session, team.initiative_id, "Rana", Group.STEWARD)
    groups = {Group.STEWARD: Placement(GuidingQuestion.MOST_AFFECTED)}
    draft = PersonDraft("Rana", organisation="Savings circle", groups=groups)
    rana = nominations.move_onto_map(session, team.alice, nomination, draft, 1)
    person = people.person_in_full(session, team.alice, rana)
    assert (person.name, person.organisation, person.groups) == ("Rana", "Savings circle", groups)
    (found,) = reading.listing(session, team.alice, team.initiative_id)
    assert (found.state, found.stakeholder_id) == (S.ON_THE_MAP, rana)
    again = codes(nominations.move_onto_map, session, team.alice, nomination, draft)
    assert again == [("nomination_move", None)]


def test_the_nominated_can_be_somebody_who_is_on_the_map_already(
    session: Session, team: builders.People
) -> None:
    rana = builders.person(session, team.initiative_id, "Rana")
    foreign = builders.person(session, team.foreign_id, "Rana")
    nomination = builders.nomination(session, team.initiative_id, "Rana")
    move = nominations.move_onto_map
    assert codes(move, session, team.alice, nomination, foreign) == [("not_found", None)]
    assert move(session, team.alice, nomination, rana) == rana
    nominations.reopen(session, team.alice, nomination)
    (found,) = reading.listing(session, team.alice, team.initiative_id)
    assert (found.state, found.stakeholder_id) == (S.OPEN, None)
    assert people.person_in_full(session, team.alice, rana).name == "Rana"


WRITES: list[Callable[[Session, Actor, builders.People, int], Any]] = [
    lambda s, a, p, _: nominations.nominate(s, a, p.initiative_id, NominationDraft("New")),
    lambda s, a, _, one: nominations.edit_nomination(s, a, NominationDraft("New", id=one)),
    lambda s, a, _, one: nominations.set_aside(s, a, one),
    lambda s, a, _, one: nominations.move_onto_map(s, a, one, PersonDraft("New")),
]


@pytest.mark.parametrize("write", WRITES)
def test_only_organisers_of_the_team_handle_nominations(
    session: Session, team: builders.People, write: Callable[..., Any]
) -> None:
    nomination = builders.nomination(session, team.initiative_id, "Rana")
    with pytest.raises(Forbidden):
        write(session, team.bob, team, nomination)
    for outsider in (team.charlie, team.dana):
        with pytest.raises(NotFound):
            write(session, outsider, team, nomination)
    write(session, team.alice, team, nomination)
