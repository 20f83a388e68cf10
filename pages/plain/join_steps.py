"""What the answers of a room's page share: asking the database, and where a link leads."""

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from anyio import CapacityLimiter, fail_after, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from convening.i18n.participants import Translator
from convening.participation import JoinedRoom, Participant
from convening.problems import ConveningError
from convening.vocabulary import RoomState
from db import faults, transaction
from db.engine import current_engines
from db.queries import participation as queries
from pages.plain import join_pages as shown
from pages.plain import limits, page, participants

T = TypeVar("T")
_AT_ONCE = 4  # threads for all rooms: more of them take the time from one another
_PATIENCE_SECONDS = 15  # for one of them: a thousand phones at one moment come to their turn


async def not_open(
    request: Request, t: Translator, room: JoinedRoom | None, inside: Participant | None
) -> Response:
    """What a link says that leads to no open room."""
    if room is not None:
        if room.state is RoomState.CLOSED:
            return over(t)
        return page.note("join.not_yet", t, status=200)
    if inside is not None and await reading(queries.is_over, inside.room_id):
        return over(t)
    stopped = limits.stopped(request, 0, t)
    if stopped is not None:
        return stopped
    limits.missed(request)
    return page.note("join.unknown", t, status=404)


def over(t: Translator) -> Response:
    """The room is closed; the way on is the receipt code."""
    return page.note("join.over", t, status=410, to_receipt=True)


def words_kept(t: Translator, token: str, words: str, error: ConveningError) -> Response:
    """What was typed is on the page again, for whatever reason it could not be taken."""
    if error.code != "room_not_open":
        key = "join.try_again"
    elif words:
        key = "join.words_over"
    else:
        return over(t)
    return shown.words(t, token, key, words)


def stopped(request: Request, wait: int, t: Translator, words: str) -> Response | None:
    """The page that asks for patience, with what was typed."""
    answer = limits.stopped(request, wait, t)
    if answer is None or not words:
        return answer
    kept = shown.words(t, request.path_params["token"], "rsvp.too_often", words, status=429)
    kept.headers["retry-after"] = answer.headers["retry-after"]
    return kept


def number(request: Request) -> int | None:
    """Which page of the statements was asked for."""
    asked = request.query_params.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else None


def to(path: str, t: Translator, anchor: str = "", **query: object) -> Response:
    found = participants.address(path, t)
    found += "".join(f"&{name}={value}" for name, value in query.items() if value)
    found += f"#{anchor}" if anchor else ""
    return RedirectResponse(found, status_code=303, headers=page.HEADERS)


async def reading(query: Callable[..., T], *args: object) -> T:
    def read() -> T:
        with transaction.reading(current_engines()) as session:
            return query(session, *args)

    return await _in_thread(read)


async def writing(command: Callable[..., T], *args: object, journalled: bool = False) -> T:
    """One transaction. Only a view in the name of a group is one of the journal's rows."""

    def write() -> T:
        name = command.__name__
        with transaction.writing(
            current_engines(), actor_id=None, command=name, journalled=journalled
        ) as session:
            return command(session, *args)

    return await _in_thread(write)


async def _in_thread(work: Callable[[], T]) -> T:
    """Does it in one of few threads. Code: database_busy, where none was free in time."""
    try:
        with fail_after(_PATIENCE_SECONDS):  # begun work is waited for, however long it takes
            return await to_thread.run_sync(work, limiter=_threads())
    except TimeoutError as error:
        raise ConveningError(faults.BUSY) from error


@cache
def _threads() -> CapacityLimiter:
    return CapacityLimiter(_AT_ONCE)
