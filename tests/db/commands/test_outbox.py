"""Messages are written with what causes them, and taken back with it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from convening import settings
from convening.accounts import AccountDraft
from convening.mail import LINK
from convening.outbox import Wanted
from convening.problems import ConveningError, Forbidden, NotFound
from convening.vocabulary import InvitationStatus, MailKind, MailState, Role
from db import letters, tokens
from db.commands import convenings, invitations, outbox, personal_links, users
from db.queries import accounts
from db.queries import convenings as meetings
from db.queries import outbox as messages
from db.tables import work
from db.tables.accounts import AccountLink
from db.tables.community import Stakeholder
from db.tables.mail import OutboxEmail
from tests import builders
from tests.builders import People

S, K, M = InvitationStatus, MailKind, MailState
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=20)


@pytest.fixture(autouse=True)
def mail_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Settings that name a mail server; nobody connects to it here."""
    monkeypatch.setenv("HALQA_SMTP_URL", "smtps://mail.example.org")
    monkeypatch.setenv("HALQA_MAIL_FROM", "halqa@example.org")
    monkeypatch.setenv("HALQA_BASE_URL", "https://halqa.example.org")
    settings.current.cache_clear()
    yield
    settings.current.cache_clear()


@pytest.fixture
def without_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HALQA_SMTP_URL")
    settings.current.cache_clear()


@pytest.fixture
def people(session: Session) -> People:
    return builders.people(session)


@pytest.fixture
def room(session: Session, people: People) -> int:
    stage = builders.stage(session, people.initiative_id)
    return builders.convening(session, stage, "Evening session", starts_at=SOON)


@pytest.fixture
def propose(session: Session, people: People, room: int) -> Callable[..., int]:
    """``propose("Amina")`` chooses somebody with an address; returns the invitation's id."""

    def choose(name: str, email: str | None = None, status: InvitationStatus = S.PROPOSED) -> int:
        person = builders.person(session, people.initiative_id, name)
        given = f"{name.casefold()}@example.org" if email is None else email
        session.get_one(Stakeholder, person).email = given
        return builders.invitation(session, room, person, status)

    return choose


def rows(session: Session) -> list[OutboxEmail]:
    return list(session.exec(select(OutboxEmail).order_by(col(OutboxEmail.id))))


def told_calendar(row: OutboxEmail) -> Any:
    """The event of a message's attachment."""
    return icalendar.Calendar.from_ical(row.calendar).walk("VEVENT")[0]


def found(session: Session) -> list[tuple[str, str]]:
    session.expire_all()
    return [(row.kind, row.state) for row in rows(session)]


def sent(session: Session) -> None:
    """The worker has sent everything that waits."""
    for row in rows(session):
        if row.state == M.WAITING:
            row.state, row.attempts, row.sent_at = M.SENT, 1, datetime.now(UTC)
    session.flush()


def change(session: Session, people: People, room: int, **facts: object) -> None:
    draft = meetings.draft(session, people.alice, room)
    convenings.edit_convening(session, people.alice, replace(draft, **facts))  # type: ignore[arg-type]


def sequence(session: Session, room: int) -> int:
    session.expire_all()
    return session.get_one(work.Convening, room).sequence


class TestInvitation:
    def test_inviting_writes_one_message_for_each(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        ids = [propose("Amina"), propose("Bashir"), propose("Chidi")]
        invitations.move_status(session, people.alice, room, ids[:2], S.INVITED)
        assert found(session) == [(K.INVITATION, M.WAITING)] * 2
        first = rows(session)[0]
        assert (first.recipient, first.recipient_name) == ("amina@example.org", "Amina")
        assert first.subject == "Invitation: Evening session / دعوة: Evening session"
        assert first.text.count(LINK) == 2
        told = told_calendar(first)
        assert told["UID"] == session.get_one(work.Convening, room).calendar_uid != ""
        assert (told["SEQUENCE"], told["ATTENDEE"]) == (0, "mailto:amina@example.org")

    def test_the_token_stands_nowhere(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        invitation = propose("Amina")
        invitations.move_status(session, people.alice, room, [invitation], S.INVITED)
        link = session.exec(select(work.PersonalLink)).one()
        token = personal_links.personal_link(session, session.get_one(work.Invitation, invitation))
        assert tokens.hashed(token) == link.token_hash
        row = rows(session)[0]
        assert token not in repr(row.model_dump())
        assert letters.address(row.link_path, row.link_salt) == (
            f"https://halqa.example.org/rsvp/{token}"
        )

    def test_a_link_stays_the_same_with_every_message(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        invitation = propose("Amina")
        invitations.move_status(session, people.alice, room, [invitation], S.INVITED)
        sent(session)
        change(session, people, room, place="The old mill")
        assert len({row.link_salt for row in rows(session)}) == 1

    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_it_speaks_the_language_of_its_reader(
        self,
        session: Session,
        people: People,
        room: int,
        propose: Callable[..., int],
        language: str,
    ) -> None:
        invitation = session.get_one(work.Invitation, propose("Amina"))
        session.get_one(Stakeholder, invitation.stakeholder_id).language = language
        invitations.move_status(session, people.alice, room, [invitation.key], S.INVITED)
        row = rows(session)[0]
        direction = {"en": "ltr", "ar": "rtl"}
        assert f'<div lang="{language}" dir="{direction.pop(language)}"' in row.html
        assert f'dir="{direction.popitem()[1]}" style="text-align' not in row.html

    def test_whoever_has_no_address_gets_it_from_a_person(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        ids = [propose("Amina", email=""), propose("Bashir")]
        invitations.move_status(session, people.alice, room, ids, S.INVITED)
        assert found(session) == [(K.INVITATION, M.BY_HAND), (K.INVITATION, M.WAITING)]

    @pytest.mark.usefixtures("without_server")
    def test_without_a_mail_server_all_are_handed_over(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        invitations.move_status(session, people.alice, room, [propose("Amina")], S.INVITED)
        assert found(session) == [(K.INVITATION, M.BY_HAND)]
        assert "Evening session" in rows(session)[0].text

    def test_nothing_of_a_sample_is_sent(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        session.get_one(work.Initiative, people.initiative_id).sample = True
        invitations.move_status(session, people.alice, room, [propose("Amina")], S.INVITED)
        assert found(session) == [(K.INVITATION, M.BY_HAND)]

    def test_what_is_over_invites_nobody(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        meeting = session.get_one(work.Convening, room)
        meeting.starts_at = meeting.ends_at = SOON - timedelta(days=40)
        invitations.move_status(session, people.alice, room, [propose("Amina")], S.INVITED)
        assert found(session) == []

    def test_as_many_statements_for_ten_people_as_for_two(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        counts = []
        for size in (2, 10):
            ids = [propose(f"P{size}-{n}") for n in range(size)]
            session.flush()
            seen: list[str] = []

            def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
                seen.append(statement)  # noqa: B023 - taken off before the next round

            event.listen(session.get_bind(), "before_cursor_execute", note)
            invitations.move_status(session, people.alice, room, ids, S.INVITED)
            event.remove(session.get_bind(), "before_cursor_execute", note)
            counts.append(sum(each.lstrip().upper().startswith("SELECT") for each in seen))
        assert counts[0] == counts[1]


class TestUpdate:
    @pytest.mark.parametrize(
        "facts",
        [
            {"title": "Another title"},
            {"place": "The old mill"},
            {"link": "https://meet.example.org/a"},
            {"zone": "Asia/Amman"},
            {"starts_local": SOON.replace(tzinfo=None) + timedelta(minutes=30)},
            {"ends_local": SOON.replace(tzinfo=None) + timedelta(hours=3)},
        ],
        ids=lambda facts: next(iter(facts)),
    )
    def test_whoever_was_told_is_told_what_changed(
        self,
        session: Session,
        people: People,
        room: int,
        propose: Callable[..., int],
        facts: dict[str, object],
    ) -> None:
        invitations.move_status(session, people.alice, room, [propose("Amina")], S.INVITED)
        propose("Bashir", status=S.ACCEPTED)  # by word of mouth: no message of ours
        sent(session)
        change(session, people, room, **facts)
        assert found(session) == [(K.INVITATION, M.SENT), (K.UPDATE, M.WAITING)]
        told = told_calendar(rows(session)[1])
        assert (told["SEQUENCE"], sequence(session, room)) == (1, 1)

    def test_other_facts_are_no_news(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        invitations.move_status(session, people.alice, room, [propose("Amina")], S.INVITED)
        sent(session)
        change(session, people, room, purpose="Something else", capacity=12)
        assert (found(session), sequence(session, room)) == ([(K.INVITATION, M.SENT)], 0)

    def test_an_invitation_that_has_not_left_is_written_anew(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        invitations.move_status(session, people.alice, room, [propose("Amina")], S.INVITED)
        change(session, people, room, place="The old mill")
        assert found(session) == [(K.INVITATION, M.CANCELLED), (K.INVITATION, M.WAITING)]
        assert "The old mill" in rows(session)[1].text

    def test_of_two_changes_only_the_last_leaves(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        invitations.move_status(session, people.alice, room, [propose("Amina")], S.INVITED)
        sent(session)
        change(session, people, room, place="The old mill")
        change(session, people, room, place="The library")
        assert found(session)[1:] == [(K.UPDATE, M.CANCELLED), (K.UPDATE, M.WAITING)]
        assert (sequence(session, room), "The library" in rows(session)[2].text) == (2, True)

    def test_a_change_that_is_taken_back_in_time_tells_nobody(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        invitations.move_status(session, people.alice, room, [propose("Amina")], S.INVITED)
        sent(session)
        change(session, people, room, place="The old mill")
        change(session, people, room, place="")
        assert found(session)[1:] == [(K.UPDATE, M.CANCELLED)]

    def test_whoever_declined_is_left_alone(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        ids = [propose("Amina")]
        invitations.move_status(session, people.alice, room, ids, S.INVITED)
        sent(session)
        invitations.move_status(session, people.alice, room, ids, S.DECLINED)
        change(session, people, room, place="The old mill")
        assert found(session) == [(K.INVITATION, M.SENT)]
        invitations.move_status(session, people.alice, room, ids, S.ACCEPTED)
        assert found(session)[1:] == [(K.UPDATE, M.WAITING)]


class TestCancellation:
    def test_calling_off_tells_those_who_were_told_to_come(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        told = [propose("Amina")]
        invitations.move_status(session, people.alice, room, told, S.INVITED)
        sent(session)
        waiting = [propose("Bashir")]
        invitations.move_status(session, people.alice, room, waiting, S.INVITED)
        convenings.cancel_convening(session, people.alice, room)
        assert found(session) == [
            (K.INVITATION, M.SENT),
            (K.INVITATION, M.CANCELLED),
            (K.CANCELLATION, M.WAITING),
        ]
        last = rows(session)[2]
        told = told_calendar(last)
        assert "\r\nMETHOD:CANCEL\r\n" in last.calendar
        assert (told["STATUS"], told["SEQUENCE"]) == (
            "CANCELLED",
            1,
        )
        assert LINK not in last.text + last.html + last.calendar
        assert last.subject.startswith("Called off: Evening session")

    @pytest.mark.parametrize(
        ("wanted", "words"),
        [(S.WITHDRAWN, "withdraw your invitation"), (S.WAITLISTED, "on the waitlist")],
    )
    def test_losing_a_place_is_told(
        self,
        session: Session,
        people: People,
        room: int,
        propose: Callable[..., int],
        wanted: InvitationStatus,
        words: str,
    ) -> None:
        ids = [propose("Amina")]
        invitations.move_status(session, people.alice, room, ids, S.INVITED)
        sent(session)
        invitations.move_status(session, people.alice, room, ids, wanted)
        assert found(session)[1:] == [(K.CANCELLATION, M.WAITING)]
        assert words in rows(session)[1].text

    def test_withdrawing_in_time_tells_nobody(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        ids = [propose("Amina")]
        invitations.move_status(session, people.alice, room, ids, S.INVITED)
        invitations.withdraw(session, people.alice, room, ids)
        assert found(session) == [(K.INVITATION, M.CANCELLED)]

    def test_being_invited_again_is_newer_than_the_cancellation(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        ids = [propose("Amina")]
        invitations.move_status(session, people.alice, room, ids, S.INVITED)
        sent(session)
        invitations.waitlist(session, people.alice, room, ids)
        sent(session)
        invitations.move_status(session, people.alice, room, ids, S.INVITED)
        assert found(session)[2:] == [(K.INVITATION, M.WAITING)]
        sequences = [told_calendar(row)["SEQUENCE"] for row in rows(session)]
        assert sequences == [0, 1, 2]

    def test_a_convening_that_takes_place_after_all_invites_again(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        invitations.move_status(session, people.alice, room, [propose("Amina")], S.INVITED)
        sent(session)
        convenings.cancel_convening(session, people.alice, room)
        sent(session)
        convenings.reopen_convening(session, people.alice, room)
        assert found(session)[2:] == [(K.INVITATION, M.WAITING)]

    def test_calling_off_and_reopening_at_once_tells_nobody(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        invitations.move_status(session, people.alice, room, [propose("Amina")], S.INVITED)
        sent(session)
        convenings.cancel_convening(session, people.alice, room)
        convenings.reopen_convening(session, people.alice, room)
        assert found(session) == [(K.INVITATION, M.SENT), (K.CANCELLATION, M.CANCELLED)]


class TestDeletion:
    def test_a_convening_that_people_expect_is_called_off_first(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        invitations.move_status(session, people.alice, room, [propose("Amina")], S.INVITED)
        sent(session)
        with pytest.raises(ConveningError, match="cancel_first"):
            convenings.delete_convening(session, people.alice, room)
        convenings.cancel_convening(session, people.alice, room)
        convenings.delete_convening(session, people.alice, room)
        assert found(session) == [(K.INVITATION, M.SENT), (K.CANCELLATION, M.WAITING)]

    def test_what_has_not_left_goes_with_it(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        ids = [propose("Amina"), propose("Bashir", email="")]
        invitations.move_status(session, people.alice, room, ids, S.INVITED)
        convenings.delete_convening(session, people.alice, room)
        assert found(session) == []


class TestReminder:
    def test_each_is_reminded_once(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        ids = [propose("Amina"), propose("Bashir")]
        invitations.move_status(session, people.alice, room, ids, S.INVITED)
        sent(session)
        propose("Chidi", status=S.INVITED)  # by word of mouth
        propose("Dina", status=S.ACCEPTED)
        silent = messages.without_answer(session, people.alice, room)
        assert len(silent) == 3
        assert outbox.queue_reminder(session, people.alice, room, silent) == 3
        assert found(session)[2:] == [(K.REMINDER, M.WAITING)] * 3
        with pytest.raises(ConveningError, match="nobody_to_remind"):
            outbox.queue_reminder(session, people.alice, room, silent)

    def test_nobody_is_reminded_of_what_has_not_left(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        invitations.move_status(session, people.alice, room, [propose("Amina")], S.INVITED)
        assert messages.without_answer(session, people.alice, room) == frozenset()

    def test_whoever_was_invited_since_is_not_reminded_with_the_others(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        amina = propose("Amina", status=S.INVITED)
        asked = messages.without_answer(session, people.alice, room)
        bashir = propose("Bashir", status=S.INVITED)
        assert asked == {amina}
        assert outbox.queue_reminder(session, people.alice, room, asked) == 1
        assert messages.without_answer(session, people.alice, room) == {bashir}

    @pytest.mark.parametrize(
        ("starts_in", "invited_before", "remind", "count"),
        [
            (timedelta(days=2), timedelta(days=9), True, 1),
            (timedelta(days=4), timedelta(days=9), True, 0),  # not yet
            (timedelta(days=2), timedelta(days=2), True, 0),  # was invited only just
            (timedelta(days=2), timedelta(days=9), False, 0),
            (timedelta(hours=-1), timedelta(days=9), True, 0),
        ],
    )
    def test_three_days_before_it_comes_by_itself(
        self,
        session: Session,
        room: int,
        propose: Callable[..., int],
        starts_in: timedelta,
        invited_before: timedelta,
        remind: bool,
        count: int,
    ) -> None:
        invitation = session.get_one(work.Invitation, propose("Amina", status=S.INVITED))
        meeting = session.get_one(work.Convening, room)
        meeting.starts_at, meeting.remind = datetime.now(UTC) + starts_in, remind
        meeting.ends_at = meeting.starts_at + timedelta(hours=2)
        invitation.status_at = meeting.starts_at - invited_before
        session.flush()
        assert outbox.remind_when_due(session) == count
        assert outbox.remind_when_due(session) == 0
        assert len(found(session)) == count


class TestByHand:
    def test_handing_over_is_noted(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        ids = [propose("Amina", email="")]
        invitations.move_status(session, people.alice, room, ids, S.INVITED)
        assert messages.mail_states(session, people.alice, room) == {ids[0]: M.BY_HAND}
        outbox.hand_over(session, people.alice, rows(session)[0].key)
        listed = messages.mailbox(session, people.alice, Wanted(people.initiative_id)).rows
        assert [(each.state, each.handed_over) for each in listed] == [(M.SENT, True)]
        change(session, people, room, place="The old mill")
        assert found(session)[1:] == [(K.UPDATE, M.BY_HAND)]

    def test_a_sample_is_never_sent(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        session.get_one(work.Initiative, people.initiative_id).sample = True
        invitations.move_status(session, people.alice, room, [propose("Amina")], S.INVITED)
        with pytest.raises(ConveningError, match="sample_not_sent"):
            outbox.send_again(session, people.alice, rows(session)[0].key)

    def test_somebody_with_an_address_by_now_gets_it_sent(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        invitation = session.get_one(work.Invitation, propose("Amina", email=""))
        invitations.move_status(session, people.alice, room, [invitation.key], S.INVITED)
        message = rows(session)[0].key
        with pytest.raises(ConveningError, match="no_address"):
            outbox.send_again(session, people.alice, message)
        person = session.get_one(Stakeholder, invitation.stakeholder_id)
        person.email = "amina@example.org"
        outbox.send_again(session, people.alice, message)
        last = rows(session)[-1]
        assert (last.state, last.recipient) == (M.WAITING, "amina@example.org")
        told = told_calendar(last)
        assert told["ATTENDEE"] == "mailto:amina@example.org"

    @pytest.mark.parametrize("state", [M.FAILED, M.UNCERTAIN])
    def test_sending_again_keeps_the_message_id(
        self,
        session: Session,
        people: People,
        room: int,
        propose: Callable[..., int],
        state: MailState,
    ) -> None:
        invitations.move_status(session, people.alice, room, [propose("Amina")], S.INVITED)
        row = rows(session)[0]
        row.state, row.attempts, name = state, 6, row.message_id
        assert outbox.send_again(session, people.alice, row.key) == row.key
        assert (row.state, row.attempts, row.message_id) == (M.WAITING, 0, name)

    def test_what_is_overtaken_is_not_sent_again(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        invitations.move_status(session, people.alice, room, [propose("Amina")], S.INVITED)
        row = rows(session)[0]
        row.state = M.UNCERTAIN
        change(session, people, room, place="The old mill")
        with pytest.raises(ConveningError, match="message_overtaken"):
            outbox.send_again(session, people.alice, row.key)

    @pytest.mark.parametrize("state", [M.WAITING, M.SENDING, M.SENT, M.CANCELLED])
    def test_what_needs_nobody_is_left_alone(
        self,
        session: Session,
        people: People,
        room: int,
        propose: Callable[..., int],
        state: MailState,
    ) -> None:
        invitations.move_status(session, people.alice, room, [propose("Amina")], S.INVITED)
        row = rows(session)[0]
        row.state = state
        for command in (outbox.hand_over, outbox.send_again):
            with pytest.raises(ConveningError, match="message_is_on_its_way"):
                command(session, people.alice, row.key)


class TestWhoSees:
    def test_organisers_of_the_team_and_nobody_else(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        invitations.move_status(session, people.alice, room, [propose("Amina", "")], S.INVITED)
        key = rows(session)[0].key
        shown = messages.message(session, people.alice, key, "https://here.example.org")
        assert "https://here.example.org/rsvp/" in shown.text
        wanted = Wanted(people.initiative_id)
        for other, error in ((people.bob, Forbidden), (people.charlie, NotFound)):
            with pytest.raises(error):
                messages.mailbox(session, other, wanted)
            for call in (messages.message, outbox.hand_over, outbox.send_again):
                with pytest.raises(NotFound):
                    call(session, other, key)

    def test_links_of_accounts_are_for_nobody(self, session: Session, people: People) -> None:
        admin = builders.user(session, "Ada", Role.ADMINISTRATOR, Role.ORGANISER)
        ada = accounts.actor(session, admin)
        draft = AccountDraft("New", "new@example.org", frozenset({Role.MEMBER}))
        link = users.invite_user(session, ada, draft)
        row = rows(session)[0]
        assert (row.kind, row.state, row.recipient) == (K.ACCOUNT, M.WAITING, "new@example.org")
        assert letters.address(row.link_path, row.link_salt) == (
            f"https://halqa.example.org/?link={link.token}"
        )
        stored = session.exec(select(AccountLink)).one()
        assert stored.token_hash == tokens.hashed(link.token)
        assert link.token not in repr(row.model_dump())
        for call in (messages.message, outbox.hand_over, outbox.send_again):
            for who in (ada, people.alice):
                with pytest.raises(NotFound):
                    call(session, who, row.key)
        assert messages.of_account(session, ada, link.user_id) is not None
        with pytest.raises(Forbidden):
            messages.of_account(session, people.alice, link.user_id)

    def test_the_list_is_narrowed_and_counted(
        self, session: Session, people: People, room: int, propose: Callable[..., int]
    ) -> None:
        ids = [propose("Amina"), propose("Bashir", email=""), propose("Amin")]
        invitations.move_status(session, people.alice, room, ids, S.INVITED)

        def names(**facts: object) -> list[str]:
            wanted = Wanted(people.initiative_id, **facts)  # type: ignore[arg-type]
            return [each.name for each in messages.mailbox(session, people.alice, wanted).rows]

        assert names() == ["Amin", "Bashir", "Amina"]
        assert names(state=M.BY_HAND) == ["Bashir"]
        assert names(kind=K.UPDATE) == []
        assert names(search="AMIN") == ["Amin", "Amina"]
        assert names(convening_id=room + 1) == []
        box = messages.mailbox(session, people.alice, Wanted(people.initiative_id), size=1)
        assert (len(box.rows), box.total, box.counts[M.WAITING], box.counts[M.BY_HAND]) == (
            1,
            3,
            2,
            1,
        )


def test_an_erased_person_leaves_nothing_behind(
    session: Session, people: People, room: int, propose: Callable[..., int]
) -> None:
    ids = [propose("Amina"), propose("Bashir")]
    invitations.move_status(session, people.alice, room, ids, S.INVITED)
    outbox.forget_invitations(session, ids[:1])
    assert [row.recipient_name for row in rows(session)] == ["Bashir"]
