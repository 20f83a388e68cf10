"""How many statements a call sends to the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlmodel import Session


@contextmanager
def seen(engine: Engine | Connection) -> Iterator[list[str]]:
    """``with seen(engines.read) as found:`` collects the statements that it runs meanwhile."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def count(session: Session, query: Callable[..., Any], *args: Any, **kwargs: Any) -> int:
    """Statements of ``query(session, *args)`` in a session that has nothing loaded yet."""
    session.flush()
    session.expire_all()
    with seen(session.get_bind()) as found:
        query(session, *args, **kwargs)
    return len(found)
