"""Counts that are kept between reruns for as long as what they were counted from stays the same.

A table of the database, ``data_version``, holds for each initiative a random token, and one under 0
for all of them. Every transaction that writes to a table with rows of initiatives gives the one
that it concerns, or all, a new token in the same commit. So a token names one state of the data:
for every replica, and after a restored backup too, which brings back its state's token with it.
What is kept here belongs to an initiative and not to a viewer: whoever asks has been let in before.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar, cast
from uuid import uuid4

from sqlalchemy import Connection, Delete, Insert, TextClause, Update, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from db.base import columns, journalled_tables, now
from db.tables import journal

T = TypeVar("T")
ALL = 0
_MOST = 512  # results of a few kilobytes each; a long list counts as many of them
LONG_LIST = 128
_CONCERNED, _TOUCHED = "kept_concerned", "kept_touched"

_results: OrderedDict[tuple[str, str, int], tuple[str, Any, int]] = OrderedDict()
_guard = threading.Lock()
_locks: dict[tuple[str, str], threading.Lock] = {}


def value(
    session: Session,
    initiative_id: int,
    name: str,
    count: Callable[[], T],
    *,
    lasting: bool = True,
    size: int = 1,
) -> T:
    """What ``count`` returns, counted anew only when the initiative's data have changed.

    ``name`` says what is counted, with its arguments. The result is shared: nobody changes it. A
    transaction that writes sees its own changes, and keeps nothing; so does ``lasting=False``, for
    what somebody has typed. ``size`` is 1 or ``LONG_LIST``, of which a few are kept.
    """
    if not lasting:
        return count()
    found = values(session, [initiative_id], name, lambda _: {initiative_id: count()}, size=size)
    return found[initiative_id]


def values(
    session: Session,
    initiative_ids: Collection[int],
    name: str,
    count: Callable[[Collection[int]], Mapping[int, T]],
    *,
    size: int = 1,
) -> dict[int, T]:
    """The same for several initiatives at once; ``count`` gets those whose data have changed."""
    if _TOUCHED in session.info:
        return dict(count(initiative_ids))
    tokens = _tokens(session, initiative_ids)
    where = (str(session.get_bind().engine.url), name)
    found = _known(where, tokens)
    if len(found) == len(tokens):
        return cast(dict[int, T], found)
    with _guard:
        lock = _locks.setdefault(where, threading.Lock())
    with lock:  # of many who come at once, one counts and the others wait
        found = _known(where, tokens)
        fresh = count([each for each in tokens if each not in found])
        _keep(where, fresh, tokens, _tokens(session, initiative_ids), size)
    return cast(dict[int, T], found | dict(fresh))


def state(session: Session, initiative_id: int) -> str:
    """The token of the initiative's present state, empty where nothing was written to it yet; for
    whoever keeps something in a place of their own."""
    return _tokens(session, [initiative_id])[initiative_id]


@contextmanager
def watching(session: Session) -> Iterator[None]:
    """Gives a new token at the end of a transaction that wrote to what is counted."""
    session.info[_TOUCHED] = False

    def notice(_connection: Connection, statement: Any, *_arguments: Any) -> None:
        if _writes(statement):
            touch(session)

    event.listen(session.connection(), "before_execute", notice)
    yield
    session.flush()
    if session.info[_TOUCHED]:
        _renew(session, session.info.get(_CONCERNED) or ALL)


def touch(session: Session) -> None:
    """Says that the running transaction wrote in a way that ``watching`` does not see."""
    session.info[_TOUCHED] = True


def concerns(session: Session, initiative_id: int | None) -> None:
    """Says whose data the running transaction changes; without that, all are counted anew."""
    session.info[_CONCERNED] = initiative_id


def _writes(statement: Any) -> bool:
    if isinstance(statement, Insert | Update | Delete):
        return getattr(statement.table, "name", "") in journalled_tables()
    return isinstance(statement, TextClause)


def _tokens(session: Session, initiative_ids: Collection[int]) -> dict[int, str]:
    """The name of the present state of each; empty where it has none yet."""
    version = columns(journal.DataVersion)
    rows = session.execute(
        select(version.initiative_id, version.token).where(
            version.initiative_id.in_([ALL, *initiative_ids])
        )
    ).all()
    found: dict[int, str] = dict(rows)  # type: ignore[arg-type]
    return {
        each: " ".join(filter(None, (found.get(ALL), found.get(each)))) for each in initiative_ids
    }


def _renew(session: Session, initiative_id: int) -> None:
    connection = session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = {"initiative_id": initiative_id, "token": uuid4().hex}
    statement = dialect.insert(journal.DataVersion).values(**row, created_at=now())
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["initiative_id"], set_={"token": row["token"]}
        )
    )


def _known(where: tuple[str, str], tokens: Mapping[int, str]) -> dict[int, Any]:
    found = {}
    for each, token in tokens.items():
        known = _results.get((*where, each))
        if known is not None and known[0] == token:
            found[each] = known[1]
    return found


def _keep(
    where: tuple[str, str],
    counted: Mapping[int, Any],
    before: Mapping[int, str],
    after: Mapping[int, str],
    size: int,
) -> None:
    """Keeps what no transaction has changed while it was counted."""
    with _guard:
        for each, result in counted.items():
            if before[each] and before[each] == after[each]:
                _results[(*where, each)] = (before[each], result, size)
                _results.move_to_end((*where, each))
        while sum(each for _, _, each in _results.values()) > _MOST:
            _results.popitem(last=False)
