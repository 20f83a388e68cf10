"""Who may follow a room as it changes, asked for all who do at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from convening.roles import Action, Actor, may
from convening.vocabulary import Role, RoomState
from db.base import columns, now
from db.tables.accounts import LoginSession, TeamMembership, User, UserRole
from db.tables.room import Room
from db.tables.work import Convening

_login, _user = columns(LoginSession), columns(User)
_role, _team = columns(UserRole), columns(TeamMembership)
_convening, _room = columns(Convening), columns(Room)


class Watcher(NamedTuple):
    """One browser's login that follows one convening's room."""

    login_session_id: int
    convening_id: int


@dataclass(frozen=True)
class Watching:
    """``allowed`` are those who still may, and as whom; ``busy`` the logins among them with an open
    room."""

    allowed: Mapping[Watcher, Actor]
    busy: frozenset[int]


def allowed(session: Session, watchers: Collection[Watcher]) -> Watching:
    """Of these, those whose login lives and whose roles open the room, in four statements."""
    users = _users(session, {each.login_session_id for each in watchers})
    actors = _actors(session, set(users.values()))
    rooms = _rooms(session, {each.convening_id for each in watchers})
    found = {
        each: actors[users[each.login_session_id]]
        for each in watchers
        if each.login_session_id in users
        and each.convening_id in rooms
        and may(actors[users[each.login_session_id]], Action.RUN_ROOM, rooms[each.convening_id][0])
    }
    open_rooms = {room for room, (_, state) in rooms.items() if state == RoomState.OPEN}
    busy = {each.login_session_id for each in found if each.convening_id in open_rooms}
    return Watching(found, frozenset(busy))


def _users(session: Session, login_session_ids: Collection[int]) -> dict[int, int]:
    """The active users of the logins that live."""
    rows = session.execute(
        sa.select(_login.id.label("login"), _user.id.label("user"))
        .join_from(_login.id.table, _user.id.table, _login.user_id == _user.id)
        .where(
            _login.id.in_(login_session_ids),
            _login.ended_at.is_(None),
            _login.expires_at > now(),
            _user.active,
        )
    )
    return {row.login: row.user for row in rows}


def _actors(session: Session, user_ids: Collection[int]) -> dict[int, Actor]:
    roles: dict[int, set[Role]] = {each: set() for each in user_ids}
    teams: dict[int, dict[int, bool]] = {each: {} for each in user_ids}
    for user, role in session.execute(
        sa.select(_role.user_id, _role.role).where(_role.user_id.in_(user_ids))
    ):
        roles[user].add(Role(role))
    for user, initiative, manages in session.execute(
        sa.select(_team.user_id, _team.initiative_id, _team.manages).where(
            _team.user_id.in_(user_ids)
        )
    ):
        teams[user][initiative] = manages
    return {each: Actor(each, frozenset(roles[each]), teams[each]) for each in user_ids}


def _rooms(session: Session, convening_ids: Collection[int]) -> dict[int, tuple[int, str | None]]:
    """The initiative of each convening, and how its room stands where it has one."""
    rows = session.execute(
        sa.select(_convening.id, _convening.initiative_id, _room.state)
        .join_from(
            _convening.id.table,
            _room.id.table,
            _room.convening_id == _convening.id,
            isouter=True,
        )
        .where(_convening.id.in_(convening_ids))
    )
    return {convening: (initiative, state) for convening, initiative, state in rows}
