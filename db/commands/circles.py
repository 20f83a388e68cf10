"""What a team calls its groups, and the sub-circles in them."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from convening.community import NAME_LENGTH
from convening.fields import checked
from convening.problems import ChangedMeanwhile, Invalid, NotFound, Problem
from convening.roles import Action, Actor, may, require
from convening.vocabulary import Group
from db import journal
from db.commands import noting, versions
from db.tables import community as table


def name_groups(
    session: Session,
    actor: Actor,
    initiative_id: int,
    names: Mapping[Group, str],
    read: Mapping[Group, str] | None = None,
) -> int:
    """Gives groups the team's own names; an empty one brings the usual name back.

    ``read`` are the names as they were read: ``changed_meanwhile`` where they are others by now.
    """
    require(actor, Action.EDIT_COMMUNITY, initiative_id)
    problems: list[Problem] = []
    cleaned = {
        group: checked(name, f"name_{group}", problems, longest=NAME_LENGTH)
        for group, name in names.items()
    }
    if problems:
        raise Invalid(problems)
    known = {
        Group(each.group): each
        for each in session.exec(
            select(table.GroupName).where(table.GroupName.initiative_id == initiative_id)
        )
    }
    if read is not None and {group: row.name for group, row in known.items()} != {
        group: name for group, name in read.items() if name
    }:
        raise ChangedMeanwhile("group_names", initiative_id)
    for group, name in cleaned.items():
        row = known.get(group)
        if name:
            row = row or table.GroupName(initiative_id=initiative_id, group=group, name=name)
            row.name = name
            session.add(row)
        elif row is not None:
            session.delete(row)
    noting.noted(session, actor, "name_groups", initiative_id, subject="initiative")
    return initiative_id


def add_sub_circle(
    session: Session, actor: Actor, initiative_id: int, group: Group, name: str
) -> int:
    """A new sub-circle of a group."""
    require(actor, Action.EDIT_COMMUNITY, initiative_id)
    row = table.SubCircle(
        initiative_id=initiative_id,
        group=group,
        name=_free_name(session, initiative_id, group, name),
    )
    session.add(row)
    return noting.noted_row(session, actor, "add_sub_circle", row)


def rename_sub_circle(
    session: Session, actor: Actor, circle_id: int, name: str, version: int | None = None
) -> int:
    """Calls a sub-circle something else; who is in it stays in it."""
    row = _row(session, actor, circle_id)
    versions.check(row, version)
    row.name = _free_name(session, row.initiative_id, Group(row.group), name, but=row.key)
    return noting.noted_row(session, actor, "rename_sub_circle", row)


def remove_sub_circle(session: Session, actor: Actor, circle_id: int) -> int:
    """Takes a sub-circle away; its people stay in the group."""
    row = _row(session, actor, circle_id)
    removed = noting.noted_row(session, actor, "remove_sub_circle", row)
    journal.remove(session, row)
    return removed


def _free_name(
    session: Session, initiative_id: int, group: Group, name: str, but: int | None = None
) -> str:
    problems: list[Problem] = []
    cleaned = checked(name, "name", problems, required=True, longest=NAME_LENGTH)
    taken = session.exec(
        select(table.SubCircle.id).where(
            table.SubCircle.initiative_id == initiative_id,
            table.SubCircle.group == group,
            table.SubCircle.name == cleaned,
            col(table.SubCircle.id) != (but or 0),
        )
    ).first()
    if taken is not None:
        problems.append(Problem("name_taken", {"name": cleaned}, "name"))
    if problems:
        raise Invalid(problems)
    return cleaned


def _row(session: Session, actor: Actor, circle_id: int) -> table.SubCircle:
    row = session.get(table.SubCircle, circle_id, with_for_update=True)
    if row is None or not may(actor, Action.SEE_PEOPLE, row.initiative_id):
        raise NotFound("sub_circle")
    require(actor, Action.EDIT_COMMUNITY, row.initiative_id)
    return row
