"""What changed, by whom, with the rows as they were: undo and recoverable deletion work from it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import AutoString, Field

from db.base import Table, UtcDateTime


class Change(Table, table=True):
    """One write transaction. ``subject`` and ``subject_id`` name what a deletion took away.

    ``details`` holds what wording it needs (numbers and values, no names), and by table the ids of
    the remembered rows that it inserted.
    """

    actor_id: int | None = Field(
        default=None, foreign_key="user.id", ondelete="SET NULL", index=True
    )
    command: str = Field(sa_type=AutoString)
    initiative_id: int | None = Field(default=None, index=True)
    subject: str = Field(default="", sa_type=AutoString)
    subject_id: int | None = None
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    details: dict[str, Any] | None = Field(default=None, sa_type=JSON, nullable=True)


class RowImage(Table, table=True):
    """A row before the change; ``before`` is null where the change inserted it.

    Rows that were inserted side by side share one image: ``row_id`` is the first of them and
    ``last_id`` the last; elsewhere ``last_id`` is null.
    """

    __tablename__ = "row_image"
    __table_args__ = (Index(None, "change_id", "table_name", "row_id"),)

    change_id: int = Field(foreign_key="change.id", ondelete="CASCADE")
    table_name: str = Field(sa_type=AutoString)
    row_id: int
    last_id: int | None = None
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON, nullable=True)


class DataVersion(Table, table=True):
    """Names what an initiative's map and convenings hold at this moment; ``db.kept`` has more.

    ``initiative_id`` is 0 for changes that may touch every initiative.
    """

    __tablename__ = "data_version"

    initiative_id: int = Field(unique=True)
    token: str
