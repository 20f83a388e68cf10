"""A network between a browser and a server that can be cut and mended, or made slow."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

from tests import processes

_CHUNK = 65_536


class Proxy:
    """Passes on what arrives at ``url`` to the server behind it.

    ``cut`` ends every connection and refuses new ones until ``mend``; ``delay`` are the seconds
    that each piece of an answer takes.
    """

    def __init__(self, server_port: int | None = None) -> None:
        self._target = server_port
        self.delay = 0.0
        self._writers: set[asyncio.StreamWriter] = set()
        self._listener: asyncio.Server | None = None
        self._port = processes.free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def lead_to(self, url: str) -> None:
        """Names the server, and opens the way to it."""
        self._target = int(url.rsplit(":", 1)[1])
        self.mend()

    def cut(self) -> None:
        self._run(self._cut())

    def mend(self) -> None:
        self._run(self._mend())

    def stop(self) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _cut(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _mend(self) -> None:
        if self._listener is None:
            self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self._port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            behind, to_server = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, to_server}
        try:
            await asyncio.gather(
                self._pass_on(reader, to_server, slow=False),
                self._pass_on(behind, writer, slow=True),
            )
        finally:
            for each in (writer, to_server):
                self._writers.discard(each)
                each.transport.abort()

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, slow: bool
    ) -> None:
        try:
            while data := await reader.read(_CHUNK):
                if slow and self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(data)
                await writer.drain()
            writer.write_eof()
        except (OSError, RuntimeError):
            writer.transport.abort()
