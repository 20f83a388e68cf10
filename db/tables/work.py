"""Initiatives, their stages with targets, convenings with agenda and invitations."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, DateTime, Index, UniqueConstraint, event
from sqlmodel import AutoString, Field, col

from convening.balance import mask
from convening.vocabulary import Group
from db.base import Edited, Table, UtcDateTime, added_field, json_field


class Initiative(Edited, table=True):
    journalled: ClassVar[bool] = True

    name: str
    issue: str = ""
    place: str = ""
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sample: bool = False
    keep_months: int | None = None  # after the last convening; then people are to be erased
    erasure_announced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Stage(Edited, table=True):
    """``widening`` answers where new understanding and new relationships could come from."""

    journalled: ClassVar[bool] = True

    initiative_id: int = Field(foreign_key="initiative.id", ondelete="CASCADE", index=True)
    kind: str = Field(sa_type=AutoString)
    name: str = ""
    position: int
    starts_on: date | None = None
    ends_on: date | None = None
    widening: str = ""


class StageTarget(Table, table=True):
    """The share that a group should have in a stage; a range from 0 carries its reason."""

    __tablename__ = "stage_target"
    __table_args__ = (UniqueConstraint("stage_id", "group"),)
    journalled: ClassVar[bool] = True

    stage_id: int = Field(foreign_key="stage.id", ondelete="CASCADE")
    group: str = Field(sa_type=AutoString)
    minimum: float
    maximum: float
    reason: str = ""


class Convening(Edited, table=True):
    """One meeting. ``starts_local`` is wall time in ``zone``; the UTC columns follow from it.

    ``promise`` says what happens to what is said there, ``promise_by`` until when. ``sequence``
    counts what the calendars of invited people have to learn anew (RFC 5546); ``calendar_uid`` is
    given with the first invitation that leaves.
    """

    journalled: ClassVar[bool] = True

    initiative_id: int = Field(foreign_key="initiative.id", ondelete="CASCADE", index=True)
    stage_id: int = Field(foreign_key="stage.id", ondelete="CASCADE", index=True)
    title: str
    purpose: str = ""
    kind: str = Field(default="workshop", sa_type=AutoString)
    state: str = Field(default="draft", sa_type=AutoString)
    starts_local: datetime | None = Field(default=None, sa_type=DateTime(timezone=False))
    ends_local: datetime | None = Field(default=None, sa_type=DateTime(timezone=False))
    zone: str = "UTC"
    starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    place: str = ""
    link: str = ""
    capacity: int | None = None
    openness: str | None = Field(default=None, sa_type=AutoString)
    promise: str = added_field("")
    promise_by: date | None = None
    tensions: str = added_field("")
    remind: bool = added_field(True)
    calendar_uid: str = added_field("")
    sequence: int = added_field(0)


class ConveningAnswer(Table, table=True):
    """The answer to one of the six questions whether to convene at all."""

    __tablename__ = "convening_answer"
    __table_args__ = (UniqueConstraint("convening_id", "question"),)
    journalled: ClassVar[bool] = True

    convening_id: int = Field(foreign_key="convening.id", ondelete="CASCADE")
    question: str = Field(sa_type=AutoString)
    yes: bool
    note: str = ""


class ConveningStake(Table, table=True):
    """Somebody who could block the decision or lose by it, on the map or not yet."""

    __tablename__ = "convening_stake"
    journalled: ClassVar[bool] = True

    convening_id: int = Field(foreign_key="convening.id", ondelete="CASCADE", index=True)
    stake: str = Field(sa_type=AutoString)
    who: str = ""
    stakeholder_id: int | None = Field(
        default=None, foreign_key="stakeholder.id", ondelete="SET NULL", index=True
    )


class AgendaBlock(Edited, table=True):
    """Start times follow from ``position`` and the minutes of the blocks before."""

    __tablename__ = "agenda_block"
    __table_args__ = (CheckConstraint("minutes > 0", name="minutes"),)
    journalled: ClassVar[bool] = True

    convening_id: int = Field(foreign_key="convening.id", ondelete="CASCADE", index=True)
    position: int
    minutes: int
    title: str
    format: str = Field(default="plenary", sa_type=AutoString)
    goal: str = ""
    lead: str = ""
    materials: str = ""


class Invitation(Edited, table=True):
    """A person's place in a convening; ``groups_when_held`` outlives the person's erasure."""

    __table_args__ = (
        UniqueConstraint("convening_id", "stakeholder_id"),
        # Holds all that counting reads, so that it never looks at the rows themselves
        Index(
            "ix_invitation_counting",
            "convening_id",
            "status",
            "stakeholder_id",
            "mask_when_held",
            "counted_as",
        ),
    )
    journalled: ClassVar[bool] = True

    convening_id: int = Field(foreign_key="convening.id", ondelete="CASCADE")
    stakeholder_id: int | None = Field(
        default=None, foreign_key="stakeholder.id", ondelete="SET NULL", index=True
    )
    part: str = Field(default="taking_part", sa_type=AutoString)
    status: str = Field(default="proposed", sa_type=AutoString)
    status_at: datetime = Field(sa_type=UtcDateTime)
    barriers: str = ""
    support: list[str] = json_field(default_factory=list)
    mask_when_held: int | None = None  # follows from the list; never set by itself
    counted_as: int | None = None  # the first invitation of an erased person, who is one still
    groups_when_held: list[str] | None = Field(default=None, sa_type=JSON, nullable=True)
    needs: list[str] | None = Field(default=None, sa_type=JSON, nullable=True)
    needs_note: str = added_field("")
    declined_because: str = added_field("")
    wants_place: bool = added_field(False)  # would come, but no place was free
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by: str | None = Field(default=None, sa_type=AutoString)
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.groups_when_held = self.groups_when_held  # after the defaults, the mask's among them


@event.listens_for(col(Invitation.groups_when_held), "set")
def _count_by_mask(row: Invitation, kept: list[str] | None, *_event: object) -> None:
    """The kept groups as one number, by which a database counts."""
    row.mask_when_held = None if kept is None else mask(set(map(Group, kept)))


class PersonalLink(Table, table=True):
    """Opens one invitation without an account, until the convening is over.

    The token is never stored: it follows from ``salt`` and the server's secret.
    """

    __tablename__ = "personal_link"
    journalled: ClassVar[bool] = True

    invitation_id: int = Field(foreign_key="invitation.id", ondelete="CASCADE", unique=True)
    salt: str
    token_hash: str = Field(unique=True)


class PreparationVisit(Edited, table=True):
    """A talk with one invited person before the convening, planned and then done."""

    __tablename__ = "preparation_visit"
    journalled: ClassVar[bool] = True

    invitation_id: int = Field(foreign_key="invitation.id", ondelete="CASCADE", index=True)
    visitor: str = ""
    planned_on: date | None = None
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    note: str = ""
