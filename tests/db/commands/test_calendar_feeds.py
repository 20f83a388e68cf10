"""A calendar address: made, renewed, removed; it shows what the roles of today may see."""

import pytest
from sqlmodel import Session, select

from convening.problems import Forbidden, NotFound
from convening.vocabulary import ConveningState, Language, Role
from db.commands import calendar_feeds as commands
from db.queries import calendar_feeds as queries
from db.queries.accounts import actor
from db.tables import work
from db.tables.accounts import AuditEvent, TeamMembership, User, UserRole
from db.tables.mail import CalendarFeed
from tests import builders


@pytest.fixture
def team(session: Session) -> builders.People:
    found = builders.people(session)
    stage = builders.stage(session, found.initiative_id)
    builders.convening(session, stage, "Workshop", purpose="Say what rent does.")
    builders.convening(session, stage, "Called off", state=ConveningState.CANCELLED)
    builders.convening(session, stage, "No date yet", starts_at=None)
    foreign = builders.stage(session, found.foreign_id)
    builders.convening(session, foreign, "Foreign meeting")
    return found


def token(session: Session, team: builders.People) -> str:
    commands.make_calendar_feed(session, team.alice)
    found = queries.own_token(session, team.alice)
    assert found is not None
    return found


def titles(session: Session, made: str) -> list[str] | None:
    found = queries.feed(session, made)
    return None if found is None else [each.title for each in found.events]


def test_the_dated_convenings_of_the_own_teams_stand_in_it(
    session: Session, team: builders.People
) -> None:
    found = queries.feed(session, token(session, team))
    assert found is not None
    assert found.language is Language.ENGLISH
    assert [(each.title, each.description, each.cancelled) for each in found.events] == [
        ("Workshop", "Renewal\nSay what rent does.", False),
        ("Called off", "Renewal", True),
    ]


def test_the_address_is_stored_as_a_hash_alone(session: Session, team: builders.People) -> None:
    made = token(session, team)
    row = session.exec(select(CalendarFeed)).one()
    assert made not in repr(row)
    assert len(made) == 22  # 128 bits


def test_a_new_address_ends_the_one_before(session: Session, team: builders.People) -> None:
    first = token(session, team)
    second = token(session, team)
    assert first != second
    assert titles(session, first) is None
    assert titles(session, second) == ["Workshop", "Called off"]


def test_a_removed_address_opens_nothing(session: Session, team: builders.People) -> None:
    made = token(session, team)
    commands.remove_calendar_feed(session, team.alice)
    assert titles(session, made) is None
    assert queries.own_token(session, team.alice) is None
    with pytest.raises(NotFound):
        commands.remove_calendar_feed(session, team.alice)


def test_it_ends_with_the_account_and_with_the_role(
    session: Session, team: builders.People
) -> None:
    made = token(session, team)
    user = session.get_one(User, team.alice.user_id)
    user.active = False
    session.flush()
    assert titles(session, made) is None
    user.active = True
    session.flush()
    assert titles(session, made) is not None
    role = session.exec(select(UserRole).where(UserRole.user_id == user.key)).one()
    session.delete(role)
    session.flush()
    assert titles(session, made) is None


def test_who_leaves_the_team_sees_its_convenings_no_more(
    session: Session, team: builders.People
) -> None:
    made = token(session, team)
    membership = session.exec(
        select(TeamMembership).where(TeamMembership.user_id == team.alice.user_id)
    ).one()
    session.delete(membership)
    session.flush()
    assert titles(session, made) == []


@pytest.mark.parametrize("made", ["", "made-up", "a" * 5000, "\ud800"])
def test_a_made_up_address_opens_nothing(
    session: Session, team: builders.People, made: str
) -> None:
    token(session, team)
    assert titles(session, made) is None


def test_it_is_for_those_who_may_see_convenings(session: Session, team: builders.People) -> None:
    member = actor(session, builders.user(session, "Mel", Role.MEMBER))
    for outsider in (team.dana, member):
        with pytest.raises(Forbidden):
            commands.make_calendar_feed(session, outsider)
    commands.make_calendar_feed(session, team.bob)
    events = [each.action for each in session.exec(select(AuditEvent))]
    assert events == ["make_calendar_feed"]


def test_a_convening_keeps_the_name_by_which_calendars_know_it(
    session: Session, team: builders.People
) -> None:
    made = token(session, team)
    row = session.exec(select(work.Convening).where(work.Convening.title == "Workshop")).one()
    row.calendar_uid, row.sequence = "kept-for-ever", 4
    session.flush()
    found = queries.feed(session, made)
    assert found is not None
    assert [(each.uid, each.sequence) for each in found.events] == [
        ("kept-for-ever", 4),
        (f"convening-{row.key + 1}", 0),
    ]
