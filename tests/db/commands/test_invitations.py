"""Inviting, the waitlist, moving invitations singly and in bulk, and who may."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from convening.invitations import Invited, SupportDraft
from convening.problems import ConveningError, Forbidden, Invalid, NotFound
from convening.roles import Actor
from convening.vocabulary import ConveningState, Group, InvitationStatus, Part, Support
from db import transaction
from db.commands import invitations
from db.engine import Engines
from db.tables import work
from db.tables.accounts import AuditEvent
from db.tables.journal import Change
from tests import builders

S = InvitationStatus


@pytest.fixture
def team(session: Session) -> builders.People:
    return builders.people(session)


@pytest.fixture
def stage(session: Session, team: builders.People) -> int:
    return builders.stage(session, team.initiative_id)


def some(session: Session, team: builders.People, count: int) -> list[int]:
    return [
        builders.person(session, team.initiative_id, f"Person {number}")
        for number in range(1, count + 1)
    ]


def statuses(session: Session, convening_id: int) -> dict[int | None, str]:
    rows = session.exec(select(work.Invitation).where(work.Invitation.convening_id == convening_id))
    return {row.stakeholder_id: row.status for row in rows}


def refused(call: Callable[..., Any], *args: Any) -> list[tuple[str, dict[str, Any]]]:
    with pytest.raises(ConveningError) as caught:
        call(*args)
    return [(each.code, dict(each.params)) for each in caught.value.problems]


def test_chosen_people_are_proposed_with_their_part(
    session: Session, team: builders.People, stage: int
) -> None:
    room = builders.convening(session, stage)
    ids = some(session, team, 2)
    found = invitations.invite(session, team.alice, room, ids, Part.CO_DESIGN)
    rows = session.exec(select(work.Invitation).order_by(col(work.Invitation.id))).all()
    assert found == Invited(tuple(row.key for row in rows), ())
    assert [(row.stakeholder_id, row.status, row.part) for row in rows] == [
        (ids[0], "proposed", "co_design"),
        (ids[1], "proposed", "co_design"),
    ]


def test_when_the_room_is_full_the_others_go_on_the_waitlist(
    session: Session, team: builders.People, stage: int
) -> None:
    room = builders.convening(session, stage, capacity=3)
    ids = some(session, team, 6)
    builders.invitation(session, room, ids[0], S.ACCEPTED)
    builders.invitation(session, room, ids[1], S.DECLINED)
    found = invitations.invite(session, team.alice, room, ids[2:], Part.TAKING_PART)
    assert (len(found.placed), len(found.waitlisted)) == (2, 2)
    assert statuses(session, room) == {
        ids[0]: "accepted",
        ids[1]: "declined",
        ids[2]: "proposed",
        ids[3]: "proposed",
        ids[4]: "waitlisted",
        ids[5]: "waitlisted",
    }


def test_nobody_is_invited_when_one_has_a_place_already(
    session: Session, team: builders.People, stage: int
) -> None:
    room = builders.convening(session, stage)
    ids = some(session, team, 2)
    builders.invitation(session, room, ids[0], S.DECLINED)
    assert refused(invitations.invite, session, team.alice, room, ids, Part.TAKING_PART) == [
        ("already_chosen", {"name": "Person 1"})
    ]
    assert statuses(session, room) == {ids[0]: "declined"}


def test_a_person_whose_invitation_was_withdrawn_gets_a_new_one(
    session: Session, team: builders.People, stage: int
) -> None:
    room = builders.convening(session, stage)
    (amal,) = some(session, team, 1)
    old = builders.invitation(session, room, amal, S.WITHDRAWN, barriers="Works at night")
    found = invitations.invite(session, team.alice, room, [amal], Part.TAKING_PART)
    (row,) = session.exec(select(work.Invitation)).all()
    assert (row.key, row.status, row.barriers) == (found.placed[0], "proposed", "")
    assert row.key != old


def test_somebody_of_another_map_cannot_be_invited(
    session: Session, team: builders.People, stage: int
) -> None:
    room = builders.convening(session, stage)
    stranger = builders.person(session, team.foreign_id, "Stranger")
    with pytest.raises(NotFound):
        invitations.invite(session, team.alice, room, [stranger], Part.TAKING_PART)
    assert statuses(session, room) == {}


@pytest.mark.parametrize("state", [ConveningState.HELD, ConveningState.CANCELLED])
def test_nobody_is_invited_to_a_convening_that_is_over(
    session: Session, team: builders.People, stage: int, state: ConveningState
) -> None:
    room = builders.convening(session, stage, state=state)
    ids = some(session, team, 1)
    assert refused(invitations.invite, session, team.alice, room, ids, Part.TAKING_PART) == [
        ("convening_is_over", {})
    ]


def test_one_has_to_choose_somebody_and_not_everybody_at_once(
    session: Session, team: builders.People, stage: int
) -> None:
    room = builders.convening(session, stage)
    invite = invitations.invite
    assert refused(invite, session, team.alice, room, [], Part.PANEL) == [("nobody_chosen", {})]
    assert refused(invite, session, team.alice, room, list(range(1, 502)), Part.PANEL) == [
        ("too_many_at_once", {"limit": 500})
    ]


def test_a_walk_in_is_in_the_room_and_keeps_the_groups_of_that_day(
    session: Session, team: builders.People, stage: int
) -> None:
    room = builders.convening(session, stage, capacity=1, state=ConveningState.HELD)
    amal = builders.person(session, team.initiative_id, "Amal", Group.STEWARD, Group.GATEWAY)
    invitations.add_walk_ins(session, team.bob, room, [amal], Part.TAKING_PART)
    (row,) = session.exec(select(work.Invitation)).all()
    assert (row.status, row.groups_when_held) == ("attended", ["gateway", "steward"])


def test_parts_change_in_bulk(session: Session, team: builders.People, stage: int) -> None:
    room = builders.convening(session, stage)
    rows = [builders.invitation(session, room, each) for each in some(session, team, 3)]
    assert invitations.set_part(session, team.alice, room, rows[:2], Part.PANEL) == 2
    parts = session.exec(select(work.Invitation.part).order_by(col(work.Invitation.id))).all()
    assert parts == ["panel", "panel", "taking_part"]


def test_a_bulk_move_is_all_or_nothing_and_names_everybody_who_is_in_the_way(
    session: Session, team: builders.People, stage: int
) -> None:
    room = builders.convening(session, stage)
    ids = some(session, team, 3)
    rows = [
        builders.invitation(session, room, ids[0], S.PROPOSED),
        builders.invitation(session, room, ids[1], S.WITHDRAWN),
        builders.invitation(session, room, ids[2], S.DECLINED),
    ]
    assert refused(invitations.move_status, session, team.alice, room, rows, S.INVITED) == [
        (
            "cannot_move_person",
            {"name": "Person 2", "status": S.WITHDRAWN, "wanted": S.INVITED},
        ),
        (
            "cannot_move_person",
            {"name": "Person 3", "status": S.DECLINED, "wanted": S.INVITED},
        ),
    ]
    assert statuses(session, room) == {
        ids[0]: "proposed",
        ids[1]: "withdrawn",
        ids[2]: "declined",
    }
    assert invitations.move_status(session, team.alice, room, rows[:1], S.INVITED) == 1
    assert statuses(session, room)[ids[0]] == "invited"


def test_an_erased_person_is_refused_without_a_name(
    session: Session, team: builders.People, stage: int
) -> None:
    room = builders.convening(session, stage)
    row = builders.invitation(session, room, None, S.WITHDRAWN)
    with pytest.raises(Invalid) as caught:
        invitations.move_status(session, team.alice, room, [row], S.INVITED)
    assert [each.code for each in caught.value.problems] == ["cannot_move"]


def test_a_move_notes_its_moment_and_takes_the_next_version(
    session: Session,
    team: builders.People,
    stage: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    later = builders.START + timedelta(days=1)
    monkeypatch.setattr(invitations, "now", lambda: later)
    room = builders.convening(session, stage)
    row = builders.invitation(session, room, some(session, team, 1)[0])
    invitations.withdraw(session, team.alice, room, [row])
    found = session.get_one(work.Invitation, row)
    assert (found.status, found.status_at, found.version) == ("withdrawn", later, 2)


def test_nobody_comes_off_the_waitlist_into_a_full_room(
    session: Session, team: builders.People, stage: int
) -> None:
    room = builders.convening(session, stage, capacity=2)
    ids = some(session, team, 4)
    builders.invitation(session, room, ids[0], S.ACCEPTED)
    waiting = [builders.invitation(session, room, each, S.WAITLISTED) for each in ids[1:3]]
    move = invitations.move_status
    assert refused(move, session, team.alice, room, waiting, S.INVITED) == [
        ("no_free_place", {"places": 2, "free": 1})
    ]
    assert move(session, team.alice, room, waiting[:1], S.INVITED) == 1
    declined = builders.invitation(session, room, ids[3], S.DECLINED)
    assert refused(move, session, team.alice, room, [declined], S.ACCEPTED) == [
        ("no_free_place", {"places": 2, "free": 0})
    ]


def test_the_waitlist_frees_a_place(session: Session, team: builders.People, stage: int) -> None:
    room = builders.convening(session, stage, capacity=1)
    ids = some(session, team, 2)
    first = builders.invitation(session, room, ids[0], S.INVITED)
    invitations.waitlist(session, team.alice, room, [first])
    found = invitations.invite(session, team.alice, room, ids[1:], Part.TAKING_PART)
    assert len(found.placed) == 1


def test_attendance_is_noted_from_its_day_on_by_the_facilitator_too(
    session: Session,
    team: builders.People,
    stage: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room = builders.convening(session, stage)
    ids = some(session, team, 2)
    rows = [builders.invitation(session, room, each, S.ACCEPTED) for each in ids]
    monkeypatch.setattr(invitations, "now", lambda: builders.START - timedelta(days=1))
    assert refused(invitations.check_in, session, team.bob, room, rows, True) == [
        ("check_in_not_open", {})
    ]
    monkeypatch.setattr(invitations, "now", lambda: builders.START)
    invitations.check_in(session, team.bob, room, rows[:1], True)
    invitations.check_in(session, team.bob, room, rows[1:], False)
    assert statuses(session, room) == {ids[0]: "attended", ids[1]: "absent"}


def test_barriers_and_support_are_kept_with_the_version_checked(
    session: Session, team: builders.People, stage: int
) -> None:
    room = builders.convening(session, stage)
    row = builders.invitation(session, room, some(session, team, 1)[0])
    draft = SupportDraft(row, 1, "  No bus after eight\x00 ", (Support.STIPEND, Support.TRAVEL))
    assert invitations.set_support(session, team.alice, draft) == row
    found = session.get_one(work.Invitation, row)
    assert (found.barriers, found.support) == ("No bus after eight", ["travel", "stipend"])
    assert refused(invitations.set_support, session, team.alice, draft) == [
        ("changed_meanwhile", {})
    ]
    long = SupportDraft(row, 2, "x" * 1001)
    assert refused(invitations.set_support, session, team.alice, long) == [
        ("too_long", {"length": 1001, "limit": 1000})
    ]


Call = Callable[[Session, Actor, int, int, int], Any]
CALLS: dict[str, Call] = {
    "invite": lambda s, who, room, _row, person: invitations.invite(
        s, who, room, [person], Part.PANEL
    ),
    "set_part": lambda s, who, room, row, _p: invitations.set_part(s, who, room, [row], Part.PANEL),
    "move_status": lambda s, who, room, row, _p: invitations.move_status(
        s, who, room, [row], S.INVITED
    ),
    "withdraw": lambda s, who, room, row, _p: invitations.withdraw(s, who, room, [row]),
    "waitlist": lambda s, who, room, row, _p: invitations.waitlist(s, who, room, [row]),
    "set_support": lambda s, who, _room, row, _p: invitations.set_support(
        s, who, SupportDraft(row, None, "Far away")
    ),
    "check_in": lambda s, who, room, row, _p: invitations.check_in(s, who, room, [row], True),
    "add_walk_ins": lambda s, who, room, _row, person: invitations.add_walk_ins(
        s, who, room, [person], Part.PANEL
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_others_are_told_that_there_is_no_such_convening(
    session: Session, team: builders.People, stage: int, name: str
) -> None:
    room = builders.convening(session, stage)
    amal, badr = some(session, team, 2)
    row = builders.invitation(session, room, amal, S.ACCEPTED)
    for stranger in (team.charlie, team.dana):
        with pytest.raises(NotFound):
            CALLS[name](session, stranger, room, row, badr)
    assert statuses(session, room) == {amal: "accepted"}


@pytest.mark.parametrize(
    "name", [each for each in CALLS if each not in ("check_in", "add_walk_ins")]
)
def test_a_facilitator_sees_invitations_and_leaves_them_as_they_are(
    session: Session, team: builders.People, stage: int, name: str
) -> None:
    room = builders.convening(session, stage)
    amal, badr = some(session, team, 2)
    row = builders.invitation(session, room, amal, S.ACCEPTED)
    with pytest.raises(Forbidden):
        CALLS[name](session, team.bob, room, row, badr)
    assert statuses(session, room) == {amal: "accepted"}


def test_an_invitation_of_another_convening_is_not_found(
    session: Session, team: builders.People, stage: int
) -> None:
    room, other = builders.convening(session, stage), builders.convening(session, stage)
    row = builders.invitation(session, other, some(session, team, 1)[0])
    with pytest.raises(NotFound):
        invitations.withdraw(session, team.alice, room, [row])


def test_the_audit_log_holds_numbers_and_the_journal_can_take_it_back(engines: Engines) -> None:
    with Session(engines.write) as session, session.begin():
        team = builders.people(session)
        room = builders.convening(session, builders.stage(session, team.initiative_id), capacity=1)
        ids = some(session, team, 2)
    with transaction.writing(engines, actor_id=team.alice.user_id, command="invite") as session:
        invitations.invite(session, team.alice, room, ids, Part.TAKING_PART)
    with transaction.reading(engines) as session:
        (event,) = session.exec(select(AuditEvent)).all()
        (change,) = session.exec(select(Change)).all()
    assert (event.action, event.subject, event.subject_id) == ("invite", "convening", room)
    assert event.details == {"count": 2, "waitlisted": 1}
    assert (change.initiative_id, change.subject_id) == (team.initiative_id, room)
