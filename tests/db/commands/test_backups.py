"""What belongs to a restore: logins end, messages wait for a person, the erased stay erased."""

from pathlib import Path

from sqlmodel import Session, col, select

from convening.vocabulary import MailState
from db import audit, backup, backup_folder, erasure, transaction
from db.commands import backups, login
from db.engine import Engines
from db.tables.accounts import AccountLink, AuditEvent, LoginSession, User
from db.tables.community import Stakeholder
from db.tables.mail import OutboxEmail
from tests.db import erased


def restore(engines: Engines, path: Path, email: str = "") -> None:
    found = backup.inspected(path)
    backup.restore(engines, path, conclude=backups.concluding(found, email))


def test_every_login_and_every_link_for_a_password_ends(
    installation: Engines, tmp_path: Path
) -> None:
    traces = erased.leave(installation)
    with transaction.writing(installation, actor_id=None, journalled=False) as session:
        user = session.get_one(User, traces.alice.user_id)
        login.begin_session(session, user)
        session.add(
            AccountLink(
                token_hash="x",
                user_id=user.key,
                purpose="new_password",
                expires_at=user.created_at,
            )
        )
    backup.write(installation, tmp_path / "a.halqa.zip")
    restore(installation, tmp_path / "a.halqa.zip")
    with Session(installation.read) as session:
        assert session.exec(select(LoginSession)).all() == []
        assert session.exec(select(AccountLink)).all() == []


def test_a_message_that_waited_is_not_sent_by_itself(installation: Engines, tmp_path: Path) -> None:
    with transaction.writing(installation, actor_id=None, journalled=False) as session:
        session.add_all(OutboxEmail(kind="invitation", state=each) for each in MailState)
    backup.write(installation, tmp_path / "a.halqa.zip")
    restore(installation, tmp_path / "a.halqa.zip")
    with Session(installation.read) as session:
        found = session.exec(select(OutboxEmail.state).order_by(col(OutboxEmail.id))).all()
    assert found == [
        "uncertain" if each in ("waiting", "sending") else each.value for each in MailState
    ]


def test_the_log_says_who_restored_and_what_was_lost(installation: Engines, tmp_path: Path) -> None:
    traces = erased.leave(installation)
    backup.write(installation, tmp_path / "a.halqa.zip")
    with transaction.writing(installation, actor_id=None, journalled=False) as session:
        audit.record(session, None, "later")
        lost = session.exec(select(AuditEvent).where(AuditEvent.action == "later")).one()
    restore(installation, tmp_path / "a.halqa.zip", "alice@example.org")
    with Session(installation.read) as session:
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "restore_backup")).one()
        assert audit.first_broken(session) is None
    assert event.actor_id == traces.alice.user_id
    assert (event.details["log_ended_at"], event.details["seal"]) == (lost.id, lost.hash)
    assert event.details["erased_again"] == 0


def test_whoever_was_erased_since_is_erased_again(installation: Engines, tmp_path: Path) -> None:
    """From a backup that was taken away before, where no erasure reaches."""
    traces = erased.leave(installation)
    backup.write(installation, tmp_path / "away.halqa.zip")
    erasure.person(installation, traces.alice, tmp_path / "folder", traces.person_id, in_texts=True)
    restore(installation, tmp_path / "away.halqa.zip")
    with Session(installation.read) as session:
        assert session.get(Stakeholder, traces.person_id) is None
        assert session.get_one(Stakeholder, traces.friend_id).note == "Came with […], twice."
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "restore_backup")).one()
    assert event.details["erased_again"] == 1


def test_a_backup_of_another_database_erases_nobody(
    installation: Engines, installed: object, tmp_path: Path
) -> None:
    """There the same number is somebody else."""
    assert callable(installed)
    traces = erased.leave(installation)
    other = installed("sqlite")
    erased.leave(other)
    with transaction.writing(other, actor_id=None, journalled=False) as session:
        audit.record(session, None, "elsewhere")
    made = backup_folder.add(other, tmp_path / "other", keep=1)
    erasure.person(installation, traces.alice, tmp_path / "folder", traces.person_id, in_texts=True)
    restore(installation, tmp_path / "other" / made.name)
    with Session(installation.read) as session:
        assert session.get_one(Stakeholder, traces.person_id).name == erased.NAME
