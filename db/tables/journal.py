"""What changed, by whom, with the rows as they were: undo and recoverable deletion work from it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import AutoString, Field

from db.base import Table, UtcDateTime


class Change(Table, table=True):
    """One write transaction. ``subject`` and ``subject_id`` name what a deletion took away."""

    actor_id: int | None = Field(
        default=None, foreign_key="user.id", ondelete="SET NULL", index=True
    )
    command: str = Field(sa_type=AutoString)
    initiative_id: int | None = Field(default=None, index=True)
    subject: str = Field(default="", sa_type=AutoString)
    subject_id: int | None = None
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RowImage(Table, table=True):
    """A row before the change; ``before`` is null where the change inserted it."""

    __tablename__ = "row_image"
    __table_args__ = (Index(None, "change_id", "table_name", "row_id"),)

    change_id: int = Field(foreign_key="change.id", ondelete="CASCADE")
    table_name: str = Field(sa_type=AutoString)
    row_id: int
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON, nullable=True)
