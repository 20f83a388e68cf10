"""The stream that tells a signed-in browser that a room has changed: server-sent events.

An event carries the name of the room's state and nothing of what is in it: the screen then asks
for what its viewer may see. Changes that come close together are one event, the more of them the
more screens look on, so that screens never take the server from those who write.
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

from db import events, transaction
from db.commands import login as logins
from db.engine import current_engines
from db.queries import watching
from db.queries.watching import Watcher, Watching
from pages.plain import login, logs, posted

PATH = "/events/"
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
PER_SCREEN_SECONDS = 0.015  # of a core, that a screen takes to show a change

_LOG = logging.getLogger("halqa")


async def show(request: Request) -> Response:
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
    return StreamingResponse(stream(watcher), media_type="text/event-stream", headers=HEADERS)


async def stream(watcher: Watcher) -> AsyncGenerator[str, None]:
    """What is sent: the present state, each new one, a beat while nothing happens, and the end."""
    async with _hub().joined(watcher) as screen:
        yield f"retry: {AGAIN_MS}\n\n" + _state(watcher.convening_id)
        while True:
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    await screen.woken.wait()
            except TimeoutError:
                yield "event: beat\ndata:\n\n"
                continue
            if screen.closing:
                return
            if screen.ended:
                yield "event: ended\ndata:\n\n"
                return
            await screen.rest(_hub().around(watcher.convening_id))
            screen.woken.clear()
            if screen.ended or screen.closing:
                screen.wake()
            else:
                yield _state(watcher.convening_id)


def _state(convening_id: int) -> str:
    return f"data: {events.mark(convening_id)}\n\n"


class Screen:
    """One stream. ``ended``: its login lives no more, or the room is closed to it by now."""

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.woken = asyncio.Event()
        self.ended = self.closing = False
        self._due = 0.0

    def wake(self) -> None:
        self.woken.set()

    def end(self) -> None:
        self.ended = True
        self.wake()

    def close(self) -> None:
        self.closing = True
        self.wake()

    async def rest(self, around: int) -> None:
        """Waits until it is this screen's turn among ``around`` of the same room."""
        wait = max(0.0, self._due - time.monotonic())
        if around > CROWD:
            wait += random.uniform(0, JITTER_SECONDS)  # nosec B311
        if wait:
            await asyncio.sleep(wait)
        self._due = time.monotonic() + around * PER_SCREEN_SECONDS


class Hub:
    """All streams of this process. Lives in one event loop, and only while there is a stream."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._screens: dict[int, set[Screen]] = {}
        self._unsubscribe: Callable[[], None] | None = None
        self._watch: asyncio.Task[None] | None = None

    def joined(self, watcher: Watcher) -> "_Joined":
        return _Joined(self, Screen(watcher))

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
