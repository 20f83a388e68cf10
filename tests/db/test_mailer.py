"""The worker and a real mail server: what arrives, what is tried again, what stays uncertain."""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import icalendar
import pytest
from sqlmodel import col, select

from convening import settings
from convening.vocabulary import InvitationStatus, MailState, Part
from db import letters, mailer, migrate, smtp, transaction
from db.__main__ import main
from db.commands import after, invitations, outbox
from db.engine import Engines, connect
from db.mailer import drain
from db.tables import work
from db.tables.community import Stakeholder
from db.tables.mail import OutboxEmail
from tests import builders, mail, processes, statements
from tests.mail import Handler, Server

M, S = MailState, InvitationStatus
ROOT = Path(__file__).parents[2]
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=20)


@pytest.fixture
def handler() -> Handler:
    return Handler()


@pytest.fixture
def server(handler: Handler) -> Iterator[Server]:
    found = Server(handler)
    found.start()
    yield found
    found.stop()


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """``use(url)`` names the mail server in the settings."""

    yield partial(mail.name_server, monkeypatch)
    settings.current.cache_clear()


@pytest.fixture
def ready(server: Server, use: Callable[[str], None]) -> Server:
    use(server.url())
    return server


def invite(engines: Engines, *names: str, title: str = "Evening session") -> list[int]:
    """Invites people of a fresh initiative; returns the ids of the messages."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        people = builders.people(session, name="Renewing the quarter")
        stage = builders.stage(session, people.initiative_id)
        room = builders.convening(session, stage, title, starts_at=SOON)
        session.get_one(work.Convening, room).zone = "Asia/Amman"
        ids = []
        for number, name in enumerate(names):
            person = builders.person(session, people.initiative_id, name)
            session.get_one(Stakeholder, person).email = f"person{number}@example.org"
            ids.append(builders.invitation(session, room, person, part=Part.CO_DESIGN))
        invitations.move_status(session, people.alice, room, ids, S.INVITED)
        return list(session.exec(select(OutboxEmail.id).order_by(col(OutboxEmail.id))))  # type: ignore[arg-type]


def rows(engines: Engines) -> list[OutboxEmail]:
    with transaction.reading(engines) as session:
        return list(session.exec(select(OutboxEmail).order_by(col(OutboxEmail.id))))


def states(engines: Engines) -> list[str]:
    return [row.state for row in rows(engines)]


def touch(engines: Engines, **values: object) -> None:
    """Sets columns of every message."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        for row in session.exec(select(OutboxEmail)):
            for name, value in values.items():
                setattr(row, name, value)


def send(engines: Engines) -> tuple[int, bool]:
    return drain(engines, threading.Event())


def part(message: EmailMessage, kind: str) -> EmailMessage:
    found = [each for each in message.walk() if each.get_content_type() == kind]
    assert len(found) == 1
    assert isinstance(found[0], EmailMessage)
    return found[0]


def after_a_room(engines: Engines) -> tuple[builders.People, list[int]]:
    """Two people who were in a room, one with an address; returns the invitations."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        people = builders.people(session, name="Renewing the quarter")
        room = builders.convening(session, builders.stage(session, people.initiative_id))
        ids = []
        for name, email in (("Amina", "amina@example.org"), ("Omar", "")):
            person = builders.person(session, people.initiative_id, name)
            row = session.get_one(Stakeholder, person)
            row.email, row.language = email, "en"
            ids.append(builders.invitation(session, room, person, S.ATTENDED))
        assert after.send_summary(session, people.alice, room) == 2
    return people, ids


@pytest.mark.usefixtures("ready")
class TestTheSummary:
    def test_it_arrives_with_the_link_of_the_room(self, engines: Engines, handler: Handler) -> None:
        after_a_room(engines)
        assert send(engines) == (1, True)
        [message] = handler.messages
        assert message["Subject"] == "What was said, and what becomes of it: Workshop"
        kinds = [each.get_content_type() for each in message.walk()]
        assert kinds == ["multipart/alternative", "text/plain", "text/html"]
        text = part(message, "text/plain").get_content()
        row = rows(engines)[0]
        link = letters.address(row.link_path, row.link_salt)
        assert link.startswith(f"{mail.BASE}/became/")
        assert text.count(link) == 1
        assert states(engines) == [M.SENT, M.BY_HAND]

    def test_somebody_with_an_address_by_now_gets_it_as_it_was_written(
        self, engines: Engines, handler: Handler
    ) -> None:
        people, ids = after_a_room(engines)
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            invitation = session.get_one(work.Invitation, ids[1])
            session.get_one(Stakeholder, invitation.stakeholder_id).email = "omar@example.org"
            by_hand = rows(engines)[1]
            assert outbox.send_again(session, people.alice, by_hand.key) == by_hand.key
        assert send(engines) == (2, True)
        assert [each["To"] for each in handler.messages] == [
            "Amina <amina@example.org>",
            "Omar <omar@example.org>",
        ]
        assert rows(engines)[1].text == by_hand.text

    def test_somebody_who_was_not_there_after_all_gets_none(self, engines: Engines) -> None:
        _, ids = after_a_room(engines)
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            session.get_one(work.Invitation, ids[0]).status = S.ABSENT.value
        assert send(engines) == (0, True)
        assert states(engines) == [M.CANCELLED, M.BY_HAND]


@pytest.mark.usefixtures("ready")
class TestWhatArrives:
    def test_one_message_with_all_its_parts(self, engines: Engines, handler: Handler) -> None:
        invite(engines, "Amina Haddad")
        assert send(engines) == (1, True)
        row, [message], [envelope] = rows(engines)[0], handler.messages, handler.envelopes
        assert (envelope.mail_from, envelope.rcpt_tos) == (mail.FROM, ["person0@example.org"])
        assert message["From"] == f"Renewing the quarter <{mail.FROM}>"
        assert message["To"] == "Amina Haddad <person0@example.org>"
        assert message["Subject"] == "Invitation: Evening session / دعوة: Evening session"
        assert message["Message-ID"] == f"<{row.message_id}@example.org>"
        assert message["Content-Language"] == "en, ar"
        assert message["Auto-Submitted"] == "auto-generated"
        assert abs(message["Date"].datetime - datetime.now(UTC)) < timedelta(minutes=5)
        assert [each.get_content_type() for each in message.walk()] == [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "multipart/related",
            "text/html",
            "image/png",
            "text/calendar",
        ]
        assert (row.state, row.attempts, row.problem) == (M.SENT, 1, "")

    def test_the_link_is_put_in_when_it_leaves(self, engines: Engines, handler: Handler) -> None:
        invite(engines, "Amina")
        send(engines)
        row, [message] = rows(engines)[0], handler.messages
        link = letters.address(row.link_path, row.link_salt)
        assert link.startswith(f"{mail.BASE}/rsvp/")
        text = part(message, "text/plain").get_content()
        html = part(message, "text/html").get_content()
        assert (text.count(link), html.count(f'href="{link}"')) == (2, 4)
        assert "[[" not in text + html
        assert link not in row.text + row.html + row.calendar

    def test_date_zone_and_direction_stand_in_the_body(
        self, engines: Engines, handler: Handler
    ) -> None:
        invite(engines, "Amina")
        send(engines)
        html = part(handler.messages[0], "text/html").get_content()
        assert html.count("Asia/Amman") == 2
        assert html.count(f"{SOON:%H:%M}") == 2
        assert '<div lang="en" dir="ltr" style="text-align:left">' in html
        assert '<div lang="ar" dir="rtl" style="text-align:right">' in html
        assert "http" not in html.replace(mail.BASE, "")

    def test_the_calendar_is_an_invitation(self, engines: Engines, handler: Handler) -> None:
        invite(engines, "Amina")
        send(engines)
        row, [message] = rows(engines)[0], handler.messages
        attached = part(message, "text/calendar")
        assert attached["Content-Type"].params["method"] == "REQUEST"
        assert attached["Content-Type"].params["charset"] == "utf-8"
        assert attached.get_filename() == "convening.ics"
        content: Any = attached.get_payload(decode=True)
        event: Any = icalendar.Calendar.from_ical(content).walk("VEVENT")[0]
        assert letters.address(row.link_path, row.link_salt) in event["DESCRIPTION"]
        assert event["ORGANIZER"] == f"mailto:{mail.FROM}"
        assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"

    def test_the_code_for_the_door_is_a_picture_of_the_same_link(
        self, engines: Engines, handler: Handler
    ) -> None:
        invite(engines, "Amina")
        send(engines)
        row, picture = rows(engines)[0], part(handler.messages[0], "image/png")
        assert picture["Content-ID"] == "<check-in>"
        assert picture.get_content_disposition() == "inline"
        wanted = letters.address("/check-in/", row.link_salt)
        assert picture.get_payload(decode=True) == smtp.qr_code(wanted)

    @pytest.mark.parametrize(
        "hostile",
        [
            'Eve"\r\nBcc: all@example.org',
            "Eve\nSubject: other",
            "Eve <evil@example.org>, Mallory",
            "=?utf-8?q?Eve=0ABcc=3A_all=40example.org?=",
            "Eve\u2028Bcc: all@example.org\x00\x0b",
            "حسن\r\nContent-Type: text/html",
        ],
    )
    def test_no_name_and_no_title_adds_a_header(
        self, engines: Engines, handler: Handler, hostile: str
    ) -> None:
        ids = invite(engines, "Amina", title="Evening")
        stored = {"recipient_name": hostile, "subject": hostile}
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            initiative = session.exec(select(work.Initiative)).first()
            assert initiative is not None
            initiative.name = hostile.replace("\x00", "")
            person = session.exec(select(Stakeholder)).first()
            assert person is not None
            person.name = hostile.replace("\x00", "")
            row = session.get_one(OutboxEmail, ids[0])
            row.subject = stored["subject"].replace("\x00", "")
        assert send(engines) == (1, True)
        [message], [envelope] = handler.messages, handler.envelopes
        assert envelope.rcpt_tos == ["person0@example.org"]
        assert sorted(message.keys()) == [
            "Auto-Submitted",
            "Content-Language",
            "Content-Type",
            "Date",
            "From",
            "MIME-Version",
            "Message-ID",
            "Subject",
            "To",
        ]
        assert [each.addr_spec for each in message["To"].addresses] == ["person0@example.org"]
        assert [each.addr_spec for each in message["From"].addresses] == [mail.FROM]

    def test_an_address_that_is_none_is_refused_here(self, engines: Engines) -> None:
        invite(engines, "Amina")
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            for person in session.exec(select(Stakeholder)):
                person.email = "amina@example.org, all@example.org"
        assert send(engines) == (0, True)
        assert [(row.state, row.problem) for row in rows(engines)] == [
            (M.FAILED, "address_unusable")
        ]


@pytest.mark.usefixtures("ready")
class TestWhatGoesWrong:
    def test_put_off_is_tried_again_later_and_later(
        self, engines: Engines, handler: Handler
    ) -> None:
        invite(engines, "Amina")
        name = rows(engines)[0].message_id
        handler.on_data = lambda _number: "451 try later\x1b[31m"
        waits = []
        for _ in range(5):
            assert send(engines) == (0, True)
            row = rows(engines)[0]
            assert row.state == M.WAITING
            assert row.problem == "put_off 451 try later[31m"
            assert row.next_attempt_at is not None
            waits.append(round((row.next_attempt_at - datetime.now(UTC)).total_seconds() / 60))
            assert send(engines) == (0, True)  # not before its time
            touch(engines, next_attempt_at=None)
        assert waits == [1, 5, 30, 120, 480]
        send(engines)
        assert states(engines) == [M.FAILED]
        touch(engines, state=M.WAITING)
        handler.on_data = lambda _number: None
        send(engines)
        assert handler.messages[0]["Message-ID"] == f"<{name}@example.org>"

    @pytest.mark.parametrize(
        ("answer", "state"), [("550 no such user", M.FAILED), ("450 busy", M.WAITING)]
    )
    def test_only_a_refusal_for_good_ends_it(
        self, engines: Engines, handler: Handler, answer: str, state: MailState
    ) -> None:
        invite(engines, "Amina", "Bashir")
        handler.on_rcpt = lambda address: answer if address.startswith("person0") else None
        assert send(engines) == (1, True)
        assert states(engines) == [state, M.SENT]
        assert rows(engines)[0].problem.endswith(answer)

    def test_a_line_that_breaks_while_the_text_goes_over_leaves_it_uncertain(
        self, engines: Engines, handler: Handler
    ) -> None:
        invite(engines, "Amina", "Bashir")
        handler.on_data = lambda number: "hang up" if number == 0 and not tried else None
        tried: list[int] = []
        original = handler.on_data

        def once(number: int) -> str | None:
            answer = original(number)
            tried.append(number)
            return answer

        handler.on_data = once
        assert send(engines) == (1, True)
        assert states(engines) == [M.UNCERTAIN, M.SENT]
        assert send(engines) == (0, True)
        assert len(handler.raw) == 1

    def test_a_server_that_is_away_costs_no_message_its_turns(
        self, engines: Engines, use: Callable[[str], None]
    ) -> None:
        invite(engines, "Amina", "Bashir")
        use(f"smtp://127.0.0.1:{processes.free_port()}")
        assert send(engines) == (0, False)
        assert [(row.state, row.attempts) for row in rows(engines)] == [
            (M.WAITING, 1),
            (M.WAITING, 0),
        ]
        assert rows(engines)[0].problem.startswith("no_answer ")


class TestEncryption:
    @pytest.fixture
    def certificate(self, tmp_path: Path) -> mail.Certificate:
        return mail.certificate(tmp_path)

    @pytest.mark.parametrize("scheme", ["smtp", "smtps"])
    @pytest.mark.parametrize("trusted", [True, False])
    def test_a_certificate_that_nobody_vouches_for_is_refused(
        self,
        engines: Engines,
        handler: Handler,
        use: Callable[[str], None],
        certificate: mail.Certificate,
        monkeypatch: pytest.MonkeyPatch,
        scheme: str,
        trusted: bool,
    ) -> None:
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
        options = (
            {"ssl_context": certificate.context}
            if scheme == "smtps"
            else {"tls_context": certificate.context, "require_starttls": True}
        )
        found = Server(handler, **options)
        found.start()
        try:
            use(found.url(scheme))
            invite(engines, "Amina")
            assert send(engines) == ((1, True) if trusted else (0, False))
        finally:
            found.stop()
        row = rows(engines)[0]
        assert (row.state, len(handler.raw)) == ((M.SENT, 1) if trusted else (M.WAITING, 0))
        if not trusted:
            assert row.problem == "not_trusted self-signed certificate"

    def test_a_server_without_tls_gets_nothing(
        self,
        engines: Engines,
        handler: Handler,
        server: Server,
        use: Callable[[str], None],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """The name is another machine's; it leads here for the test alone."""
        lookup = socket.getaddrinfo
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda _host, *rest, **kw: lookup("127.0.0.1", *rest, **kw)
        )
        use(f"smtp://mail.example.org:{server.port}")
        invite(engines, "Amina")
        assert send(engines) == (0, False)
        assert (rows(engines)[0].problem, handler.raw) == ("not_encrypted", [])
        touch(engines, next_attempt_at=None)
        use(f"smtp+plain://mail.example.org:{server.port}")
        assert send(engines) == (1, True)

    @pytest.mark.parametrize("password", ["p@ss/word", "wrong"])
    def test_user_and_password_are_shown_to_the_encrypted_server_alone(
        self,
        engines: Engines,
        handler: Handler,
        use: Callable[[str], None],
        certificate: mail.Certificate,
        monkeypatch: pytest.MonkeyPatch,
        password: str,
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
        found = Server(
            handler,
            tls_context=certificate.context,
            require_starttls=True,
            auth_required=True,
            authenticator=mail.opens_to("halqa@example.org", "p@ss/word"),
        )
        found.start()
        try:
            encoded = password.replace("@", "%40").replace("/", "%2F")
            use(found.url(who=f"halqa%40example.org:{encoded}@"))
            invite(engines, "Amina")
            right = password != "wrong"
            assert send(engines) == ((1, True) if right else (0, False))
        finally:
            found.stop()
        problem = rows(engines)[0].problem
        assert problem == "" if right else problem.startswith("not_signed_in 535 ")
        assert password not in problem


@pytest.mark.usefixtures("ready")
class TestClaims:
    def test_two_workers_send_each_message_once(self, engines: Engines, handler: Handler) -> None:
        invite(engines, *(f"Person {n}" for n in range(24)))
        with ThreadPoolExecutor(4) as pool:
            counts = [each[0] for each in pool.map(lambda _: send(engines), range(4))]
        assert sum(counts) == len(handler.raw) == 24
        assert len({message["Message-ID"] for message in handler.messages}) == 24
        assert set(states(engines)) == {M.SENT}

    def test_what_was_claimed_and_never_marked_is_uncertain(
        self, engines: Engines, handler: Handler
    ) -> None:
        invite(engines, "Amina", "Bashir")
        claimed = mailer.claim(engines)
        assert claimed is not None
        assert states(engines) == [M.SENDING, M.WAITING]
        assert mailer.recover(engines, older_than=mailer.CLAIM_LIMIT) == 0
        assert mailer.recover(engines) == 1
        assert send(engines) == (1, True)
        assert states(engines) == [M.UNCERTAIN, M.SENT]
        assert [message["To"] for message in handler.messages] == ["Bashir <person1@example.org>"]

    def test_a_worker_that_was_only_slow_still_marks_its_message(self, engines: Engines) -> None:
        invite(engines, "Amina")
        claimed = mailer.claim(engines)
        assert claimed is not None
        mailer.recover(engines)
        mailer.finish(engines, claimed, smtp.Result("sent"))
        assert states(engines) == [M.SENT]

    def test_a_worker_never_marks_what_somebody_took_in_hand(self, engines: Engines) -> None:
        invite(engines, "Amina")
        claimed = mailer.claim(engines)
        assert claimed is not None
        touch(engines, state=M.WAITING, claimed_at=None)
        mailer.finish(engines, claimed, smtp.Result("refused", "recipient_refused 550 no"))
        assert states(engines) == [M.WAITING]

    @pytest.mark.parametrize("status", [S.WITHDRAWN, S.DECLINED, S.PROPOSED])
    def test_what_is_no_longer_true_is_not_sent(
        self, engines: Engines, handler: Handler, status: InvitationStatus
    ) -> None:
        invite(engines, "Amina", "Bashir")
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            session.exec(select(work.Invitation)).first().status = status  # type: ignore[union-attr]
        assert send(engines) == (1, True)
        assert (states(engines), len(handler.raw)) == ([M.CANCELLED, M.SENT], 1)

    def test_the_address_of_today_is_written_to(self, engines: Engines, handler: Handler) -> None:
        invite(engines, "Amina")
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            for person in session.exec(select(Stakeholder)):
                person.email = "new@example.org"
        send(engines)
        assert handler.envelopes[0].rcpt_tos == ["new@example.org"]


def test_the_worker_of_the_server_looks_after_it_all(
    engines: Engines, ready: Server, handler: Handler
) -> None:
    assert ready
    worker = mailer.Worker(engines)
    invite(engines, "Amina", "Bashir")
    mailer.claim(engines)
    assert worker.tend() == 1
    assert states(engines) == [M.UNCERTAIN, M.SENT]
    assert worker.tend() == 0
    assert len(handler.raw) == 1


def test_an_idle_worker_reads_one_row_and_writes_nothing(engines: Engines, ready: Server) -> None:
    assert ready
    worker = mailer.Worker(engines)
    worker.tend()
    with statements.seen(engines.read) as seen:
        worker.tend()
    assert [each.split()[0] for each in seen if each != "BEGIN"] == ["SELECT"]


def test_without_a_mail_server_nothing_is_claimed(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HALQA_SMTP_URL", raising=False)
    settings.current.cache_clear()
    invite(engines, "Amina")
    touch(engines, state=M.WAITING)
    assert mailer.Worker(engines).tend() == 0
    assert states(engines) == [M.WAITING]


class TestFromTheTerminal:
    @pytest.fixture
    def installation(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engines]:
        url = f"sqlite:///{tmp_path / 'halqa.sqlite3'}"
        monkeypatch.setenv("HALQA_DATABASE_URL", url)
        monkeypatch.setenv("HALQA_DATA_DIR", str(tmp_path))
        settings.current.cache_clear()
        engines = connect(url)
        migrate.upgrade(engines.write)
        yield engines
        engines.dispose()

    def test_it_sends_once_and_says_how_much(
        self,
        installation: Engines,
        ready: Server,
        handler: Handler,
        use: Callable[[str], None],
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        assert ready
        invite(installation, "Amina", "Bashir")
        assert main(["send-mail"]) == 0
        assert (capsys.readouterr().out, len(handler.raw)) == ("2 messages sent.\n", 2)
        touch(installation, state=M.WAITING)
        use(f"smtp://127.0.0.1:{processes.free_port()}")
        assert main(["send-mail"]) == 1
        assert "not reached" in capsys.readouterr().err

    def test_killed_between_claim_and_answer_it_leaves_the_message_uncertain(
        self, installation: Engines, ready: Server, handler: Handler
    ) -> None:
        assert ready
        invite(installation, "Amina", "Bashir")
        program = (
            "import os, signal\n"
            "from db import smtp\n"
            "smtp.Connection.send = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
            "from db.__main__ import main\n"
            "main(['send-mail'])\n"
        )
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
        assert done.returncode == -signal.SIGKILL
        assert states(installation) == [M.SENDING, M.WAITING]
        assert main(["send-mail"]) == 0
        assert states(installation) == [M.UNCERTAIN, M.SENT]
        assert main(["send-mail"]) == 0
        assert len(handler.raw) == 1
