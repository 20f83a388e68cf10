"""What users do with their own account: profile, password, sessions."""

from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from convening import passwords
from convening.accounts import NAME_LENGTH, ProfileDraft
from convening.fields import checked
from convening.problems import ConveningError, Invalid, NotFound, Problem
from convening.roles import Actor
from db import audit
from db.base import now
from db.commands import login, versions
from db.tables.accounts import AccountLink, LoginSession, User


def edit_profile(session: Session, actor: Actor, draft: ProfileDraft) -> int:
    """Changes the user's own name, language and theme."""
    user = _own(session, actor)
    problems: list[Problem] = []
    name = checked(draft.name, "name", problems, longest=NAME_LENGTH, required=True)
    if problems:
        raise Invalid(problems)
    versions.check(user, draft.version)
    values = {"name": name, "language": draft.language.value, "theme": draft.theme.value}
    changed = [field for field, value in values.items() if getattr(user, field) != value]
    for field in changed:
        setattr(user, field, values[field])
    session.add(user)
    _record(session, actor.user_id, "edit_profile", changed=changed)
    return user.key


def change_password(
    session: Session, actor: Actor, old: str, new: str, login_session_id: int | None
) -> int:
    """A new password for whoever knows the old one; all other sessions end."""
    user = _own(session, actor)
    if user.password_hash is None or not passwords.check(old, user.password_hash):
        raise Invalid([Problem("password_wrong", field="old_password")])
    problems = passwords.problems(new, user.email, user.name)
    if not problems and passwords.normal(old) == passwords.normal(new):
        problems = [Problem("password_same", field="password")]
    if problems:
        raise Invalid(problems)
    _set_password(session, user, new)
    login.end_sessions_of(session, user.key, except_session_id=login_session_id)
    _record(session, user.key, "change_password")
    return user.key


def set_password_by_link(session: Session, token: str, password: str) -> int:
    """Uses up a link: its user gets this password, and every session that was open ends."""
    link = session.exec(
        select(AccountLink)
        .where(AccountLink.token_hash == login.token_hash(token))
        .with_for_update()
    ).first()
    if link is None or link.used_at is not None or link.expires_at <= now():
        raise ConveningError("link_not_open")
    user = session.get(User, link.user_id, with_for_update=True)
    if user is None or not user.active:
        raise ConveningError("link_not_open")
    problems = passwords.problems(password, user.email, user.name)
    if problems:
        raise Invalid(problems)
    _set_password(session, user, password)
    login.end_sessions_of(session, user.key)
    login.forget_failures(session, user.email)
    _record(session, user.key, "use_link", purpose=link.purpose)
    return user.key


def end_own_session(session: Session, actor: Actor, login_session_id: int) -> int:
    """Signs the user out in one other browser; NotFound when it is not one of theirs."""
    found = session.exec(
        select(LoginSession).where(
            LoginSession.id == login_session_id,
            LoginSession.user_id == actor.user_id,
            col(LoginSession.ended_at).is_(None),
        )
    ).first()
    if found is None:
        raise NotFound("session")
    found.ended_at = now()
    session.add(found)
    _record(session, actor.user_id, "end_own_session")
    return found.key


def end_other_sessions(session: Session, actor: Actor, login_session_id: int) -> int:
    """Signs the user out in every browser but this one."""
    login.end_sessions_of(session, actor.user_id, except_session_id=login_session_id)
    _record(session, actor.user_id, "end_other_sessions")
    return login_session_id


def _set_password(session: Session, user: User, password: str) -> None:
    """Links that are still open stop working with the old password."""
    user.password_hash = passwords.hash(password)
    session.add(user)
    session.execute(
        update(AccountLink)
        .where(col(AccountLink.user_id) == user.key, col(AccountLink.used_at).is_(None))
        .values(used_at=now())
    )


def _own(session: Session, actor: Actor) -> User:
    user = session.get(User, actor.user_id, with_for_update=True)
    if user is None:
        raise NotFound("user")
    return user


def _record(session: Session, user_id: int, action: str, **details: Any) -> None:
    audit.record(session, user_id, action, subject="user", subject_id=user_id, **details)
