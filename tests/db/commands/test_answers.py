"""Answers by the personal link and by the organiser: what is written, moved, refused and kept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from convening.answers import AnswerDraft, Answered, Named, RecordedDraft
from convening.problems import ConveningError, Forbidden, NotFound
from convening.vocabulary import (
    AnswerChannel,
    ConveningState,
    Group,
    GuidingQuestion,
    InvitationStatus,
    Need,
    Role,
)
from db import base, transaction
from db.commands import answers, invitations
from db.engine import Engines
from db.queries import personal_links as reading
from db.queries.accounts import actor
from db.tables import community, work
from db.tables.accounts import AuditEvent
from db.tables.journal import Change, RowImage
from tests import builders

S = InvitationStatus
YES, NO = AnswerDraft(True), AnswerDraft(False)


@pytest.fixture(autouse=True)
def before_the_convening(monkeypatch: pytest.MonkeyPatch) -> None:
    at = builders.START - timedelta(days=1)
    monkeypatch.setattr(base, "now", lambda: at)
    for module in (answers, reading, invitations):
        monkeypatch.setattr(module, "now", lambda: at)


@pytest.fixture
def team(session: Session) -> builders.People:
    return builders.people(session)


@pytest.fixture
def room(session: Session, team: builders.People) -> int:
    return builders.convening(session, builders.stage(session, team.initiative_id), capacity=2)


class Invitee:
    """Somebody with an invitation and its link."""

    def __init__(
        self,
        session: Session,
        team: builders.People,
        room: int,
        status: S = S.INVITED,
        *groups: Group,
        name: str = "Umm Laith",
    ) -> None:
        self._session = session
        self.person_id = builders.person(session, team.initiative_id, name, *groups)
        self.invitation_id = builders.invitation(session, room, self.person_id, status)
        self.token = builders.personal_link(session, self.invitation_id)

    @property
    def row(self) -> work.Invitation:
        return self._session.get_one(work.Invitation, self.invitation_id)

    @property
    def person(self) -> community.Stakeholder:
        return self._session.get_one(community.Stakeholder, self.person_id)

    def groups(self) -> dict[str, str | None]:
        rows = self._session.exec(
            select(community.GroupMembership).where(
                community.GroupMembership.stakeholder_id == self.person_id
            )
        )
        return {row.group: row.question for row in rows}


def refused(call: Callable[..., Any], *args: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(ConveningError) as caught:
        call(*args)
    return [(each.code, each.field) for each in caught.value.problems]


def test_an_acceptance_is_written_with_its_needs_and_its_channel(
    session: Session, team: builders.People, room: int
) -> None:
    who = Invitee(session, team, room)
    draft = replace(YES, needs=frozenset({Need.DIET, Need.CHILDCARE}), needs_note=" no  nuts ")
    found = answers.answer_by_link(session, who.token, draft)
    row = who.row
    assert found == Answered(who.invitation_id, S.ACCEPTED, False)
    assert (row.status, row.needs, row.needs_note, row.answered_by, row.version) == (
        "accepted",
        ["childcare", "diet"],
        "no nuts",
        "link",
        2,
    )
    assert row.answered_at == row.status_at == builders.START - timedelta(days=1)


def test_a_refusal_keeps_its_reason_until_it_is_changed(
    session: Session, team: builders.People, room: int
) -> None:
    who = Invitee(session, team, room)
    answers.answer_by_link(session, who.token, replace(NO, reason="No bus after six"))
    assert (who.row.status, who.row.declined_because) == ("declined", "No bus after six")
    answers.answer_by_link(session, who.token, YES)
    assert (who.row.status, who.row.declined_because) == ("accepted", "")


def test_whoever_waits_gets_a_free_place_at_once(
    session: Session, team: builders.People, room: int
) -> None:
    who = Invitee(session, team, room, S.WAITLISTED)
    builders.invitation(session, room, None, S.ACCEPTED)
    assert answers.answer_by_link(session, who.token, YES).status is S.ACCEPTED


@pytest.mark.parametrize("status", [S.WAITLISTED, S.DECLINED])
def test_without_a_free_place_the_wish_is_kept_and_nothing_moves(
    session: Session, team: builders.People, room: int, status: S
) -> None:
    who = Invitee(session, team, room, status)
    for other in (S.ACCEPTED, S.INVITED):
        builders.invitation(session, room, None, other)
    found = answers.answer_by_link(session, who.token, replace(YES, needs=frozenset({Need.TRAVEL})))
    assert found == Answered(who.invitation_id, status, True)
    row = who.row
    assert (row.status, row.wants_place, row.needs, row.status_at) == (
        status.value,
        True,
        ["travel"],
        builders.START,
    )
    answers.answer_by_link(session, who.token, NO)
    assert (row.status, row.wants_place) == ("declined", False)


def test_a_wish_ends_when_the_organiser_invites(
    session: Session, team: builders.People, room: int
) -> None:
    who = Invitee(session, team, room, S.WAITLISTED)
    who.row.wants_place = True
    invitations.move_status(session, team.alice, room, [who.invitation_id], S.INVITED)
    assert who.row.wants_place is False


def test_groups_are_corrected_and_the_reason_on_record_stays(
    session: Session, team: builders.People, room: int
) -> None:
    who = Invitee(session, team, room, S.INVITED, Group.STEWARD, Group.GATEWAY)
    member = session.exec(
        select(community.GroupMembership).where(community.GroupMembership.group == Group.STEWARD)
    ).one()
    member.question = GuidingQuestion.LIFE_SHAPED
    said = frozenset({Group.STEWARD, Group.INFLUENCER})
    answers.answer_by_link(session, who.token, replace(YES, groups=said))
    assert who.groups() == {"steward": "life_shaped", "influencer": None}
    assert who.person.groups_confirmed_at == builders.START - timedelta(days=1)
    assert who.person.version == 2


def test_who_would_rather_not_say_stays_as_they_are(
    session: Session, team: builders.People, room: int
) -> None:
    who = Invitee(session, team, room, S.INVITED, Group.STEWARD)
    answers.answer_by_link(session, who.token, replace(YES, groups=None))
    assert who.groups() == {"steward": None}
    assert (who.person.groups_confirmed_at, who.person.version) == (None, 1)


def test_none_of_the_groups_is_a_correction_of_who_was_in_one(
    session: Session, team: builders.People, room: int
) -> None:
    who = Invitee(session, team, room, S.INVITED, Group.STEWARD)
    answers.answer_by_link(session, who.token, replace(YES, groups=frozenset()))
    assert who.groups() == {}
    assert who.person.groups_confirmed_at is not None


def test_others_become_nominations_by_this_person_once(
    session: Session, team: builders.People, room: int
) -> None:
    who = Invitee(session, team, room)
    named = Named("Umm Adam", "Savings circle", "Everybody trusts her")
    for _ in range(2):
        answers.answer_by_link(session, who.token, replace(YES, others=(named, Named(""))))
    found = session.exec(select(community.Nomination)).all()
    assert [
        (row.name, row.organisation, row.reason, row.nominated_by_id, row.state, row.initiative_id)
        for row in found
    ] == [
        (
            "Umm Adam",
            "Savings circle",
            "Everybody trusts her",
            who.person_id,
            "open",
            team.initiative_id,
        )
    ]


def test_one_link_names_five_people_and_no_more(
    session: Session, team: builders.People, room: int
) -> None:
    who = Invitee(session, team, room)
    for number in range(5):
        draft = replace(YES, others=(Named(f"Person {number}"),))
        answers.answer_by_link(session, who.token, draft)
    sixth = replace(YES, others=(Named("Person 6"),))
    assert refused(answers.answer_by_link, session, who.token, sixth) == [
        ("too_many_named", "others")
    ]
    assert len(session.exec(select(community.Nomination)).all()) == 5


def test_problems_leave_everything_as_it_was(
    session: Session, team: builders.People, room: int
) -> None:
    who = Invitee(session, team, room)
    draft = AnswerDraft(None, needs_note="n" * 301, groups=frozenset({Group.GATEWAY}))
    assert refused(answers.answer_by_link, session, who.token, draft) == [
        ("answer_missing", "accept"),
        ("too_long", "needs_note"),
    ]
    assert (who.row.status, who.row.answered_at, who.groups()) == ("invited", None, {})


@pytest.mark.parametrize("token", ["", "made-up", "a" * 5000, "é\ud800"])
def test_a_made_up_token_opens_nothing(
    session: Session, team: builders.People, room: int, token: str
) -> None:
    Invitee(session, team, room)
    with pytest.raises(NotFound):
        answers.answer_by_link(session, token, YES)
    assert reading.open_link(session, token) is None


@pytest.mark.parametrize("state", [ConveningState.HELD, ConveningState.CANCELLED])
def test_a_link_ends_with_its_convening(
    session: Session, team: builders.People, room: int, state: ConveningState
) -> None:
    who = Invitee(session, team, room)
    session.get_one(work.Convening, room).state = state
    session.flush()
    assert refused(answers.answer_by_link, session, who.token, YES) == [("link_ended", None)]
    found = reading.open_link(session, who.token)
    assert found is not None
    assert found.invitation is None


def test_a_link_ends_when_the_time_is_over(
    session: Session,
    team: builders.People,
    room: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    who = Invitee(session, team, room)
    for module in (answers, reading):
        monkeypatch.setattr(module, "now", lambda: builders.START + timedelta(hours=2))
    assert refused(answers.answer_by_link, session, who.token, YES) == [("link_ended", None)]
    found = reading.open_link(session, who.token)
    assert found is not None
    assert found.invitation is None


def test_a_link_ends_with_the_invitation_and_with_the_person(
    session: Session, team: builders.People, room: int
) -> None:
    withdrawn = Invitee(session, team, room, S.WITHDRAWN)
    erased = Invitee(session, team, room, name="Umm Adam")
    erased.row.stakeholder_id = None
    session.flush()
    for who in (withdrawn, erased):
        assert refused(answers.answer_by_link, session, who.token, YES) == [("link_ended", None)]
        found = reading.open_link(session, who.token)
        assert found is not None
        assert found.invitation is None


def test_who_is_in_the_room_answers_no_more(
    session: Session, team: builders.People, room: int
) -> None:
    who = Invitee(session, team, room, S.ATTENDED)
    assert refused(answers.answer_by_link, session, who.token, NO) == [("cannot_move", None)]
    found = reading.open_link(session, who.token)
    assert found is not None
    assert found.invitation is not None
    assert found.invitation.answerable is False


def test_what_a_link_shows_is_of_its_holder_alone(
    session: Session, team: builders.People, room: int
) -> None:
    who = Invitee(session, team, room, S.INVITED, Group.STEWARD)
    Invitee(session, team, room, S.ACCEPTED, Group.GATEWAY, name="Secret Person")
    session.add(
        community.GroupName(initiative_id=team.initiative_id, group="steward", name="residents")
    )
    session.add(community.Nomination(initiative_id=team.initiative_id, name="Secret Nominee"))
    session.flush()
    found = reading.open_link(session, who.token)
    assert found is not None
    assert found.invitation is not None
    opened = found.invitation
    assert (opened.name, opened.initiative, opened.invited_by, opened.groups, opened.named) == (
        "Umm Laith",
        "Renewal",
        ("Alice",),
        frozenset({Group.STEWARD}),
        0,
    )
    assert dict(opened.group_names) == {Group.STEWARD: "residents"}
    assert (opened.full, opened.answerable) == (True, True)
    assert "Secret" not in repr(opened)


def test_an_answer_by_link_stands_in_the_journal_and_the_log_without_a_name(
    engines: Engines,
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        team = builders.people(session)
        stage = builders.stage(session, team.initiative_id)
        who = Invitee(session, team, builders.convening(session, stage))
    with transaction.writing(engines, actor_id=None, command="answer_by_link") as session:
        draft = replace(NO, reason="ill", groups=frozenset({Group.STEWARD}), others=(Named("X"),))
        answers.answer_by_link(session, who.token, draft)
    with transaction.reading(engines) as session:
        change = session.exec(select(Change)).one()
        images = session.exec(select(RowImage.table_name).order_by(RowImage.table_name)).all()
        event = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
        assert (change.actor_id, change.command, change.initiative_id) == (
            None,
            "answer_by_link",
            team.initiative_id,
        )
        assert images == ["group_membership", "invitation", "nomination", "stakeholder"]
        assert event is not None
        assert (event.actor_id, event.action, event.initiative_id) == (
            None,
            "answer_by_link",
            team.initiative_id,
        )
        assert event.details == {
            "invitation": who.invitation_id,
            "status": "declined",
            "channel": "link",
            "named": 1,
        }


def by_telephone(who: Invitee, draft: AnswerDraft, version: int | None = None) -> RecordedDraft:
    return RecordedDraft(
        who.invitation_id,
        version,
        AnswerChannel.TELEPHONE,
        draft.accept,
        draft.reason,
        draft.needs,
        draft.needs_note,
        draft.groups,
    )


def test_an_answer_by_telephone_is_recorded_as_such(
    session: Session, team: builders.People, room: int
) -> None:
    who = Invitee(session, team, room, S.PROPOSED)
    draft = replace(YES, needs=frozenset({Need.ACCESS}), groups=frozenset({Group.STEWARD}))
    answers.record_answer(session, team.alice, by_telephone(who, draft, version=1))
    row = who.row
    assert (row.status, row.answered_by, row.needs) == ("accepted", "telephone", ["access"])
    assert who.groups() == {"steward": None}
    event = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
    assert event is not None
    assert (event.actor_id, event.action) == (team.alice.user_id, "record_answer")


def test_an_answer_on_a_changed_invitation_is_refused(
    session: Session, team: builders.People, room: int
) -> None:
    who = Invitee(session, team, room)
    answers.answer_by_link(session, who.token, YES)
    late = by_telephone(who, NO, version=1)
    assert refused(answers.record_answer, session, team.alice, late) == [
        ("changed_meanwhile", None)
    ]


def test_who_may_record_an_answer(session: Session, team: builders.People, room: int) -> None:
    who = Invitee(session, team, room)
    with pytest.raises(Forbidden):
        answers.record_answer(session, team.bob, by_telephone(who, YES))
    for outsider in (
        team.charlie,
        team.dana,
        actor(session, builders.user(session, "A", Role.ADMINISTRATOR)),
    ):
        with pytest.raises(NotFound):
            answers.record_answer(session, outsider, by_telephone(who, YES))
    missing = RecordedDraft(999, None, AnswerChannel.VISIT, True)
    with pytest.raises(NotFound):
        answers.record_answer(session, team.alice, missing)


def test_after_the_convening_no_answer_is_recorded(
    session: Session, team: builders.People, room: int
) -> None:
    who = Invitee(session, team, room)
    session.get_one(work.Convening, room).state = ConveningState.HELD
    session.flush()
    assert refused(answers.record_answer, session, team.alice, by_telephone(who, YES)) == [
        ("convening_is_over", None)
    ]


def test_the_last_place_goes_to_one_of_two_who_answer_at_once(engines: Engines) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        team = builders.people(session)
        stage = builders.stage(session, team.initiative_id)
        room = builders.convening(session, stage, capacity=1)
        tokens = [
            Invitee(session, team, room, S.WAITLISTED, name=f"Person {number}").token
            for number in range(4)
        ]

    def answer(token: str) -> Answered:
        with transaction.writing(engines, actor_id=None, command="answer_by_link") as session:
            return answers.answer_by_link(session, token, YES)

    with ThreadPoolExecutor(len(tokens)) as pool:
        found = list(pool.map(answer, tokens))
    assert sorted((each.status.value, each.wants_place) for each in found) == [
        ("accepted", False),
        ("waitlisted", True),
        ("waitlisted", True),
        ("waitlisted", True),
    ]
