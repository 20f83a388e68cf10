"""What the invitees screen reads in one go."""

import pytest
from sqlmodel import Session

from convening.balance import shares
from convening.problems import Forbidden, NotFound
from convening.vocabulary import Group, NominationState
from db.queries import rooms
from db.tables import community
from tests import builders, statements

STEWARD, GATEWAY, _ = Group


@pytest.fixture
def team(session: Session) -> builders.People:
    return builders.people(session)


def test_a_room_comes_with_its_stage_people_map_and_nominations(
    session: Session, team: builders.People
) -> None:
    stage = builders.stage(session, team.initiative_id, targets={STEWARD: (0.3, 0.5)})
    room = builders.convening(session, stage, capacity=12)
    amal = builders.person(session, team.initiative_id, "Amal", STEWARD)
    badr = builders.person(session, team.initiative_id, "Badr", GATEWAY)
    builders.invitation(session, room, amal)
    builders.nomination(session, team.initiative_id, "Chadi", STEWARD)
    done = builders.nomination(session, team.initiative_id, "Dalia")
    session.get_one(community.Nomination, done).state = NominationState.SET_ASIDE.value
    session.add(
        community.GroupName(initiative_id=team.initiative_id, group="steward", name="residents")
    )
    session.flush()
    found = rooms.room(session, team.bob, room)
    assert (found.meeting.id, found.meeting.capacity, found.stage.id) == (room, 12, stage)
    assert [each.stakeholder_id for each in found.invitations] == [amal]
    assert found.on_the_map == shares([{STEWARD}, {GATEWAY}])
    assert [each.id for each in found.candidates] == [badr]
    assert [each.name for each in found.nominated] == ["Chadi"]
    assert found.group_names == {STEWARD: "residents"}


def test_a_room_is_for_its_team_alone(session: Session, team: builders.People) -> None:
    room = builders.convening(session, builders.stage(session, team.initiative_id))
    amal = builders.person(session, team.initiative_id, "Amal", STEWARD)
    builders.invitation(session, room, amal)
    for stranger in (team.charlie, team.dana):
        with pytest.raises((NotFound, Forbidden)):
            rooms.room(session, stranger, room)


def test_more_people_take_no_more_statements(session: Session, team: builders.People) -> None:
    room = builders.convening(session, builders.stage(session, team.initiative_id))

    def one_more(number: int) -> int:
        builders.person(session, team.initiative_id, f"Out {number}", GATEWAY)
        builders.nomination(session, team.initiative_id, f"Named {number}")
        person = builders.person(session, team.initiative_id, f"In {number}", STEWARD)
        builders.invitation(session, room, person)
        return statements.count(session, rooms.room, team.alice, room)

    assert len({one_more(number) for number in range(3)}) == 1
