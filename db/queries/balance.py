"""Who is on the map, invited, accepted and in the room, by groups: aggregates, no rows of people."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlmodel import Session, col, select

from convening.balance import MASKS
from convening.invitations import COUNTED, REACHED
from convening.vocabulary import Basis, ConveningState, FunnelStep
from db.queries import masks
from db.tables import work
from db.tables.community import Stakeholder

# Each step holds the next, so a person's furthest step tells all of them.
STEPS: tuple[FunnelStep, ...] = (
    FunnelStep.INVITED,
    FunnelStep.ACCEPTED,
    FunnelStep.IN_THE_ROOM,
)

Masks = Mapping[int, int]  # mask -> people


def map_masks(session: Session, initiative_ids: Collection[int]) -> dict[int, Masks]:
    """For each initiative how many people of its map are in which groups; 0 is "not placed"."""
    today = masks.on_the_map(initiative_ids)
    mask = func.coalesce(today.c.mask, 0)
    rows = session.exec(
        select(col(Stakeholder.initiative_id), mask, func.count())  # type: ignore[call-overload]
        .join(today, today.c.stakeholder_id == col(Stakeholder.id), isouter=True)
        .where(col(Stakeholder.initiative_id).in_(initiative_ids))
        .group_by(col(Stakeholder.initiative_id), mask)
    )
    found: dict[int, dict[int, int]] = {each: {} for each in initiative_ids}
    for initiative_id, each, people in rows:
        found[initiative_id][each] = people
    return dict(found)


def funnel_masks(session: Session, initiative_id: int) -> dict[tuple[int, FunnelStep], Masks]:
    """For each stage and step how many distinct people reached it, by their groups.

    A person counts once in a stage, with the groups they had at the furthest point they came to;
    somebody who was erased counts once for each invitation. Cancelled convenings are left out.
    """
    today = masks.on_the_map([initiative_id])
    person = func.coalesce(
        col(work.Invitation.stakeholder_id), -func.coalesce(col(work.Invitation.id), 0)
    )
    furthest = (
        select(  # type: ignore[call-overload]
            col(work.Convening.stage_id).label("stage_id"),
            func.max(_step() * MASKS + masks.mask(today)).label("reached"),
        )
        .select_from(work.Convening)
        .join(work.Invitation, col(work.Invitation.convening_id) == col(work.Convening.id))
        .join(today, today.c.stakeholder_id == col(work.Invitation.stakeholder_id), isouter=True)
        .where(
            work.Convening.initiative_id == initiative_id,
            work.Convening.state != ConveningState.CANCELLED.value,
            col(work.Invitation.status).in_(_values(FunnelStep.INVITED)),
        )
        .group_by(col(work.Convening.stage_id), person)
        .subquery()
    )
    rows = session.exec(
        select(furthest.c.stage_id, furthest.c.reached, func.count()).group_by(
            furthest.c.stage_id, furthest.c.reached
        )
    )
    found: dict[tuple[int, FunnelStep], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for stage_id, reached, people in rows:
        last, mask = divmod(reached, MASKS)
        for step in STEPS[: last + 1]:
            found[stage_id, step][mask] += people
    return {key: dict(each) for key, each in found.items()}


def room_masks(session: Session, initiative_id: int) -> dict[int, Masks]:
    """For each convening that is not cancelled the groups of its people: those in the room once it
    is held, those expected before."""
    today = masks.on_the_map([initiative_id])
    mask = masks.mask(today)
    rows = session.exec(
        select(col(work.Invitation.convening_id), mask, func.count())  # type: ignore[call-overload]
        .join(work.Convening, col(work.Convening.id) == col(work.Invitation.convening_id))
        .join(today, today.c.stakeholder_id == col(work.Invitation.stakeholder_id), isouter=True)
        .where(work.Convening.initiative_id == initiative_id, counts())
        .group_by(col(work.Invitation.convening_id), mask)
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for convening_id, each, people in rows:
        found[convening_id][each] = people
    return dict(found)


def counts() -> ColumnElement[bool]:
    """Whether an invitation counts in its convening's room, on the basis usual for its state."""
    status, state = col(work.Invitation.status), col(work.Convening.state)
    over = [ConveningState.HELD.value, ConveningState.CANCELLED.value]
    return or_(
        and_(
            state == ConveningState.HELD.value,
            status.in_([each.value for each in COUNTED[Basis.ATTENDED]]),
        ),
        and_(
            state.not_in(over),
            status.in_([each.value for each in COUNTED[Basis.EXPECTED]]),
        ),
    )


def _step() -> ColumnElement[Any]:
    status = col(work.Invitation.status)
    return case(
        (status.in_(_values(FunnelStep.IN_THE_ROOM)), 2),
        (status.in_(_values(FunnelStep.ACCEPTED)), 1),
        else_=0,
    )


def _values(step: FunnelStep) -> list[str]:
    return [each.value for each in REACHED[step]]
