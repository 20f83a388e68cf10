"""The first screen: what needs whom, and nothing of other teams."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from convening.balance import shares
from convening.home import Home
from convening.vocabulary import (
    ConveningState,
    Group,
    InvitationStatus,
    NominationState,
    Range,
    Role,
    StageKind,
)
from db.queries import accounts, home
from db.tables import community, work
from tests import builders, statements

S = InvitationStatus
STEWARD, GATEWAY, INFLUENCER = Group
NOW = builders.START - timedelta(days=3)


@pytest.fixture
def team(session: Session, monkeypatch: pytest.MonkeyPatch) -> builders.People:
    monkeypatch.setattr(home, "now", lambda: NOW)
    return builders.people(session)


def test_the_next_convening_stands_there_with_its_people_and_gaps(
    session: Session, team: builders.People
) -> None:
    targets = {STEWARD: (0.5, 0.7), GATEWAY: (0.1, 0.3), INFLUENCER: (0.1, 0.3)}
    stage = builders.stage(session, team.initiative_id, targets=targets)
    room = builders.convening(session, stage)
    for number, (group, status) in enumerate(
        [
            (STEWARD, S.ACCEPTED),
            (GATEWAY, S.INVITED),
            (GATEWAY, S.INVITED),
            (INFLUENCER, S.PROPOSED),
            (STEWARD, S.DECLINED),
            (STEWARD, S.WAITLISTED),
        ]
    ):
        person = builders.person(session, team.initiative_id, f"Person {number}", group)
        builders.invitation(session, room, person, status)
    (found,) = home.home(session, team.bob).upcoming
    assert (found.convening.id, found.initiative.id) == (room, team.initiative_id)
    assert found.shares == shares([{STEWARD}, {GATEWAY}, {GATEWAY}, {INFLUENCER}])
    assert (found.unanswered, found.over, found.from_the_map) == (2, False, False)
    assert [(each.code, each.params["group"]) for each in found.gaps] == [
        ("below_target", STEWARD),
        ("above_target", GATEWAY),
    ]


def test_without_targets_the_map_is_the_reference(session: Session, team: builders.People) -> None:
    stage = builders.stage(session, team.initiative_id)
    builders.convening(session, stage)
    builders.person(session, team.initiative_id, "Amal", STEWARD)
    (found,) = home.home(session, team.alice).upcoming
    assert found.from_the_map
    assert found.targets[STEWARD] == Range(0.95, 1.0)
    assert found.gaps == []


def test_convenings_stand_by_date_those_to_be_noted_first_and_drafts_apart(
    session: Session, team: builders.People
) -> None:
    stage = builders.stage(session, team.initiative_id)
    days = {name: NOW + timedelta(days=days) for name, days in (("past", -1), ("soon", 1))}
    soon = builders.convening(session, stage, "soon", starts_at=days["soon"])
    past = builders.convening(session, stage, "past", starts_at=days["past"])
    draft = builders.convening(session, stage, "draft", state=ConveningState.DRAFT, starts_at=None)
    for state in (ConveningState.HELD, ConveningState.CANCELLED):
        builders.convening(session, stage, state.value, state=state)
    found = home.home(session, team.alice)
    assert [(each.convening.id, each.over) for each in found.upcoming] == [
        (past, True),
        (soon, False),
    ]
    assert [each.convening.id for each in found.drafts] == [draft]


def test_only_the_next_five_are_shown(session: Session, team: builders.People) -> None:
    stage = builders.stage(session, team.initiative_id)
    ids = [
        builders.convening(session, stage, starts_at=NOW + timedelta(days=days))
        for days in range(1, 8)
    ]
    found = home.home(session, team.alice).upcoming
    assert [each.convening.id for each in found] == ids[:5]


def test_a_map_says_how_many_are_unplaced_and_nominated(
    session: Session, team: builders.People
) -> None:
    builders.stage(session, team.initiative_id)
    builders.person(session, team.initiative_id, "Amal", STEWARD)
    builders.person(session, team.initiative_id, "Badr")
    builders.nomination(session, team.initiative_id, "Chadi")
    done = builders.nomination(session, team.initiative_id, "Dalia")
    session.get_one(community.Nomination, done).state = NominationState.SET_ASIDE.value
    session.flush()
    (found,) = home.home(session, team.alice).maps
    assert (found.people, found.unplaced, found.nominations) == (2, 1, 1)
    assert (found.stages, found.convenings) == (1, 0)


def test_an_archived_initiative_needs_nobody(session: Session, team: builders.People) -> None:
    stage = builders.stage(session, team.initiative_id)
    builders.convening(session, stage)
    session.get_one(work.Initiative, team.initiative_id).archived_at = NOW
    session.flush()
    assert home.home(session, team.alice) == Home()


def test_others_see_nothing_of_it(session: Session, team: builders.People) -> None:
    stage = builders.stage(session, team.initiative_id, StageKind.PILOT)
    builders.convening(session, stage)
    builders.person(session, team.initiative_id, "Amal", STEWARD)
    found = home.home(session, team.charlie)
    assert [each.initiative.id for each in found.maps] == [team.foreign_id]
    assert (found.upcoming, found.maps[0].people, found.led, found.users) == ((), 0, (), None)


def test_leadership_is_led_to_every_balance_and_sees_no_convening(
    session: Session, team: builders.People
) -> None:
    builders.convening(session, builders.stage(session, team.initiative_id))
    found = home.home(session, team.dana)
    assert {each.id for each in found.led} == {team.initiative_id, team.foreign_id}
    assert (found.maps, found.upcoming, found.drafts) == ((), (), ())


@pytest.mark.usefixtures("team")
def test_an_administrator_sees_how_many_users_there_are_and_no_initiative(
    session: Session,
) -> None:
    admin = accounts.actor(session, builders.user(session, "Eve", Role.ADMINISTRATOR))
    assert home.home(session, admin) == Home(users=5)


def test_more_initiatives_and_convenings_take_no_more_statements(
    session: Session, team: builders.People
) -> None:
    def one_more() -> int:
        initiative = builders.initiative(session, manager=team.alice.user_id)
        room = builders.convening(session, builders.stage(session, initiative))
        builders.invitation(session, room, builders.person(session, initiative, "Amal", STEWARD))
        alice = accounts.actor(session, team.alice.user_id)
        return statements.count(session, home.home, alice)

    assert len({one_more() for _ in range(3)}) == 1
