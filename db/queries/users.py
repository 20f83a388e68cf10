"""Reading accounts: for administrators, for their owners, and behind a single-use link."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, case, func
from sqlmodel import Session, col, select

from convening.accounts import Account, OpenLink, OwnSession
from convening.problems import NotFound
from convening.roles import Action, Actor, require
from convening.vocabulary import LinkPurpose, Role, UserState
from db.base import now
from db.commands.login import token_hash
from db.tables.accounts import AccountLink, LoginSession, TeamMembership, User, UserRole


def listing(session: Session, actor: Actor) -> list[Account]:
    """Every account by name, for administrators."""
    require(actor, Action.MANAGE_ACCOUNTS)
    roles: dict[int, set[Role]] = {}
    for user_id, role in session.exec(select(UserRole.user_id, UserRole.role)):
        roles.setdefault(user_id, set()).add(Role(role))
    seen = _seen(session)
    alone = _manage_alone(session, roles)
    users = session.exec(select(User).order_by(col(User.name), col(User.id)))
    return [
        Account(
            id=user.key,
            name=user.name,
            email=user.email,
            roles=frozenset(roles.get(user.key, ())),
            state=state(user),
            last_seen=seen.get(user.key, (None, 0))[0],
            sessions=seen.get(user.key, (None, 0))[1],
            version=user.version,
            manages_alone=alone.get(user.key, 0),
        )
        for user in users
    ]


def account(session: Session, actor: Actor, user_id: int) -> Account:
    """One account, for administrators."""
    found = next((each for each in listing(session, actor) if each.id == user_id), None)
    if found is None:
        raise NotFound("user")
    return found


def own_sessions(session: Session, actor: Actor, login_session_id: int) -> list[OwnSession]:
    """Where the user is signed in: this browser first, then by last use."""
    rows = session.exec(
        select(LoginSession)
        .where(
            LoginSession.user_id == actor.user_id,
            col(LoginSession.ended_at).is_(None),
            LoginSession.expires_at > now(),
        )
        .order_by(
            case((col(LoginSession.id) == login_session_id, 0), else_=1),
            col(LoginSession.last_active_at).desc(),
        )
    )
    return [
        OwnSession(
            id=row.key,
            since=row.created_at,
            last_active=row.last_active_at,
            keep=row.keep,
            current=row.id == login_session_id,
        )
        for row in rows
    ]


def open_link(session: Session, token: str) -> OpenLink | None:
    """Whose password a link sets; None when it is used, too old, or made up."""
    found = session.exec(
        select(AccountLink, User)
        .join(User, col(User.id) == col(AccountLink.user_id))
        .where(
            AccountLink.token_hash == token_hash(token),
            col(AccountLink.used_at).is_(None),
            AccountLink.expires_at > now(),
            col(User.active).is_(True),
        )
    ).first()
    if found is None:
        return None
    link, user = found
    return OpenLink(user.key, user.name, user.email, LinkPurpose(link.purpose), link.expires_at)


def state(user: User) -> UserState:
    if not user.active:
        return UserState.DEACTIVATED
    return UserState.ACTIVE if user.password_hash else UserState.INVITED


def _seen(session: Session) -> dict[int, tuple[datetime | None, int]]:
    """By user, the last activity and the number of sessions that live."""
    lives = and_(col(LoginSession.ended_at).is_(None), col(LoginSession.expires_at) > now())
    rows = session.exec(
        select(
            LoginSession.user_id,
            func.max(LoginSession.last_active_at),
            func.sum(case((lives, 1), else_=0)),
        ).group_by(col(LoginSession.user_id))
    )
    return {user_id: (last, int(living)) for user_id, last, living in rows}


def _manage_alone(session: Session, roles: Mapping[int, set[Role]]) -> dict[int, int]:
    """By user, the initiatives where nobody else is an active organiser who manages the team."""
    rows = session.exec(
        select(TeamMembership.initiative_id, TeamMembership.user_id)
        .join(User, col(User.id) == col(TeamMembership.user_id))
        .where(col(TeamMembership.manages).is_(True), col(User.active).is_(True))
    )
    managers: dict[int, list[int]] = {}
    for initiative_id, user_id in rows:
        if Role.ORGANISER in roles.get(user_id, ()):
            managers.setdefault(initiative_id, []).append(user_id)
    alone: dict[int, int] = {}
    for users in managers.values():
        if len(users) == 1:
            alone[users[0]] = alone.get(users[0], 0) + 1
    return alone
