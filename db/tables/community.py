"""An initiative's community map: people, organisations, groups, capital, ties, nominations."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlmodel import AutoString, Field

from db.base import Edited, Table, UtcDateTime, added_field, json_field

# Compared by code point on both databases, so that both sort alike and the index serves the order
BY_CODE_POINT = AutoString().with_variant(String(collation="C"), "postgresql")


class Organisation(Edited, table=True):
    __table_args__ = (UniqueConstraint("initiative_id", "folded"),)
    journalled: ClassVar[bool] = True

    initiative_id: int = Field(foreign_key="initiative.id", ondelete="CASCADE")
    name: str
    folded: str = Field(sa_type=BY_CODE_POINT)
    kind: str = Field(default="other", sa_type=AutoString)
    country: str = ""
    region: str = ""
    topics: list[str] = json_field(default_factory=list)
    mission: str = ""
    activities: str = ""
    impact: str = ""


class Stakeholder(Edited, table=True):
    """A person on one initiative's map. ``folded`` is what search looks in (``search_text``)."""

    __table_args__ = (Index(None, "initiative_id", "folded"),)
    journalled: ClassVar[bool] = True

    initiative_id: int = Field(foreign_key="initiative.id", ondelete="CASCADE")
    name: str
    folded: str = Field(sa_type=BY_CODE_POINT)
    organisation_id: int | None = Field(
        default=None, foreign_key="organisation.id", ondelete="SET NULL", index=True
    )
    place: str = Field(default="", sa_type=BY_CODE_POINT)
    email: str = ""
    phone: str = ""
    attributes: dict[str, str] = json_field(default_factory=dict)
    relationship: str = Field(default="none", sa_type=AutoString)
    money: str = Field(default="none", sa_type=AutoString)
    reached_through_id: int | None = Field(
        default=None, foreign_key="stakeholder.id", ondelete="SET NULL", index=True
    )
    minor: bool = False
    consent: str = Field(default="unknown", sa_type=AutoString)
    consent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    note: str = ""
    language: str = added_field("")  # of the letters to this person; empty for both
    groups_confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SubCircle(Edited, table=True):
    """A local part of a group, e.g. "tenants" among the stewards."""

    __tablename__ = "sub_circle"
    __table_args__ = (UniqueConstraint("initiative_id", "group", "name"),)
    journalled: ClassVar[bool] = True

    initiative_id: int = Field(foreign_key="initiative.id", ondelete="CASCADE")
    group: str = Field(sa_type=AutoString)
    name: str


class GroupName(Edited, table=True):
    """What a team calls a group."""

    __tablename__ = "group_name"
    __table_args__ = (UniqueConstraint("initiative_id", "group"),)
    journalled: ClassVar[bool] = True

    initiative_id: int = Field(foreign_key="initiative.id", ondelete="CASCADE")
    group: str = Field(sa_type=AutoString)
    name: str


class GroupMembership(Table, table=True):
    """One person in one group; the guiding question stays on record as the reason."""

    __tablename__ = "group_membership"
    __table_args__ = (UniqueConstraint("stakeholder_id", "group"),)
    journalled: ClassVar[bool] = True

    stakeholder_id: int = Field(foreign_key="stakeholder.id", ondelete="CASCADE")
    group: str = Field(sa_type=AutoString)
    question: str | None = Field(default=None, sa_type=AutoString)
    sub_circle_id: int | None = Field(
        default=None, foreign_key="sub_circle.id", ondelete="SET NULL", index=True
    )


class CapitalHolding(Table, table=True):
    """What a person can bring, in words that they could read about themselves."""

    __tablename__ = "capital_holding"
    __table_args__ = (UniqueConstraint("stakeholder_id", "capital"),)
    journalled: ClassVar[bool] = True

    stakeholder_id: int = Field(foreign_key="stakeholder.id", ondelete="CASCADE")
    capital: str = Field(sa_type=AutoString)
    words: str


class Tie(Table, table=True):
    """Two people who know each other; ``first_id`` is the smaller id."""

    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="ordered"),
        CheckConstraint("strength BETWEEN 1 AND 5", name="strength"),
    )
    journalled: ClassVar[bool] = True

    first_id: int = Field(foreign_key="stakeholder.id", ondelete="CASCADE")
    second_id: int = Field(foreign_key="stakeholder.id", ondelete="CASCADE", index=True)
    strength: int = 3
    convening_id: int | None = Field(
        default=None, foreign_key="convening.id", ondelete="SET NULL", index=True
    )


class Nomination(Edited, table=True):
    """ "Whom should we have asked?": somebody named by others, beside the map until reached."""

    journalled: ClassVar[bool] = True

    initiative_id: int = Field(foreign_key="initiative.id", ondelete="CASCADE", index=True)
    name: str
    organisation: str = ""
    reason: str = ""
    groups: list[str] = json_field(default_factory=list)
    nominated_by_id: int | None = Field(
        default=None, foreign_key="stakeholder.id", ondelete="SET NULL", index=True
    )
    reached_through_id: int | None = Field(
        default=None, foreign_key="stakeholder.id", ondelete="SET NULL", index=True
    )
    state: str = Field(default="open", sa_type=AutoString)
    stakeholder_id: int | None = Field(
        default=None, foreign_key="stakeholder.id", ondelete="SET NULL", index=True
    )


class DistinctPair(Table, table=True):
    """Two people who look alike and are not the same; ``first_id`` is the smaller id."""

    __tablename__ = "distinct_pair"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="ordered"),
    )
    journalled: ClassVar[bool] = True

    first_id: int = Field(foreign_key="stakeholder.id", ondelete="CASCADE")
    second_id: int = Field(foreign_key="stakeholder.id", ondelete="CASCADE", index=True)
