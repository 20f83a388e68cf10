"""Reading the rows, texts and images of an initiative in which people can occur, by table."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import String, cast, or_, select
from sqlalchemy import Table as SqlTable
from sqlmodel import Session

from db.base import Table, columns
from db.erasing import FREE_TEXT, upwards
from db.tables.journal import Change, RowImage

_AT_ONCE = 500
_STREAMED = 1000
_TITLES = ("title", "name", "who")


def images(session: Session, initiative_id: int) -> Iterator[Any]:
    """The images of the initiative's changes that hold anything."""
    image, change = columns(RowImage), columns(Change)
    query = (
        select(image.id, image.change_id, image.table_name, image.row_id, image.before)
        .join(Change, change.id == image.change_id)
        .where(
            or_(change.initiative_id == initiative_id, change.initiative_id.is_(None)),
            cast(image.before, String).like("{%"),
        )
        .order_by(image.id)
    )
    yield from session.execute(query.execution_options(yield_per=_STREAMED))


def texts(session: Session, initiative_id: int) -> Iterator[tuple[SqlTable, dict[str, Any]]]:
    """Every row of the initiative in which people write freely."""
    for table in Table.metadata.sorted_tables:
        if table.name in FREE_TEXT:
            query = select(table).where(_of_initiative(table, initiative_id))
            for row in streamed(session, query.order_by(*table.primary_key)):
                yield table, row


def _of_initiative(table: SqlTable, initiative_id: int) -> Any:
    if table.name == "initiative":
        return table.c.id == initiative_id
    if "initiative_id" in table.c:
        return table.c.initiative_id == initiative_id
    keys = upwards(table)
    always = [key for key in keys if not key.parent.nullable][:1]
    return or_(*(_hangs_on(key, initiative_id) for key in always or keys))


def _hangs_on(key: Any, initiative_id: int) -> Any:
    parent = key.column.table
    return key.parent.in_(select(parent.c.id).where(_of_initiative(parent, initiative_id)))


def title(session: Session, table: SqlTable, values: dict[str, Any]) -> str:
    """What the thing is called, or what it belongs to."""
    for name in _TITLES:
        if values.get(name):
            return str(values[name])
    keys = [key for key in upwards(table) if values.get(key.parent.name) is not None]
    if not keys:
        return ""
    parent = keys[0].column.table
    rows = where(session, parent, parent.c.id, [values[keys[0].parent.name]])
    return next((title(session, parent, row) for row in rows), "")


def as_text(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name} {as_text(each)}" for name, each in value.items())
    if isinstance(value, list):
        return " ".join(map(as_text, value))
    return value if isinstance(value, str) else ""


def where(
    session: Session, table: SqlTable, column: Any, ids: Iterable[int]
) -> Iterator[dict[str, Any]]:
    for part in parts(ids):
        for row in session.execute(select(table).where(column.in_(part))).mappings():
            yield dict(row)


def streamed(session: Session, query: Any) -> Iterator[dict[str, Any]]:
    for row in session.execute(query.execution_options(yield_per=_STREAMED)).mappings():
        yield dict(row)


def parts(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    each = sorted(ids)
    return (each[start : start + _AT_ONCE] for start in range(0, len(each), _AT_ONCE))
