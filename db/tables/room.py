"""The room of a convening while it is held, and what is agreed after it."""

from datetime import date, datetime
from typing import ClassVar

from sqlmodel import AutoString, Field

from db.base import Bare, Edited, Table, UtcDateTime, json_field


class Room(Edited, table=True):
    """The typed code and the link's token follow from ``code_salt`` and the server's secret; salt
    and hashes go when the room closes.

    ``release`` says what becomes of anonymous notes. It is set with ``size``, the people present
    when the room opens, and never changes afterwards.
    """

    __tablename__ = "room"

    convening_id: int = Field(foreign_key="convening.id", ondelete="CASCADE", unique=True)
    state: str = Field(default="preparing", sa_type=AutoString)
    release: str | None = Field(default=None, sa_type=AutoString)
    size: int = 0
    code_salt: str = ""
    code_hash: str | None = Field(default=None, unique=True)
    link_hash: str | None = Field(default=None, unique=True)
    question: str = ""
    block_id: int | None = Field(default=None, foreign_key="agenda_block.id", ondelete="SET NULL")
    block_started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    blocks_run: list[int] = json_field(default_factory=list)  # their ids, in the order they began
    version_id: int | None = Field(
        default=None, foreign_key="definition_version.id", ondelete="SET NULL"
    )
    conversation_id: int | None = Field(
        default=None, foreign_key="conversation.id", ondelete="SET NULL"
    )
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RoomDeclaration(Bare, table=True):
    """How many people of a room declared this set of groups; nobody by themselves."""

    __tablename__ = "room_declaration"

    room_id: int = Field(foreign_key="room.id", ondelete="CASCADE", primary_key=True)
    mask: int = Field(primary_key=True)
    people: int = 0


class RoomEntry(Edited, table=True):
    """What the facilitator or the scribe logged: a point, somebody's turn, hands or cards."""

    __tablename__ = "room_entry"
    journalled: ClassVar[bool] = True

    uuid: str = Field(unique=True)
    convening_id: int = Field(foreign_key="convening.id", ondelete="CASCADE", index=True)
    block_id: int | None = Field(
        default=None, foreign_key="agenda_block.id", ondelete="SET NULL", index=True
    )
    kind: str = Field(sa_type=AutoString)
    groups: list[str] = json_field(default_factory=list)
    choice: str = Field(default="", sa_type=AutoString)
    people: int = 0
    text: str = ""
    statement_id: int | None = Field(
        default=None, foreign_key="statement.id", ondelete="SET NULL", index=True
    )
    afterwards: bool = False
    logged_by_id: int | None = Field(
        default=None, foreign_key="user.id", ondelete="SET NULL", index=True
    )
    struck_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PulseCount(Bare, table=True):
    """How many people gave this answer after the room; nobody by themselves."""

    __tablename__ = "pulse_count"

    convening_id: int = Field(foreign_key="convening.id", ondelete="CASCADE", primary_key=True)
    question: str = Field(sa_type=AutoString, primary_key=True)
    answer: str = Field(sa_type=AutoString, primary_key=True)
    people: int = 0


class ConveningReview(Edited, table=True):
    """What was expected, what happened, why, and what changes."""

    __tablename__ = "convening_review"
    journalled: ClassVar[bool] = True

    convening_id: int = Field(foreign_key="convening.id", ondelete="CASCADE", unique=True)
    expected: str = ""
    happened: str = ""
    why: str = ""
    change: str = ""


class Commitment(Edited, table=True):
    """Who does what until when."""

    __tablename__ = "commitment"
    journalled: ClassVar[bool] = True

    convening_id: int = Field(foreign_key="convening.id", ondelete="CASCADE", index=True)
    what: str
    owner: str = ""
    due_on: date | None = None
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AfterLink(Table, table=True):
    """Opens the page of what became of what was said, for everybody who was there."""

    __tablename__ = "after_link"

    convening_id: int = Field(foreign_key="convening.id", ondelete="CASCADE", unique=True)
    salt: str
    token_hash: str = Field(unique=True)


class BrokenGlass(Table, table=True):
    """An administrator opened what is closed to them; the team is shown it with the reason."""

    __tablename__ = "broken_glass"

    initiative_id: int = Field(foreign_key="initiative.id", ondelete="CASCADE", index=True)
    user_id: int | None = Field(default=None, foreign_key="user.id", ondelete="SET NULL")
    reason: str
    until: datetime = Field(sa_type=UtcDateTime)
