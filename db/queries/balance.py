"""Who is on the map, invited, accepted and in the room, by groups: aggregates, no people."""

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlmodel import Session, col, select

from convening import funnel
from convening.balance import BITS, from_counts
from convening.initiatives import Stage
from convening.invitations import COUNTED, REACHED
from convening.roles import Action, Actor, require
from convening.stage_balance import Masks, RoomShares, StageBalance, SuppressedBalance, table
from convening.vocabulary import Basis, ConveningState, FunnelStep, Group
from db.queries import convenings, initiatives, masks
from db.tables import work
from db.tables.community import Stakeholder

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
    return StageBalance(
        stages=tuple(stages),
        steps={key: from_counts(found) for key, found in steps.items()},
        table=table(stages, steps),
        rooms=tuple(
            RoomShares(each, from_counts(rooms.get(each.id, {})))
            for each in convenings.listing(session, actor, initiative_id)
            if each.state is not ConveningState.CANCELLED
        ),
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
    for today, kept, people in left_the_map(session, initiative_id):
        if today is not None:
            on_the_map[today] -= people
        on_the_map[(today or 0) | kept] += people
    reached = funnel_masks(session, initiative_id)
    steps: dict[tuple[int, FunnelStep], Masks] = {}
    for stage in stages:
        steps[stage.id, FunnelStep.ON_THE_MAP] = on_the_map
        for step in STEPS:
            steps[stage.id, step] = reached.get((stage.id, step), {})
    return stages, steps


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

    A person whose invitations hold different groups counts in each of them; an erased person
    counts once for each invitation. Cancelled convenings are left out.
    """
    today = masks.on_the_map([initiative_id])
    bits = [masks.bit(today, group) for group in Group]
    level = _level()
    # The furthest a person came at all, and the furthest they came as one of each group.
    furthest = (
        select(  # type: ignore[call-overload]
            col(work.Convening.stage_id).label("stage_id"),
            func.max(level).label("level"),
            *(
                func.max(case((bit > 0, level), else_=0)).label(group.value)
                for group, bit in zip(Group, bits, strict=True)
            ),
        )
        .select_from(work.Convening)
        .join(work.Invitation, col(work.Invitation.convening_id) == col(work.Convening.id))
        .join(today, today.c.stakeholder_id == col(work.Invitation.stakeholder_id), isouter=True)
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
            mask = sum(BITS[g] for g, last in zip(Group, of_groups, strict=True) if last >= number)
            found[stage_id, step][mask] += people
    return {key: dict(each) for key, each in found.items()}


def left_the_map(session: Session, initiative_id: int) -> list[tuple[int | None, int, int]]:
    """People who were invited in a group that the map does not have them in today.

    Rows of today's mask (None: no longer on the map), the mask of their kept groups, and how many
    people; an erased person counts once for each invitation.
    """
    today = masks.on_the_map([initiative_id])
    gone = col(work.Invitation.stakeholder_id).is_(None)
    on_map, kept = func.coalesce(today.c.mask, 0), masks.mask(today)
    steward, gateway, influencer = (func.max(masks.bit(today, group)) for group in Group)
    each = (
        select(  # type: ignore[call-overload]
            func.max(case((gone, None), else_=on_map)).label("today"),
            (steward + gateway + influencer).label("kept"),
        )
        .select_from(work.Convening)
        .join(work.Invitation, col(work.Invitation.convening_id) == col(work.Convening.id))
        .join(today, today.c.stakeholder_id == col(work.Invitation.stakeholder_id), isouter=True)
        .where(*_reached(initiative_id))
        .where(or_(gone, and_(masks.has_kept(), kept.bitwise_or(on_map) != on_map)))
        .group_by(_person())
        .subquery()
    )
    rows = session.exec(
        select(each.c.today, each.c.kept, func.count()).group_by(each.c.today, each.c.kept)
    )
    return [(now_in, then_in, people) for now_in, then_in, people in rows]


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
    return func.coalesce(col(work.Invitation.stakeholder_id), -col(work.Invitation.id))


def _values(step: FunnelStep) -> list[str]:
    return sorted(each.value for each in REACHED[step])
