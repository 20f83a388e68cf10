"""Reading initiatives and their stages."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, func
from sqlmodel import Session, col, select

from convening.convenings import Convening
from convening.initiatives import Initiative, InitiativeOverview, Stage, StageOverview
from convening.problems import NotFound
from convening.roles import Action, Actor, may, require, visible
from convening.vocabulary import ConveningState, Group, Range, StageKind
from db.base import columns
from db.tables import work
from db.tables.community import Stakeholder

stage, target = columns(work.Stage), columns(work.StageTarget)


def listing(
    session: Session,
    actor: Actor,
    *,
    action: Action = Action.OPEN_INITIATIVE,
    archived: bool = False,
) -> list[Initiative]:
    """The initiatives on which the actor may do ``action``, by name."""
    query = select(work.Initiative).order_by(work.Initiative.name, col(work.Initiative.id))
    ids = visible(actor, action)
    if ids is not None:
        query = query.where(col(work.Initiative.id).in_(ids))
    if not archived:
        query = query.where(col(work.Initiative.archived_at).is_(None))
    return [_initiative(row, actor) for row in session.exec(query)]


def initiative(session: Session, actor: Actor, initiative_id: int) -> Initiative:
    """One initiative; NotFound when it is missing or the actor may not know of it."""
    row = session.get(work.Initiative, initiative_id)
    if row is None:
        raise NotFound("initiative")
    opening = (Action.SEE_SUPPRESSED_BALANCE, Action.SEE_DISSENT)
    if not any(may(actor, each, initiative_id) for each in opening):
        require(actor, Action.OPEN_INITIATIVE, initiative_id)
    return _initiative(row, actor)


def stages(session: Session, actor: Actor, initiative_id: int) -> list[Stage]:
    """The stages of an initiative in their order, each with its targets."""
    initiative(session, actor, initiative_id)
    return stages_of(session, [initiative_id])


def overview(session: Session, actor: Actor, *, archived: bool = False) -> list[InitiativeOverview]:
    """Where each initiative of the actor's teams stands, stage by stage."""
    found = listing(session, actor, archived=archived)
    ids = [each.id for each in found]
    stages = stages_of(session, ids)
    counted: dict[tuple[int, str], int] = {
        (stage_id, state): count
        for stage_id, state, count in session.exec(
            select(work.Convening.stage_id, work.Convening.state, func.count())
            .where(col(work.Convening.initiative_id).in_(ids))
            .group_by(col(work.Convening.stage_id), col(work.Convening.state))
        )
    }
    people: dict[int, int] = dict(
        session.exec(
            select(Stakeholder.initiative_id, func.count())
            .where(col(Stakeholder.initiative_id).in_(ids))
            .group_by(col(Stakeholder.initiative_id))
        ).all()
    )
    return [
        InitiativeOverview(
            initiative=each,
            people=people.get(each.id, 0),
            stages=tuple(
                StageOverview(
                    stage=stage,
                    held=counted.get((stage.id, ConveningState.HELD), 0),
                    ahead=counted.get((stage.id, ConveningState.PLANNED), 0)
                    + counted.get((stage.id, ConveningState.DRAFT), 0),
                )
                for stage in stages
                if stage.initiative_id == each.id
            ),
        )
        for each in found
    ]


def stages_of(session: Session, initiative_ids: Sequence[int]) -> list[Stage]:
    """The stages of several initiatives, each with its targets; for queries that checked access."""
    return _stages(session, stage.initiative_id.in_(initiative_ids))


def stage_of(session: Session, meeting: Convening) -> Stage:
    """The stage that a convening stands in; for queries that checked access."""
    (found,) = _stages(session, stage.id == meeting.stage_id)
    return found


def _stages(session: Session, which: sa.ColumnElement[bool]) -> list[Stage]:
    rows = session.execute(sa.select(*stage).where(which).order_by(stage.position, stage.id)).all()
    targets: dict[int, list[Row[Any]]] = {}
    for each in session.execute(
        sa.select(*target)
        .join_from(target.id.table, stage.id.table, target.stage_id == stage.id)
        .where(which)
    ):
        targets.setdefault(each.stage_id, []).append(each)
    return [_stage(row, targets.get(row.id, [])) for row in rows]


def _initiative(row: work.Initiative, actor: Actor) -> Initiative:
    return Initiative(
        id=row.key,
        name=row.name,
        issue=row.issue,
        place=row.place,
        archived=row.archived_at is not None,
        sample=row.sample,
        version=row.version,
        on_team=row.key in actor.teams,
        manages=actor.teams.get(row.key, False),
        keep_months=row.keep_months,
    )


def _stage(row: Row[Any], targets: Sequence[Row[Any]]) -> Stage:
    return Stage(
        id=row.id,
        initiative_id=row.initiative_id,
        kind=StageKind(row.kind),
        name=row.name,
        position=row.position,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        widening=row.widening,
        version=row.version,
        targets={Group(each.group): Range(each.minimum, each.maximum) for each in targets},
        reasons={Group(each.group): each.reason for each in targets if each.reason},
    )
