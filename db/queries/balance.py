"""Who is on the map, invited, accepted and in the room, by groups: aggregates, no people."""

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_
from sqlmodel import Session, col, select

from convening import funnel
from convening.balance import BITS, from_counts
from convening.initiatives import Stage
from convening.invitations import REACHED
from convening.roles import Action, Actor, require
from convening.stage_balance import Masks, RoomShares, StageBalance, SuppressedBalance, table
from convening.vocabulary import ConveningState, FunnelStep, Group
from db import kept
from db.queries import convenings, initiatives, masks, places
from db.tables import work
from db.tables.community import Stakeholder

ROOMS = 40  # as many points as a figure can hold apart
# Each step holds the next, so the furthest that a person came tells all of them.
STEPS: tuple[FunnelStep, ...] = (
    FunnelStep.INVITED,
    FunnelStep.ACCEPTED,
    FunnelStep.IN_THE_ROOM,
)


def whole(session: Session, actor: Actor, initiative_id: int) -> StageBalance:
    """The balance of every stage and convening, for the team that invited by name."""
    require(actor, Action.SEE_BALANCE, initiative_id)
    stages, steps = _steps(session, actor, initiative_id)
    rooms = room_masks(session, initiative_id)
    latest = convenings.latest(session, actor, initiative_id, ROOMS)
    return StageBalance(
        stages=tuple(stages),
        steps={key: from_counts(found) for key, found in steps.items()},
        table=table(stages, steps),
        rooms=tuple(RoomShares(each, from_counts(rooms.get(each.id, {}))) for each in latest),
        earlier=len(rooms) - len(latest),
    )


def suppressed(session: Session, actor: Actor, initiative_id: int) -> SuppressedBalance:
    """Heads by stage, step and group as they may leave the team; nothing of single rooms."""
    require(actor, Action.SEE_SUPPRESSED_BALANCE, initiative_id)
    stages, steps = _steps(session, actor, initiative_id)
    counted = table(stages, steps)
    return SuppressedBalance(tuple(stages), funnel.suppressed(counted) if stages else counted)


def _steps(
    session: Session, actor: Actor, initiative_id: int
) -> tuple[list[Stage], dict[tuple[int, FunnelStep], Masks]]:
    """The stages, and people by mask for each of them with every step; the map stands in all."""
    stages = initiatives.stages(session, actor, initiative_id)
    on_the_map = Counter(map_masks(session, [initiative_id])[initiative_id])
    for today, then, people in left_the_map(session, initiative_id):
        if today is not None:
            on_the_map[today] -= people
        on_the_map[(today or 0) | then] += people
    reached = funnel_masks(session, initiative_id)
    steps: dict[tuple[int, FunnelStep], Masks] = {}
    for stage in stages:
        steps[stage.id, FunnelStep.ON_THE_MAP] = on_the_map
        for step in STEPS:
            steps[stage.id, step] = reached.get((stage.id, step), {})
    return stages, steps


def map_masks(session: Session, initiative_ids: Collection[int]) -> dict[int, Masks]:
    """For each initiative how many people of its map are in which groups; 0 is "not placed"."""
    return kept.values(session, initiative_ids, "map", lambda some: _map_masks(session, some))


def _map_masks(session: Session, initiative_ids: Collection[int]) -> dict[int, Masks]:
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

    A person whose invitations hold different groups counts in each of them. Cancelled convenings
    are left out.
    """
    return kept.value(
        session, initiative_id, "funnel", lambda: _funnel_masks(session, initiative_id)
    )


def _funnel_masks(session: Session, initiative_id: int) -> dict[tuple[int, FunnelStep], Masks]:
    level, mask = _level(), masks.of_invitation()
    # The furthest a person came at all, and the furthest they came as one of each group.
    furthest = (
        select(  # type: ignore[call-overload]
            col(work.Convening.stage_id).label("stage_id"),
            func.max(level).label("level"),
            *(
                func.max(case((mask.bitwise_and(bit) > 0, level), else_=0)).label(group.value)
                for group, bit in BITS.items()
            ),
        )
        .select_from(work.Convening)
        .join(work.Invitation, col(work.Invitation.convening_id) == col(work.Convening.id))
        .where(*_reached(initiative_id))
        .group_by(col(work.Convening.stage_id), _person())
        .subquery()
    )
    columns = [furthest.c.stage_id, furthest.c.level, *(furthest.c[group.value] for group in Group)]
    found: dict[tuple[int, FunnelStep], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for stage_id, reached, *of_groups, people in session.exec(
        select(*columns, func.count()).group_by(*columns)  # type: ignore[call-overload]
    ):
        for number, step in enumerate(STEPS[:reached], start=1):
            bits = sum(BITS[g] for g, last in zip(Group, of_groups, strict=True) if last >= number)
            found[stage_id, step][bits] += people
    return {key: dict(each) for key, each in found.items()}


def left_the_map(session: Session, initiative_id: int) -> list[tuple[int | None, int, int]]:
    """People who were invited in a group that the map does not have them in today.

    Rows of today's mask (None: no longer on the map), the mask of their kept groups, and how many
    people.
    """
    return kept.value(session, initiative_id, "left", lambda: _left_the_map(session, initiative_id))


def _left_the_map(session: Session, initiative_id: int) -> list[tuple[int | None, int, int]]:
    today = masks.on_the_map([initiative_id])
    then = func.coalesce(col(work.Invitation.mask_when_held), 0)
    steward, gateway, influencer = (func.max(then.bitwise_and(bit)) for bit in BITS.values())
    each = (
        select(  # type: ignore[call-overload]
            func.max(col(work.Invitation.stakeholder_id)).label("person"),
            (steward + gateway + influencer).label("kept"),
        )
        .select_from(work.Convening)
        .join(work.Invitation, col(work.Invitation.convening_id) == col(work.Convening.id))
        .where(*_reached(initiative_id))
        .group_by(_person())
        .subquery()
    )
    on_map = func.coalesce(today.c.mask, 0)
    now_in = case((each.c.person.is_(None), None), else_=on_map)
    rows = session.exec(
        select(now_in, each.c.kept, func.count())  # type: ignore[call-overload]
        .select_from(each)
        .join(today, today.c.stakeholder_id == each.c.person, isouter=True)
        .where(or_(each.c.person.is_(None), each.c.kept.bitwise_or(on_map) != on_map))
        .group_by(now_in, each.c.kept)
    )
    return [(now_in, then_in, people) for now_in, then_in, people in rows]


def room_masks(session: Session, initiative_id: int) -> dict[int, Masks]:
    """For each convening that is not cancelled the groups of its people: those in the room once it
    is held, those expected before."""
    states = session.exec(
        select(work.Convening.id, work.Convening.state).where(
            work.Convening.initiative_id == initiative_id,
            work.Convening.state != ConveningState.CANCELLED.value,
        )
    ).all()
    found = places.of_initiative(session, initiative_id)
    return {
        each: places.in_room(found.get(each, {}), ConveningState(state))
        for each, state in states
        if each is not None
    }


def _level() -> ColumnElement[Any]:
    """How many of STEPS an invitation has reached; one of each step holds those before."""
    status = col(work.Invitation.status)
    return case(
        *((status.in_(_values(step)), number) for number, step in reversed([*enumerate(STEPS, 1)])),
        else_=0,
    )


def _reached(initiative_id: int) -> list[ColumnElement[bool]]:
    return [
        col(work.Convening.initiative_id) == initiative_id,
        col(work.Convening.state) != ConveningState.CANCELLED.value,
        col(work.Invitation.status).in_(_values(FunnelStep.INVITED)),
    ]


def _person() -> ColumnElement[Any]:
    """One value for each person: an erased one's invitations name the first of them."""
    place = work.Invitation
    gone = func.coalesce(col(place.counted_as), col(place.id))
    return func.coalesce(col(place.stakeholder_id), -gone)


def _values(step: FunnelStep) -> list[str]:
    return sorted(each.value for each in REACHED[step])
