"""Reading the team of an initiative, and whom its managers could add."""

from sqlmodel import Session, col, select

from convening.accounts import TeamMember
from convening.problems import NotFound
from convening.roles import Action, Actor, require
from convening.vocabulary import Role
from db.tables.accounts import TeamMembership, User, UserRole
from db.tables.work import Initiative


def members(session: Session, actor: Actor, initiative_id: int) -> list[TeamMember]:
    """The team by name, for everybody on it who may open the initiative."""
    require(actor, Action.OPEN_INITIATIVE, initiative_id)
    if session.get(Initiative, initiative_id) is None:
        raise NotFound("initiative")
    return all_members(session, initiative_id)


def all_members(session: Session, initiative_id: int) -> list[TeamMember]:
    """The team by name, for commands that have asked for leave already."""
    rows = session.exec(
        select(TeamMembership, User)
        .join(User, col(User.id) == col(TeamMembership.user_id))
        .where(TeamMembership.initiative_id == initiative_id)
        .order_by(col(User.name), col(User.id))
    ).all()
    roles: dict[int, set[Role]] = {}
    for user_id, role in session.exec(
        select(UserRole.user_id, UserRole.role)
        .join(TeamMembership, col(TeamMembership.user_id) == col(UserRole.user_id))
        .where(TeamMembership.initiative_id == initiative_id)
    ):
        roles.setdefault(user_id, set()).add(Role(role))
    return [
        TeamMember(
            user_id=user.key,
            name=user.name,
            roles=frozenset(roles.get(user.key, ())),
            manages=membership.manages,
            active=user.active,
        )
        for membership, user in rows
    ]


def candidates(session: Session, actor: Actor, initiative_id: int) -> list[tuple[int, str]]:
    """Id and name of the active users who are not on the team, for its managers."""
    require(actor, Action.MANAGE_TEAM, initiative_id)
    on_team = select(TeamMembership.user_id).where(TeamMembership.initiative_id == initiative_id)
    rows = session.exec(
        select(User.id, User.name)
        .where(col(User.active).is_(True), col(User.id).not_in(on_team))
        .order_by(col(User.name), col(User.id))
    )
    return [(user_id, name) for user_id, name in rows if user_id is not None]
