"""Live screens without a browser: a tab's websocket and its event stream, and what passes between
them as ``pages.components.live`` has a browser do it."""

import asyncio
import json
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.bench.load import DEADLINE_SECONDS, ScreenError, Session, Target

_TRIGGER = "$$STREAMLIT_INTERNAL_KEY_{id}__events"


class LiveScreen(Session):
    """A tab that follows a room.

    ``drawn`` is the state that it shows and ``drawn_at`` the moment at which it had all of it;
    ``runs`` is how often its fragment ran by itself.
    """

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self.drawn = self.heard = self.asked = ""
        self.drawn_at = 0.0
        self.runs = 0
        self._component = self._fragment = self._path = self._drawing = ""
        self._stream: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    async def follow(self) -> None:
        """Opens the event stream beside the screen, and waits for its first word."""
        if not self._path:
            raise ScreenError(f"{self.target.path} follows no room")
        self._stream = asyncio.create_task(self._listen())
        async with asyncio.timeout(DEADLINE_SECONDS):
            while not self.heard:
                await self._changed.wait()
                self._changed.clear()

    async def seen(self, before: str) -> float:
        """The moment at which the screen shows another state than the one ``before``."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            while self.drawn == before:
                self._changed.clear()
                await self._changed.wait()
        return self.drawn_at

    async def close(self) -> None:
        if self._stream is not None:
            self._stream.cancel()
            with suppress(asyncio.CancelledError, OSError, asyncio.IncompleteReadError):
                await self._stream
        await super().close()

    async def _listen(self) -> None:
        at = urlsplit(self.target.url)
        reader, writer = await asyncio.open_connection(at.hostname, at.port)
        try:
            head = (
                f"GET {self._path} HTTP/1.1\r\nHost: {at.netloc}\r\nAccept: text/event-stream\r\n"
            )
            writer.write(f"{head}Cookie: {self.target.cookie}\r\n\r\n".encode())
            status = (await reader.readline()).split()
            if status[1] != b"200":
                raise ScreenError(f"{self._path}: {status}")
            while line := await reader.readline():
                if line.startswith(b"data: "):
                    await self._hear(line[6:].decode().strip())
        finally:
            writer.close()

    async def _hear(self, mark: str) -> None:
        self.heard = mark
        self._changed.set()
        await self._look()

    async def _look(self) -> None:
        """Asks for a run for what is neither drawn nor asked for, one at a time."""
        if self.heard in ("", self.drawn, self.asked) or self.asked not in ("", self.drawn):
            return
        self.asked = self.heard
        message = BackMsg()
        message.ParseFromString(self._request())
        run = message.rerun_script
        run.fragment_id = self._fragment
        widget = run.widget_states.widgets.add()
        widget.id = _TRIGGER.format(id=self._component)
        widget.json_trigger_value = json.dumps([{"event": "changed", "value": "event"}])
        await self._socket.send(message.SerializeToString())

    def _look_at(self, delta: Any) -> None:
        super()._look_at(delta)
        component = delta.new_element.bidi_component
        if delta.WhichOneof("type") != "new_element" or component.component_name != "halqa_live":
            return
        data = json.loads(component.json)
        self._component, self._fragment = component.id, delta.fragment_id
        self._path, self._drawing = data["path"], data["mark"]

    def _end(self, status: int) -> None:
        if status not in (
            ForwardMsg.FINISHED_SUCCESSFULLY,
            ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
        ):
            return super()._end(status)
        self.drawn, self.drawn_at = self._drawing, time.perf_counter()
        self.asked = ""
        self._changed.set()
        if status == ForwardMsg.FINISHED_SUCCESSFULLY:
            return super()._end(status)
        self.runs += 1
        self._again = asyncio.create_task(self._look())
        return None
