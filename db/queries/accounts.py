"""Reading users and their login sessions."""

import hashlib
from typing import Any

from sqlmodel import Session, col, select

from convening.accounts import SignedIn, fold_email
from convening.roles import Actor
from convening.text import clean
from convening.vocabulary import Language, Role, Theme
from db.base import now
from db.tables.accounts import LoginSession, TeamMembership, User, UserRole

_NO_HASH = ""  # the login form's library gets none to look at


def signed_in(session: Session, login_session_id: int) -> SignedIn | None:
    """The user of a login session that still lives, with the roles and teams of this moment."""
    found = session.exec(
        select(LoginSession, User)
        .join(User, LoginSession.user_id == User.id)  # type: ignore[arg-type]
        .where(LoginSession.id == login_session_id)
    ).first()
    if found is None:
        return None
    login, user = found
    if login.ended_at is not None or login.expires_at <= now() or not user.active:
        return None
    return SignedIn(
        session_id=login.key,
        name=user.name,
        email=user.email,
        language=Language(user.language),
        theme=Theme(user.theme),
        actor=actor(session, user.key),
        version=user.version,
    )


def login_session_of(session: Session, token: str) -> int | None:
    """The id of the living login session whose browser holds this token."""
    found = session.exec(
        select(LoginSession.id)
        .join(User, LoginSession.user_id == User.id)  # type: ignore[arg-type]
        .where(
            LoginSession.token_hash == hashlib.sha256(token.encode("utf-8", "replace")).hexdigest(),
            col(LoginSession.ended_at).is_(None),
            LoginSession.expires_at > now(),
            col(User.active),
        )
    ).first()
    return found


def credentials(session: Session, email: str) -> dict[str, Any] | None:
    """What the login form's library reads of an account that has signed in."""
    user = session.exec(select(User).where(User.email == fold_email(clean(email)))).first()
    if user is None:
        return None
    roles = session.exec(select(UserRole.role).where(UserRole.user_id == user.key)).all()
    return {
        "email": user.email,
        "name": user.name,
        "roles": list(roles),
        "password": _NO_HASH,
    }


def nobody(session: Session) -> bool:
    """Whether there is no user yet, so that the first administrator is to be made."""
    return session.exec(select(User.id).limit(1)).first() is None


def actor(session: Session, user_id: int) -> Actor:
    """The user's roles and teams."""
    roles = session.exec(select(UserRole.role).where(UserRole.user_id == user_id)).all()
    teams = session.exec(
        select(TeamMembership.initiative_id, TeamMembership.manages).where(
            TeamMembership.user_id == user_id
        )
    ).all()
    return Actor(user_id, frozenset(Role(role) for role in roles), dict(teams))


def first_administrator(session: Session) -> Actor | None:
    """The longest-standing active administrator, for what is started from a terminal."""
    found = session.exec(
        select(User.id)
        .join(UserRole, col(UserRole.user_id) == col(User.id))
        .where(col(User.active), UserRole.role == Role.ADMINISTRATOR.value)
        .order_by(col(User.id))
    ).first()
    return None if found is None else actor(session, found)
