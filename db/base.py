"""What every table shares: an own registry, named constraints, a surrogate key and UTC times."""

from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, MetaData, text, true
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time in Python, on SQLite too, which stores none of the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """The clock of everything that is written; tests replace it."""
    return datetime.now(UTC)


class Bare(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING_CONVENTION))):
    """The base of every table; alone it is for rows that must not tell when they were written."""

    journalled: ClassVar[bool] = False
    remembered: ClassVar[bool] = False


class Table(Bare):
    """A row with a surrogate key and the time at which it was written.

    ``journalled`` rows leave an image behind when they change; of ``remembered`` ones a change
    keeps the ids that it inserted, and undo decides about them.
    """

    id: int | None = Field(default=None, primary_key=True)
    created_at: datetime = Field(default_factory=lambda: now(), sa_type=UtcDateTime, nullable=False)  # type: ignore[call-overload]

    @property
    def key(self) -> int:
        """The id of a row that has been flushed."""
        if self.id is None:
            raise ValueError(f"{type(self).__name__} has not been flushed")
        return self.id


class Edited(Table):
    """A row that people edit: a draft carries the version that it was read at."""

    version: int = Field(default=1, nullable=False)


def json_field(**kwargs: Any) -> Any:
    """A column of JSON; assign a new value rather than changing the one that was read."""
    return Field(sa_type=JSON, nullable=False, **kwargs)


def added_field(default: str | int, **kwargs: Any) -> Any:
    """A column that a later migration adds: rows that were deleted before it, and are put back,
    get its default from the database."""
    in_sql = true() if default is True else text(repr(default))
    return Field(default=default, sa_column_kwargs={"server_default": in_sql}, **kwargs)


def columns(model: type[SQLModel]) -> Any:
    """The columns of a table by their names, for statements that read rows and not records."""
    return model.__table__.c  # type: ignore[attr-defined]


@cache
def journalled_tables() -> frozenset[str]:
    """The names of the tables with rows of initiatives: those whose changes can be undone."""
    models = [mapper.class_ for mapper in Table._sa_registry.mappers]  # type: ignore[attr-defined]
    return frozenset(columns(each).id.table.name for each in models if each.journalled)


def at_midnight(day: date) -> datetime:
    """A day without a time, as the moment at which it begins in UTC."""
    return datetime.combine(day, time.min, UTC)
