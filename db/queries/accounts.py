"""Reading users and their login sessions."""

from sqlmodel import Session, select

from convening.accounts import SignedIn
from convening.roles import Actor
from convening.vocabulary import Language, Role, Theme
from db.base import now
from db.tables.accounts import LoginSession, TeamMembership, User, UserRole


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
    )


def actor(session: Session, user_id: int) -> Actor:
    """The user's roles and teams."""
    roles = session.exec(select(UserRole.role).where(UserRole.user_id == user_id)).all()
    teams = session.exec(
        select(TeamMembership.initiative_id, TeamMembership.manages).where(
            TeamMembership.user_id == user_id
        )
    ).all()
    return Actor(user_id, frozenset(Role(role) for role in roles), dict(teams))
