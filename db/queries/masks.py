"""The groups of a person as one number, made by the database as ``convening.balance`` makes it.

Aggregates over many people then need no row per person and group.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, func, select
from sqlmodel import col

from convening.balance import BITS
from db.tables import community, work


def on_the_map(initiative_ids: Collection[int]) -> Subquery:
    """``stakeholder_id`` and ``mask`` of everybody on these maps who is in a group today."""
    membership = community.GroupMembership
    mask = func.sum(_bit()).label("mask")
    return (
        select(col(membership.stakeholder_id).label("stakeholder_id"), mask)
        .join(
            community.Stakeholder,
            col(community.Stakeholder.id) == col(membership.stakeholder_id),
        )
        .where(col(community.Stakeholder.initiative_id).in_(initiative_ids))
        .group_by(col(membership.stakeholder_id))
        .subquery("on_the_map")
    )


def of_person(stakeholder_id: Any) -> ColumnElement[Any]:
    """Today's mask of one person, null for somebody in no group: for queries over few people."""
    membership = community.GroupMembership
    return (
        select(func.sum(_bit()))
        .where(col(membership.stakeholder_id) == stakeholder_id)
        .scalar_subquery()
    )


def of_invitation() -> ColumnElement[Any]:
    """The mask of an invited person: as it was when the convening was held, else as it is today.

    Databases look for today's only where none was kept.
    """
    today = of_person(col(work.Invitation.stakeholder_id))
    return func.coalesce(col(work.Invitation.mask_when_held), today, 0)


def _bit() -> ColumnElement[int]:
    membership = community.GroupMembership
    return case({group.value: bit for group, bit in BITS.items()}, value=col(membership.group))
