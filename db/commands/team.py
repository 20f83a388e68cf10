"""Who is on the team of an initiative, and who manages it."""

from typing import Any

from sqlmodel import Session, col, select

from convening.problems import ConveningError, Forbidden, NotFound, Problem
from convening.roles import Action, Actor, require
from convening.vocabulary import Role
from db.commands import noting
from db.queries import team
from db.tables.accounts import TeamMembership, User, UserRole
from db.tables.work import Initiative


def add_member(
    session: Session, actor: Actor, initiative_id: int, user_id: int, manages: bool = False
) -> int:
    """Brings an active user onto the team; whoever is on it already stays as they are."""
    _managed(session, actor, initiative_id)
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise NotFound("user")
    if manages:
        _check_organiser(session, user_id)
    known = _membership(session, initiative_id, user_id)
    if known is not None:
        return user_id
    session.add(TeamMembership(initiative_id=initiative_id, user_id=user_id, manages=manages))
    session.flush()
    _record(session, actor, "add_member", initiative_id, user_id, manages=manages)
    return user_id


def remove_member(session: Session, actor: Actor, initiative_id: int, user_id: int) -> int:
    """Takes a user off the team; everybody may leave by themselves, the last manager may not."""
    if user_id == actor.user_id and initiative_id in actor.teams:
        _locked(session, initiative_id)
    else:
        _managed(session, actor, initiative_id)
    membership = _known(session, initiative_id, user_id)
    _check_another_manager(session, initiative_id, user_id)
    session.delete(membership)
    session.flush()
    _record(session, actor, "remove_member", initiative_id, user_id)
    return user_id


def set_manages(
    session: Session, actor: Actor, initiative_id: int, user_id: int, manages: bool
) -> int:
    """Lets a member manage the team, or no longer."""
    _managed(session, actor, initiative_id)
    membership = _known(session, initiative_id, user_id)
    if manages:
        _check_organiser(session, user_id)
    else:
        _check_another_manager(session, initiative_id, user_id)
    membership.manages = manages
    session.add(membership)
    _record(session, actor, "set_manages", initiative_id, user_id, manages=manages)
    return user_id


def take_over(session: Session, actor: Actor, initiative_id: int) -> int:
    """An organiser of the team manages it from now on, where nobody else can any more."""
    require(actor, Action.EDIT_INITIATIVE, initiative_id)
    _locked(session, initiative_id)
    membership = _known(session, initiative_id, actor.user_id)
    if any(each.leads for each in team.all_members(session, initiative_id)):
        raise Forbidden(Action.MANAGE_TEAM)
    _check_organiser(session, actor.user_id)
    membership.manages = True
    session.add(membership)
    _record(session, actor, "take_over", initiative_id, actor.user_id)
    return actor.user_id


def _managed(session: Session, actor: Actor, initiative_id: int) -> None:
    require(actor, Action.MANAGE_TEAM, initiative_id)
    _locked(session, initiative_id)


def _locked(session: Session, initiative_id: int) -> None:
    """Changes of one team follow one another, so that two managers cannot both leave at once."""
    if session.get(Initiative, initiative_id, with_for_update=True) is None:
        raise NotFound("initiative")


def _membership(session: Session, initiative_id: int, user_id: int) -> TeamMembership | None:
    return session.exec(
        select(TeamMembership).where(
            TeamMembership.initiative_id == initiative_id, TeamMembership.user_id == user_id
        )
    ).first()


def _known(session: Session, initiative_id: int, user_id: int) -> TeamMembership:
    membership = _membership(session, initiative_id, user_id)
    if membership is None:
        raise NotFound("user")
    return membership


def _check_organiser(session: Session, user_id: int) -> None:
    found = session.exec(
        select(UserRole.id).where(col(UserRole.user_id) == user_id, UserRole.role == Role.ORGANISER)
    ).first()
    if found is None:
        problem = Problem("manager_not_organiser", field="manages")
        raise ConveningError(problem.code, (problem,))


def _check_another_manager(session: Session, initiative_id: int, user_id: int) -> None:
    everybody = team.all_members(session, initiative_id)
    if not next(each.manages for each in everybody if each.user_id == user_id):
        return
    if not any(each.leads for each in everybody if each.user_id != user_id):
        raise ConveningError("last_manager")


def _record(
    session: Session,
    actor: Actor,
    action: str,
    initiative_id: int,
    user_id: int,
    **details: Any,
) -> None:
    noting.noted(
        session, actor, action, initiative_id, subject="user", subject_id=user_id, **details
    )
