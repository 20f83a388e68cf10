"""The stream that tells a signed-in browser that a room has changed: server-sent events.

An event carries the room's state as that screen shows it, read once for all that look on, with the
role check of each (``pages.plain.shown``). Changes that come close together are one event, and the
more of them the more screens have to run for it, so that screens never take the server from those
who write.
"""

import asyncio
import logging
import random
import signal
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from convening.problems import ConveningError
from db import events, faults, transaction
from db.commands import login as logins
from db.engine import current_engines
from db.queries import watching
from db.queries.watching import Watcher, Watching
from pages.plain import login, logs, posted, shown
from pages.plain.files import language_of
from pages.plain.shown import Found, Shown, View

HEADERS = {
    "cache-control": "private, no-store",
    "x-accel-buffering": "no",  # a proxy that collected the answer would hold every event back
}
AGAIN_MS = 2000  # what the browser waits before it asks again for a stream that broke
BEAT_SECONDS = 15.0
CHECK_SECONDS = 5.0  # until a screen of an ended login is told
RENEW_SECONDS = 300.0
CROWD = 50  # screens, above which they are told within half a second and not all at once
JITTER_SECONDS = 0.5
PER_RUN_SECONDS = 0.015  # of a core, that a screen's run takes
REST_SECONDS = 0.1  # between two events to a screen

_LOG = logging.getLogger("halqa")


async def room(request: Request) -> Response:
    return await _answer(request, View("room"))


async def wall(request: Request) -> Response:
    """The browser draws it by itself, so it says whether it is dark."""
    dark = request.query_params.get("dark") == "1"
    return await _answer(request, View("wall", language_of(request), dark))


async def _answer(request: Request, view: View) -> Response:
    """The stream of one convening's room; 401 for a visitor, 404 for whom it is not open to."""
    signed_in = getattr(request.state, login.STATE, None)
    if signed_in is None:
        return Response(status_code=401, headers=HEADERS)
    convening_id = posted.row_id(request.path_params["convening_id"])
    if convening_id is None:
        return Response(status_code=404, headers=HEADERS)
    watcher = Watcher(signed_in, convening_id)
    if watcher not in (await to_thread.run_sync(_ask, [watcher])).allowed:
        return Response(status_code=404, headers=HEADERS)
    if request.method == "HEAD":
        return Response(media_type="text/event-stream", headers=HEADERS)
    return StreamingResponse(stream(watcher, view), media_type="text/event-stream", headers=HEADERS)


async def stream(watcher: Watcher, view: View) -> AsyncGenerator[str, None]:
    """What is sent: the present state, each new one, a beat while nothing happens, and the end.

    The first event names the state alone: a screen that has just drawn it needs no more.
    """
    hub = _hub()
    async with hub.joined(watcher, view) as screen:
        yield f"retry: {AGAIN_MS}\n\n" + _named(watcher.convening_id)
        while not screen.closing:
            if screen.ended:
                yield "event: ended\ndata:\n\n"
                return
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    await screen.woken.wait()
            except TimeoutError:
                yield "event: beat\ndata:\n\n"
                continue
            await screen.rest()
            screen.woken.clear()
            if screen.over:
                continue
            found = await hub.shown(screen)
            if found is not None:
                await screen.take(found, hub.around(watcher.convening_id))
                yield f"data: {found.data}\n\n"
            elif not screen.over:
                yield _named(watcher.convening_id)


def _named(convening_id: int) -> str:
    """An event for which every screen runs that has not drawn this state."""
    return f"data: {shown.data(events.mark(convening_id))}\n\n"


class Screen:
    """One stream. ``ended``: its login lives no more, or the room is closed to it by now."""

    def __init__(self, watcher: Watcher, view: View) -> None:
        self.watcher, self.view = watcher, view
        self.woken = asyncio.Event()
        self.ended = self.closing = False
        self._shape = ""
        self._due = 0.0

    @property
    def over(self) -> bool:
        return self.ended or self.closing

    def wake(self) -> None:
        self.woken.set()

    def end(self) -> None:
        self.ended = True
        self.wake()

    def close(self) -> None:
        self.closing = True
        self.wake()

    async def rest(self) -> None:
        """Waits until the last change has been taken in."""
        if not self.over:
            await asyncio.sleep(max(0.0, self._due - time.monotonic()))

    async def take(self, found: Shown, around: int) -> None:
        """Waits for this screen's turn among ``around`` of the same room, where all have to run."""
        rest = REST_SECONDS
        if found.shape != self._shape:
            if around > CROWD:
                await asyncio.sleep(random.uniform(0, JITTER_SECONDS))  # nosec B311
            rest = max(rest, around * PER_RUN_SECONDS)
        self._shape = found.shape
        self._due = time.monotonic() + rest


class Hub:
    """All streams of this process. Lives in one event loop, and only while there is a stream."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._screens: dict[int, set[Screen]] = {}
        self._readings: dict[int, _Reading] = {}
        self._unsubscribe: Callable[[], None] | None = None
        self._watch: asyncio.Task[None] | None = None

    def joined(self, watcher: Watcher, view: View) -> "_Joined":
        return _Joined(self, Screen(watcher, view))

    async def shown(self, screen: Screen) -> Shown | None:
        """What the screen is told of its room by now; None where the database is away, and where
        the room is closed to it, which ends it."""
        convening_id = screen.watcher.convening_id
        mark = events.mark(convening_id)  # what changes while it is read is heard of again
        reading = self._readings.get(convening_id)
        if reading is None or reading.mark != mark or screen not in reading.screens:
            reading = _Reading(mark, frozenset(self._screens[convening_id]))
            self._readings[convening_id] = reading
        found = await reading.answer()
        if found is None:
            return None
        if (screen.watcher, screen.view) not in found:
            screen.end()
        return found.get((screen.watcher, screen.view))

    def around(self, convening_id: int) -> int:
        """How many screens follow this room."""
        return len(self._screens.get(convening_id, ()))

    def all(self) -> list[Screen]:
        return [each for screens in self._screens.values() for each in screens]

    def add(self, screen: Screen) -> None:
        self._screens.setdefault(screen.watcher.convening_id, set()).add(screen)
        if self._unsubscribe is None:
            self._unsubscribe = events.subscribe(self._heard)
            self._watch = asyncio.create_task(self._look_after())

    def remove(self, screen: Screen) -> None:
        screens = self._screens[screen.watcher.convening_id]
        screens.discard(screen)
        if not screens:
            del self._screens[screen.watcher.convening_id]
            self._readings.pop(screen.watcher.convening_id, None)
        if not self._screens and self._unsubscribe and self._watch:
            self._unsubscribe()
            self._watch.cancel()
            self._unsubscribe = self._watch = None

    def _heard(self, convening_id: int) -> None:
        """In whatever thread the change was committed."""
        with suppress(RuntimeError):  # the loop is closing
            self.loop.call_soon_threadsafe(self._wake, convening_id)

    def _wake(self, convening_id: int) -> None:
        every = convening_id == events.EVERY
        for screen in self.all() if every else self._screens.get(convening_id, ()):
            screen.wake()

    async def _look_after(self) -> None:
        """Tells screens whose login has ended; an open room keeps the others' from running out."""
        renewed = time.monotonic()
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            screens = self.all()
            watchers = list({each.watcher for each in screens})
            renew = time.monotonic() - renewed >= RENEW_SECONDS
            try:
                found = await to_thread.run_sync(_ask, watchers)
                if renew:
                    renewed = time.monotonic()
                    await to_thread.run_sync(_renew, found.busy)
            except Exception as error:  # the database is away: it will be asked again
                kind = type(error).__qualname__
                logs.event(
                    _LOG, logging.WARNING, "who watches rooms could not be asked", exception=kind
                )
                continue
            for screen in screens:
                if screen.watcher not in found.allowed:
                    screen.end()


class _Reading:
    """What ``screens`` of one room are told of its state ``mark``: asked for once, by the first."""

    def __init__(self, mark: str, screens: frozenset[Screen]) -> None:
        self.mark, self.screens = mark, screens
        self._task = asyncio.create_task(self._read())

    async def answer(self) -> Found | None:
        """None where the database is away. Who leaves before the answer leaves it to the others."""
        return await asyncio.shield(self._task)

    async def _read(self) -> Found | None:
        wanted = {(each.watcher, each.view) for each in self.screens}
        try:
            return await to_thread.run_sync(shown.read, self.mark, wanted)
        except ConveningError as error:
            if error.code not in faults.CODES:
                raise
            logs.event(_LOG, logging.WARNING, "a room could not be read", code=error.code)
            return None


class _Joined:
    """A screen among the others, from its first byte to the end of its stream."""

    def __init__(self, hub: Hub, screen: Screen) -> None:
        self._hub, self._screen = hub, screen

    async def __aenter__(self) -> Screen:
        self._hub.add(self._screen)
        return self._screen

    async def __aexit__(self, *_error: object) -> None:
        self._hub.remove(self._screen)


_current: Hub | None = None


def _hub() -> Hub:
    """The hub of the running event loop; a process has one, and tests one after another."""
    global _current
    if _current is None or _current.loop is not asyncio.get_running_loop():
        _current = Hub()
    return _current


@contextmanager
def ending_with_server() -> Iterator[None]:
    """Ends all streams when the server is told to stop, which waits for open answers without end.

    For the main thread, inside the event loop: the server's own handlers are called as before.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}

    def handle(number: int, frame: FrameType | None) -> None:
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_close_all)
        former = before[signal.Signals(number)]
        if callable(former):
            former(number, frame)

    for number, former in before.items():
        if callable(former):
            signal.signal(number, handle)
    try:
        yield
    finally:
        for number, former in before.items():
            if callable(former) and signal.getsignal(number) is handle:
                signal.signal(number, former)


def _close_all() -> None:
    for screen in _current.all() if _current is not None else ():
        screen.close()


def _ask(watchers: list[Watcher]) -> Watching:
    with transaction.reading(current_engines()) as session:
        return watching.allowed(session, watchers)


def _renew(login_session_ids: frozenset[int]) -> None:
    with transaction.writing(current_engines(), actor_id=None, journalled=False) as session:
        for each in sorted(login_session_ids):
            logins.touch(session, each)
