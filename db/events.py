"""Tells whoever watches a convening's room that something in it has changed.

A command says so in its transaction (``announce``); once it is committed, the listeners of this
process are called, each with the id of the convening and nothing else: they read what they may see.
On PostgreSQL the same commit tells the other processes (see ``db.listening``).

Each change has a number of this process. A session knows the last one from before it began, so
that what it has read can be told from what came later.
"""

import secrets
import threading
from collections.abc import Callable

from sqlmodel import Session, func, select

EVERY = 0  # stands for all convenings, after a time in which changes may have been missed
CHANNEL = "halqa_rooms"
PROCESS = secrets.token_hex(8)
_ANNOUNCED, _BEGAN = "announced_convenings", "began_at_change"
Listener = Callable[[int], None]

_listeners: list[Listener] = []
_guard = threading.Lock()
_last: dict[int, int] = {}  # the number of the last change by convening
_count = 0


def announce(session: Session, convening_id: int) -> None:
    """Says that the running transaction changes what the room of this convening shows."""
    announced: set[int] = session.info.setdefault(_ANNOUNCED, set())
    if convening_id in announced:
        return
    announced.add(convening_id)
    connection = session.connection()
    if connection.dialect.name == "postgresql":  # heard once, and only if, this commits
        connection.execute(select(func.pg_notify(CHANNEL, f"{PROCESS} {convening_id}")))


def began(session: Session) -> None:
    """Notes what a session can have seen; called by ``db.transaction`` alone, before it begins."""
    session.info[_BEGAN] = _count


def committed(session: Session) -> None:
    """Passes on what a transaction announced; called by ``db.transaction`` alone."""
    for convening_id in session.info.pop(_ANNOUNCED, ()):
        publish(convening_id)


def publish(convening_id: int) -> None:
    """Calls every listener of this process; they must not wait for anything."""
    global _count
    with _guard:
        _count += 1
        if convening_id == EVERY:
            _last.clear()
        _last[convening_id] = _count
        listeners = list(_listeners)
    for listener in listeners:
        listener(convening_id)


def mark(convening_id: int) -> str:
    """Names the present state of a room as this process has heard of it."""
    return f"{PROCESS}-{_last_change(convening_id)}"


def seen(session: Session) -> int:
    """The number of the last change from before the session began; -1 where nobody noted it."""
    found: int = session.info.get(_BEGAN, -1)
    return found


def unchanged(convening_id: int, since: int) -> bool:
    """Whether nothing was heard of this room after the change with the number ``since``."""
    return _last_change(convening_id) <= since


def subscribe(listener: Listener) -> Callable[[], None]:
    """Calls ``listener`` at every change until the function that is returned is called."""
    with _guard:
        _listeners.append(listener)

    def stop() -> None:
        with _guard:
            _listeners.remove(listener)

    return stop


def _last_change(convening_id: int) -> int:
    with _guard:
        return max(_last.get(convening_id, 0), _last.get(EVERY, 0))
