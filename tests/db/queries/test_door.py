"""What the day's screen reads: each guest with what the team should know, in so many statements."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from convening.problems import NotFound
from convening.vocabulary import (
    Consent,
    Group,
    InvitationStatus,
    Money,
    Need,
    OrganisationKind,
    Range,
)
from db import tokens
from db.queries import door
from db.tables import community, work
from tests import builders
from tests.statements import count

S = InvitationStatus
STEWARD, GATEWAY, INFLUENCER = Group


@pytest.fixture
def team(session: Session) -> builders.People:
    return builders.people(session)


def test_a_guest_comes_with_money_age_needs_and_rooms_before(
    session: Session, team: builders.People
) -> None:
    stage = builders.stage(session, team.initiative_id, targets={STEWARD: (0.2, 0.5)})
    earlier, room, later = (
        builders.convening(session, stage, starts_at=builders.START + timedelta(days=days))
        for days in (-7, 0, 7)
    )
    bakery = builders.organisation(session, team.initiative_id, "Foundation")
    session.get_one(community.Organisation, bakery).kind = OrganisationKind.FOUNDATION.value
    noor = builders.person(session, team.initiative_id, "Noor", STEWARD, organisation_id=bakery)
    person = session.get_one(community.Stakeholder, noor)
    person.money, person.minor, person.consent = "grantee", True, "guardian"
    for meeting in (earlier, later):
        builders.invitation(session, meeting, noor, S.ATTENDED)
    row = session.get_one(work.Invitation, builders.invitation(session, room, noor, S.DECLINED))
    row.needs, row.needs_note, row.declined_because = ["diet", "access"], "nuts", "Works"
    omar = builders.person(session, team.initiative_id, "Omar")
    builders.invitation(session, room, omar, S.WITHDRAWN)
    session.flush()
    facts = door.facts(session, team.bob, room)
    (guest,) = facts.guests
    assert (guest.name, guest.groups, guest.status) == ("Noor", {STEWARD}, S.DECLINED)
    assert (guest.money, guest.minor, guest.consent) == (Money.GRANTEE, True, Consent.GUARDIAN)
    assert guest.organisation_kind is OrganisationKind.FOUNDATION
    assert (guest.needs, guest.needs_note) == ((Need.ACCESS, Need.DIET), "nuts")
    assert (guest.declined_because, guest.came_before) == ("Works", 1)
    assert facts.targets == {STEWARD: Range(0.2, 0.5)}
    assert facts.initiative == "Renewal"


def test_an_erased_person_is_a_guest_without_a_name(
    session: Session, team: builders.People
) -> None:
    room = builders.convening(session, builders.stage(session, team.initiative_id))
    builders.invitation(session, room, None, S.ATTENDED, groups_when_held=[GATEWAY])
    (guest,) = door.facts(session, team.alice, room).guests
    assert (guest.name, guest.groups, guest.money) == ("", {GATEWAY}, Money.NONE)


def test_nobody_outside_the_team_learns_anything(session: Session, team: builders.People) -> None:
    room = builders.convening(session, builders.stage(session, team.initiative_id))
    for actor in (team.charlie, team.dana):
        with pytest.raises(NotFound):
            door.facts(session, actor, room)


def test_it_takes_as_many_statements_for_many_guests_as_for_one(
    session: Session, team: builders.People
) -> None:
    stage = builders.stage(session, team.initiative_id)
    rooms = [builders.convening(session, stage) for _ in range(2)]
    for room, people in zip(rooms, (1, 6), strict=True):
        for number in range(people):
            who = builders.person(session, team.initiative_id, f"Person {number}", STEWARD)
            invitation = builders.invitation(session, room, who, S.ACCEPTED)
            session.add(work.PreparationVisit(invitation_id=invitation, visitor="Amal"))
            session.add(work.AgendaBlock(convening_id=room, position=0, minutes=5, title="x"))
    door.facts(session, team.alice, rooms[0])  # what is kept between two readings is read now
    few, many = (count(session, door.facts, team.alice, room) for room in rooms)
    assert few == many


def test_a_code_belongs_to_one_invitation(session: Session, team: builders.People) -> None:
    room = builders.convening(session, builders.stage(session, team.initiative_id))
    noor = builders.person(session, team.initiative_id, "Noor")
    invitation = builders.invitation(session, room, noor, S.ACCEPTED)
    link = tokens.new()
    session.add(
        work.PersonalLink(invitation_id=invitation, salt=link.salt, token_hash=link.token_hash)
    )
    session.flush()
    found = door.arriving(session, team.bob, link.token)
    assert (found.invitation_id, found.name, found.status) == (invitation, "Noor", S.ACCEPTED)
    assert found.meeting.id == room
    for actor in (team.charlie, team.dana):
        with pytest.raises(NotFound):
            door.arriving(session, actor, link.token)
    assert door.is_a_code(session, link.token)
    assert not door.is_a_code(session, link.token_hash)
