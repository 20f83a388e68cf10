"""Reading users and their login sessions."""

import hashlib
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from convening.accounts import SignedIn, fold_email
from convening.roles import Actor
from convening.text import clean
from convening.vocabulary import Language, Role, Theme
from db.base import UtcDateTime, columns, now
from db.tables.accounts import LoginSession, TeamMembership, User, UserRole

_NO_HASH = ""  # the login form's library gets none to look at

# Asked before whatever else is read, so these are made once and read no objects.
_login, _user = columns(LoginSession), columns(User)
_role, _team = columns(UserRole), columns(TeamMembership)
_LIVING = (
    sa.select(_user.id, _user.name, _user.email, _user.language, _user.theme, _user.version)
    .add_columns(_login.id.label("session_id"))
    .join_from(_login.id.table, _user.id.table, _login.user_id == _user.id)
    .where(
        _login.ended_at.is_(None),
        _login.expires_at > sa.bindparam("now", type_=UtcDateTime),
        _user.active,
    )
)
_BY_ID = _LIVING.where(_login.id == sa.bindparam("login_session_id"))
_BY_TOKEN = _LIVING.where(_login.token_hash == sa.bindparam("token_hash"))
_ROLES = sa.select(_role.role).where(_role.user_id == sa.bindparam("user_id"))
_TEAMS = sa.select(_team.initiative_id, _team.manages).where(
    _team.user_id == sa.bindparam("user_id")
)


def signed_in(session: Session, login_session_id: int) -> SignedIn | None:
    """The user of a login session that still lives, with the roles and teams of this moment."""
    found = session.execute(_BY_ID, {"login_session_id": login_session_id, "now": now()}).first()
    if found is None:
        return None
    return SignedIn(
        session_id=found.session_id,
        name=found.name,
        email=found.email,
        language=Language(found.language),
        theme=Theme(found.theme),
        actor=actor(session, found.id),
        version=found.version,
    )


def login_session_of(session: Session, token: str) -> int | None:
    """The id of the living login session whose browser holds this token."""
    token_hash = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
    found = session.execute(_BY_TOKEN, {"token_hash": token_hash, "now": now()}).first()
    return None if found is None else found.session_id


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
    roles = session.execute(_ROLES, {"user_id": user_id}).scalars()
    teams: dict[int, bool] = dict(session.execute(_TEAMS, {"user_id": user_id}).all())  # type: ignore[arg-type]
    return Actor(user_id, frozenset(Role(role) for role in roles), teams)


def first_administrator(session: Session) -> Actor | None:
    """The longest-standing active administrator, for what is started from a terminal."""
    found = session.exec(
        select(User.id)
        .join(UserRole, col(UserRole.user_id) == col(User.id))
        .where(col(User.active), UserRole.role == Role.ADMINISTRATOR.value)
        .order_by(col(User.id))
    ).first()
    return None if found is None else actor(session, found)
