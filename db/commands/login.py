"""Signing in: lockout with back-off, tickets, and the login sessions that they become.

A password is checked outside of any transaction, because bcrypt takes a quarter of a second and
SQLite has one writer: ``begin_attempt``, then ``convening.passwords.check``, then
``finish_attempt``; ``authenticate`` does the three. A failure is counted before the check and
taken back on success, so that guesses sent at once count like guesses sent in turn.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from convening import passwords, settings
from convening.problems import ConveningError, Invalid, NotFound
from convening.text import clean
from convening.vocabulary import Language, Theme
from db import audit, transaction
from db.base import now
from db.engine import Engines
from db.tables.accounts import LoginAttempt, LoginSession, LoginTicket, User

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
KEEP = timedelta(days=30)  # takes the place of both when the person asked to stay signed in
TICKET_LIFE = timedelta(seconds=30)
TOUCH_EVERY = timedelta(minutes=1)  # a renewal within it is not written

FREE_FAILURES = 5  # of one account
FREE_FAILURES_OF_ADDRESS = 50  # a whole venue shares one address
FIRST_LOCK = timedelta(seconds=30)  # doubles with every further failure
LONGEST_LOCK = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Attempt:
    """A guess that is being checked; ``user_id`` is None for an account that cannot sign in."""

    user_id: int | None
    password_hash: str
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class NewLogin:
    """What the browser is to keep; ``token`` stands nowhere else."""

    token: str
    lasts: timedelta | None
    language: Language
    theme: Theme


def authenticate(engines: Engines, email: str, password: str, address: str) -> int | None:
    """The id of the user whose password this is, None when it is nobody's.

    Raises ConveningError ``login_locked`` (params ``count``, the minutes, rounded up) while the
    account or the address has to wait. All answers but this one take the same time.
    """
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        attempt = begin_attempt(session, email, address)
    ok = passwords.check(password, attempt.password_hash) and attempt.user_id is not None
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        finish_attempt(session, attempt, ok)
    return attempt.user_id if ok else None


def begin_attempt(session: Session, email: str, address: str) -> Attempt:
    """Counts a failure of the account and of the address, which ``finish_attempt`` takes back."""
    folded = clean(email).lower()
    subjects = (_keyed(f"account:{folded}"), _keyed(f"address:{address}"))
    free = (FREE_FAILURES, FREE_FAILURES_OF_ADDRESS)
    rows = [_row(session, subject) for subject in subjects]
    waits = [row.locked_until - now() for row in rows if row.locked_until is not None]
    wait = max(waits, default=timedelta(0))
    if wait > timedelta(0):
        raise ConveningError("login_locked", count=-(-wait // timedelta(minutes=1)))
    for row, allowed in zip(rows, free, strict=True):
        _count(row, allowed)
    user = session.exec(select(User).where(User.email == folded)).first()
    if user is None or not user.active or user.password_hash is None:
        return Attempt(None, passwords.DUMMY_HASH, subjects)
    return Attempt(user.key, user.password_hash, subjects)


def finish_attempt(session: Session, attempt: Attempt, ok: bool) -> None:
    """After the right password the account starts from nothing, the address loses this failure."""
    account, address = (_row(session, subject) for subject in attempt.subjects)
    if not ok:
        if attempt.user_id is not None and account.failures == FREE_FAILURES:
            audit.record(session, None, "login_locked", subject="user", subject_id=attempt.user_id)
        return
    account.failures, account.locked_until = 0, None
    address.failures = max(0, address.failures - 1)
    if address.failures < FREE_FAILURES_OF_ADDRESS:
        address.locked_until = None


def make_ticket(session: Session, user_id: int, *, keep: bool = False) -> str:
    """A single-use ticket of 30 seconds, to be posted to the route that sets the cookie."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(LoginTicket).where(col(LoginTicket.expires_at) < now() - ABSOLUTE))
    session.add(
        LoginTicket(
            token_hash=token_hash(token), user_id=user_id, keep=keep, expires_at=now() + TICKET_LIFE
        )
    )
    return token


def redeem_ticket(session: Session, ticket: str) -> NewLogin | None:
    """Begins a login session; None for a ticket that is used, too old or made up."""
    found = session.exec(
        select(LoginTicket, User)
        .join(User, LoginTicket.user_id == User.id)  # type: ignore[arg-type]
        .where(
            LoginTicket.token_hash == token_hash(ticket),
            col(LoginTicket.used_at).is_(None),
            LoginTicket.expires_at > now(),
            col(User.active),
        )
        .with_for_update()
    ).first()
    if found is None:
        return None
    row, user = found
    row.used_at = now()
    return begin_session(session, user, keep=row.keep)


def begin_session(session: Session, user: User, *, keep: bool = False) -> NewLogin:
    """A login session of the user, from now."""
    token = secrets.token_urlsafe(32)
    at = now()
    login = LoginSession(
        token_hash=token_hash(token),
        user_id=user.key,
        keep=keep,
        created_at=at,
        last_active_at=at,
        expires_at=_deadline(at, at, keep),
    )
    session.add(login)
    session.flush()
    audit.record(session, user.key, "sign_in", subject="login_session", subject_id=login.key)
    return NewLogin(token, KEEP if keep else None, Language(user.language), Theme(user.theme))


def touch(session: Session, login_session_id: int) -> None:
    """Renews the idle time after something that a person did; an ended session stays ended."""
    login = session.get(LoginSession, login_session_id)
    at = now()
    if login is None or login.ended_at is not None or login.expires_at <= at:
        return
    if at - login.last_active_at >= TOUCH_EVERY:
        login.last_active_at = at
        login.expires_at = _deadline(login.created_at, at, login.keep)
        session.add(login)


def end_session(session: Session, login_session_id: int) -> None:
    """Signs a browser out."""
    login = session.get(LoginSession, login_session_id)
    if login is not None and login.ended_at is None:
        login.ended_at = now()
        session.add(login)
        audit.record(
            session, login.user_id, "sign_out", subject="login_session", subject_id=login.key
        )


def end_sessions_of(session: Session, user_id: int, except_session_id: int | None = None) -> None:
    """Signs a user out everywhere, but for the one login session that asks for it."""
    statement = update(LoginSession).where(
        col(LoginSession.user_id) == user_id, col(LoginSession.ended_at).is_(None)
    )
    if except_session_id is not None:
        statement = statement.where(col(LoginSession.id) != except_session_id)
    session.execute(statement.values(ended_at=now()))
    session.execute(delete(LoginTicket).where(col(LoginTicket.user_id) == user_id))


def forget_old(session: Session) -> None:
    """Deletes login sessions and counted failures that matter no more."""
    session.execute(delete(LoginSession).where(col(LoginSession.expires_at) < now() - KEEP))
    session.execute(
        delete(LoginAttempt).where(col(LoginAttempt.last_failed_at) < now() - FORGOTTEN_AFTER)
    )


def reset_password(session: Session, email: str, password: str) -> None:
    """Sets a password from the terminal and signs the user out everywhere."""
    folded = clean(email).lower()
    user = session.exec(select(User).where(User.email == folded)).first()
    if user is None:
        raise NotFound("user")
    if found := passwords.problems(password, user.email, user.name):
        raise Invalid(found)
    user.password_hash = passwords.hash(password)
    user.version += 1
    end_sessions_of(session, user.key)
    forget_failures(session, folded)
    audit.record(session, None, "reset_password", subject="user", subject_id=user.key)


def forget_failures(session: Session, email: str) -> None:
    """Lets an account try again at once, after its password was set anew."""
    subject = _keyed(f"account:{email.strip().lower()}")
    session.execute(delete(LoginAttempt).where(col(LoginAttempt.subject) == subject))


def token_hash(token: str) -> str:
    """What is stored of a random token: reading the database gives nobody a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _deadline(began: datetime, active: datetime, keep: bool) -> datetime:
    return began + KEEP if keep else min(active + IDLE, began + ABSOLUTE)


def _keyed(subject: str) -> str:
    key = settings.current().derive("login attempts")
    return hmac.new(key.encode(), subject.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _row(session: Session, subject: str) -> LoginAttempt:
    statement = select(LoginAttempt).where(LoginAttempt.subject == subject).with_for_update()
    row = session.exec(statement).first()
    if row is None:
        row = LoginAttempt(subject=subject, last_failed_at=now())
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # two first guesses at once: the other one made the row
            row = session.exec(statement).one()
    return row


def _count(row: LoginAttempt, free: int) -> None:
    at = now()
    if at - row.last_failed_at > FORGOTTEN_AFTER:
        row.failures = 0
    row.failures += 1
    row.last_failed_at = at
    if row.failures >= free:
        doubled = FIRST_LOCK * 2 ** min(row.failures - free, 10)
        row.locked_until = at + min(doubled, LONGEST_LOCK)
