"""Creating and changing initiatives, their stages and targets."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import Session, col, select

from convening import balance
from convening.fields import checked
from convening.initiatives import (
    NAME_LENGTH,
    TEXT_LENGTH,
    InitiativeDraft,
    StageDraft,
    check_stage,
)
from convening.problems import ConveningError, Invalid, NotFound, Problem
from convening.retention import check_months
from convening.roles import Action, Actor, may, require
from convening.vocabulary import Group, Range, StageKind
from db import journal
from db.base import now
from db.commands import holding_dissent, noting, versions
from db.tables import work
from db.tables.accounts import TeamMembership


def create_initiative(session: Session, actor: Actor, draft: InitiativeDraft) -> int:
    """A new initiative with its stages; whoever creates it manages its team."""
    require(actor, Action.CREATE_INITIATIVE)
    draft = _cleaned(draft)
    row = work.Initiative(name=draft.name, issue=draft.issue, place=draft.place)
    session.add(row)
    session.flush()
    session.add(TeamMembership(initiative_id=row.key, user_id=actor.user_id, manages=True))
    for position, kind in enumerate(draft.stages):
        session.add(work.Stage(initiative_id=row.key, kind=kind, position=position))
    return noting.noted_row(session, actor, "create_initiative", row)


def edit_initiative(session: Session, actor: Actor, draft: InitiativeDraft) -> int:
    """Changes name, issue, place, and how long people are kept; notice of erasure begins anew."""
    row = _initiative(session, actor, draft.id, Action.EDIT_INITIATIVE)
    draft = _cleaned(draft)
    versions.check(row, draft.version)
    row.name, row.issue, row.place = draft.name, draft.issue, draft.place
    if row.keep_months != draft.keep_months:
        row.keep_months, row.erasure_announced_at = draft.keep_months, None
    return noting.noted_row(session, actor, "edit_initiative", row)


def archive_initiative(session: Session, actor: Actor, initiative_id: int, archived: bool) -> int:
    """Puts an initiative away, or takes it out again; nothing in it changes."""
    row = _initiative(session, actor, initiative_id, Action.MANAGE_TEAM)
    row.archived_at = now() if archived else None
    command = "archive_initiative" if archived else "unarchive_initiative"
    return noting.noted_row(session, actor, command, row)


def delete_initiative(session: Session, actor: Actor, initiative_id: int) -> int:
    """Deletes an initiative with all that belongs to it; it can be taken back for 30 days.

    Refused, code ``holds_dissent``, once somebody's dissent is in it; it can be archived.
    """
    row = _initiative(session, actor, initiative_id, Action.DELETE_INITIATIVE)
    holding_dissent.refuse_initiative(session, row)
    noting.noted_row(session, actor, "delete_initiative", row)
    journal.remove(session, row)
    return initiative_id


def add_stage(session: Session, actor: Actor, initiative_id: int, draft: StageDraft) -> int:
    """A new stage after the last one."""
    _initiative(session, actor, initiative_id, Action.EDIT_INITIATIVE)
    draft = _checked(draft)
    last = session.exec(
        select(work.Stage.position)
        .where(work.Stage.initiative_id == initiative_id)
        .order_by(col(work.Stage.position).desc())
    ).first()
    row = work.Stage(
        initiative_id=initiative_id,
        position=0 if last is None else last + 1,
        **_stage_values(draft),
    )
    session.add(row)
    return noting.noted_row(session, actor, "add_stage", row)


def edit_stage(
    session: Session,
    actor: Actor,
    draft: StageDraft,
    targets: Mapping[Group, Range] | None = None,
    reasons: Mapping[Group, str] | None = None,
) -> int:
    """Changes a stage; ``targets`` replace the ones before, an empty mapping takes them away."""
    row = _stage(session, actor, draft.id)
    draft = _checked(draft)
    versions.check(row, draft.version)
    for name, value in _stage_values(draft).items():
        setattr(row, name, value)
    if targets is not None:
        _set_targets(session, row, targets, reasons or {})
    return noting.noted_row(session, actor, "edit_stage", row)


def move_stage(session: Session, actor: Actor, stage_id: int, by: int) -> int:
    """Moves a stage up (-1) or down (+1) among the stages of its initiative."""
    row = _stage(session, actor, stage_id)
    rows = session.exec(
        select(work.Stage)
        .where(work.Stage.initiative_id == row.initiative_id)
        .order_by(col(work.Stage.position), col(work.Stage.id))
    ).all()
    order = list(rows)
    at = order.index(row)
    order.insert(max(0, at + by), order.pop(at))
    for position, each in enumerate(order):
        each.position = position
    return noting.noted_row(session, actor, "move_stage", row)


def delete_stage(session: Session, actor: Actor, stage_id: int) -> int:
    """Deletes a stage that no convening stands in."""
    row = _stage(session, actor, stage_id)
    used = session.exec(select(work.Convening.id).where(work.Convening.stage_id == row.key)).first()
    if used is not None:
        raise ConveningError("stage_in_use")
    noting.noted_row(session, actor, "delete_stage", row)
    journal.remove(session, row)
    return stage_id


def _set_targets(
    session: Session,
    row: work.Stage,
    targets: Mapping[Group, Range],
    reasons: Mapping[Group, str],
) -> None:
    problems: list[Problem] = []
    reasons = {
        group: checked(reason, group.value, problems, longest=TEXT_LENGTH)
        for group, reason in reasons.items()
    }
    problems += balance.check_targets(targets, reasons) if targets else []
    if problems:
        raise Invalid(problems)
    old = session.exec(select(work.StageTarget).where(work.StageTarget.stage_id == row.key)).all()
    known = {Group(each.group): each for each in old}
    for group, each in known.items():
        if group not in targets:
            session.delete(each)
    for group, wanted in targets.items():
        target = known.get(group) or work.StageTarget(
            stage_id=row.key, group=group, minimum=0, maximum=1
        )
        target.minimum, target.maximum = wanted
        target.reason = reasons.get(group, "")
        session.add(target)
    session.flush()


def _stage_values(draft: StageDraft) -> dict[str, Any]:
    return {
        "kind": draft.kind,
        "name": draft.name,
        "starts_on": draft.starts_on,
        "ends_on": draft.ends_on,
        "widening": draft.widening,
    }


def _cleaned(draft: InitiativeDraft) -> InitiativeDraft:
    problems: list[Problem] = []
    cleaned = replace(
        draft,
        name=checked(draft.name, "name", problems, required=True, longest=NAME_LENGTH),
        issue=checked(draft.issue, "issue", problems, longest=TEXT_LENGTH, multiline=True),
        place=checked(draft.place, "place", problems, longest=NAME_LENGTH),
    )
    problems += check_months(draft.keep_months)
    if problems:
        raise Invalid(problems)
    return cleaned


def _checked(draft: StageDraft) -> StageDraft:
    problems: list[Problem] = []
    cleaned = replace(
        draft,
        name=""
        if draft.kind is not StageKind.CUSTOM
        else checked(draft.name, "name", problems, longest=NAME_LENGTH),
        widening=checked(draft.widening, "widening", problems, longest=TEXT_LENGTH, multiline=True),
    )
    problems += check_stage(cleaned)
    if problems:
        raise Invalid(problems)
    return cleaned


def _initiative(
    session: Session, actor: Actor, initiative_id: int | None, action: Action
) -> work.Initiative:
    row = session.get(work.Initiative, initiative_id or 0, with_for_update=True)
    if row is None:
        raise NotFound("initiative")
    require(actor, action, row.key)
    return row


def _stage(session: Session, actor: Actor, stage_id: int | None) -> work.Stage:
    row = session.get(work.Stage, stage_id or 0, with_for_update=True)
    if row is None or not may(actor, Action.OPEN_INITIATIVE, row.initiative_id):
        raise NotFound("stage")
    require(actor, Action.EDIT_INITIATIVE, row.initiative_id)
    return row
