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

_FOLLOW = ("halqa_live", "halqa_wall")
_TRIGGER = "$$STREAMLIT_INTERNAL_KEY_{id}__events"


class LiveScreen(Session):
    """A tab that follows a room.

    ``drawn`` is the state that it shows and ``drawn_at`` the moment at which it had all of it;
    ``runs`` is how often its fragment ran by itself, ``draws`` how often no run was needed.
    """

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self.drawn = self.heard = self.asked = ""
        self.drawn_at = 0.0
        self.runs = self.draws = 0
        self._component = self._fragment = ""
        self._facts: dict[str, Any] = {}
        self._heard: dict[str, str] = {}
        self._stream: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    async def follow(self) -> None:
        """Opens the event stream beside the screen, and waits for its first word."""
        if not self._facts:
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
            path = self._facts["path"]
            head = f"GET {path} HTTP/1.1\r\nHost: {at.netloc}\r\nAccept: text/event-stream\r\n"
            writer.write(f"{head}Cookie: {self.target.cookie}\r\n\r\n".encode())
            status = (await reader.readline()).split()
            if status[1] != b"200":
                raise ScreenError(f"{path}: {status}")
            while line := await reader.readline():
                if line.startswith(b"data: "):
                    await self._hear(json.loads(line[6:]))
        finally:
            writer.close()

    async def _hear(self, heard: dict[str, str]) -> None:
        self._heard = heard
        self.heard = heard["mark"]
        self._changed.set()
        await self._look()

    async def _look(self) -> None:
        """Shows what was heard of, unless it is shown or a run was asked for it."""
        if self.heard in ("", self.drawn, self.asked):
            return
        if self._heard.get("shape") == self._facts["shape"]:
            self.draws += 1
            self._drew(self.heard)
        elif not self.asked:
            self.asked = self.heard
            await self._run()

    def _drew(self, mark: str) -> None:
        self.drawn, self.drawn_at = mark, time.perf_counter()
        self._changed.set()

    async def _run(self) -> None:
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
        if delta.WhichOneof("type") != "new_element" or component.component_name not in _FOLLOW:
            return
        data = json.loads(component.json)
        self._component, self._fragment = component.id, delta.fragment_id
        self._facts = data.get("follow", data)

    def _end(self, status: int) -> None:
        if status not in (
            ForwardMsg.FINISHED_SUCCESSFULLY,
            ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
        ):
            return super()._end(status)
        self._drew(self._facts["mark"])
        self.asked = ""
        if status == ForwardMsg.FINISHED_SUCCESSFULLY:
            return super()._end(status)
        self.runs += 1
        self._again = asyncio.create_task(self._look())
        return None
