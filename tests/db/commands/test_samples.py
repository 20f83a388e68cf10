"""The two stories stand in the database as section by section they are told."""

import pytest
from sqlmodel import col, func, select

from convening import balance
from convening.problems import ConveningError
from convening.roles import Actor
from convening.vocabulary import Group, Language, Role
from db import transaction
from db.__main__ import seed
from db.commands import samples
from db.engine import Engines
from db.queries import opinion
from db.tables import community, work
from db.tables.accounts import TeamMembership, User, UserRole
from db.tables.room import Room, RoomDeclaration
from db.tables.understanding import AnonymousNote


def administrator(engines: Engines, language: Language = Language.ENGLISH) -> Actor:
    roles = frozenset({Role.ADMINISTRATOR, Role.ORGANISER})
    with transaction.writing(engines, actor_id=None) as session:
        user = User(email="ada@example.org", name="Ada", language=language)
        session.add(user)
        session.flush()
        session.add_all(UserRole(user_id=user.key, role=role) for role in roles)
    return Actor(user.key, roles)


@pytest.mark.parametrize("language", list(Language))
def test_both_stories_are_loaded_in_the_language_of_the_user(
    engines: Engines, language: Language
) -> None:
    actor = administrator(engines, language)
    with transaction.writing(engines, actor_id=actor.user_id, command="load") as session:
        samples.load(session, actor)
    with transaction.reading(engines) as session:
        people = session.exec(
            select(work.Initiative.name, func.count())
            .join(
                community.Stakeholder,
                col(community.Stakeholder.initiative_id) == col(work.Initiative.id),
            )
            .group_by(work.Initiative.name)
            .order_by(func.count().desc())
        ).all()
    qantara, marlow = {
        Language.ENGLISH: ("Renewing the Qantara quarter", "Youth justice in Marlow Vale"),
        Language.ARABIC: ("تجديد حي القنطرة", "عدالة الشباب في مارلو فيل"),
    }[language]
    assert [tuple(each) for each in people] == [(qantara, 62), (marlow, 48)]


def in_the_room(session: object, title: str) -> list[list[str]]:
    return list(
        session.exec(  # type: ignore[attr-defined]
            select(work.Invitation.groups_when_held)
            .join(work.Convening, col(work.Convening.id) == col(work.Invitation.convening_id))
            .where(work.Convening.title == title, work.Invitation.status == "attended")
        )
    )


def test_qantara_was_defined_by_fourteen_of_whom_two_are_stewards(engines: Engines) -> None:
    actor = administrator(engines)
    with transaction.writing(engines, actor_id=actor.user_id) as session:
        samples.load(session, actor)
    with transaction.reading(engines) as session:
        defined = in_the_room(session, "What is wrong with the square?")
        designed = in_the_room(session, "First design of the renewal")
        presented = in_the_room(session, "The plan is presented")
    assert (len(defined), sum("steward" in each for each in defined)) == (14, 2)
    assert (len(designed), sum("steward" in each for each in designed)) == (8, 0)
    assert (len(presented), sum("steward" in each for each in presented)) == (27, 22)


def test_minors_stand_by_pseudonym_with_a_guardians_consent(engines: Engines) -> None:
    actor = administrator(engines)
    with transaction.writing(engines, actor_id=actor.user_id) as session:
        samples.load(session, actor)
    with transaction.reading(engines) as session:
        consents = session.exec(
            select(community.Stakeholder.consent).where(col(community.Stakeholder.minor))
        ).all()
    assert consents == ["guardian"] * 8


def test_samples_are_loaded_once_and_removed_in_one_action(engines: Engines) -> None:
    actor = administrator(engines)
    with transaction.writing(engines, actor_id=actor.user_id, command="load") as session:
        samples.load(session, actor)
    with (
        pytest.raises(ConveningError, match="samples_are_there"),
        transaction.writing(engines, actor_id=actor.user_id, command="load") as session,
    ):
        samples.load(session, actor)
    with transaction.writing(engines, actor_id=actor.user_id, command="remove") as session:
        assert samples.remove(session, actor) == 2
    with transaction.reading(engines) as session:
        left = [
            session.exec(select(func.count()).select_from(table)).one()
            for table in (work.Initiative, work.Invitation, community.Stakeholder, community.Tie)
        ]
    assert left == [0, 0, 0, 0]


def test_seeding_from_the_terminal_gives_them_to_the_first_administrator(engines: Engines) -> None:
    with pytest.raises(ConveningError, match="no_administrator"):
        seed(engines)
    actor = administrator(engines)
    seed(engines)
    with transaction.reading(engines) as session:
        members = session.exec(select(TeamMembership.user_id, TeamMembership.manages)).all()
    assert [tuple(each) for each in members] == [(actor.user_id, True)] * 2


def test_whoever_voted_or_left_a_note_had_entered_the_room(engines: Engines) -> None:
    actor = administrator(engines)
    with transaction.writing(engines, actor_id=actor.user_id, command="load") as session:
        samples.load(session, actor)
    with transaction.reading(engines) as session:
        found = {}
        for row in session.exec(select(Room)):
            notes = select(func.count()).where(AnonymousNote.convening_id == row.convening_id)
            declared = select(RoomDeclaration).where(RoomDeclaration.room_id == row.id)
            title = session.get_one(work.Convening, row.convening_id).title
            found[title] = (
                len(in_the_room(session, title)) == row.size,
                {balance.groups_of(each.mask): each.people for each in session.exec(declared)},
                opinion.voters(session, row.conversation_id or 0),
                session.exec(notes).one(),
            )
    stewards, gateways, influencers = (frozenset({group}) for group in Group)
    voters = {stewards: 12, gateways: 2, influencers: 5}
    written = {stewards: 9, gateways: 3, influencers: 2, frozenset(): 3}
    assert found == {
        "Stress test of the vouchers": (True, voters, voters, 0),
        "Three months of the pilot": (True, written, {}, 6),
    }


def test_the_stories_hold_promises_tensions_and_answers(engines: Engines) -> None:
    actor = administrator(engines)
    with transaction.writing(engines, actor_id=actor.user_id, command="load") as session:
        samples.load(session, actor)
    with transaction.reading(engines) as session:
        meetings = session.exec(
            select(work.Convening).where(work.Convening.state == "planned")
        ).all()
        assert {each.title: (bool(each.promise), bool(each.tensions)) for each in meetings} == {
            "An evening on the square": (True, True),
            "Adopting the shared definition": (True, True),
        }
        assert all(
            each.promise_by and each.starts_local and each.promise_by > each.starts_local.date()
            for each in meetings
        )
        answers = session.exec(
            select(work.Invitation.status, work.Invitation.answered_by, func.count())
            .where(col(work.Invitation.answered_by).is_not(None))
            .group_by(col(work.Invitation.status), col(work.Invitation.answered_by))
            .order_by(col(work.Invitation.status), col(work.Invitation.answered_by))
        ).all()
        reasons = session.exec(
            select(work.Invitation.declined_because).where(work.Invitation.declined_because != "")
        ).all()
    assert [tuple(each) for each in answers] == [
        ("accepted", "link", 7),
        ("accepted", "telephone", 3),
        ("accepted", "visit", 3),
        ("declined", "link", 1),
        ("declined", "telephone", 2),
    ]
    assert sorted(reasons) == [
        "In court that evening",
        "Nobody can stay with the children after seven",
        "Sees no need to start again",
    ]
