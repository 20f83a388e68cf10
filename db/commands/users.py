"""What administrators do with accounts: invite, change, deactivate, end sessions, make links."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from convening.accounts import LINK_DAYS, AccountDraft, NewLink, check_identity
from convening.problems import ConveningError, Invalid, NotFound, Problem
from convening.roles import Action, Actor, require
from convening.vocabulary import LinkPurpose, MailKind, Role
from db import audit, letters, tokens
from db.base import now
from db.commands import login, versions
from db.tables.accounts import AccountLink, User, UserRole


def invite_user(session: Session, actor: Actor, draft: AccountDraft) -> NewLink:
    """A new account that cannot sign in yet, and the link by which its owner sets a password."""
    require(actor, Action.MANAGE_ACCOUNTS)
    name, email = _checked(session, draft)
    user = User(email=email, name=name, language=draft.language)
    session.add(user)
    _flush(session)
    for role in sorted(draft.roles):
        session.add(UserRole(user_id=user.key, role=role))
    session.flush()
    _record(session, actor, "invite_user", user, roles=sorted(draft.roles))
    return _new_link(session, actor, user)


def edit_user(session: Session, actor: Actor, draft: AccountDraft) -> int:
    """Changes name, address and roles; the last administrator keeps that role."""
    require(actor, Action.MANAGE_ACCOUNTS)
    able = _able_administrators(session)
    user = _locked(session, draft.id)
    name, email = _checked(session, draft)
    versions.check(user, draft.version)
    had = set(session.exec(select(UserRole.role).where(UserRole.user_id == user.key)))
    if Role.ADMINISTRATOR in had - draft.roles:
        _check_another(able, user)
    changed = [
        field
        for field, value in (("name", name), ("email", email))
        if getattr(user, field) != value
    ]
    user.name, user.email = name, email
    session.add(user)
    _flush(session)
    added, removed = sorted(draft.roles - had), sorted(had - draft.roles)
    for row in session.exec(
        select(UserRole).where(UserRole.user_id == user.key, col(UserRole.role).in_(removed))
    ):
        session.delete(row)
    for role in added:
        session.add(UserRole(user_id=user.key, role=role))
    session.flush()
    _record(
        session,
        actor,
        "edit_user",
        user,
        changed=changed,
        roles_added=added,
        roles_removed=removed,
    )
    return user.key


def deactivate_user(session: Session, actor: Actor, user_id: int) -> int:
    """Shuts an account: every session ends at once, and links stop working."""
    require(actor, Action.MANAGE_ACCOUNTS)
    able = _able_administrators(session)
    user = _locked(session, user_id)
    if user.key in able:
        _check_another(able, user)
    user.active = False
    session.add(user)
    login.end_sessions_of(session, user.key)
    _void_links(session, user.key)
    _record(session, actor, "deactivate_user", user)
    return user.key


def reactivate_user(session: Session, actor: Actor, user_id: int) -> int:
    """Opens an account again; its owner signs in with the password of before."""
    require(actor, Action.MANAGE_ACCOUNTS)
    user = _locked(session, user_id)
    user.active = True
    session.add(user)
    _record(session, actor, "reactivate_user", user)
    return user.key


def end_sessions(session: Session, actor: Actor, user_id: int) -> int:
    """Signs a user out everywhere."""
    require(actor, Action.MANAGE_ACCOUNTS)
    user = _locked(session, user_id)
    login.end_sessions_of(session, user.key)
    _record(session, actor, "end_sessions", user)
    return user.key


def make_link(session: Session, actor: Actor, user_id: int) -> NewLink:
    """A fresh single-use link with which a user sets a password; earlier ones stop working."""
    require(actor, Action.MANAGE_ACCOUNTS)
    user = _locked(session, user_id)
    if not user.active:
        raise ConveningError("user_not_active")
    return _new_link(session, actor, user)


def _new_link(session: Session, actor: Actor, user: User) -> NewLink:
    _void_links(session, user.key)
    purpose = LinkPurpose.PASSWORD if user.password_hash else LinkPurpose.INVITE
    linked = tokens.new()
    link = AccountLink(
        token_hash=linked.token_hash,
        user_id=user.key,
        purpose=purpose,
        made_by_id=actor.user_id,
        expires_at=now() + timedelta(days=LINK_DAYS),
    )
    session.add(link)
    session.flush()
    _record(session, actor, "make_link", user, purpose=purpose)
    kind = MailKind.PASSWORD if purpose is LinkPurpose.PASSWORD else MailKind.ACCOUNT
    letters.write_account(session, user, kind, linked.salt)
    return NewLink(user.key, linked.token, purpose, link.expires_at)


def _void_links(session: Session, user_id: int) -> None:
    session.execute(
        update(AccountLink)
        .where(col(AccountLink.user_id) == user_id, col(AccountLink.used_at).is_(None))
        .values(used_at=now())
    )


def _checked(session: Session, draft: AccountDraft) -> tuple[str, str]:
    name, email, problems = check_identity(draft.name, draft.email)
    if not draft.roles:
        problems.append(Problem("required", field="roles"))
    others = select(User.id).where(User.email == email, User.id != draft.id)
    if email and session.exec(others).first() is not None:
        problems.append(_email_taken())
    if problems:
        raise Invalid(problems)
    return name, email


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:  # somebody else took the address in this very moment
        raise Invalid([_email_taken()]) from error


def _email_taken() -> Problem:
    return Problem("email_taken", field="email")


def _locked(session: Session, user_id: int | None) -> User:
    query = select(User).where(User.id == user_id).with_for_update()
    user = session.exec(query).first()
    if user is None:
        raise NotFound("user")
    return user


def _able_administrators(session: Session) -> set[int | None]:
    """The administrators who can sign in, locked before any other account is: two who take the
    role from each other wait for one another, and always in the same order."""
    query = (
        select(User.id)
        .join(UserRole, col(UserRole.user_id) == col(User.id))
        .where(
            UserRole.role == Role.ADMINISTRATOR,
            col(User.active).is_(True),
            col(User.password_hash).is_not(None),
        )
        .order_by(col(User.id))
        .with_for_update()
    )
    return set(session.exec(query))


def _check_another(able: set[int | None], user: User) -> None:
    if able <= {user.key}:
        raise ConveningError("last_administrator")


def _record(session: Session, actor: Actor, action: str, user: User, **details: Any) -> None:
    audit.record(session, actor.user_id, action, subject="user", subject_id=user.key, **details)
