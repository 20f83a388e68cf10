"""The groups of a person as one number, made by the database as ``convening.balance`` makes it.

Aggregates over many people then need no row per person and group.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, String, Subquery, case, cast, func, select
from sqlmodel import col

from convening.balance import BITS
from convening.vocabulary import Group
from db.tables import community, work


def on_the_map(initiative_ids: Collection[int]) -> Subquery:
    """``stakeholder_id`` and ``mask`` of everybody on these maps who is in a group today."""
    membership = community.GroupMembership
    bit = case({group.value: bit for group, bit in BITS.items()}, value=col(membership.group))
    return (
        select(col(membership.stakeholder_id).label("stakeholder_id"), func.sum(bit).label("mask"))
        .join(
            community.Stakeholder,
            col(community.Stakeholder.id) == col(membership.stakeholder_id),
        )
        .where(col(community.Stakeholder.initiative_id).in_(initiative_ids))
        .group_by(col(membership.stakeholder_id))
        .subquery("on_the_map")
    )


def bit(today: Subquery, group: Group) -> ColumnElement[int]:
    """The group's bit of an invited person: as it was when the convening was held, else as it is
    today. For a query that joins ``work.Invitation`` with ``today``, the map's masks.

    The list of groups is kept as JSON text; its quotation marks keep one word from being found
    in another.
    """
    in_it = _kept().contains(f'"{group.value}"')
    return case(
        (has_kept(), case((in_it, BITS[group]), else_=0)),
        else_=func.coalesce(today.c.mask, 0).bitwise_and(BITS[group]),
    )


def has_kept() -> ColumnElement[bool]:
    """Whether an invitation keeps the groups its person had when the convening was held."""
    return _kept().like("[%")


def _kept() -> ColumnElement[str]:
    return cast(col(work.Invitation.groups_when_held), String)


def mask(today: Subquery) -> ColumnElement[Any]:
    """All three bits of an invited person; see ``bit``."""
    steward, gateway, influencer = (bit(today, group) for group in Group)
    return steward + gateway + influencer
