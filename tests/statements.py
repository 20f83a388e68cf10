"""How many statements a call sends to the database."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlmodel import Session


def count(session: Session, query: Callable[..., Any], *args: Any, **kwargs: Any) -> int:
    """Statements of ``query(session, *args)`` in a session that has nothing loaded yet."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    session.flush()
    session.expire_all()
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        query(session, *args, **kwargs)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
