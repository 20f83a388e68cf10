"""What the live screens of a room show, read once for all who look at it.

Between two changes everybody is shown the same. A change is either one of the rows of the
initiative, which gives it a new token (``db.kept``), or is announced (``db.events``): votes, notes
and those who enter leave no token. Where an announcement of another process is lost, what is kept
here is read again after ``OLD_SECONDS``.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sqlmodel import Session

from db import events, kept

T = TypeVar("T")
OLD_SECONDS = 5.0
_MOST = 128  # rooms, for each thing that is read of them


@dataclass
class _Kept:
    """``token`` and ``seen`` say from which state ``value`` was read."""

    token: str = ""
    seen: int = -1
    read_at: float = 0.0
    value: Any = None
    lock: threading.Lock = field(default_factory=threading.Lock)


_rooms: OrderedDict[tuple[str, str, int], _Kept] = OrderedDict()
_guard = threading.Lock()


def shared(
    session: Session,
    initiative_id: int,
    convening_id: int,
    read: Callable[[], T],
    *,
    name: str = "room",
) -> T:
    """What ``read`` returns, read anew only when the room has changed; nobody changes it.

    ``name`` says what is read of the room, where it is not the snapshot.
    """
    where = (str(session.get_bind().engine.url), name, convening_id)
    with _guard:
        room = _rooms.setdefault(where, _Kept())
        _rooms.move_to_end(where)
        while len(_rooms) > _MOST:
            _rooms.popitem(last=False)
    token = kept.state(session, initiative_id)
    with room.lock:  # of many who come at once, one reads and the others wait
        if token and token == room.token and _is_current(room, convening_id):
            return cast(T, room.value)
        value = read()
        seen = events.seen(session)
        if seen >= 0 and token == kept.state(session, initiative_id):
            room.token, room.seen, room.value = token, seen, value
            room.read_at = time.monotonic()
        return value


def _is_current(room: _Kept, convening_id: int) -> bool:
    young = time.monotonic() - room.read_at < OLD_SECONDS
    return young and room.seen >= 0 and events.unchanged(convening_id, room.seen)
