"""Who is invited, and who on the map could be."""

import pytest
from sqlmodel import Session

from convening.invitations import ChoiceFilter, Invitation
from convening.problems import Forbidden, NotFound
from convening.vocabulary import (
    ConveningState,
    Group,
    InvitationStatus,
    Part,
    Relationship,
    Support,
)
from db.queries import invitations
from tests import builders, statements

S = InvitationStatus
STEWARD, GATEWAY, INFLUENCER = Group


@pytest.fixture
def team(session: Session) -> builders.People:
    return builders.people(session)


@pytest.fixture
def stage(session: Session, team: builders.People) -> int:
    return builders.stage(session, team.initiative_id)


def test_an_invitation_tells_everything_that_the_list_shows(
    session: Session, team: builders.People, stage: int
) -> None:
    room = builders.convening(session, stage)
    circle = builders.organisation(session, team.initiative_id, "Savings circle")
    amal = builders.person(
        session,
        team.initiative_id,
        "Amal",
        STEWARD,
        INFLUENCER,
        organisation_id=circle,
        relationship=Relationship.ACQUAINTED,
    )
    row = builders.invitation(
        session,
        room,
        amal,
        S.INVITED,
        part=Part.CO_DESIGN,
        barriers="Evenings",
        support=[Support.CHILDCARE],
    )
    assert invitations.listing(session, team.bob, room) == [
        Invitation(
            id=row,
            convening_id=room,
            stakeholder_id=amal,
            name="Amal",
            organisation_id=circle,
            organisation="Savings circle",
            groups=frozenset({STEWARD, INFLUENCER}),
            relationship=Relationship.ACQUAINTED,
            part=Part.CO_DESIGN,
            status=S.INVITED,
            status_at=builders.START,
            barriers="Evenings",
            support=(Support.CHILDCARE,),
            times_before=0,
            version=1,
        )
    ]


def test_the_groups_of_a_held_convening_stay_and_outlive_the_person(
    session: Session, team: builders.People, stage: int
) -> None:
    room = builders.convening(session, stage, state=ConveningState.HELD)
    amal = builders.person(session, team.initiative_id, "Amal", GATEWAY)
    builders.invitation(session, room, amal, S.ATTENDED, groups_when_held=[STEWARD])
    builders.invitation(session, room, None, S.ATTENDED, groups_when_held=[INFLUENCER])
    found = invitations.listing(session, team.alice, room)
    assert [(each.name, each.groups) for each in found] == [
        ("Amal", {STEWARD}),
        ("", {INFLUENCER}),
    ]


def test_times_before_are_earlier_convenings_to_which_the_person_was_invited(
    session: Session, team: builders.People, stage: int
) -> None:
    amal = builders.person(session, team.initiative_id, "Amal")
    days = [builders.START.replace(day=day) for day in (1, 2, 3, 4)]
    first, second, room, later = (builders.convening(session, stage, starts_at=day) for day in days)
    builders.invitation(session, first, amal, S.ATTENDED)
    builders.invitation(session, second, amal, S.PROPOSED)
    builders.invitation(session, room, amal, S.INVITED)
    builders.invitation(session, later, amal, S.ATTENDED)
    (found,) = invitations.listing(session, team.alice, room)
    assert found.times_before == 1


def test_the_picker_shows_who_has_no_place_and_pages_through_them_by_name(
    session: Session, team: builders.People, stage: int
) -> None:
    room = builders.convening(session, stage)
    ids = {
        name: builders.person(session, team.initiative_id, name)
        for name in ("Dalia", "Amal", "Badr", "Chadi", "Elias")
    }
    builders.person(session, team.foreign_id, "Stranger")
    builders.invitation(session, room, ids["Amal"], S.DECLINED)
    builders.invitation(session, room, ids["Badr"], S.WITHDRAWN)
    first = invitations.choices(session, team.alice, room, ChoiceFilter(), size=3)
    second = invitations.choices(session, team.alice, room, ChoiceFilter(), page=1, size=3)
    assert ([each.name for each in first.people], first.total) == (["Badr", "Chadi", "Dalia"], 4)
    assert ([each.name for each in second.people], second.total) == (["Elias"], 4)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (ChoiceFilter(search="أمَل"), ["امل"]),
        (ChoiceFilter(search="zarqa council"), ["Badr"]),
        (ChoiceFilter(search="100%"), []),
        (ChoiceFilter(group=GATEWAY), ["Badr"]),
        (ChoiceFilter(unplaced=True), ["Chadi"]),
        (ChoiceFilter(relationship=Relationship.ESTABLISHED), ["Chadi"]),
        (ChoiceFilter(new_faces=True), ["Badr", "Chadi"]),
        (ChoiceFilter(search="chadi", group=STEWARD), []),
    ],
)
def test_the_picker_is_narrowed(
    session: Session,
    team: builders.People,
    stage: int,
    wanted: ChoiceFilter,
    names: list[str],
) -> None:
    council = builders.organisation(session, team.initiative_id, "Council")
    amal = builders.person(session, team.initiative_id, "امل", STEWARD)
    builders.person(
        session,
        team.initiative_id,
        "Badr",
        STEWARD,
        GATEWAY,
        organisation_id=council,
        place="Zarqa",
    )
    builders.person(session, team.initiative_id, "Chadi", relationship=Relationship.ESTABLISHED)
    past = builders.convening(session, stage, state=ConveningState.HELD)
    builders.invitation(session, past, amal, S.ATTENDED)
    room = builders.convening(session, stage)
    found = invitations.choices(session, team.alice, room, wanted)
    assert [each.name for each in found.people] == names


def test_a_choice_tells_how_often_somebody_was_asked(
    session: Session, team: builders.People, stage: int
) -> None:
    amal = builders.person(session, team.initiative_id, "Amal", STEWARD)
    for status in (S.ATTENDED, S.DECLINED, S.PROPOSED, S.WITHDRAWN):
        builders.invitation(session, builders.convening(session, stage), amal, status)
    room = builders.convening(session, stage)
    (found,) = invitations.choices(session, team.alice, room, ChoiceFilter()).people
    assert (found.times_invited, found.groups) == (2, {STEWARD})


def test_three_people_take_as_many_statements_as_one(
    session: Session, team: builders.People, stage: int
) -> None:
    counts = set()
    for size in (1, 3):
        room = builders.convening(session, stage)
        for number in range(size):
            amal = builders.person(session, team.initiative_id, f"In {size} {number}", STEWARD)
            builders.invitation(session, room, amal)
            builders.person(session, team.initiative_id, f"Out {size} {number}", GATEWAY)
        alice = team.alice
        listing = statements.count(session, invitations.listing, alice, room)
        choices = statements.count(session, invitations.choices, alice, room, ChoiceFilter())
        counts.add((listing, choices))
    assert counts == {(5, 5)}


def test_names_are_for_the_team_alone(session: Session, team: builders.People, stage: int) -> None:
    room = builders.convening(session, stage)
    amal = builders.person(session, team.initiative_id, "Amal", STEWARD)
    builders.invitation(session, room, amal, S.ACCEPTED)
    for stranger in (team.charlie, team.dana):
        with pytest.raises((NotFound, Forbidden)):
            invitations.listing(session, stranger, room)
        with pytest.raises((NotFound, Forbidden)):
            invitations.choices(session, stranger, room, ChoiceFilter())
    assert len(invitations.listing(session, team.bob, room)) == 1


def test_candidates_are_placed_people_without_a_place_those_heard_least_first(
    session: Session,
    team: builders.People,
    stage: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(invitations, "CANDIDATES", 2)
    add, initiative = builders.person, team.initiative_id
    invited = add(session, initiative, "Invited", STEWARD)
    known = add(session, initiative, "Known", STEWARD)
    add(session, initiative, "Close", STEWARD, relationship=Relationship.ESTABLISHED)
    add(session, initiative, "Far", STEWARD)
    add(session, initiative, "Both", STEWARD, GATEWAY)
    add(session, initiative, "Unplaced")
    room = builders.convening(session, stage)
    builders.invitation(session, room, invited)
    builders.invitation(session, builders.convening(session, stage), known, S.INVITED)
    found = invitations.candidates(session, team.alice, room)
    assert [(each.name, each.times_invited) for each in found] == [
        ("Close", 0),
        ("Far", 0),
        ("Both", 0),
    ]
