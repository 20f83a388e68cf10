"""Streamlit sessions without a browser: the websocket protocol, spoken as the browser speaks it.

A session holds what a tab holds (the page, the query, the messages it keeps in its cache) and
times what a person waits for: from asking for a run of the script to the end of that run.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

DEADLINE_SECONDS = 120


class ScreenError(Exception):
    """The screen showed an exception, is not there, or the server broke off."""


@dataclass(frozen=True)
class Target:
    """One screen of a server: ``path`` with a leading slash, ``cookie`` as "name=value".

    ``title`` is the heading without which a run has failed, whatever the server says of it.
    """

    url: str
    path: str = "/"
    query: str = ""
    cookie: str = ""
    title: str = ""


class Session:
    """One browser tab."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.kinds: Counter[str] = Counter()
        self.bytes = 0
        self.texts: list[str] = []
        self._query = target.query
        self._page_hash = ""
        self._cached: set[str] = set()
        self._socket: Any = None
        self._reader: asyncio.Task[None] | None = None
        self._finished: asyncio.Future[None] | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def open(self) -> float:
        """Connects and runs the screen for the first time; milliseconds from the connection on."""
        start = time.perf_counter()
        headers = {"Cookie": self.target.cookie} if self.target.cookie else {}
        self._socket = await websockets.connect(
            self.target.url.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=[websockets.Subprotocol(each) for each in ("streamlit", "none")],
            origin=websockets.Origin(self.target.url),
            additional_headers=headers,
            compression=None,
            max_size=None,
            ping_interval=None,
            open_timeout=DEADLINE_SECONDS,
        )
        self._reader = asyncio.create_task(self._read())
        await self.rerun()
        return (time.perf_counter() - start) * 1000

    async def rerun(self) -> float:
        """Asks for a full run and waits for its end; milliseconds."""
        self._finished = asyncio.get_running_loop().create_future()
        self.texts = []
        start = time.perf_counter()
        await self._socket.send(self._request())
        async with asyncio.timeout(DEADLINE_SECONDS):
            await self._finished
        return (time.perf_counter() - start) * 1000

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader

    def _request(self) -> bytes:
        message = BackMsg()
        run = message.rerun_script
        run.query_string = self._query
        if self._page_hash:
            run.page_script_hash = self._page_hash
        else:
            run.page_name = self.target.path.strip("/")
        run.context_info.timezone = "UTC"
        run.context_info.locale = "en-US"
        run.context_info.color_scheme = "light"
        run.context_info.url = self.target.url + self.target.path
        run.widget_states.SetInParent()
        run.cached_message_hashes.extend(sorted(self._cached))
        encoded: bytes = message.SerializeToString()
        return encoded

    async def _read(self) -> None:
        try:
            async for data in self._socket:
                self._handle(data)
            self._fail("the server closed the connection")
        except websockets.ConnectionClosed as error:
            self._fail(f"the connection broke: {error}")

    def _fail(self, reason: str) -> None:
        if self._finished is not None and not self._finished.done():
            self._finished.set_exception(ScreenError(f"{self.target.path}: {reason}"))

    def _handle(self, data: bytes) -> None:
        self.bytes += len(data)
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        self.kinds[kind] += 1
        if message.metadata.cacheable and message.hash:
            self._cached.add(message.hash)
        match kind:
            case "delta":
                self._look_at(message.delta)
            case "new_session":
                self._page_hash = message.new_session.page_script_hash or self._page_hash
            case "navigation":
                self._page_hash = message.navigation.page_script_hash or self._page_hash
            case "page_info_changed":
                self._query = message.page_info_changed.query_string
            case "page_not_found":
                self._fail("there is no such screen")
            case "script_finished":
                self._end(message.script_finished)

    def _look_at(self, delta: Any) -> None:
        element = delta.new_element
        if delta.WhichOneof("type") != "new_element":
            return
        match element.WhichOneof("type"):
            case "exception":
                self._fail(f"{element.exception.type}: {element.exception.message}")
            case "heading":
                self.texts.append(element.heading.body)

    def _end(self, status: int) -> None:
        if self._finished is None or self._finished.done():
            return
        if status == ForwardMsg.FINISHED_SUCCESSFULLY:
            if self.target.title and self.target.title not in self.texts:
                self._fail(f"shows {self.texts} and not {self.target.title!r}")
            else:
                self._finished.set_result(None)
        elif status != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self._fail(f"the script ended with status {status}")


async def crowd(target: Target, people: int) -> tuple[list[Session], list[float], float]:
    """Opens sessions at the same moment: them, each one's wait, and until the last one was done."""
    sessions = [Session(target) for _ in range(people)]
    start = time.perf_counter()
    waits = await asyncio.gather(*(each.open() for each in sessions))
    return sessions, list(waits), (time.perf_counter() - start) * 1000


async def all_at_once(sessions: Sequence[Session]) -> list[float]:
    """A rerun of every session, asked for at the same moment."""
    return list(await asyncio.gather(*(each.rerun() for each in sessions)))


async def close(sessions: Sequence[Session]) -> None:
    await asyncio.gather(*(each.close() for each in sessions))
